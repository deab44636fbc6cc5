-- The first schema. customer_id leads every primary key of customer data, so that the tables can be distributed by it;
-- keys that must be unique across customers live in small tables of their own. Time is always a parameter: no now() here.

CREATE SEQUENCE regua_id INCREMENT BY 1000;

CREATE TABLE provider (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  mode text NOT NULL CHECK (mode IN ('sandbox', 'live')),
  time_zone text NOT NULL,
  currency text NOT NULL,
  identity jsonb NOT NULL,
  channels text[] NOT NULL DEFAULT '{email}',
  sandbox_now timestamptz,
  clock_seen timestamptz,
  clock_jumped_at timestamptz,
  created_at timestamptz NOT NULL
);

CREATE TABLE policy_version (
  version text PRIMARY KEY,
  name text NOT NULL,
  hash text NOT NULL,
  source text NOT NULL,
  doc jsonb NOT NULL,
  stored_at timestamptz NOT NULL,
  stored_by text NOT NULL,
  activated_at timestamptz,
  activated_by text,
  activation integer
);

CREATE TABLE customer (
  customer_id bigint PRIMARY KEY,
  bucket smallint NOT NULL CHECK (bucket BETWEEN 0 AND 1023),
  version integer NOT NULL DEFAULT 0,
  next_check_at timestamptz,
  evidence_seq integer NOT NULL DEFAULT 0,
  evidence_hash text NOT NULL,
  evidence_at timestamptz,
  last_sign_of_life_at timestamptz,
  ref text NOT NULL,
  name text NOT NULL,
  email text,
  phone text,
  tax_id text,
  lang text NOT NULL CHECK (lang IN ('pt-BR', 'en')),
  since date NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  release_barred text,
  attention text[] NOT NULL DEFAULT '{}',
  fault text,
  created_at timestamptz NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX customer_due ON customer (next_check_at, bucket) WHERE next_check_at IS NOT NULL;

-- The provider's own numbers, unique across customers, and whose they are.
CREATE TABLE ref_index (
  kind text NOT NULL CHECK (kind IN ('customer', 'service', 'invoice')),
  ref text NOT NULL,
  customer_id bigint NOT NULL,
  row_id bigint NOT NULL,
  PRIMARY KEY (kind, ref)
);

CREATE TABLE service (
  customer_id bigint NOT NULL REFERENCES customer,
  service_id bigint NOT NULL,
  ref text NOT NULL,
  name text NOT NULL,
  plan text,
  price_cents bigint CHECK (price_cents >= 0),
  panel text,
  account text,
  desired text NOT NULL DEFAULT 'active' CHECK (desired IN ('active', 'suspended')),
  desired_cause text,
  actual text NOT NULL DEFAULT 'unknown' CHECK (actual IN ('active', 'suspended', 'absent', 'unknown')),
  confirmed text NOT NULL DEFAULT 'active' CHECK (confirmed IN ('active', 'suspended', 'absent')),
  suspended_by_us boolean NOT NULL DEFAULT false,
  access_seq integer NOT NULL DEFAULT 0,
  announce boolean NOT NULL DEFAULT false,
  actual_since timestamptz,
  call_outbox_id bigint,
  call_lease text,
  call_lease_until timestamptz,
  cancel_asked_at timestamptz,
  cancel_on date,
  terminated_at timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, service_id),
  UNIQUE (customer_id, ref),
  CHECK ((panel IS NULL) = (account IS NULL))
) WITH (fillfactor = 80);

CREATE TABLE invoice (
  customer_id bigint NOT NULL REFERENCES customer,
  invoice_id bigint NOT NULL,
  service_id bigint,
  ref text NOT NULL,
  issued_on date NOT NULL,
  due_on date NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  paid_cents bigint NOT NULL DEFAULT 0 CHECK (paid_cents >= 0 AND paid_cents <= amount_cents),
  currency text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'paid', 'void', 'written_off')),
  settled_at timestamptz,
  clearing_until timestamptz,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, invoice_id),
  FOREIGN KEY (customer_id, service_id) REFERENCES service,
  UNIQUE (customer_id, ref),
  CHECK ((state = 'paid') = (paid_cents = amount_cents))
);
CREATE INDEX invoice_open ON invoice (customer_id) WHERE state = 'open';

