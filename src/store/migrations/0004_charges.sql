-- Charges at gateways, one for each invoice; and the turn in which claims are entered.

-- A proof that two customers send in the same second is judged for one of them after the other was entered.
CREATE TABLE claim_turn (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  taken bigint NOT NULL
);

-- What an invoice is paid with stands beside what is owed of it, where its messages are written from.
ALTER TABLE invoice ADD COLUMN pix_code text;
ALTER TABLE invoice ADD COLUMN boleto_line text;
ALTER TABLE invoice ADD COLUMN pay_url text;

-- The one charge of an invoice, and who asks the gateway about it now.
CREATE TABLE charge (
  customer_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  gateway text NOT NULL,
  charge_id text,
  phase text NOT NULL CHECK (phase IN ('wanted', 'open', 'paid', 'cancelled')),
  -- An answer was lost: the gateway may have a charge that we do not know of.
  may_exist boolean NOT NULL DEFAULT false,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  due_on date NOT NULL,
  expires_at timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  lease text,
  lease_until timestamptz,
  answer text,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, invoice_id),
  FOREIGN KEY (customer_id, invoice_id) REFERENCES invoice
);

-- Which receipts are known for one Pix: another Pix of the same amount is other money.
CREATE INDEX money_identity_receipt ON money_identity (receipt_id);

-- The gateway of the sandbox, which has no account anywhere.
CREATE TABLE sandbox_charge (
  charge_id text PRIMARY KEY,
  revision bigint NOT NULL,
  state jsonb NOT NULL
);
