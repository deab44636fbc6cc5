-- Mail that comes in, and what is written back: each message once, what it was taken for and why, and who has to look.

-- By which a bounce, a complaint or a reply finds what it is about: a notice, or a mail of a conversation.
CREATE TABLE sent_mail (
  message_id text PRIMARY KEY,
  customer_id bigint,
  outbox_id bigint,
  mail_id bigint
);

-- How far each mailbox was read, and by whom now. Of another validity all its numbers mean other messages.
CREATE TABLE mailbox (
  mailbox text PRIMARY KEY,
  validity bigint,
  uid bigint NOT NULL DEFAULT 0,
  holder text,
  held_until timestamptz,
  read_at timestamptz,
  failures integer NOT NULL DEFAULT 0,
  answer text
);

-- One message is one row, however often it is delivered, read or piped in.
CREATE TABLE mail_key (
  message_id text NOT NULL,
  body_sha256 text NOT NULL,
  mail_id bigint NOT NULL,
  PRIMARY KEY (message_id, body_sha256)
);

CREATE TABLE mail_in (
  mail_id bigint PRIMARY KEY,
  mailbox text NOT NULL,
  received_at timestamptz NOT NULL,
  -- The message as it came lies in the store of files by this hash, until it expires.
  raw_sha256 text NOT NULL,
  bytes integer NOT NULL,
  state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done')),
  attempts integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  message_id text NOT NULL,
  from_address text,
  from_name text NOT NULL DEFAULT '',
  subject text NOT NULL DEFAULT '',
  -- What its sender wrote, without what is quoted.
  text text NOT NULL DEFAULT '',
  files jsonb NOT NULL DEFAULT '[]',
  kind text CHECK (kind IN ('reply', 'automatic', 'bounce', 'complaint', 'own', 'spam', 'unreadable', 'too_many')),
  kind_because text,
  vouched text CHECK (vouched IN ('signed', 'unsigned', 'broken', 'unknown')),
  customer_id bigint,
  -- Whether the address is the customer's own, and whether it answers a message of ours.
  own_address boolean NOT NULL DEFAULT false,
  about_message_id text,
  about_outbox_id bigint,
  matter text,
  intents text[] NOT NULL DEFAULT '{}',
  reasons jsonb NOT NULL DEFAULT '[]',
  unsure text,
  -- What became of it, as a code: answered, answered_today, claim_opened, …
  outcome text,
  claim_id bigint,
  -- A person has to look.
  waits boolean NOT NULL DEFAULT false,
  closed_at timestamptz,
  closed_by text,
  keep_until date,
  removed_at timestamptz
);
CREATE INDEX mail_in_new ON mail_in (not_before) WHERE state = 'new';
CREATE INDEX mail_in_customer ON mail_in (customer_id, mail_id) WHERE customer_id IS NOT NULL;
CREATE INDEX mail_in_waits ON mail_in (mail_id) WHERE waits;
CREATE INDEX mail_in_stranger ON mail_in (from_address, mail_id) WHERE customer_id IS NULL;
CREATE INDEX mail_in_expires ON mail_in (keep_until) WHERE removed_at IS NULL;

-- Mail of conversations that goes out: answers by rule, and what staff write. Notices are in the outbox.
CREATE TABLE mail_out (
  mail_id bigint PRIMARY KEY,
  customer_id bigint,
  kind text NOT NULL CHECK (kind IN ('automatic', 'staff')),
  message_id text NOT NULL,
  answers_mail_id bigint,
  in_reply_to text,
  to_address text NOT NULL,
  -- Which of several senders, by its name in the configuration.
  sender text,
  lang text NOT NULL CHECK (lang IN ('pt-BR', 'en')),
  subject text NOT NULL,
  text text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'refused')),
  attempts integer NOT NULL DEFAULT 0,
  unknowns integer NOT NULL DEFAULT 0,
  not_before timestamptz NOT NULL,
  lease text,
  lease_until timestamptz,
  answer text,
  made_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX mail_out_open ON mail_out (not_before) WHERE state = 'open';
CREATE INDEX mail_out_customer ON mail_out (customer_id, made_at) WHERE customer_id IS NOT NULL;

-- A notice that was accepted and came back; the row stays when the notice goes on to the next channel.
CREATE TABLE mail_bounce (
  customer_id bigint NOT NULL,
  outbox_id bigint NOT NULL,
  mail_id bigint NOT NULL,
  action text NOT NULL CHECK (action IN ('failed', 'delayed')),
  code text,
  words text NOT NULL,
  at timestamptz NOT NULL,
  -- Staff did not believe it: the notice counts as accepted again.
  denied_at timestamptz,
  denied_by text,
  denied_reason text,
  PRIMARY KEY (customer_id, outbox_id, mail_id)
);

ALTER TABLE portal_message DROP CONSTRAINT portal_message_author_check;
ALTER TABLE portal_message ADD CONSTRAINT portal_message_author_check CHECK (author IN ('customer', 'staff', 'automatic'));
ALTER TABLE portal_message ADD COLUMN via text NOT NULL DEFAULT 'portal' CHECK (via IN ('portal', 'mail'));
