-- The customer's portal: who is signed in, codes sent by e-mail, terms and who accepted them, backups asked for, messages to the provider.

-- With what links are signed. One row: a link made by one process is read by all.
CREATE TABLE portal_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  secret text NOT NULL,
  made_at timestamptz NOT NULL
);

-- The token itself is in the customer's browser only.
CREATE TABLE portal_session (
  token_hash text PRIMARY KEY,
  customer_id bigint NOT NULL,
  way text NOT NULL CHECK (way IN ('link', 'code')),
  -- The message whose link was opened.
  outbox_id bigint,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX portal_session_customer ON portal_session (customer_id);
CREATE INDEX portal_session_expires ON portal_session (expires_at);

-- One code at a time for each attempt to sign in; the customer is not named before the code is right.
CREATE TABLE portal_code (
  attempt_hash text PRIMARY KEY,
  -- Null: the address is no customer's. The attempt is kept all the same, so that both behave alike.
  customer_id bigint,
  code_hash text NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX portal_code_expires ON portal_code (expires_at);
CREATE INDEX customer_email ON customer (lower(email)) WHERE email IS NOT NULL;

-- Terms of service as they were published. The text of a version never changes.
CREATE TABLE terms_version (
  version integer PRIMARY KEY CHECK (version > 0),
  sha256 text NOT NULL,
  text text NOT NULL,
  published_at timestamptz NOT NULL,
  published_by text NOT NULL
);

CREATE TABLE terms_acceptance (
  customer_id bigint NOT NULL REFERENCES customer,
  version integer NOT NULL,
  sha256 text NOT NULL,
  accepted_at timestamptz NOT NULL,
  accepted_by text NOT NULL,
  address text,
  user_agent text,
  PRIMARY KEY (customer_id, version)
);

CREATE TABLE backup_request (
  customer_id bigint NOT NULL REFERENCES customer,
  request_id bigint NOT NULL,
  service_id bigint NOT NULL,
  -- minimum: what the policy grants while the service is down.
  kind text NOT NULL CHECK (kind IN ('full', 'minimum')),
  state text NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'delivered', 'withdrawn')),
  asked_at timestamptz NOT NULL,
  asked_by text NOT NULL,
  ended_at timestamptz,
  ended_by text,
  note text,
  PRIMARY KEY (customer_id, request_id),
  FOREIGN KEY (customer_id, service_id) REFERENCES service
);
CREATE UNIQUE INDEX backup_request_one ON backup_request (customer_id, service_id) WHERE state = 'asked';

-- The thread between a customer and the provider.
CREATE TABLE portal_message (
  customer_id bigint NOT NULL REFERENCES customer,
  message_id bigint NOT NULL,
  author text NOT NULL CHECK (author IN ('customer', 'staff')),
  written_by text NOT NULL,
  written_at timestamptz NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (customer_id, message_id)
);

-- Threads whose last word is the customer's.
CREATE TABLE portal_thread (
  customer_id bigint PRIMARY KEY REFERENCES customer,
  waits_since timestamptz
);
CREATE INDEX portal_thread_waits ON portal_thread (waits_since) WHERE waits_since IS NOT NULL;

-- The portal asks what was given out for one invoice.
CREATE INDEX charge_code_invoice ON charge_code (customer_id, invoice_id);
