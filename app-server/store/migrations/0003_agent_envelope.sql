-- SHA-256 of the last envelopes of each agent: an envelope sent again is told from another one with the same number.
CREATE TABLE agent_envelope (
    agent_id    {{bytes}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    seq         BIGINT NOT NULL,
    sha256      {{bytes}} NOT NULL,
    PRIMARY KEY (agent_id, seq)
);
