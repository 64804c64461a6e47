-- Evaluators of answers. Ids are UUIDs in text, times are ms since 1970 UTC. What an evaluator does is one JSON object.
CREATE TABLE evaluator (
    id          TEXT PRIMARY KEY,
    project     TEXT NOT NULL,
    name        TEXT NOT NULL,
    body        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (project, name)
);

-- What the product's own calls cost, by who made them and UTC day (yyyy-mm-dd). What is reserved counts as spent until it is settled,
-- so that a crash in between can only make it too much. One picodollar is 0.000000000001 USD.
CREATE TABLE own_spend (
    spender     TEXT NOT NULL,
    day         TEXT NOT NULL,
    picodollars BIGINT NOT NULL,
    -- Of calls without a known price.
    tokens      BIGINT NOT NULL,
    PRIMARY KEY (spender, day)
);
