-- app-server/store/migrations/0020_transport_note.sql — why an agent's session goes by that transport and none better, in its words.
ALTER TABLE agent ADD COLUMN transport_note TEXT; -- NULL: there is no better one, or nobody is connected
