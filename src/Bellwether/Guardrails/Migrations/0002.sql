CREATE TABLE vault_token (
    project TEXT NOT NULL,
    token TEXT NOT NULL,
    type TEXT NOT NULL,
    value {blob} NOT NULL,
    key_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (project, token)
);

CREATE INDEX vault_token_expiry ON vault_token (expires_at);

CREATE INDEX vault_token_key ON vault_token (key_id);
