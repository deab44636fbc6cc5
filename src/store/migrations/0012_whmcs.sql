-- The billing system beside us: what of it we know, how far it was read, what is still to be written there, its tickets, and its hook's calls.

-- One row for each client, service and invoice of it that is ours too; row_id is ours.
CREATE TABLE billing_row (
  customer_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('client', 'service', 'invoice')),
  billing_id bigint NOT NULL,
  row_id bigint NOT NULL,
  -- The billing system's own word: Active, Unpaid …
  state text NOT NULL,
  -- Of all that was last read in a list: another one means that something changed.
  mark text NOT NULL,
  -- Of a service.
  username text,
  domain text,
  server text,
  reason text,
  next_due_on date,
  held_off boolean NOT NULL DEFAULT false,
  held_off_until date,
  -- Of an invoice: what the client's credit has paid of it, as far as it is booked here.
  credit_cents bigint NOT NULL DEFAULT 0,
  -- Nothing more is waited for: false of invoices alone.
  settled boolean NOT NULL DEFAULT true,
  seen_at timestamptz NOT NULL,
  -- When it was read by itself, with what lists leave out.
  whole_at timestamptz,
  PRIMARY KEY (customer_id, kind, billing_id)
);
CREATE INDEX billing_row_named ON billing_row (kind, billing_id);
CREATE INDEX billing_row_unsettled ON billing_row (whole_at) WHERE NOT settled;
CREATE INDEX billing_row_due ON billing_row (next_due_on) WHERE kind = 'service';

-- One row: how far the billing system was read, and who reads it now.
CREATE TABLE billing_sync (
  system text PRIMARY KEY,
  phase text NOT NULL CHECK (phase IN ('clients', 'services', 'invoices', 'follow')),
  -- Rows of the phase's list that are behind us.
  start bigint NOT NULL DEFAULT 0,
  -- In `follow`, the list that is being gone through again, so that a change of address is seen too.
  round text NOT NULL DEFAULT 'clients' CHECK (round IN ('clients', 'services')),
  round_start bigint NOT NULL DEFAULT 0,
  last_invoice bigint NOT NULL DEFAULT 0,
  -- Rows read and refused since the first reading began.
  read bigint NOT NULL DEFAULT 0,
  refused bigint NOT NULL DEFAULT 0,
  holder text,
  not_before timestamptz NOT NULL,
  -- Our key was refused: nothing is sent until a person has tested it.
  locked boolean NOT NULL DEFAULT false,
  failures integer NOT NULL DEFAULT 0,
  answer text,
  begun_at timestamptz NOT NULL,
  caught_up_at timestamptz,
  polled_at timestamptz
);

-- What could not be taken, with its reason; gone when it can be.
CREATE TABLE billing_refusal (
  kind text NOT NULL,
  billing_id bigint NOT NULL,
  reason text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (kind, billing_id)
);

-- What is to be written there, each once: a payment, a suspension held off, what a service is, an answer to a ticket.
CREATE TABLE billing_task (
  customer_id bigint NOT NULL,
  task_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('payment', 'hold_off', 'state', 'reply')),
  key text NOT NULL,
  -- The invoice, service or ticket there.
  billing_id bigint NOT NULL,
  payload jsonb NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused', 'superseded')),
  attempts integer NOT NULL DEFAULT 0,
  unknowns integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  lease text,
  lease_until timestamptz,
  answer text,
  made_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (customer_id, task_id),
  UNIQUE (customer_id, key)
);
CREATE INDEX billing_task_open ON billing_task (not_before) WHERE state = 'open';

CREATE TABLE billing_ticket (
  customer_id bigint NOT NULL,
  ticket_id bigint NOT NULL,
  number text NOT NULL,
  department bigint NOT NULL,
  subject text NOT NULL,
  state text NOT NULL,
  last_reply text NOT NULL,
  read_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, ticket_id)
);
CREATE INDEX billing_ticket_named ON billing_ticket (ticket_id);

CREATE TABLE billing_ticket_message (
  customer_id bigint NOT NULL,
  ticket_id bigint NOT NULL,
  reply_id bigint NOT NULL,
  author text NOT NULL CHECK (author IN ('customer', 'staff')),
  name text NOT NULL,
  -- On the billing system's own clock, as it wrote it.
  written_at text NOT NULL,
  text text NOT NULL,
  PRIMARY KEY (customer_id, ticket_id, reply_id)
);

-- Calls of the billing system's hook, each once, by the word that only one of them carries.
CREATE TABLE billing_hook (
  nonce text PRIMARY KEY,
  event text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('invoice', 'ticket', 'cancellation', 'question')),
  billing_id bigint NOT NULL,
  details jsonb NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')),
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  answer text
);
CREATE INDEX billing_hook_waiting ON billing_hook (not_before) WHERE state = 'waiting';
