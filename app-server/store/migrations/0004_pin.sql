-- Activation PINs that can still be used. A row goes when its last use succeeded, when it is burnt or has expired.
CREATE TABLE pin (
    locator     TEXT NOT NULL PRIMARY KEY,      -- the public 4 characters
    characters  {{bytes}} NOT NULL,             -- sealed: the 11 (or more) characters
    group_name  TEXT,
    uses        BIGINT NOT NULL,                -- how many activations are left
    created_at  {{instant}} NOT NULL,
    expires_at  {{instant}} NOT NULL,
    failures    BIGINT NOT NULL,
    next_try_at {{instant}}                     -- NULL: at once
);
-- Activation runs of the last days: a sid is never accepted twice.
CREATE TABLE activation_sid (
    sid         {{bytes}} NOT NULL PRIMARY KEY,
    at          {{instant}} NOT NULL
);
CREATE INDEX activation_sid_by_at ON activation_sid (at);
