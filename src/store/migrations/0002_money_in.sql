-- Money in: receipts in two phases, fees, what else a payment is known by, money that waits for its owner, gateways and bank statements.

-- paid_cents is principal alone; fine and interest have their own sum, since they are no part of what the invoice is over.
ALTER TABLE invoice ADD COLUMN fee_paid_cents bigint NOT NULL DEFAULT 0 CHECK (fee_paid_cents >= 0);
-- Money that had settled it went back: the ladder goes on from where it stood, with a fresh gap.
ALTER TABLE invoice ADD COLUMN reopened_at timestamptz;
CREATE INDEX invoice_open_amount ON invoice ((amount_cents - paid_cents)) WHERE state = 'open';

-- The day the receiver's own bank or gateway had the money; null: declared or captured, and not there yet.
ALTER TABLE receipt ADD COLUMN settled_on date;
-- Receipts entered before had no phases: they were entered as money seen in the account.
UPDATE receipt SET settled_on = paid_on;
CREATE INDEX receipt_paid_on ON receipt (paid_on);
CREATE INDEX receipt_declared ON receipt (paid_on) WHERE settled_on IS NULL;
CREATE INDEX receipt_credit ON receipt (customer_id) WHERE credit_cents > 0;

ALTER TABLE allocation ADD COLUMN kind text NOT NULL DEFAULT 'principal' CHECK (kind IN ('principal', 'late_fee'));

-- Money without an owner yet has the id that its receipt will have, and no customer. One money may have several keys: the gateway's and the bank's.
ALTER TABLE receipt_key ALTER COLUMN customer_id DROP NOT NULL;
CREATE INDEX receipt_key_waiting ON receipt_key (receipt_id) WHERE customer_id IS NULL;

-- What a payment is known by whoever tells of it: so the gateway's Pix and the same Pix in the bank's statement are one.
CREATE TABLE money_identity (
  kind text NOT NULL CHECK (kind IN ('end_to_end', 'slip')),
  value text NOT NULL,
  customer_id bigint,
  receipt_id bigint NOT NULL,
  PRIMARY KEY (kind, value)
);
CREATE INDEX money_identity_waiting ON money_identity (receipt_id) WHERE customer_id IS NULL;

-- Money received of which nobody knows for sure whose it is.
CREATE TABLE waiting_money (
  money_id bigint PRIMARY KEY,
  origin text NOT NULL CHECK (origin IN ('gateway', 'statement')),
  source text NOT NULL,
  external_id text NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  returned_cents bigint NOT NULL DEFAULT 0 CHECK (returned_cents >= 0 AND returned_cents <= amount_cents),
  currency text NOT NULL,
  paid_on date NOT NULL,
  settled_on date,
  named_invoice text,
  payer_name text,
  payer_tax_id text,
  memo text NOT NULL DEFAULT '',
  txid text,
  end_to_end_id text,
  slip_number text,
  document_number text,
  why text NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'assigned', 'dismissed', 'returned')),
  recorded_at timestamptz NOT NULL,
  customer_id bigint,
  ended_at timestamptz,
  ended_by text,
  reason text,
  CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CHECK ((state = 'assigned') = (customer_id IS NOT NULL))
);
CREATE INDEX waiting_money_open ON waiting_money (money_id) WHERE state = 'waiting';
CREATE INDEX waiting_money_day ON waiting_money (paid_on);

-- The last word of each gateway on each payment, as far as it is believed.
CREATE TABLE gateway_payment (
  gateway text NOT NULL,
  external_id text NOT NULL,
  payment_id text NOT NULL,
  charge_id text,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  currency text NOT NULL,
  phase text NOT NULL CHECK (phase IN ('captured', 'settled')),
  refunded_cents bigint NOT NULL CHECK (refunded_cents >= 0 AND refunded_cents <= amount_cents),
  charged_back boolean NOT NULL,
  paid_on date NOT NULL,
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (gateway, external_id)
);
CREATE INDEX gateway_payment_day ON gateway_payment (paid_on);

-- Verified webhooks, each once. Nothing of their content is kept but what to read at the gateway.
CREATE TABLE hook_event (
  gateway text NOT NULL,
  event_id text NOT NULL,
  kind text NOT NULL,
  hints jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')),
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  ended_at timestamptz,
  answer text,
  PRIMARY KEY (gateway, event_id)
);
CREATE INDEX hook_event_waiting ON hook_event (not_before) WHERE state = 'waiting';
CREATE INDEX hook_event_received ON hook_event (received_at);

-- Forged webhooks leave a number and nothing else.
CREATE TABLE hook_count (
  gateway text NOT NULL,
  day date NOT NULL,
  forged bigint NOT NULL,
  PRIMARY KEY (gateway, day)
);

CREATE TABLE gateway_cursor (
  gateway text PRIMARY KEY,
  since timestamptz NOT NULL,
  cursor text,
  polled_at timestamptz,
  not_before timestamptz NOT NULL,
  failures integer NOT NULL DEFAULT 0,
  answer text
);

-- Lines of bank statements: each is explained by a receipt, waits, or has its reason.
CREATE TABLE bank_line (
  account text NOT NULL,
  line_key text NOT NULL,
  booked_on date NOT NULL,
  paid_on date NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents <> 0),
  currency text NOT NULL,
  memo text NOT NULL,
  payer_name text,
  payer_tax_id text,
  txid text,
  end_to_end_id text,
  slip_number text,
  document_number text,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'explained', 'waiting', 'out')),
  receipt_id bigint,
  imported_at timestamptz NOT NULL,
  imported_by text NOT NULL,
  PRIMARY KEY (account, line_key),
  CHECK (state <> 'out' OR amount_cents < 0),
  CHECK ((state IN ('explained', 'waiting')) = (receipt_id IS NOT NULL))
);
CREATE INDEX bank_line_day ON bank_line (booked_on);
CREATE INDEX bank_line_receipt ON bank_line (receipt_id) WHERE receipt_id IS NOT NULL;
CREATE INDEX bank_line_new ON bank_line (account) WHERE state = 'new';

-- Codes we gave out for an invoice: a payment that carries one names the invoice.
CREATE TABLE charge_code (
  kind text NOT NULL CHECK (kind IN ('txid', 'slip', 'charge')),
  value text NOT NULL,
  customer_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  PRIMARY KEY (kind, value)
);
