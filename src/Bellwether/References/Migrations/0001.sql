-- Questions with the answers that are expected, and what probes got. Ids are UUIDs in text, times are ms since 1970 UTC.
CREATE TABLE reference_set (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    -- What is asked, of which model, how it is compared: one JSON object.
    body        TEXT NOT NULL,
    -- When it is asked next; whoever moves it on asks. 9223372036854775807: only when told to.
    next_run_at BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (project, name)
);

CREATE TABLE reference_result (
    id          TEXT PRIMARY KEY,
    reference   TEXT NOT NULL REFERENCES reference_set (id) ON DELETE CASCADE,
    -- Made of the question's words, so that its trend goes on when the expected answer is changed.
    question    TEXT NOT NULL,
    at          BIGINT NOT NULL,
    -- 0 to 1; null when no answer came.
    similarity  DOUBLE PRECISION,
    passed      INTEGER NOT NULL,
    -- The probe's call; empty when there is none.
    observation TEXT NOT NULL,
    problem     TEXT NOT NULL
);

CREATE INDEX reference_result_by_time ON reference_result (reference, at);
