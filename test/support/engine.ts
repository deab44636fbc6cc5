// A real engine on a database of its own, with a clock that stands still, and builders for the rows a story begins with.
import { bucketOf, type Id } from "../../src/kernel/ids.ts";
import { genesis } from "../../src/kernel/chain.ts";
import { assert } from "../../src/kernel/assert.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import type { Lang } from "../../src/kernel/lang.ts";
import type { Cents } from "../../src/kernel/money.ts";
import { formatDay, formatInstant, parseDay, parseInstant, Zone, type Day, type Instant } from "../../src/kernel/time.ts";
import { emptyTally, evaluateCustomers, type Tally } from "../../src/engine/evaluate.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { Settings, type Identity } from "../../src/engine/setting.ts";
import { policyHash, policyVersion } from "../../src/policy/compile.ts";
import { readPolicy } from "../../src/policy/read.ts";
import { policySchema, type PolicyDoc } from "../../src/policy/schema.ts";
import { booksBalance } from "../../src/store/books.ts";
import { openDatabase, type Database } from "../../src/store/database.ts";
import { customersById } from "../../src/store/facts.ts";
import { SequenceIds } from "../../src/store/ids.ts";
import { activatePolicy, storePolicy } from "../../src/store/policies.ts";
import { insertProvider } from "../../src/store/provider.ts";

export const zone = new Zone("America/Sao_Paulo");

/** A local moment in São Paulo: `2026-11-24T10:00`. */
export const at = (text: string): Instant => parseInstant(`${text}:00-03:00`);

/** Before every story: the day the policy came into force. */
const LONG_AGO = parseInstant("2020-01-01T00:00:00Z");

export const identity: Identity = {
  name: "Hospedagem Exemplo",
  legalName: "Hospedagem Exemplo Ltda",
  taxId: "12.345.678/0001-90",
  address: "Rua das Flores, 10, Curitiba, 80000-000",
  email: "financeiro@hospedagem.example",
  phone: "+55 41 3333-4444",
  site: "https://hospedagem.example",
  lang: "pt-BR",
  payment: { "pt-BR": ["Pix, chave: pix@hospedagem.example"], en: ["Pix key: pix@hospedagem.example"] },
  proof: null,
};

/** The providers' own ladder: reminder, warning and suspension on the third, fourth and fifth day past due. */
const LADDER = [
  { step: "reminder", day: 3, do: "notify" },
  { step: "warning", day: 4, do: "warn" },
  { step: "suspend", day: 5, do: "suspend" },
] as const;

export interface World {
  engine: Engine;
  clock: ManualClock;
  database: Database;
  /** The version of the policy in force. */
  policy: string;
  /** Rows of a statement with `$1, $2` for its parameters. Instants as milliseconds, days as numbers, as everywhere. */
  rows<T = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<T[]>;
  close(): Promise<void>;
}

export interface WorldOptions {
  now: Instant;
  /** A whole policy file; or fields over the default 3-4-5 ladder. */
  policyYaml?: string;
  policyDoc?: Record<string, unknown>;
  mode?: "sandbox" | "live";
  /** What the configuration says to the engine, for example the portal's address. */
  settings?: ConstructorParameters<typeof Settings>[0];
}

/** Opens a migrated database (see `freshDatabase`) as an installation: the provider, its policy in force since 2020, an engine. */
export async function makeEngine(url: string, options: WorldOptions): Promise<World> {
  const database = openDatabase({ url, max: 4 });
  // Ids are asked for by units of work that hold a connection: with their own one they never wait for each other.
  const idDatabase = openDatabase({ url, max: 1 });
  const doc = policyOf(options);
  const mode = options.mode ?? "live";
  const sandboxNow = mode === "sandbox" ? options.now : null;
  const provider = { mode, timeZone: zone.id, currency: "BRL", identity, sandboxNow };
  await insertProvider(database.db, provider, LONG_AGO);
  const version = policyVersion(doc);
  const stored = { version, name: doc.policy, hash: policyHash(doc), source: options.policyYaml ?? JSON.stringify(doc), doc };
  await storePolicy(database.db, { ...stored, by: "tests", at: LONG_AGO });
  await activatePolicy(database.db, version, "tests", LONG_AGO);
  const clock = new ManualClock(options.now);
  const engine: Engine = {
    db: database.db,
    settings: new Settings(options.settings),
    ids: new SequenceIds(idDatabase.db),
    clock,
    motorClock: clock,
    wake: null,
  };
  let closed = false;
  return {
    engine,
    clock,
    database,
    policy: version,
    rows: async <T>(text: string, parameters: readonly unknown[] = []) => (await database.pool.query(text, [...parameters])).rows as T[],
    close: async () => {
      if (closed) return;
      closed = true;
      const books = await booksBalance(database.db).finally(async () => {
        await database.close();
        await idDatabase.close();
      });
      // After every story, whatever it is about: receipts are allocations, credit and refunds, to the cent.
      assert(books.balanced, `the books of this story do not balance: ${JSON.stringify(books.imbalances)}`);
    },
  };
}