CREATE TABLE receipt (
  customer_id bigint NOT NULL REFERENCES customer,
  receipt_id bigint NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  allocated_cents bigint NOT NULL DEFAULT 0 CHECK (allocated_cents >= 0),
  credit_cents bigint NOT NULL CHECK (credit_cents >= 0),
  refunded_cents bigint NOT NULL DEFAULT 0 CHECK (refunded_cents >= 0),
  currency text NOT NULL,
  paid_on date NOT NULL,
  recorded_at timestamptz NOT NULL,
  named_invoice text,
  reason text,
  actor text NOT NULL,
  PRIMARY KEY (customer_id, receipt_id),
  CHECK (amount_cents = allocated_cents + credit_cents + refunded_cents)
);

CREATE TABLE receipt_key (
  source text NOT NULL,
  external_id text NOT NULL,
  customer_id bigint NOT NULL,
  receipt_id bigint NOT NULL,
  PRIMARY KEY (source, external_id)
);

CREATE TABLE allocation (
  customer_id bigint NOT NULL,
  allocation_id bigint NOT NULL,
  receipt_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
  allocated_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, allocation_id),
  FOREIGN KEY (customer_id, receipt_id) REFERENCES receipt,
  FOREIGN KEY (customer_id, invoice_id) REFERENCES invoice
);

-- The tables that a run fills (hold, outbox, notice, evidence) have no foreign key to customer: their rows are written by the transaction
-- that has just updated the customer's row, no customer is ever deleted, and the look-up doubles what a row costs (5 and 10 µs for a hold).
CREATE TABLE hold (
  customer_id bigint NOT NULL,
  hold_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('overdue', 'dispute', 'manual', 'legal', 'abuse')),
  effect text NOT NULL CHECK (effect IN ('access', 'collection')),
  service_id bigint,
  invoice_id bigint,
  placed_at timestamptz NOT NULL,
  placed_by text NOT NULL,
  reason text NOT NULL,
  until timestamptz,
  lifted_at timestamptz,
  lifted_by text,
  PRIMARY KEY (customer_id, hold_id),
  CHECK (kind <> 'overdue' OR (effect = 'access' AND service_id IS NOT NULL AND invoice_id IS NOT NULL))
);
CREATE UNIQUE INDEX hold_one_per_cause ON hold (customer_id, service_id, invoice_id) WHERE kind = 'overdue' AND lifted_at IS NULL;

CREATE TABLE promise (
  customer_id bigint NOT NULL REFERENCES customer,
  promise_id bigint NOT NULL,
  protocol text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('release', 'postponement', 'courtesy')),
  invoice_ids bigint[] NOT NULL,
  owed_cents bigint NOT NULL,
  reason text NOT NULL,
  asked_by text NOT NULL,
  owner text NOT NULL,
  conditions text NOT NULL,
  granted_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  over_weekend boolean NOT NULL,
  state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'kept', 'broken', 'cancelled')),
  ended_at timestamptz,
  PRIMARY KEY (customer_id, promise_id),
  UNIQUE (customer_id, protocol)
);
CREATE INDEX promise_running ON promise (customer_id) WHERE state = 'running';

CREATE TABLE claim (
  customer_id bigint NOT NULL REFERENCES customer,
  claim_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'under_review' CHECK (state IN ('under_review', 'confirmed', 'contradicted', 'refused', 'expired')),
  received_at timestamptz NOT NULL,
  release_until timestamptz,
  review_until timestamptz NOT NULL,
  ended_at timestamptz,
  reason text,
  PRIMARY KEY (customer_id, claim_id),
  FOREIGN KEY (customer_id, invoice_id) REFERENCES invoice
);
CREATE INDEX claim_under_review ON claim (customer_id) WHERE state = 'under_review';

