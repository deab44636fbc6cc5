-- Lists as staff look at them: filters of the customers' list under a name, and conversations by their last word.

-- Kept for each person, and theirs alone.
CREATE TABLE saved_view (
  view_id bigint PRIMARY KEY,
  staff_id text NOT NULL REFERENCES staff ON DELETE CASCADE,
  name text NOT NULL,
  -- As the list's address has it: filter, search, daysFrom, daysTo.
  search jsonb NOT NULL,
  saved_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX saved_view_name ON saved_view (staff_id, name);

-- The newest conversations are found without a look at every thread there ever was.
ALTER TABLE portal_thread ADD COLUMN last_at timestamptz;
UPDATE portal_thread t SET last_at = (SELECT max(m.written_at) FROM portal_message m WHERE m.customer_id = t.customer_id);
CREATE INDEX portal_thread_last ON portal_thread (last_at DESC) WHERE last_at IS NOT NULL;
CREATE INDEX mail_in_strangers ON mail_in (mail_id DESC) WHERE customer_id IS NULL;
