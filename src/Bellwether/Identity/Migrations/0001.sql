CREATE TABLE project (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    archived_at BIGINT
);

CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    hash {blob} NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    name TEXT NOT NULL,
    project TEXT NOT NULL REFERENCES project (id),
    all_projects BOOLEAN NOT NULL,
    role TEXT NOT NULL,
    gateway BOOLEAN NOT NULL,
    api BOOLEAN NOT NULL,
    models TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    sign_in_name TEXT NOT NULL UNIQUE,
    password_hash TEXT,
    role TEXT NOT NULL,
    projects TEXT NOT NULL,
    stamp TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    last_sign_in_at BIGINT
);

CREATE TABLE sign_in_link (
    hash {blob} PRIMARY KEY,
    kind TEXT NOT NULL,
    account TEXT REFERENCES account (id),
    role TEXT NOT NULL,
    projects TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

CREATE TABLE audit_entry (
    id TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    project TEXT,
    action TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL
);

CREATE INDEX audit_entry_at ON audit_entry (at);
