-- Facts of the installation, one row each: "clock" (the highest time stored, ms), "serverId" (hex), "commandKey" (sealed, hex).
CREATE TABLE meta (
    name        TEXT NOT NULL PRIMARY KEY,
    value       TEXT NOT NULL
);
