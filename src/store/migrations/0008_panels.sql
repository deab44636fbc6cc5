-- Control panels over days: what was found different from what it should be, how far each round of comparing came, and whether a panel is let be.

-- One row for each difference of one service, from the first sight of it to its end.
CREATE TABLE panel_difference (
  customer_id bigint NOT NULL,
  service_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('suspended_by_other', 'open_though_suspended', 'down_though_active', 'absent', 'unread')),
  found_at timestamptz NOT NULL,
  panel text NOT NULL,
  account text NOT NULL,
  cause text NOT NULL,
  seen_at timestamptz NOT NULL,
  times integer NOT NULL DEFAULT 1,
  ended_at timestamptz,
  PRIMARY KEY (customer_id, service_id, kind, found_at)
);
CREATE UNIQUE INDEX panel_difference_open ON panel_difference (customer_id, service_id, kind) WHERE ended_at IS NULL;
CREATE INDEX panel_difference_panel ON panel_difference (panel, found_at) WHERE ended_at IS NULL;

-- One process at a time goes round a panel's accounts; where it stopped, the next goes on.
CREATE TABLE panel_round (
  panel text PRIMARY KEY,
  not_before timestamptz NOT NULL,
  after_service bigint NOT NULL DEFAULT 0,
  begun_at timestamptz,
  read integer NOT NULL DEFAULT 0,
  finished_at timestamptz,
  answer text
);

-- Open after failures in a row; locked after a refusal of our key, until a person tests it.
CREATE TABLE panel_circuit (
  panel text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('closed', 'open', 'locked')),
  failures integer NOT NULL DEFAULT 0,
  because text,
  since timestamptz NOT NULL,
  until timestamptz
);

-- Acts on a server that bears one at a time, whichever process they come from.
CREATE TABLE panel_turn (
  panel text NOT NULL,
  account text NOT NULL,
  holder text NOT NULL,
  until timestamptz NOT NULL,
  PRIMARY KEY (panel, account)
);

CREATE INDEX service_account ON service (panel, account) WHERE panel IS NOT NULL;
