-- Runs of the motor: from the look that found customers due to the one that found nothing left to do. For people to see; nothing is decided by
-- it. Instants are the machine's clock. One run is open at a time, whichever worker began it.
CREATE TABLE motor_run (
  began_at timestamptz PRIMARY KEY,
  -- The last batch or look that told of it: a run whose workers died says nothing more.
  seen_at timestamptz NOT NULL,
  ended_at timestamptz,
  -- Customers: judged so far, and with those still due at the last look.
  planned integer NOT NULL,
  judged integer NOT NULL DEFAULT 0,
  faults integer NOT NULL DEFAULT 0,
  -- What left: messages that a server accepted, services suspended and brought back.
  accepted integer NOT NULL DEFAULT 0,
  suspended integer NOT NULL DEFAULT 0,
  reactivated integer NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX motor_run_open ON motor_run ((true)) WHERE ended_at IS NULL;
