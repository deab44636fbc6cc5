// A small provider with customers whose histories are made by the real use cases: what the tests of evidence are about.
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import type { Engine } from "../../engine/engine.ts";
import { changeCustomers } from "../../engine/change.ts";
import { claimTasks } from "../../engine/claim.ts";
import { grantPromise } from "../../engine/grant-promise.ts";
import { installProvider } from "../../engine/install-provider.ts";
import { placeHold } from "../../engine/place-hold.ts";
import { recordOutcomes, type Finished } from "../../engine/record-outcomes.ts";
import { recordReceipts } from "../../engine/record-receipts.ts";
import { releaseHold } from "../../engine/release-hold.ts";
import { Settings } from "../../engine/setting.ts";
import type { Task } from "../../engine/sift.ts";
import { genesis } from "../../kernel/chain.ts";
import { ManualClock } from "../../kernel/clock.ts";
import type { Json } from "../../kernel/hash.ts";
import type { Id } from "../../kernel/ids.ts";
import { DAY_MS, formatDay, HOUR_MS, parseDay, parseInstant, Zone, type Instant } from "../../kernel/time.ts";
import type { AccountState } from "../../ports/control-panel.ts";
import { done } from "../../ports/outcome.ts";
import { openDatabase, type Database } from "../../store/database.ts";
import { SequenceIds } from "../../store/ids.ts";
import { APP_ROLE } from "../../store/migrate.ts";
import { aProvider } from "../../words/testing/builders.ts";

export const zone = new Zone("America/Sao_Paulo");

/** Tuesday, 3 November 2026, nine in the morning in São Paulo. */
export const START = parseInstant("2026-11-03T12:00:00Z");

const PLAIN = readFileSync(new URL("../../../examples/plain-3-4-5.yaml", import.meta.url), "utf8");

export interface Story {
  engine: Engine;
  clock: ManualClock;
  database: Database;
  /** Ids by the provider's numbers. */
  customers: Map<string, Id>;
  /** Adds an entry through the unit of work that every use case runs in. */
  note(ref: string, body?: Json): Promise<void>;
  close(): Promise<void>;
}

/** An engine under the program's own role, with a provider, the plain ladder and customers `C1`, `C2` … each with a service and an invoice. */
export async function aStory(url: string, options: { customers?: number; policySource?: string } = {}): Promise<Story> {
  const database = openDatabase({ url, role: APP_ROLE, max: 4 });
  const ids = openDatabase({ url, max: 1 });
  const clock = new ManualClock(START);
  const engine: Engine = { db: database.db, settings: new Settings(), ids: new SequenceIds(ids.db), clock, motorClock: clock, wake: null };
  const { sandbox: _, ...identity } = aProvider();
  const provider = { identity, timeZone: zone.id, currency: "BRL" };
  const policySource = options.policySource ?? PLAIN;
  await installProvider(engine.db, { mode: "live", provider, policySource, at: START - DAY_MS, by: "ana" });
  const customers = new Map<string, Id>();
  for (let n = 1; n <= (options.customers ?? 1); n += 1) customers.set(`C${n}`, await addCustomer(engine, `C${n}`, n));
  return {
    ...{ engine, clock, database, customers },
    note: (ref, body = { said: "olá" }) =>
      changeCustomers(engine, [customers.get(ref) ?? 0], async (unit) => {
        for (const id of unit.customers.keys()) unit.record(id, "note", "ana", body);
        return Promise.resolve();
      }),
    close: async () => {
      await database.close();
      await ids.close();
    },
  };
}

