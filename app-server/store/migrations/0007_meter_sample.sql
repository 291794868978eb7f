-- History of meters: a row where the value changed. NULL opens a gap (the device was offline).
CREATE TABLE meter_sample (
    device_id   BIGINT NOT NULL REFERENCES device (id) ON DELETE CASCADE,
    key         TEXT NOT NULL,                  -- "total", or "name/marker" for a marker's own
    at          {{instant}} NOT NULL,
    value       BIGINT,
    PRIMARY KEY (device_id, key, at)
);
