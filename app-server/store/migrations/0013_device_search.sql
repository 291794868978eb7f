-- By what lists find and order devices. A table of its own: it is read from end to end, and readings are large.
CREATE TABLE device_search (
    device_id   BIGINT NOT NULL PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
    text        TEXT NOT NULL,                  -- maker, model, serial, address, location, asset number; lower case
    address_key TEXT                            -- 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; NULL: no address
);