function policyOf({ policyYaml, policyDoc }: WorldOptions): PolicyDoc {
  if (policyYaml !== undefined) return readPolicy(policyYaml);
  return policySchema.parse({ policy: "hospedagem-exemplo", ladder: LADDER, ...policyDoc });
}

async function nextId(world: World): Promise<Id> {
  return (await world.engine.ids.take(1)).next();
}

async function addRef(world: World, kind: "customer" | "service" | "invoice", ref: string, customerId: Id, id: Id): Promise<void> {
  await world.rows("INSERT INTO ref_index (kind, ref, customer_id, row_id) VALUES ($1, $2, $3, $4)", [kind, ref, customerId, id]);
}

export interface Row {
  id: Id;
  ref: string;
}

/** Customer since January 2025, reached by e-mail, in Portuguese. */
export async function addCustomer(
  world: World,
  change: { ref?: string; name?: string; email?: string | null; lang?: Lang; since?: string; tags?: string[]; barred?: string } = {},
): Promise<Row> {
  const id = await nextId(world);
  const ref = change.ref ?? `C${id}`;
  const now = world.clock.now();
  await world.rows(
    `INSERT INTO customer (customer_id, bucket, evidence_hash, ref, name, email, lang, since, tags, release_barred, created_at, next_check_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)`,
    [
      id,
      bucketOf(id),
      genesis(ref),
      ref,
      change.name ?? "Padaria Central",
      change.email === undefined ? `${ref.toLowerCase()}@cliente.example` : change.email,
      change.lang ?? "pt-BR",
      change.since ?? "2025-01-10",
      change.tags ?? [],
      change.barred ?? null,
      formatInstant(now),
    ],
  );
  await addRef(world, "customer", ref, id, id);
  return { id, ref };
}

/** A service linked to an account of the sandbox panel, up, R$ 29,90 a month. `account: null` leaves it unlinked. */
export async function addService(
  world: World,
  customer: Row,
  change: {
    ref?: string;
    name?: string;
    plan?: string | null;
    price?: Cents | null;
    account?: string | null;
    cancelAskedAt?: Instant;
  } = {},
): Promise<Row> {
  const id = await nextId(world);
  const ref = change.ref ?? `S${id}`;
  const account = change.account === undefined ? `conta${id}` : change.account;
  const now = formatInstant(world.clock.now());
  await world.rows(
    `INSERT INTO service (customer_id, service_id, ref, name, plan, price_cents, panel, account, actual, actual_since, cancel_asked_at, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10)`,
    [
      customer.id,
      id,
      ref,
      change.name ?? "Hospedagem Plus",
      change.plan ?? null,
      change.price === undefined ? 2990 : change.price,
      account === null ? null : "sandbox",
      account,
      account === null ? "unknown" : "active",
      now,
      change.cancelAskedAt === undefined ? null : formatInstant(change.cancelAskedAt),
    ],
  );
  await addRef(world, "service", ref, customer.id, id);
  return { id, ref };
}

/** An open invoice of R$ 29,90, issued ten days before it is due. `paidOn` settles it with a receipt of that day. */
export async function addInvoice(
  world: World,
  customer: Row,
  change: { dueOn: string; service?: Row | null; ref?: string; issuedOn?: string; amount?: Cents; paidOn?: string },
): Promise<Row> {
  const id = await nextId(world);
  const ref = change.ref ?? `F${id}`;
  const amount = change.amount ?? 2990;
  const issuedOn: Day = change.issuedOn === undefined ? parseDay(change.dueOn) - 10 : parseDay(change.issuedOn);
  await world.rows(
    `INSERT INTO invoice (customer_id, invoice_id, service_id, ref, issued_on, due_on, amount_cents, currency, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'BRL', $8)`,
    [customer.id, id, change.service?.id ?? null, ref, formatDay(issuedOn), change.dueOn, amount, formatInstant(zone.startOf(issuedOn))],
  );
  await addRef(world, "invoice", ref, customer.id, id);
  if (change.paidOn !== undefined) await pay(world, customer, { id, ref }, amount, change.paidOn);
  return { id, ref };
}

