// What the oracle reads of the program's database: rows as they are, asked by the provider's own numbers. Nothing is written.
import type pg from "pg";
import { sha256 } from "../../src/kernel/hash.ts";
import type { Id } from "../../src/kernel/ids.ts";
import { remembering } from "../../src/kernel/remember.ts";
import { formatInstant, type Instant } from "../../src/kernel/time.ts";

export interface NoticeSeen {
  customer: string;
  invoice: string | null;
  step: string;
  channel: string;
  warning: boolean;
  state: "pending" | "accepted" | "undeliverable" | "superseded";
  decidedAt: Instant;
  endedAt: Instant | null;
  outbox: string | null;
  messageId: string | null;
}

export interface HoldSeen {
  service: string;
  invoice: string;
  placedAt: Instant;
  liftedAt: Instant | null;
}

export interface ServiceSeen {
  ref: string;
  /** Null: tied to none. */
  account: string | null;
  desired: "active" | "suspended";
  actual: string;
  endedAt: Instant | null;
  /** The state of the outbox row of the call that it waits for; null: it waits for none. */
  call: string | null;
  callGone: boolean;
  leasedUntil: Instant | null;
}

export interface TerminationSeen {
  id: Id;
  service: string;
  invoice: string;
  state: "proposed" | "approved" | "withdrawn" | "done";
  proposedAt: Instant;
  firstBy: string | null;
  secondBy: string | null;
  endedAt: Instant | null;
}

/** By the provider's numbers, and by our own where there are none. */
export interface Theirs {
  invoice: string;
  service: string;
  protocol: string | null;
  claimId: Id | null;
  holdId: Id | null;
}

/** Each statement is prepared once for a connection: the one that looks for wrongs takes longer to plan than to run. */
const nameOf = remembering((text: string) => `view ${sha256(text).slice(0, 16)}`);

export class View {
  readonly #pool: pg.Pool;
  readonly #statements: (() => number) | null;
  #wanted: { at: Instant | null; after: number } | null = null;

  /** `statements`: how many were sent through the pool; the next moment is not asked for again while none was. */
  constructor(pool: pg.Pool, statements: (() => number) | null = null) {
    this.#pool = pool;
    this.#statements = statements;
  }

