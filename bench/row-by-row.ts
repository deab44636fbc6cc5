// The loop most programs of this kind are: one customer after another, each fact by a statement of its own, a commit for each.
import type pg from "pg";
import { sha256 } from "../src/kernel/hash.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { build, THIRDS } from "./base.ts";
import { checkCounts } from "./check.ts";
import type { Samples } from "./floor.ts";
import { NOW, type Place } from "./place.ts";
import { timed } from "./timed.ts";

export interface RowByRow {
  customers: number;
  seconds: number;
  perCustomerMs: number;
  statementsPerCustomer: number;
}

/** Writes what a run writes, for `customers` built anew. Like the floor it neither decides nor renders: only the way of writing counts. */
export async function rowByRow(place: Place, customers: number, samples: Samples): Promise<RowByRow> {
  const { owner } = place;
  await build(owner, customers);
  await place.checkpoint();
  const before = place.statements();
  const seconds = await timed(async () => {
    const { rows } = await owner.query<{ id: string }>("SELECT customer_id AS id FROM customer WHERE next_check_at <= $1 ORDER BY 1", [at]);
    for (const { id } of rows) await oneCustomer(owner, Number(id), samples);
  });
  const statements = place.statements() - before;
  await checkCounts(owner, customers);
  return { customers, seconds, perCustomerMs: (seconds * 1000) / customers, statementsPerCustomer: statements / customers };
}

const at = formatInstant(NOW);

interface Debt {
  ref: string;
  invoice_id: string;
  service_id: string;
}

async function oneCustomer(owner: pg.Client, id: number, samples: Samples): Promise<void> {
  const third = THIRDS[id % 3] ?? "reminder";
  await owner.query("BEGIN");
  const customer = await owner.query<{ evidence_hash: string }>("SELECT * FROM customer WHERE customer_id = $1 FOR UPDATE", [id]);
  const debts = await owner.query<Debt>("SELECT * FROM invoice WHERE customer_id = $1 AND state = 'open' ORDER BY due_on", [id]);
  for (const table of ["service", "notice", "hold", "promise", "claim"])
    await owner.query(`SELECT * FROM ${table} WHERE customer_id = $1`, [id]);
  await owner.query("SELECT p.*, v.doc FROM provider p, policy_version v WHERE v.activated_at <= $1", [at]);
  const [{ ref, invoice_id: invoice, service_id: service }] = debts.rows as [Debt];
  const outbox = 10_000_000 + id;
  const [kind, of] = third === "suspend" ? ["access", service] : ["message", null];
  await owner.query(
    "INSERT INTO outbox (customer_id, outbox_id, kind, key, service_id, payload, not_before, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
    [id, outbox, kind, `email:${ref}/${third}`, of, samples[third].payload, at],
  );
  if (third === "suspend") {
    await owner.query(
      `INSERT INTO hold (customer_id, hold_id, kind, effect, service_id, invoice_id, placed_at, placed_by, reason)
       VALUES ($1, $2, 'overdue', 'access', $3, $4, $5, 'policy', $6)`,
      [id, 20_000_000 + id, service, invoice, at, ref],
    );
    await owner.query(
      "UPDATE service SET desired = 'suspended', desired_cause = $3, call_outbox_id = $4 WHERE customer_id = $1 AND service_id = $2",
      [id, service, ref, outbox],
    );
  } else
    await owner.query(
      `INSERT INTO notice (customer_id, key, outbox_id, invoice_id, service_id, step, channel, warning, decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'email', $7, $8)`,
      [id, `I:${invoice}:${third}:email`, outbox, invoice, service, third, third === "warning", at],
    );
  const entry = `${customer.rows[0]?.evidence_hash ?? ""}${samples[third].entry}`;
  await owner.query("INSERT INTO evidence (customer_id, seq, at, kind, entry) VALUES ($1, 1, $2, 'decision', $3)", [id, at, entry]);
  await owner.query(
    `UPDATE customer SET version = version + 1, next_check_at = NULL, evidence_seq = 1, evidence_hash = $2, evidence_at = $3
     WHERE customer_id = $1`,
    [id, sha256(entry), at],
  );
  await owner.query("COMMIT");
}
