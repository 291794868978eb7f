-- What tells a copied or rolled-back agent from the one that goes on, and the change of its key (PROTOCOL.md §3.3, §3.5).
ALTER TABLE agent ADD COLUMN session BIGINT NOT NULL DEFAULT 0; -- sessions the agent has counted: who counts fewer is a copy
ALTER TABLE agent ADD COLUMN fork_state TEXT;         -- NULL: none; FORKED: all copies are refused; REKEY: the next one gets a new key
ALTER TABLE agent ADD COLUMN next_root_key {{bytes}}; -- sealed; of epoch + 1, until the agent is READY under it; NULL: none
ALTER TABLE agent ADD COLUMN keyed_at {{instant}};    -- since when this epoch; NULL: since created_at
ALTER TABLE agent ADD COLUMN keyed_hwm BIGINT NOT NULL DEFAULT 0; -- hwm at that time
ALTER TABLE agent ADD COLUMN rekey_asked BIGINT NOT NULL DEFAULT 0; -- 1: an administrator wants a new key
-- Devices of which a full reading is wanted: the answer that said so may have been lost with its connection.
CREATE TABLE full_wanted (
    agent_id    {{bytes}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    local_id    BIGINT NOT NULL,
    PRIMARY KEY (agent_id, local_id)
);
-- What happened to an agent that an administrator should know; the last 100 of each.
CREATE TABLE agent_event (
    id          {{id}},
    agent_id    {{bytes}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    kind        TEXT NOT NULL,                  -- fork, serverRestored, rekeyed (store::AgentEvent)
    facts       TEXT NOT NULL,                  -- JSON: numbers, no sentences
    at          {{instant}} NOT NULL
);
CREATE INDEX agent_event_by_agent ON agent_event (agent_id, id);
