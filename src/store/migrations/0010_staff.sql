-- Staff and their sessions, one-time links, the installation's secret; and what lists and searches of a million customers are found by.

-- Columns as better-auth names its fields, in this schema's spelling. Few rows: people of one provider.
CREATE TABLE staff (
  id text PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL UNIQUE,
  email_verified boolean NOT NULL DEFAULT true,
  image text,
  role text NOT NULL CHECK (role IN ('owner', 'finance', 'support', 'auditor')),
  lang text NOT NULL DEFAULT 'pt-BR' CHECK (lang IN ('pt-BR', 'en')),
  two_factor_enabled boolean NOT NULL DEFAULT false,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE staff_session (
  id text PRIMARY KEY,
  token text NOT NULL UNIQUE,
  staff_id text NOT NULL REFERENCES staff ON DELETE CASCADE,
  ip_address text,
  user_agent text,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);

CREATE TABLE staff_account (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  provider_id text NOT NULL,
  staff_id text NOT NULL REFERENCES staff ON DELETE CASCADE,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX staff_account_staff ON staff_account (staff_id);

CREATE TABLE staff_verification (
  id text PRIMARY KEY,
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);
CREATE INDEX staff_verification_identifier ON staff_verification (identifier);

CREATE TABLE staff_two_factor (
  id text PRIMARY KEY,
  secret text NOT NULL,
  backup_codes text NOT NULL,
  staff_id text NOT NULL REFERENCES staff ON DELETE CASCADE,
  verified boolean NOT NULL DEFAULT true,
  failed_verification_count integer NOT NULL DEFAULT 0,
  locked_until timestamptz
);
CREATE INDEX staff_two_factor_staff ON staff_two_factor (staff_id);

-- A link is kept as the hash of its token: who reads the database cannot sign in with it.
CREATE TABLE staff_invite (
  token_hash text PRIMARY KEY,
  role text NOT NULL CHECK (role IN ('owner', 'finance', 'support', 'auditor')),
  email text,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- Signs cookies and encrypts second factors; every process of an installation has the same.
CREATE TABLE installation_secret (
  name text PRIMARY KEY,
  value text NOT NULL,
  made_at timestamptz NOT NULL
);

-- One row a customer, apart from the row that every run updates: a change of its text alone touches the index below.
CREATE TABLE customer_search (
  customer_id bigint PRIMARY KEY REFERENCES customer,
  terms tsvector NOT NULL
);
INSERT INTO customer_search (customer_id, terms)
SELECT customer_id, array_to_tsvector(array_remove(regexp_split_to_array(text, '\s+') || regexp_split_to_array(text, '[^a-z0-9]+'), ''))
FROM (
  SELECT c.customer_id, translate(
      lower(concat_ws(' ', c.ref, c.name, c.email, c.tax_id, regexp_replace(c.tax_id, '\D', '', 'g'), regexp_replace(c.phone, '\D', '', 'g'),
        (SELECT string_agg(concat_ws(' ', s.ref, s.name, s.account), ' ' ORDER BY s.service_id) FROM service s
          WHERE s.customer_id = c.customer_id))),
      'áàâãäåéèêëíìîïóòôõöúùûüçñ', 'aaaaaaeeeeiiiiooooouuuucn') AS text
  FROM customer c
) t;
CREATE INDEX customer_search_terms ON customer_search USING gin (terms);

-- Lists in the order of who owes longest, of what is down, and of what waits for a person.
CREATE INDEX invoice_open_due ON invoice (due_on, customer_id) WHERE state = 'open';
CREATE INDEX service_down ON service (customer_id) WHERE terminated_at IS NULL AND (desired = 'suspended' OR actual = 'suspended');
CREATE INDEX customer_attention ON customer (customer_id) WHERE attention <> '{}' OR fault IS NOT NULL;
CREATE INDEX promise_until ON promise (until, customer_id) WHERE state = 'running';
CREATE INDEX promise_ended ON promise (ended_at) WHERE ended_at IS NOT NULL;
-- Rows come in the order of these times, so that a range index of a few pages finds the last days.
CREATE INDEX receipt_recorded ON receipt USING brin (recorded_at);
CREATE INDEX outbox_decided ON outbox USING brin (decided_at);
CREATE INDEX notice_undeliverable ON notice (decided_at) WHERE state = 'undeliverable';
