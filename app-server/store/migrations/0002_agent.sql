-- One row per data collection agent. This row is the exactly-once guard, and what makes deactivation and expiry immediate.
CREATE TABLE agent (
    id          {{bytes}} NOT NULL PRIMARY KEY, -- 16 random bytes
    name        TEXT NOT NULL,
    group_name  TEXT,
    status      TEXT NOT NULL,                  -- PENDING (until its first HELLO), ACTIVE, DEACTIVATED
    epoch       BIGINT NOT NULL,                -- key id
    hwm         BIGINT NOT NULL,                -- highest seq stored
    root_key    {{bytes}},                      -- sealed; NULL: destroyed
    pin_locator TEXT,                           -- only while PENDING: nothing links a used PIN to its agent
    created_at  {{instant}} NOT NULL,
    expires_at  {{instant}},                    -- NULL: never
    last_seen_at {{instant}},
    version     TEXT,
    os          TEXT,
    transport   TEXT,                           -- of the last session: "websocket", …
    forks       BIGINT NOT NULL,                -- envelopes that reused a seq with other bytes: cloned or rolled back
    forked_at   {{instant}}
);
CREATE INDEX agent_by_status ON agent (status, expires_at);
CREATE INDEX agent_by_pin ON agent (pin_locator);
