-- Prompts as Langfuse's clients keep them: numbered versions, and labels, each of which is at one version of its prompt.
CREATE TABLE langfuse_prompt (
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    version     INTEGER NOT NULL,
    id          TEXT NOT NULL,
    -- "text" or "chat", the same in all versions.
    kind        TEXT NOT NULL,
    -- A JSON object: prompt, config, commitMessage.
    body        TEXT NOT NULL,
    -- A JSON array of texts, the same in all versions.
    tags        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (project, name, version)
);

CREATE TABLE langfuse_prompt_label (
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    label       TEXT NOT NULL,
    version     INTEGER NOT NULL,
    PRIMARY KEY (project, name, label),
    FOREIGN KEY (project, name, version) REFERENCES langfuse_prompt (project, name, version) ON DELETE CASCADE
);
