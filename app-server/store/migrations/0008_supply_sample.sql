-- History of supply levels: a row where the level changed. NULL: no number, or a gap (the device was offline).
CREATE TABLE supply_sample (
    device_id   BIGINT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    key         TEXT NOT NULL,                  -- the supply's index: "1.1"
    at          {{instant}} NOT NULL,
    value       DOUBLE PRECISION,               -- percent, 0–100
    PRIMARY KEY (device_id, key, at)
);