/** A customer with one linked service and one open invoice, due on Friday, 6 November 2026. */
async function addCustomer({ db, ids }: Engine, ref: string, n: number): Promise<Id> {
  const block = await ids.take(3);
  const [customer, service, invoice] = [block.next(), block.next(), block.next()];
  const at = new Date(START - DAY_MS).toISOString();
  const since = formatDay(parseDay("2024-01-15"));
  await sql`
    INSERT INTO customer (customer_id, bucket, evidence_hash, ref, name, email, lang, since, created_at)
    VALUES (${customer}, ${customer % 1024}, ${genesis(ref)}, ${ref}, ${`Padaria “São João” nº ${n}`}, ${`c${n}@cliente.example`}, 'pt-BR',
      ${since}, ${at})`.execute(db);
  await sql`
    INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, actual, created_at)
    VALUES (${customer}, ${service}, ${`S${n}`}, 'Hospedagem Plus', 'plus', 2990, 'sandbox', ${`conta${n}`}, 'active', ${at})`.execute(db);
  await sql`
    INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, currency, created_at)
    VALUES (${customer}, ${invoice}, ${service}, ${`F${n}`}, '2026-10-27', '2026-11-06', 2990, 'BRL', ${at})`.execute(db);
  await sql`
    INSERT INTO ref_index (kind, ref, customer_id, row_id) VALUES ('customer', ${ref}, ${customer}, ${customer}),
      ('service', ${`S${n}`}, ${customer}, ${service}), ('invoice', ${`F${n}`}, ${customer}, ${invoice})`.execute(db);
  return customer;
}

/** Lets time pass to an instant in steps of six hours: everybody is decided, and what leaves is taken by a mail server and a panel that work. */
export async function passUntil(story: Story, until: Instant): Promise<void> {
  const { engine, clock, customers } = story;
  while (clock.now() < until) {
    clock.set(Math.min(until, clock.now() + 6 * HOUR_MS));
    await changeCustomers(engine, [...customers.values()], () => Promise.resolve());
    await dispatch(engine);
  }
}

async function dispatch(engine: Engine): Promise<void> {
  for (;;) {
    const { tasks, moved } = await claimTasks(engine, { token: "worker", limit: 100, leaseMs: HOUR_MS });
    if (moved === 0) return;
    await recordOutcomes(engine, "worker", tasks.map(ended));
  }
}

function ended(task: Task): Finished {
  if (task.kind === "message") return { task, outcome: done({ response: "250 2.0.0 Ok: queued as 4XYZ", server: "mx.cliente.example" }) };
  const state: AccountState =
    task.kind === "terminate"
      ? { access: "absent" }
      : task.desired === "active"
        ? { access: "active" }
        : { access: "suspended", by: "us", reason: "Régua: fatura vencida" };
  const outcome = done({ state, ours: state.access === "suspended" });
  return task.kind === "access" ? { task, outcome } : { task, outcome };
}

/**
 * The history of C1 that the tests look at: reminded, warned, suspended on the fifth day, released on trust, put under a dispute and out of
 * it, and paid within the promise. About thirty entries over ten days.
 */
export async function aWholeHistory(story: Story): Promise<void> {
  const { engine, clock } = story;
  await passUntil(story, parseInstant("2026-11-12T12:00:00Z"));
  const person = { by: "ana", reason: "Cliente ligou; pagamento por boleto." };
  await grantPromise(engine, {
    customer: "C1",
    invoices: ["F1"],
    reason: "O pagamento sai na segunda-feira.",
    askedBy: "staff",
    owner: "ana",
    override: "Cliente antigo, primeira vez.",
  });
  clock.set(clock.now() + HOUR_MS);
  const until = clock.now() + DAY_MS;
  const { holdId } = await placeHold(engine, { customer: "C1", kind: "dispute", invoice: "F1", until, ...person });
  await passUntil(story, clock.now() + 6 * HOUR_MS);
  await releaseHold(engine, { customer: "C1", holdId, ...person });
  await recordReceipts(engine, [
    {
      customerId: story.customers.get("C1") ?? 0,
      source: "staff",
      externalId: "extrato-1",
      amount: 3500,
      currency: "BRL",
      paidOn: parseDay("2026-11-12"),
      invoiceRef: "F1",
      reason: "Pix conferido no extrato",
      actor: "ana",
    },
  ]);
  await passUntil(story, clock.now() + DAY_MS);
}
