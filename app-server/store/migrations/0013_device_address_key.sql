-- Lists are ordered by address as people count, not as text: 10.0.0.9 comes before 10.0.0.10.
ALTER TABLE device ADD COLUMN address_key TEXT; -- 32 hexadecimal digits, IPv4 as ::ffff:a.b.c.d; NULL: no address
