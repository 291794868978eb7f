-- Sessions of consoles and integrators. The token itself is nowhere; a row goes when its session has ended.
CREATE TABLE session_token (
    token_hash  {{bytes}} NOT NULL PRIMARY KEY, -- SHA-256 of the 256-bit token
    user_id     BIGINT NOT NULL REFERENCES console_user (id) ON DELETE CASCADE,
    created_at  {{instant}} NOT NULL,
    last_used_at {{instant}} NOT NULL,          -- to the minute; idle sessions end by it
    expires_at  {{instant}} NOT NULL,           -- the absolute end
    source      TEXT NOT NULL                   -- address the sign-in came from
);
CREATE INDEX session_token_by_user ON session_token (user_id);
