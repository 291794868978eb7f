-- Who may sign in to the console and the API. ("user" is a word of SQL's own.)
CREATE TABLE console_user (
    id            {{id}},
    name          TEXT NOT NULL UNIQUE,         -- lower case: names do not differ by case
    password_hash TEXT NOT NULL,                -- Argon2id in libsodium's text form, salt and cost in it
    enabled       BOOLEAN NOT NULL,
    created_at    {{instant}} NOT NULL
);
