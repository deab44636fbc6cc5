-- Who may do what, and who changed it: people and their roles, keys of other systems, webhooks, the policy in force. Rows are added and never
-- changed (the program's role may not), and each names the hash of the one before. One chain for all: such acts are few, and people's own.
CREATE TABLE house_record (
  seq integer PRIMARY KEY,
  at timestamptz NOT NULL,
  -- As the evidence names actors: `staff:ana@provedor.example`, `cli`, `server`.
  actor text NOT NULL,
  kind text NOT NULL,
  -- An address, or the name of a key, a webhook or a policy's version; null where a link was made for whoever receives it.
  subject text,
  -- What stood there before, and what after; no secret, no token.
  body jsonb NOT NULL,
  prev text NOT NULL,
  hash text NOT NULL
);
