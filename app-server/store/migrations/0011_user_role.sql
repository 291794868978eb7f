-- The roles a user has. What a role may do is in the program (model::builtInRoles).
CREATE TABLE user_role (
    user_id     BIGINT NOT NULL REFERENCES console_user (id) ON DELETE CASCADE,
    role        TEXT NOT NULL,                  -- "administrator"
    PRIMARY KEY (user_id, role)
);
