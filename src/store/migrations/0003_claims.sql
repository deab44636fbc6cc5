-- Payment proofs: what was read from each, what the checks say, and the marks by which the same proof is known again.

-- A boleto's bar code names its invoice as well as its number at the bank does.
ALTER TABLE charge_code DROP CONSTRAINT charge_code_kind_check;
ALTER TABLE charge_code ADD CONSTRAINT charge_code_kind_check CHECK (kind IN ('txid', 'slip', 'charge', 'bar_code'));

ALTER TABLE claim ADD COLUMN recommendation text CHECK (recommendation IN ('release', 'wait', 'person'));
ALTER TABLE claim ADD COLUMN ended_by text;

-- The file itself lies in the store of files by its hash, until the day that the policy says; hash and readings stay.
CREATE TABLE claim_document (
  customer_id bigint NOT NULL,
  claim_id bigint NOT NULL,
  sha256 text NOT NULL,
  form text NOT NULL CHECK (form IN ('pdf', 'jpeg', 'png', 'mail')),
  bytes integer NOT NULL CHECK (bytes > 0),
  pages integer NOT NULL,
  picture text,
  picture_type text,
  found jsonb NOT NULL,
  checks jsonb NOT NULL,
  notes text[] NOT NULL,
  keep_until date NOT NULL,
  removed_at timestamptz,
  PRIMARY KEY (customer_id, claim_id),
  FOREIGN KEY (customer_id, claim_id) REFERENCES claim
);
CREATE INDEX claim_document_expires ON claim_document (keep_until) WHERE removed_at IS NULL;

-- Across customers: a file, an end-to-end id or a bank's authentication that was shown once is known when it is shown again.
CREATE TABLE claim_mark (
  kind text NOT NULL CHECK (kind IN ('file', 'end_to_end', 'authentication', 'look')),
  value text NOT NULL,
  customer_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  claim_id bigint NOT NULL,
  PRIMARY KEY (value, kind, claim_id)
);
CREATE INDEX claim_mark_look ON claim_mark (claim_id) WHERE kind = 'look';
