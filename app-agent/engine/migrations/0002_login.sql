-- app-agent/engine/migrations/0002_login.sql — a device's login by a key that outlives the order of the settings; what its next reading needs.
ALTER TABLE device ADD COLUMN login {{bytes}};       -- key of the login it answered; NULL: not known, all are tried
ALTER TABLE device ADD COLUMN memory {{bytes}};      -- profiles::Memory; NULL: none
ALTER TABLE device ADD COLUMN supplement {{bytes}};  -- keyed form, CBOR, of what other ways than SNMP gave; NULL: nothing
ALTER TABLE device ADD COLUMN is_ipp INTEGER NOT NULL DEFAULT 0; -- has no SNMP and is read by IPP
ALTER TABLE device ADD COLUMN ipp_path TEXT;         -- resource path; NULL: the usual ones
ALTER TABLE device DROP COLUMN community;
