-- app-server/store/migrations/0022_legacy.sql — what an agent's key has encrypted in the obsolete format of 4.x (PROTOCOL.md §3.4).
ALTER TABLE agent ADD COLUMN legacy_blocks BIGINT NOT NULL DEFAULT 0; -- of 8 bytes; at 2^20 it takes no more
ALTER TABLE agent ADD COLUMN legacy_seq BIGINT NOT NULL DEFAULT 0;    -- counted up to this number: a repetition costs nothing
