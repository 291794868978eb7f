-- One row per printing device: its latest reading, and the columns by which lists search, filter and sort.
CREATE TABLE device (
    id          {{id}},
    state       TEXT NOT NULL,                  -- ready, printing, warmup, attention, error, sleeping, offline, unknown
    state_text  TEXT,                           -- keyword of the most severe error: "jammed"
    manufacturer TEXT,
    model       TEXT,
    serial      TEXT,
    serial_normalised TEXT,                     -- upper case, letters and digits, no 0 in front; NULL: none or not one
    asset_number TEXT,
    address     TEXT,
    location    TEXT,
    mac         TEXT,
    device_type TEXT,
    color       BOOLEAN,
    lowest_supply_percent DOUBLE PRECISION,     -- of what is consumed; NULL: no number
    lowest_supply TEXT,                         -- JSON: name, kind, color, class, level
    total_meter BIGINT,
    total_meter_unit TEXT,
    first_seen_at {{instant}} NOT NULL,
    last_seen_at {{instant}} NOT NULL,          -- takenAt of the latest reading that was answered by the device
    agent_id    {{bytes}} REFERENCES agent (id) ON DELETE SET NULL, -- who sent the latest reading
    reading     {{bytes}} NOT NULL              -- the latest reading, CBOR, keyed form
);
CREATE INDEX device_by_serial ON device (serial_normalised);
CREATE INDEX device_by_mac ON device (mac);
CREATE INDEX device_by_agent ON device (agent_id);
CREATE INDEX device_by_state ON device (state);
CREATE INDEX device_by_manufacturer ON device (manufacturer);
CREATE INDEX device_by_last_seen ON device (last_seen_at);
