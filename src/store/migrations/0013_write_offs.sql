-- An invoice given up, or that should not have been: one person proposes, another approves, and the row names both.

CREATE TABLE write_off (
  customer_id bigint NOT NULL REFERENCES customer,
  write_off_id bigint NOT NULL,
  invoice_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('void', 'write_off')),
  reason text NOT NULL,
  state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'approved', 'withdrawn')),
  proposed_at timestamptz NOT NULL,
  proposed_by text NOT NULL,
  ended_at timestamptz,
  ended_by text,
  PRIMARY KEY (customer_id, write_off_id),
  FOREIGN KEY (customer_id, invoice_id) REFERENCES invoice,
  CHECK ((state = 'proposed') = (ended_at IS NULL)),
  CHECK (state <> 'approved' OR ended_by <> proposed_by)
);
CREATE UNIQUE INDEX write_off_one_open ON write_off (customer_id, invoice_id) WHERE state = 'proposed';
CREATE INDEX write_off_open ON write_off (proposed_at) WHERE state = 'proposed';
