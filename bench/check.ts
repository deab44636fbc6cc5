// What a run must have written, checked row by row in SQL: a fast run that forgot something is worth nothing.
import type pg from "pg";
import { assert } from "../src/kernel/assert.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { thirdsOf } from "./base.ts";
import { NOW } from "./place.ts";

/** The rows a run wrote and how much text is in them; a run and its floor must agree on these. */
export interface Written {
  messages: number;
  panelCalls: number;
  notices: number;
  holds: number;
  entries: number;
  /** Customers moved on by one version, with a new evidence head. */
  moved: number;
  /** Services that should be down, each naming its outbox row. */
  suspended: number;
  payloadBytes: number;
  entryBytes: number;
}

export async function written(owner: pg.Client): Promise<Written> {
  const { rows } = await owner.query<Record<keyof Written, string>>(
    `SELECT (SELECT count(*) FROM outbox WHERE kind = 'message' AND state = 'open') AS messages,
       (SELECT count(*) FROM outbox WHERE kind = 'access' AND state = 'open') AS "panelCalls",
       (SELECT count(*) FROM notice n JOIN outbox o USING (customer_id, outbox_id) WHERE n.state = 'pending' AND o.kind = 'message') AS notices,
       (SELECT count(*) FROM hold WHERE kind = 'overdue' AND lifted_at IS NULL AND placed_at = $1) AS holds,
       (SELECT count(*) FROM evidence WHERE kind = 'decision' AND at = $1) AS entries,
       (SELECT count(*) FROM customer c JOIN evidence e ON e.customer_id = c.customer_id AND e.seq = c.evidence_seq
         WHERE c.version = 1 AND c.evidence_at = $1 AND c.evidence_hash = encode(sha256(convert_to(e.entry, 'UTF8')), 'hex')
           AND (c.next_check_at IS NULL OR c.next_check_at > $1)) AS moved,
       (SELECT count(*) FROM service s JOIN outbox o ON o.customer_id = s.customer_id AND o.outbox_id = s.call_outbox_id
         WHERE s.desired = 'suspended' AND o.service_id = s.service_id) AS suspended,
       (SELECT coalesce(sum(octet_length(payload)), 0) FROM outbox) AS "payloadBytes",
       (SELECT coalesce(sum(octet_length(entry)), 0) FROM evidence) AS "entryBytes"`,
    [formatInstant(NOW)],
  );
  const [row] = rows;
  assert(row, "no answer from the database");
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)])) as unknown as Written;
}

/** Everything that a day's run owes to these customers, and nothing else. Throws with what differs. */
export async function checkRun(owner: pg.Client, customers: number): Promise<Written> {
  const found = await checkCounts(owner, customers);
  await checkTexts(owner, customers);
  return found;
}

/** The rows, without their texts. */
export async function checkCounts(owner: pg.Client, customers: number): Promise<Written> {
  const found = await written(owner);
  const third = thirdsOf(customers);
  const messages = third.reminder + third.warning;
  const wanted = { messages, panelCalls: third.suspend, notices: messages, holds: third.suspend, entries: customers };
  for (const [name, count] of Object.entries({ ...wanted, moved: customers, suspended: third.suspend })) {
    const seen = found[name as keyof Written];
    assert(seen === count, `the run wrote ${seen} ${name} where ${count} were due`);
  }
  return found;
}

/** Each message is the customer's own, each entry continues its chain, and each new row can be found by a job that was enqueued. */
async function checkTexts(owner: pg.Client, customers: number): Promise<void> {
  const { rows } = await owner.query<{ what: string; count: string }>(
    `SELECT 1 AS place, 'messages that name the customer, the invoice and its step' AS what, count(*) AS count
       FROM outbox o JOIN customer c USING (customer_id) JOIN invoice i USING (customer_id), LATERAL (SELECT o.payload::jsonb AS p) AS parsed
       WHERE o.kind = 'message' AND p->>'to' = c.email AND p->>'text' LIKE '%' || c.name || '%' || i.ref || '%'
         AND p->>'template' = CASE c.customer_id % 3 WHEN 0 THEN 'reminder' ELSE 'warning' END
         AND p->'keys'->>0 = 'I:' || i.invoice_id || ':' || (p->>'template') || ':email'
     UNION ALL
     SELECT 2 AS place, 'panel calls for the invoice that causes them', count(*)
       FROM outbox o JOIN invoice i ON i.customer_id = o.customer_id AND i.service_id = o.service_id
         JOIN hold h ON h.customer_id = i.customer_id AND h.invoice_id = i.invoice_id AND h.service_id = i.service_id
       WHERE o.kind = 'access' AND o.payload::jsonb = jsonb_build_object('desired', 'suspended', 'cause', i.ref)
     UNION ALL
     SELECT 3 AS place, 'entries that continue their chain', count(*)
       FROM evidence e JOIN customer c USING (customer_id), LATERAL (SELECT e.entry::jsonb AS j) AS parsed
       WHERE e.seq = 1 AND j->>'customer' = c.ref AND j->>'prev' = encode(sha256(convert_to('regua evidence of customer ' || c.ref, 'UTF8')), 'hex')
     UNION ALL
     SELECT 4 AS place, 'rows that a job will find', count(*)
       FROM outbox o WHERE EXISTS (SELECT 1 FROM regua_jobs.job j WHERE j.name = 'dispatch'
         AND o.outbox_id BETWEEN (j.data->>'from')::bigint AND (j.data->>'to')::bigint)
     ORDER BY place`,
  );
  const { reminder, warning, suspend } = thirdsOf(customers);
  const wanted = [reminder + warning, suspend, customers, customers];
  rows.forEach(({ what, count }, i) => assert(Number(count) === wanted[i], `${count} of ${wanted[i]} ${what}`));
}
