-- Prices that the operator sets; they go before the shipped table. Amounts are decimal text in USD per million tokens.
CREATE TABLE price_overrides (
    id            TEXT PRIMARY KEY,
    provider      TEXT NOT NULL,
    model         TEXT NOT NULL,
    valid_from    TEXT NOT NULL,
    input         TEXT,
    output        TEXT,
    cache_read    TEXT,
    cache_write   TEXT,
    cache_write_1h TEXT,
    created_at    BIGINT NOT NULL,
    created_by    TEXT NOT NULL
);