CREATE TABLE termination (
  customer_id bigint NOT NULL REFERENCES customer,
  termination_id bigint NOT NULL,
  service_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'withdrawn', 'done')),
  proposed_at timestamptz NOT NULL,
  first_by text,
  first_at timestamptz,
  second_by text,
  second_at timestamptz,
  ended_at timestamptz,
  PRIMARY KEY (customer_id, termination_id),
  CHECK (second_by IS NULL OR (first_by IS NOT NULL AND second_by <> first_by))
);
CREATE INDEX termination_open ON termination (customer_id) WHERE state IN ('proposed', 'approved');

CREATE TABLE outbox (
  customer_id bigint NOT NULL,
  outbox_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('message', 'access', 'terminate')),
  key text NOT NULL,
  service_id bigint,
  payload text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused', 'superseded')),
  attempts integer NOT NULL DEFAULT 0,
  unknowns integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  lease text,
  lease_until timestamptz,
  answer text,
  decided_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (customer_id, outbox_id)
) WITH (fillfactor = 80);
CREATE INDEX outbox_open ON outbox (outbox_id) WHERE state = 'open';
CREATE INDEX outbox_unknown ON outbox (customer_id, key) WHERE state = 'superseded' AND unknowns > 0;

CREATE TABLE notice (
  customer_id bigint NOT NULL,
  key text NOT NULL,
  outbox_id bigint NOT NULL,
  invoice_id bigint,
  service_id bigint,
  access_seq integer,
  promise_id bigint,
  step text NOT NULL,
  channel text NOT NULL,
  warning boolean NOT NULL,
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'accepted', 'undeliverable', 'superseded')),
  decided_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (customer_id, key)
) WITH (fillfactor = 80);

CREATE TABLE evidence (
  customer_id bigint NOT NULL,
  seq integer NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  entry text NOT NULL,
  PRIMARY KEY (customer_id, seq)
);

CREATE TABLE anchor (
  day date PRIMARY KEY,
  root text NOT NULL,
  leaves integer NOT NULL,
  previous text NOT NULL,
  hash text NOT NULL,
  made_at timestamptz NOT NULL
);

CREATE TABLE anchor_leaf (
  customer_id bigint NOT NULL,
  day date NOT NULL,
  position integer NOT NULL,
  leaf text NOT NULL,
  seq integer NOT NULL,
  PRIMARY KEY (customer_id, day)
);
CREATE INDEX anchor_leaf_day ON anchor_leaf (day, position);

CREATE TABLE breaker (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  tripped_at timestamptz,
  because text,
  approved_by text,
  approved_at timestamptz,
  approved_until timestamptz
);

CREATE TABLE suspension_start (
  customer_id bigint NOT NULL,
  service_id bigint NOT NULL,
  started_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, service_id, started_at)
);
CREATE INDEX suspension_start_at ON suspension_start (started_at);

CREATE TABLE sandbox_account (
  account text PRIMARY KEY,
  access text NOT NULL CHECK (access IN ('active', 'suspended', 'absent')),
  by text CHECK (by IN ('us', 'other')),
  reason text
);

CREATE TABLE sandbox_receipt (
  customer_id bigint NOT NULL,
  source text NOT NULL,
  external_id text NOT NULL,
  arrives_on date NOT NULL,
  invoice_ref text,
  amount_cents bigint NOT NULL,
  currency text NOT NULL,
  PRIMARY KEY (customer_id, source, external_id)
);
CREATE INDEX sandbox_receipt_day ON sandbox_receipt (arrives_on);

CREATE TABLE api_key (
  key_hash text PRIMARY KEY,
  name text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);

CREATE TABLE idempotency (
  scope text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  answer_code integer,
  answer text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (scope, key)
);

CREATE TABLE panel_memory (
  panel text NOT NULL,
  account text NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (panel, account, key)
);
