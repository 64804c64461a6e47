-- Feature flags of a project. Times are ms since 1970 UTC.
CREATE TABLE feature_flag (
    project    TEXT NOT NULL,
    flag_key   TEXT NOT NULL,
    -- Everything that somebody set, as the API gives it: one JSON object.
    definition TEXT NOT NULL,
    -- One more with every change.
    version    INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (project, flag_key)
);
