-- When an agent's expiry was first seen to have passed; its key is destroyed a day later. NULL: it has not.
ALTER TABLE agent ADD COLUMN expired_since {{instant}};
-- When the holder of a session proved the password last.
ALTER TABLE session_token ADD COLUMN proven_at {{instant}} NOT NULL DEFAULT 0;
