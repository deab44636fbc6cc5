-- One act of a person on many customers: who, why, on how many; and the holds that it gave, so that it can be undone where nothing else came since.
CREATE TABLE bulk_act (
  act_id bigint PRIMARY KEY,
  act text NOT NULL CHECK (act IN ('hold', 'lift', 'time')),
  -- As many as were asked for; each was carried out or refused on its own.
  customers integer NOT NULL,
  reason text NOT NULL,
  done_at timestamptz NOT NULL,
  done_by text NOT NULL
);

CREATE TABLE bulk_hold (
  customer_id bigint NOT NULL REFERENCES customer,
  act_id bigint NOT NULL,
  hold_id bigint NOT NULL,
  -- The entry of the customer's evidence that tells of it: what came after is found from here.
  entry integer NOT NULL,
  undone_at timestamptz,
  PRIMARY KEY (customer_id, act_id)
);
CREATE INDEX bulk_hold_act ON bulk_hold (act_id);