/** History before the story: a receipt allocated to the invoice as the ledger would write it, with no decision after it. */
async function pay(world: World, customer: Row, invoice: Row, amount: Cents, paidOn: string): Promise<void> {
  const id = await nextId(world);
  const recorded = formatInstant(zone.at(parseDay(paidOn), 600));
  await world.rows("INSERT INTO receipt_key (source, external_id, customer_id, receipt_id) VALUES ('import', $1, $2, $3)", [
    invoice.ref,
    customer.id,
    id,
  ]);
  await world.rows(
    `INSERT INTO receipt (customer_id, receipt_id, source, external_id, amount_cents, allocated_cents, credit_cents, currency, paid_on,
       recorded_at, named_invoice, actor)
     VALUES ($1, $2, 'import', $3, $4, $4, 0, 'BRL', $5, $6, $3, 'import')`,
    [customer.id, id, invoice.ref, amount, paidOn, recorded],
  );
  await world.rows(
    `INSERT INTO allocation (customer_id, allocation_id, receipt_id, invoice_id, amount_cents, allocated_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [customer.id, await nextId(world), id, invoice.id, amount, recorded],
  );
  await world.rows(
    `UPDATE invoice SET paid_cents = amount_cents, state = 'paid', settled_at = $3 WHERE customer_id = $1 AND invoice_id = $2`,
    [customer.id, invoice.id, recorded],
  );
}

/** A service that the ladder suspended for an invoice, and the panel confirmed: the hold stands, the account is down by our act. */
export async function suspendFor(world: World, customer: Row, service: Row, invoice: Row, since: Instant): Promise<void> {
  await world.rows(
    `INSERT INTO hold (customer_id, hold_id, kind, effect, service_id, invoice_id, placed_at, placed_by, reason)
     VALUES ($1, $2, 'overdue', 'access', $3, $4, $5, 'policy:tests', $6)`,
    [customer.id, await nextId(world), service.id, invoice.id, formatInstant(since), invoice.ref],
  );
  await world.rows(
    `UPDATE service SET desired = 'suspended', desired_cause = $3, actual = 'suspended', suspended_by_us = true, access_seq = access_seq + 1
     WHERE customer_id = $1 AND service_id = $2`,
    [customer.id, service.id, invoice.ref],
  );
}

/** Decides customers at the clock's present moment, as a sweep would. A customer set aside by a fault fails the test. */
export async function evaluate(world: World, ...customers: readonly Row[]): Promise<Tally> {
  const now = world.clock.now();
  const tally = emptyTally();
  const setting = await world.engine.settings.load(world.engine.db, now);
  const found = await customersById(
    world.engine.db,
    customers.map((customer) => customer.id),
  );
  await evaluateCustomers(world.engine, setting, found, now, tally);
  if (tally.faults > 0) {
    const [faulty] = await world.rows<{ fault: string }>("SELECT fault FROM customer WHERE fault IS NOT NULL LIMIT 1");
    throw new Error(`a customer could not be decided: ${faulty?.fault ?? ""}`);
  }
  return tally;
}

/** What the services of a customer should be, by their numbers. */
export async function desired(world: World, customer: Row): Promise<Record<string, string>> {
  const found = await world.rows<{ ref: string; desired: string }>("SELECT ref, desired FROM service WHERE customer_id = $1 ORDER BY ref", [
    customer.id,
  ]);
  return Object.fromEntries(found.map((row) => [row.ref, row.desired]));
}

/** The evidence of a customer: kind, who, and body, oldest first. */
export async function evidence(world: World, customer: Row): Promise<{ kind: string; actor: string; body: Record<string, unknown> }[]> {
  const found = await world.rows<{ entry: string }>("SELECT entry FROM evidence WHERE customer_id = $1 ORDER BY seq", [customer.id]);
  return found.map((row) => JSON.parse(row.entry) as { kind: string; actor: string; body: Record<string, unknown> });
}
