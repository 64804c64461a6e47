-- What guards do with the calls of a project. The definition is the policy as the API writes it; times are ms since 1970 UTC.
-- No key to the table of projects: features migrate in the order of their names, and this one goes first.
CREATE TABLE guard_policy (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    definition  TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);

CREATE INDEX guard_policy_project ON guard_policy (project, id);
