-- What the days to come hold for everybody, worked out in the background: who asked for it, how far the next one is, and the last result.
CREATE TABLE outlook (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  -- Somebody looked at it; somebody wants it anew. By the machine's clock, as are all below but facts_at.
  asked_at timestamptz,
  wanted_at timestamptz,
  -- The one that is being worked out.
  lease text,
  lease_until timestamptz,
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  -- The last one: its facts are of this instant of the installation's clock.
  facts_at timestamptz,
  policy_version text,
  begun_at timestamptz,
  made_at timestamptz,
  result jsonb
);