  async #rows<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#pool.query({ text, values, name: nameOf(text) })).rows as T[];
  }

  /** The next moment at which the motor would find something to do. */
  async wanted(): Promise<Instant | null> {
    if (this.#wanted && this.#wanted.after === this.#statements?.()) return this.#wanted.at;
    const [row] = await this.#rows<{ at: Instant | null }>(
      `SELECT least((SELECT min(next_check_at) FROM customer),
         (SELECT min(greatest(not_before, lease_until + interval '1 ms')) FROM outbox WHERE state = 'open')) AS at -- one row`,
    );
    const at = row?.at ?? null;
    if (this.#statements) this.#wanted = { at, after: this.#statements() };
    return at;
  }

  customers(): Promise<{ ref: string; id: Id }[]> {
    return this.#rows(`SELECT ref, customer_id AS id FROM customer ORDER BY customer_id`);
  }

  notices(): Promise<NoticeSeen[]> {
    return this.#rows(
      `SELECT c.ref AS customer, i.ref AS invoice, n.step, n.channel, n.warning, n.state, n.decided_at AS "decidedAt", n.ended_at AS "endedAt",
         o.state AS outbox, o.payload::json->>'messageId' AS "messageId"
       FROM notice n JOIN customer c USING (customer_id) LEFT JOIN invoice i USING (customer_id, invoice_id)
         LEFT JOIN outbox o ON o.customer_id = n.customer_id AND o.outbox_id = n.outbox_id
       ORDER BY c.ref, n.decided_at, n.key`,
    );
  }

  holds(): Promise<HoldSeen[]> {
    return this.#rows(
      `SELECT s.ref AS service, i.ref AS invoice, h.placed_at AS "placedAt", h.lifted_at AS "liftedAt"
       FROM hold h JOIN service s USING (customer_id, service_id) JOIN invoice i ON i.customer_id = h.customer_id AND i.invoice_id = h.invoice_id
       WHERE h.kind = 'overdue' ORDER BY s.ref, i.ref, h.placed_at`,
    );
  }

  services(): Promise<ServiceSeen[]> {
    return this.#rows(
      `SELECT s.ref, s.account, s.desired, s.actual, s.terminated_at AS "endedAt", o.state AS call, s.call_outbox_id IS NOT NULL AND o.outbox_id IS NULL AS "callGone",
         s.call_lease_until AS "leasedUntil"
       FROM service s LEFT JOIN outbox o ON o.customer_id = s.customer_id AND o.outbox_id = s.call_outbox_id ORDER BY s.ref`,
    );
  }

  /** What is owed by invoice, as the program's books have it. */
  invoices(): Promise<{ ref: string; open: number; state: string; allocated: number }[]> {
    return this.#rows(
      `SELECT i.ref, i.amount_cents - i.paid_cents AS open, i.state, COALESCE(sum(a.amount_cents), 0)::bigint AS allocated
       FROM invoice i LEFT JOIN allocation a USING (customer_id, invoice_id)
       GROUP BY i.customer_id, i.invoice_id ORDER BY i.ref`,
    );
  }

  /** `keys`: by which it is known, each with its source before it. */
  receipts(): Promise<
    { id: string; amount: number; applied: number; returned: number; customer: string; keys: string[]; lineNamed: boolean }[]
  > {
    return this.#rows(
      `SELECT r.external_id AS id, r.amount_cents AS amount, r.refunded_cents AS returned, c.ref AS customer,
         ARRAY(SELECT k.source || ' ' || k.external_id FROM receipt_key k WHERE k.customer_id = r.customer_id AND k.receipt_id = r.receipt_id
           ORDER BY k.source, k.external_id) AS keys,
         EXISTS (SELECT 1 FROM bank_line l WHERE l.receipt_id = r.receipt_id AND l.end_to_end_id IS NOT NULL) AS "lineNamed",
         COALESCE((SELECT sum(a.amount_cents) FROM allocation a WHERE a.customer_id = r.customer_id AND a.receipt_id = r.receipt_id), 0)::bigint
           + r.credit_cents + r.refunded_cents AS applied
       FROM receipt r JOIN customer c USING (customer_id) ORDER BY r.external_id, r.receipt_id`,
    );
  }

  /** What of some keys stands in the books as a receipt, and how much of it went back. */
  booked(keys: readonly { source: string; id: string }[]): Promise<{ source: string; id: string; returned: number }[]> {
    return this.#rows(
      `SELECT k.source, k.external_id AS id, r.refunded_cents AS returned
       FROM unnest($1::text[], $2::text[]) AS u (source, id) JOIN receipt_key k ON k.source = u.source AND k.external_id = u.id
         JOIN receipt r ON r.customer_id = k.customer_id AND r.receipt_id = k.receipt_id ORDER BY k.source, k.external_id`,
      [keys.map((k) => k.source), keys.map((k) => k.id)],
    );
  }

  /** Money without an owner, and events of gateways that nobody worked off. */
  leftOver(): Promise<{ what: string; id: string }[]> {
    return this.#rows(
      `SELECT 'money' AS what, source || ' ' || external_id AS id FROM waiting_money WHERE state = 'waiting'
       UNION ALL SELECT 'event', event_id FROM hook_event WHERE state = 'waiting' ORDER BY 1, 2`,
    );
  }

  promises(): Promise<{ protocol: string; customer: string; state: string; until: Instant }[]> {
    return this.#rows(
      `SELECT p.protocol, c.ref AS customer, p.state, p.until FROM promise p JOIN customer c USING (customer_id) ORDER BY c.ref, p.protocol`,
    );
  }

  claims(): Promise<{ customer: string; state: string; until: Instant; reason: string | null }[]> {
    return this.#rows(
      `SELECT c.ref AS customer, l.state, l.reason, l.review_until AS until FROM claim l JOIN customer c USING (customer_id)
       ORDER BY c.ref, l.received_at, l.claim_id`,
    );
  }

  /** Rows not done, and leases that stand. */
  outbox(): Promise<{ key: string; kind: string; leasedUntil: Instant | null; notBefore: Instant; answer: string | null }[]> {
    return this.#rows(
      `SELECT key, kind, lease_until AS "leasedUntil", not_before AS "notBefore", answer FROM outbox WHERE state = 'open' ORDER BY outbox_id`,
    );
  }

  faults(): Promise<{ ref: string; fault: string }[]> {
    return this.#rows(`SELECT ref, fault FROM customer WHERE fault IS NOT NULL ORDER BY ref`);
  }

  /** Customers with the head of their evidence as their row remembers it, and the hash that the entry kept as `seq` of each has now. */
  heads(
    seen: readonly { customer: string; seq: number }[],
  ): Promise<{ customer: string; seq: number; hash: string; was: string | null }[]> {
    return this.#rows(
      `SELECT c.ref AS customer, c.evidence_seq AS seq, c.evidence_hash AS hash, encode(sha256(convert_to(e.entry, 'UTF8')), 'hex') AS was
       FROM customer c LEFT JOIN unnest($1::text[], $2::int[]) AS u (ref, seq) ON u.ref = c.ref
         LEFT JOIN evidence e ON e.customer_id = c.customer_id AND e.seq = u.seq ORDER BY c.ref`,
      [seen.map((s) => s.customer), seen.map((s) => s.seq)],
    );
  }

  /** What must never stand in the tables, by the invariant it breaks. `leasesEnd`: no lease lasts longer. */
  wrongs(leasesEnd: Instant): Promise<{ invariant: string; about: string; invoice: string | null; times: number }[]> {
    return this.#rows(
      `SELECT 'S3' AS invariant, 'suspended twice: ' || s.ref || ' for ' || i.ref AS about, i.ref AS invoice, count(*) AS times
         FROM hold h JOIN service s USING (customer_id, service_id) JOIN invoice i ON i.customer_id = h.customer_id AND i.invoice_id = h.invoice_id
         WHERE h.kind = 'overdue' GROUP BY s.ref, i.ref HAVING count(*) > 1
       UNION ALL SELECT 'S3', 'two suspensions stand: ' || s.ref, NULL, 0 FROM hold h JOIN service s USING (customer_id, service_id)
         WHERE h.kind = 'overdue' AND h.lifted_at IS NULL GROUP BY s.ref, h.invoice_id HAVING count(*) > 1
       UNION ALL SELECT 'S4', 'recorded twice: ' || i.ref || ' ' || n.step || ' ' || n.channel, NULL, 0
         FROM notice n JOIN invoice i USING (customer_id, invoice_id) WHERE n.state <> 'superseded' GROUP BY i.ref, n.step, n.channel HAVING count(*) > 1
       UNION ALL SELECT 'S8', 'receipt ' || r.external_id || ': ' || r.amount_cents || ' received, ' || r.allocated_cents || ' allocated', NULL, 0
         FROM receipt r LEFT JOIN allocation a USING (customer_id, receipt_id) GROUP BY r.customer_id, r.receipt_id
         HAVING r.allocated_cents <> COALESCE(sum(a.amount_cents), 0) OR r.amount_cents <> r.allocated_cents + r.credit_cents + r.refunded_cents
       UNION ALL SELECT 'S10', s.ref || ' waits for a call that is ' || COALESCE(o.state, 'gone'), NULL, 0
         FROM service s LEFT JOIN outbox o ON o.customer_id = s.customer_id AND o.outbox_id = s.call_outbox_id
         WHERE s.call_outbox_id IS NOT NULL AND o.state IS DISTINCT FROM 'open'
       UNION ALL SELECT 'S10', 'notice ' || n.key || ' is pending, its row ' || COALESCE(o.state, 'gone'), NULL, 0
         FROM notice n LEFT JOIN outbox o ON o.customer_id = n.customer_id AND o.outbox_id = n.outbox_id
         WHERE n.state = 'pending' AND o.state IS DISTINCT FROM 'open'
       UNION ALL SELECT 'S10', o.key || ' is leased until ' || o.lease_until, NULL, 0 FROM outbox o WHERE o.state = 'open' AND o.lease_until > $1
       UNION ALL SELECT 'S10', s.ref || ' is leased until ' || s.call_lease_until, NULL, 0 FROM service s WHERE s.call_lease_until > $1
       UNION ALL SELECT 'fault', c.ref || ' was set aside: ' || c.fault, NULL, 0 FROM customer c WHERE c.fault IS NOT NULL
       ORDER BY 1, 2`,
      [formatInstant(leasesEnd)],
    );
  }

  /** Every entry of evidence, customer by customer, in order. */
  entries(): Promise<{ customer: string; seq: number; entry: string }[]> {
    return this.#rows(`SELECT c.ref AS customer, e.seq, e.entry FROM evidence e JOIN customer c USING (customer_id) ORDER BY c.ref, e.seq`);
  }

  terminations(): Promise<TerminationSeen[]> {
    return this.#rows(
      `SELECT t.termination_id AS id, s.ref AS service, i.ref AS invoice, t.state, t.proposed_at AS "proposedAt", t.first_by AS "firstBy",
         t.second_by AS "secondBy", t.ended_at AS "endedAt"
       FROM termination t JOIN service s USING (customer_id, service_id)
         JOIN invoice i ON i.customer_id = t.customer_id AND i.invoice_id = t.invoice_id ORDER BY s.ref, t.proposed_at, t.termination_id`,
    );
  }

  /** Holds of every kind that stand. */
  standing(): Promise<{ customer: string; kind: string; service: string | null; invoice: string | null }[]> {
    return this.#rows(
      `SELECT c.ref AS customer, h.kind, s.ref AS service, i.ref AS invoice FROM hold h JOIN customer c USING (customer_id)
         LEFT JOIN service s ON s.customer_id = h.customer_id AND s.service_id = h.service_id
         LEFT JOIN invoice i ON i.customer_id = h.customer_id AND i.invoice_id = h.invoice_id
       WHERE h.lifted_at IS NULL ORDER BY c.ref, h.kind, s.ref, i.ref`,
    );
  }

  /** Money that no invoice took, of every customer that ever paid. */
  credits(): Promise<{ customer: string; credit: number }[]> {
    return this.#rows(
      `SELECT c.ref AS customer, sum(r.credit_cents)::bigint AS credit FROM receipt r JOIN customer c USING (customer_id) GROUP BY c.ref ORDER BY c.ref`,
    );
  }

  /** What a customer has that another may not touch. */
  async theirs(customer: string, about: { invoice: string; service: string }): Promise<Theirs> {
    const [row] = await this.#rows<Omit<Theirs, "invoice" | "service">>(
      `SELECT (SELECT protocol FROM promise p WHERE p.customer_id = c.customer_id AND p.state = 'running' ORDER BY promise_id LIMIT 1) AS protocol,
         (SELECT claim_id FROM claim l WHERE l.customer_id = c.customer_id AND l.state = 'under_review' ORDER BY claim_id LIMIT 1) AS "claimId",
         (SELECT hold_id FROM hold h WHERE h.customer_id = c.customer_id AND h.lifted_at IS NULL ORDER BY hold_id LIMIT 1) AS "holdId"
       FROM customer c WHERE c.ref = $1 -- one row`,
      [customer],
    );
    return { ...about, protocol: row?.protocol ?? null, claimId: row?.claimId ?? null, holdId: row?.holdId ?? null };
  }
}
