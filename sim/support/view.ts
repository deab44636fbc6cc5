// What the oracle reads of the program's database: rows as they are, asked by the provider's own numbers. Nothing is written.
import type pg from "pg";
import type { Instant } from "../../src/kernel/time.ts";

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
  account: string;
  desired: "active" | "suspended";
  actual: string;
  /** The state of the outbox row of the call that it waits for; null: it waits for none. */
  call: string | null;
  callGone: boolean;
  leasedUntil: Instant | null;
}

export class View {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async #rows<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#pool.query(text, values)).rows as T[];
  }

  /** The next moment at which the motor would find something to do. */
  async wanted(): Promise<Instant | null> {
    const [row] = await this.#rows<{ at: Instant | null }>(
      `SELECT least((SELECT min(next_check_at) FROM customer),
         (SELECT min(greatest(not_before, lease_until + interval '1 ms')) FROM outbox WHERE state = 'open')) AS at -- one row`,
    );
    return row?.at ?? null;
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
      `SELECT s.ref, s.account, s.desired, s.actual, o.state AS call, s.call_outbox_id IS NOT NULL AND o.outbox_id IS NULL AS "callGone",
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

  receipts(): Promise<{ id: string; amount: number; applied: number }[]> {
    return this.#rows(
      `SELECT r.external_id AS id, r.amount_cents AS amount,
         COALESCE((SELECT sum(a.amount_cents) FROM allocation a WHERE a.customer_id = r.customer_id AND a.receipt_id = r.receipt_id), 0)::bigint
           + r.credit_cents + r.refunded_cents AS applied
       FROM receipt r ORDER BY r.external_id`,
    );
  }

  promises(): Promise<{ protocol: string; customer: string; state: string; until: Instant }[]> {
    return this.#rows(
      `SELECT p.protocol, c.ref AS customer, p.state, p.until FROM promise p JOIN customer c USING (customer_id) ORDER BY c.ref, p.protocol`,
    );
  }

  claims(): Promise<{ customer: string; state: string; until: Instant }[]> {
    return this.#rows(
      `SELECT c.ref AS customer, l.state, l.review_until AS until FROM claim l JOIN customer c USING (customer_id)
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
}
