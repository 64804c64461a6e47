-- Datasets of examples, and experiments that ran over them. Ids are UUIDs in text, which sort by time. Times are ms since 1970 UTC.
-- No key to the table of projects: features migrate in the order of their names, and this one goes first.
CREATE TABLE dataset (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    -- What an example holds, as its client calls it ("kv", "llm", "chat"); empty when it does not say.
    kind        TEXT NOT NULL,
    metadata    TEXT NOT NULL,
    -- The newest version; 0 while nothing was ever put in.
    version     INTEGER NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (project, name)
);

CREATE TABLE dataset_version (
    id          TEXT PRIMARY KEY,
    dataset     TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    created_at  BIGINT NOT NULL,
    UNIQUE (dataset, number)
);

-- One row for every state of an example: it is in the versions from since (inclusive) to until (exclusive).
CREATE TABLE dataset_example (
    id            TEXT NOT NULL,
    dataset       TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
    since         INTEGER NOT NULL,
    until         INTEGER,
    -- Order within the dataset, kept when the example changes.
    position      BIGINT NOT NULL,
    -- The client's own id; empty when it has none.
    external_id   TEXT NOT NULL,
    input         TEXT NOT NULL,
    output        TEXT NOT NULL,
    metadata      TEXT NOT NULL,
    splits        TEXT NOT NULL,
    -- The span or run that it was made of; empty when it was written by hand.
    source        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (id, since)
);

CREATE INDEX dataset_example_order ON dataset_example (dataset, position);

CREATE TABLE experiment (
    id              TEXT PRIMARY KEY,
    project         TEXT NOT NULL,
    dataset         TEXT NOT NULL REFERENCES dataset (id) ON DELETE CASCADE,
    dataset_version INTEGER NOT NULL,
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    metadata        TEXT NOT NULL,
    splits          TEXT NOT NULL,
    -- What its spans or runs name as their project.
    trace_project   TEXT NOT NULL,
    repetitions     INTEGER NOT NULL,
    example_count   INTEGER NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL,
    ended_at        BIGINT
);

CREATE INDEX experiment_dataset ON experiment (dataset, id);
CREATE INDEX experiment_trace_project ON experiment (project, trace_project);

CREATE TABLE experiment_run (
    id          TEXT PRIMARY KEY,
    experiment  TEXT NOT NULL REFERENCES experiment (id) ON DELETE CASCADE,
    example     TEXT NOT NULL,
    repetition  INTEGER NOT NULL,
    -- JSON; empty when there is none.
    output      TEXT NOT NULL,
    error       TEXT NOT NULL,
    trace_id    TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    UNIQUE (experiment, example, repetition)
);

CREATE TABLE experiment_evaluation (
    id          TEXT PRIMARY KEY,
    run         TEXT NOT NULL REFERENCES experiment_run (id) ON DELETE CASCADE,
    name        TEXT NOT NULL,
    -- llm, code or human
    annotator   TEXT NOT NULL,
    label       TEXT NOT NULL,
    score       DOUBLE PRECISION,
    explanation TEXT NOT NULL,
    metadata    TEXT NOT NULL,
    error       TEXT NOT NULL,
    trace_id    TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    UNIQUE (run, name)
);
