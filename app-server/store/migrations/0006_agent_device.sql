-- Which device an agent means by its own number for it.
CREATE TABLE agent_device (
    agent_id    {{bytes}} NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    local_id    BIGINT NOT NULL,
    device_id   BIGINT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    last_seen_at {{instant}} NOT NULL,
    PRIMARY KEY (agent_id, local_id)
);
CREATE INDEX agent_device_by_device ON agent_device (device_id);
