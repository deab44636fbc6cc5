-- Postal addresses of customers: some gateways make no boleto out to somebody without one.

CREATE TABLE customer_address (
  customer_id bigint PRIMARY KEY REFERENCES customer,
  street text NOT NULL,
  number text NOT NULL,
  neighborhood text NOT NULL,
  city text NOT NULL,
  state text NOT NULL CHECK (state ~ '^[A-Z]{2}$'),
  postal_code text NOT NULL CHECK (postal_code ~ '^[0-9]{8}$'),
  changed_at timestamptz NOT NULL
);
