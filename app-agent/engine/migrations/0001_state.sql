-- app-agent/engine/migrations/0001_state.sql — what the agent knows between two starts. The spool is ahead of it, never behind.
CREATE TABLE progress (
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    agent_id         {{bytes}} NOT NULL,        -- whose state this is
    spooled_seq      BIGINT NOT NULL,           -- every envelope up to here is in the tables below
    acknowledged_seq BIGINT NOT NULL,           -- every envelope up to here is stored by the server
    discovered_at    {{instant}} NOT NULL,      -- 0: never
    meters_read_at   {{instant}} NOT NULL       -- 0: never
);
CREATE TABLE device (
    id          INTEGER PRIMARY KEY,            -- the local id that travels
    address     TEXT NOT NULL,
    port        INTEGER NOT NULL,
    community   INTEGER NOT NULL,               -- index in the settings' list
    is_v1       INTEGER NOT NULL,
    serial      TEXT,                           -- maker/serial number
    mac         TEXT,
    model       TEXT,
    reading     {{bytes}},                      -- keyed form, CBOR, of the last reading spooled; the base of the next delta
    full_at     {{instant}} NOT NULL,           -- 0: never
    seen_at     {{instant}} NOT NULL,           -- 0: never
    misses      INTEGER NOT NULL,
    wants_full  INTEGER NOT NULL
);
CREATE TABLE journal (
    id              {{id}},
    seq             BIGINT NOT NULL,
    created_at      {{instant}} NOT NULL,
    type            INTEGER NOT NULL,           -- of the envelope (PROTOCOL.md §3.1)
    summary         TEXT NOT NULL,              -- JSON: which devices, which fields; never a secret
    size            INTEGER NOT NULL,           -- bytes of the envelope
    acknowledged_at {{instant}}                 -- NULL: not yet
);
CREATE INDEX journal_seq ON journal (seq);
