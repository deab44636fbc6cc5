// The floor: the rows of a run written by plain set-based SQL in one session. It decides nothing, renders nothing and locks nobody out.
import type pg from "pg";
import { assert } from "../src/kernel/assert.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { THIRDS } from "./base.ts";
import type { Written } from "./check.ts";
import { NOW } from "./place.ts";

/** A text of each third as a run wrote it: the floor writes the same, with the customer's number in front. */
export type Samples = Record<(typeof THIRDS)[number], { payload: string; entry: string }>;

/** The texts of typical length that a run wrote. */
export async function takeSamples(owner: pg.Client): Promise<Samples> {
  const { rows } = await owner.query<{ third: number; payload: string; entry: string }>(
    `SELECT DISTINCT ON (o.customer_id % 3) o.customer_id % 3 AS third, o.payload, e.entry
     FROM outbox o JOIN evidence e USING (customer_id)
     ORDER BY o.customer_id % 3, o.customer_id DESC`,
  );
  const samples = rows.map(({ payload, entry }) => ({ payload, entry }));
  const [reminder, warning, suspend] = samples;
  assert(reminder && warning && suspend, "a run must come before its floor");
  return { reminder, warning, suspend };
}

/** Writes the rows: six statements and one commit. */
export async function runFloor(owner: pg.Client, samples: Samples): Promise<void> {
  const now = formatInstant(NOW);
  const payloads = THIRDS.map((third) => samples[third].payload);
  const entries = THIRDS.map((third) => samples[third].entry);
  await owner.query("BEGIN");
  await owner.query(
    `INSERT INTO outbox (customer_id, outbox_id, kind, key, service_id, payload, not_before, decided_at)
     SELECT i.customer_id, 10000000 + i.customer_id, CASE i.customer_id % 3 WHEN 2 THEN 'access' ELSE 'message' END,
       'email:' || i.ref || '/' || ($3::text[])[i.customer_id % 3 + 1], CASE i.customer_id % 3 WHEN 2 THEN i.service_id END,
       overlay(($1::text[])[i.customer_id % 3 + 1] PLACING i.ref FROM 3), $2, $2
     FROM invoice i`,
    [payloads, now, THIRDS],
  );
  await owner.query(
    `INSERT INTO notice (customer_id, key, outbox_id, invoice_id, service_id, step, channel, warning, decided_at)
     SELECT customer_id, 'I:' || invoice_id || ':' || ($2::text[])[customer_id % 3 + 1] || ':email', 10000000 + customer_id, invoice_id, service_id,
       ($2::text[])[customer_id % 3 + 1], 'email', customer_id % 3 = 1, $1
     FROM invoice WHERE customer_id % 3 <> 2`,
    [now, THIRDS],
  );
  await owner.query(
    `INSERT INTO hold (customer_id, hold_id, kind, effect, service_id, invoice_id, placed_at, placed_by, reason)
     SELECT customer_id, 20000000 + customer_id, 'overdue', 'access', service_id, invoice_id, $1, 'policy:hospedagem-br@0123456789ab', ref
     FROM invoice WHERE customer_id % 3 = 2`,
    [now],
  );
  await owner.query(
    `INSERT INTO evidence (customer_id, seq, at, kind, entry)
     SELECT customer_id, 1, $2, 'decision', overlay(($1::text[])[customer_id % 3 + 1] PLACING evidence_hash FROM 3) FROM customer`,
    [entries, now],
  );
  await owner.query(
    `UPDATE customer c SET version = c.version + 1, next_check_at = CASE c.customer_id % 3 WHEN 2 THEN $1::timestamptz + interval '25 days' END,
       evidence_seq = e.seq, evidence_hash = encode(sha256(convert_to(e.entry, 'UTF8')), 'hex'), evidence_at = $1, attention = '{}', fault = NULL
     FROM evidence e WHERE e.customer_id = c.customer_id AND e.seq = 1`,
    [now],
  );
  await owner.query(
    `UPDATE service s SET desired = 'suspended', desired_cause = h.reason, announce = true, call_outbox_id = 10000000 + s.customer_id
     FROM hold h WHERE h.customer_id = s.customer_id AND h.service_id = s.service_id`,
  );
  await owner.query("COMMIT");
}

/** The floor must have written what the run wrote: as many rows, and as much text to one part in fifty. */
export function checkFloor(floor: Written, run: Written): void {
  for (const name of Object.keys(run) as (keyof Written)[]) {
    const slack = name.endsWith("Bytes") ? run[name] / 50 : 0;
    assert(Math.abs(floor[name] - run[name]) <= slack, `the floor wrote ${floor[name]} ${name}, the run ${run[name]}`);
  }
}
