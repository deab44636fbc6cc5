// What the judge of a chaos run reads of the program's database besides the oracle's view: what is left to do, and what was said to be accepted.
import type pg from "pg";
import { ts } from "../../../src/store/database.ts";
import type { Instant } from "../../../src/kernel/time.ts";

/** Zero everywhere: the program has come to rest. */
export interface Left {
  /** Customers to be decided. */
  due: number;
  /** Messages and calls not done. */
  open: number;
  leased: number;
  /** Notices without an end. */
  pending: number;
}

export interface Said {
  messageId: string;
  at: Instant;
  answer: string;
}

export interface NoticeAnswer {
  customer: string;
  invoice: string | null;
  step: string;
  state: string;
  messageId: string;
  decidedAt: Instant;
  answer: string | null;
}

export class Books {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async #rows<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.#pool.query(text, values)).rows as T[];
  }

  /** `until`: work that is due by then counts. */
  async left(until: Instant): Promise<Left> {
    const [left] = await this.#rows<Left>(
      `SELECT (SELECT count(*) FROM customer WHERE next_check_at <= $1) AS due,
         (SELECT count(*) FROM outbox WHERE state = 'open') AS open,
         (SELECT count(*) FROM outbox WHERE lease IS NOT NULL AND state = 'open') AS leased,
         (SELECT count(*) FROM notice WHERE state = 'pending') AS pending -- one row`,
      [ts(until)],
    );
    return left ?? { due: -1, open: -1, leased: -1, pending: -1 };
  }

  /** When the next thing is due, now that all wait. */
  async nextAt(): Promise<Instant | null> {
    const [next] = await this.#rows<{ at: Instant | null }>(
      `SELECT least((SELECT min(next_check_at) FROM customer), (SELECT min(not_before) FROM outbox WHERE state = 'open')) AS at -- one row`,
    );
    return next?.at ?? null;
  }

  /** Acceptances as the evidence has them, in order. */
  accepted(): Promise<Said[]> {
    return this.#rows(
      `SELECT entry::jsonb -> 'body' ->> 'message_id' AS "messageId", at, entry::jsonb -> 'body' ->> 'answer' AS answer
       FROM evidence WHERE kind = 'message.accepted' ORDER BY at, customer_id, seq`,
    );
  }

  /** Attempts whose end nobody knew, by message. */
  unknowns(): Promise<{ messageId: string; unknowns: number }[]> {
    return this.#rows(
      `SELECT payload::jsonb ->> 'messageId' AS "messageId", sum(unknowns) AS unknowns FROM outbox WHERE kind = 'message'
       GROUP BY 1 ORDER BY 1`,
    );
  }

  notices(): Promise<NoticeAnswer[]> {
    return this.#rows(
      `SELECT c.ref AS customer, i.ref AS invoice, n.step, n.state, o.payload::jsonb ->> 'messageId' AS "messageId", n.decided_at AS "decidedAt",
         o.answer
       FROM notice n JOIN customer c USING (customer_id) JOIN outbox o ON o.customer_id = n.customer_id AND o.outbox_id = n.outbox_id
         LEFT JOIN invoice i ON i.customer_id = n.customer_id AND i.invoice_id = n.invoice_id
       ORDER BY n.decided_at, c.ref, n.key`,
    );
  }
}
