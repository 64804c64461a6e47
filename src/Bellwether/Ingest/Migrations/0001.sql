-- What LangSmith's clients keep on a server beside runs, as they say it: projects, annotation queues and what waits in them, prompts
-- and their commits, feedback configurations.
CREATE TABLE langsmith_document (
    project     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    id          TEXT NOT NULL,
    parent      TEXT NOT NULL,
    name        TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    modified_at BIGINT NOT NULL,
    PRIMARY KEY (project, kind, id)
);

CREATE UNIQUE INDEX langsmith_document_name ON langsmith_document (project, kind, parent, name);
