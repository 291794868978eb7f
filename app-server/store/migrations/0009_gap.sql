-- What an agent says it lost: envelopes that will never come. Counted and shown, never silent.
CREATE TABLE gap (
    id          {{id}},
    agent_id    {{bytes}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    from_seq    BIGINT NOT NULL,
    to_seq      BIGINT NOT NULL,
    reason      TEXT NOT NULL,
    at          {{instant}} NOT NULL
);
CREATE INDEX gap_by_agent ON gap (agent_id, at);
