-- Webhooks to the provider's other systems: where they go, and each event on its way, written in the transaction of the fact it tells.

CREATE TABLE webhook_endpoint (
  endpoint text PRIMARY KEY,
  url text NOT NULL,
  events text[] NOT NULL,
  -- Sealed under the installation's key, which is not in the database.
  secret text NOT NULL,
  -- Signs beside the new one until then, so that the receiver changes over in its own time.
  old_secret text,
  old_secret_until timestamptz,
  state text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'stopped')),
  stopped_at timestamptz,
  stopped_because text,
  -- Of the attempts since the last that was accepted; all times here are the machine's, since a sandbox's clock stands still.
  failing_since timestamptz,
  resting_until timestamptz,
  last_at timestamptz,
  last_event text,
  last_accepted boolean,
  last_answer text,
  made_at timestamptz NOT NULL,
  made_by text NOT NULL
);

-- One event for one endpoint. `not_before` null: at once, by whatever clock the fact was written.
CREATE TABLE webhook_delivery (
  customer_id bigint NOT NULL,
  event_id text NOT NULL,
  endpoint text NOT NULL,
  event text NOT NULL,
  body text NOT NULL,
  entry integer NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'given_up')),
  attempts integer NOT NULL DEFAULT 0,
  -- Attempts whose end nobody knows: the event may have arrived.
  unknowns integer NOT NULL DEFAULT 0,
  not_before timestamptz,
  lease text,
  lease_until timestamptz,
  answer text,
  made_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (customer_id, event_id, endpoint)
);
CREATE INDEX webhook_delivery_open ON webhook_delivery (endpoint, attempts, made_at) WHERE state = 'open';
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
