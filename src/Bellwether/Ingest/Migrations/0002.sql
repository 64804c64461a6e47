-- Names under which Phoenix's clients say that traces will come; what traces do come under is in telemetry.
CREATE TABLE phoenix_project (
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (project, name)
);
