// What the billing system beside us is asked for, page by page: each answer is taken in whole before the next is asked for.
import { seenClient, seenService, takeClients, takeServices, type BesideTerms } from "../../engine/billing-rows.ts";
import { invoiceMark, takeInvoices, wantsWhole, type ReadInvoice } from "../../engine/billing-invoices.ts";
import type { Engine } from "../../engine/engine.ts";
import { deadline } from "../../kernel/clock.ts";
import { alike, inEach } from "../../kernel/errors.ts";
import type { BilledInvoice, BilledService, BillingSystem, WholeInvoice } from "../../ports/billing-system.ts";
import type { RefusedLine } from "../../ports/customer-source.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { knownRows } from "../../store/billing.ts";

export interface Beside {
  engine: Engine;
  system: BillingSystem;
  terms: BesideTerms;
  /** Rows asked for at once. */
  page: number;
}

/** The reading cannot go on now; where it stood is kept. */
export class BesideSilent extends Error {
  override name = "BesideSilent";
  /** Our key was refused: nothing more is sent until a person has tested it. */
  readonly locked: boolean;

  constructor(reason: string, locked: boolean) {
    super(reason);
    this.locked = locked;
  }
}

const CALL_MS = 25_000;
/** Calls under way at once: the pace is kept by whoever makes them, and a slow answer holds up no other. */
const SIDE_BY_SIDE = 4;

export const callContext = (): CallContext => ({ signal: deadline(CALL_MS) });

export function answered<T>(outcome: Outcome<T>): T {
  if (outcome.outcome === "done") return outcome.value;
  throw new BesideSilent(outcome.reason, outcome.outcome === "refused" && outcome.credentials === true);
}

/** One row that is refused for what it is stops nothing; a system that is silent or shut stops all. */
function orRefused<T>(outcome: Outcome<T>, about: string, line: number, refused: RefusedLine[]): T | null {
  if (outcome.outcome === "refused" && !outcome.retry && outcome.credentials === undefined && outcome.unreached === undefined) {
    refused.push({
      file: about,
      line,
      reason: alike(outcome.reason),
      cure: inEach("Correct it in WHMCS; it is read again.", "Corrija no WHMCS; o registro é lido de novo."),
    });
    return null;
  }
  return answered(outcome);
}

async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of queue) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(SIDE_BY_SIDE, items.length) }, worker));
  return results;
}

/** How far one page led: rows of it, those of them refused, and how many there are in all. */
export interface PageRead {
  rows: number;
  refused: number;
  total: number;
}

export async function readClients({ engine, system, page }: Beside, start: number): Promise<PageRead> {
  const found = answered(await system.clients({ start, count: page }, callContext()));
  const known = await knownRows(
    engine.db,
    "client",
    found.rows.map(({ id }) => id),
  );
  const changed = found.rows.filter((client) => known.get(client.id)?.mark !== seenClient(client, false).mark);
  const { refusedLines } = await takeClients(engine, changed, found.refused);
  return { rows: found.rows.length + found.refused.length, refused: found.refused.length + refusedLines, total: found.total };
}

export async function readServices(beside: Beside, start: number): Promise<PageRead> {
  const { engine, system, terms, page } = beside;
  const found = answered(await system.services({ start, count: page }, callContext()));
  await readMissingClients(
    beside,
    found.rows.map(({ clientId }) => clientId),
  );
  const known = await knownRows(
    engine.db,
    "service",
    found.rows.map(({ id }) => id),
  );
  const changed = found.rows.filter((service) => known.get(service.id)?.mark !== seenService(service).mark);
  const { refusedLines } = await takeServices(engine, terms, changed, found.refused);
  return { rows: found.rows.length + found.refused.length, refused: found.refused.length + refusedLines, total: found.total };
}

/** One service, read and remembered as it stands now. */
export async function readService({ engine, system, terms }: Beside, id: number): Promise<BilledService | null> {
  const found = answered(await system.service(id, callContext()));
  if (found) await takeServices(engine, terms, [found], []);
  return found;
}

export async function readInvoices(beside: Beside, ask: { start: number; state?: "Unpaid"; newestFirst?: boolean }) {
  const { system, page } = beside;
  const found = answered(await system.invoices({ ...ask, count: page }, callContext()));
  const { refused } = await takeHeads(beside, found.rows, found.refused);
  const rows = found.rows.length + found.refused.length;
  return {
    rows,
    refused,
    total: found.total,
    ids: [...found.rows, ...found.refused.map(({ line }) => ({ id: line }))].map(({ id }) => id),
  };
}

/** Invoices read one by one, by their numbers: from a hook, or because a list has them no more. One that is gone counts as cancelled. */
export async function readWhole(beside: Beside, ids: readonly number[]): Promise<void> {
  const { engine, system, page } = beside;
  const known = await knownRows(engine.db, "invoice", ids);
  const refused: RefusedLine[] = [];
  const wholes = await each(ids, async (id) => ({
    id,
    whole: orRefused(await system.invoice(id, callContext()), "invoices", id, refused),
  }));
  const failed = new Set(refused.map(({ line }) => line));
  // Only the list says in which currency an invoice is: one that is not known yet, and not among the newest, is left to the next look.
  const listed = ids.every((id) => known.has(id))
    ? []
    : answered(await system.invoices({ start: 0, count: page, newestFirst: true }, callContext())).rows;
  const heads: BilledInvoice[] = wholes.flatMap(({ id, whole }) => {
    const was = known.get(id);
    if (!whole) return was && !failed.has(id) ? [goneInvoice(id)] : [];
    return was ? [whole] : listed.filter((head) => head.id === id);
  });
  const given = new Map(wholes.flatMap(({ id, whole }) => (whole ? [[id, whole] as const] : [])));
  await takeHeads(beside, heads, refused, given);
}

/** Of an invoice that was deleted there only its number is left. */
const goneInvoice = (id: number): BilledInvoice => ({
  id,
  clientId: 0,
  issuedOn: 0,
  dueOn: 0,
  total: 0,
  credit: 0,
  currency: null,
  state: "Cancelled",
  paidOn: null,
});

/** Takes those that changed, with everything that is needed to understand them. */
async function takeHeads(
  beside: Beside,
  heads: readonly BilledInvoice[],
  refusedBefore: readonly RefusedLine[],
  given: ReadonlyMap<number, WholeInvoice> = new Map(),
): Promise<{ refused: number }> {
  const { engine, system, terms } = beside;
  const now = engine.clock.now();
  const today = (await engine.settings.load(engine.db, now)).zone.dayOf(now);
  const known = await knownRows(
    engine.db,
    "invoice",
    heads.map(({ id }) => id),
  );
  const refused = [...refusedBefore];
  const changed = heads.filter((head) => given.has(head.id) || known.get(head.id)?.mark !== invoiceMark(head));
  const read = await each(changed, async (head): Promise<ReadInvoice | null> => {
    const row = known.get(head.id) ?? null;
    if (!wantsWhole(head, row, today) && !given.has(head.id)) return { head, whole: null, known: row };
    const whole = given.get(head.id) ?? orRefused(await system.invoice(head.id, callContext()), "invoices", head.id, refused);
    return whole ? { head: { ...whole, currency: head.currency }, whole, known: row } : null;
  });
  const taken = read.filter((one) => one !== null);
  await readMissingClients(
    beside,
    taken.filter((one) => one.known === null).map(({ head }) => head.clientId),
  );
  await readDetails(
    beside,
    taken.filter(({ whole, head }) => whole && head.state !== "Paid").map(({ head }) => head.clientId),
  );
  await readMissingServices(
    beside,
    taken.flatMap(({ whole }) => (whole?.serviceIds.length === 1 ? whole.serviceIds : [])),
  );
  if (taken.length === 0 && refused.length === 0) return { refused: 0 };
  const { refusedLines } = await takeInvoices(engine, terms, taken, refused);
  return { refused: refused.length + refusedLines };
}

/** A client who came since the list was read, or was missed when it moved; with their services. */
async function readMissingClients(beside: Beside, ids: readonly number[]): Promise<void> {
  const { engine, system, terms, page } = beside;
  const wanted = [...new Set(ids)];
  const known = await knownRows(engine.db, "client", wanted);
  const missing = wanted.filter((id) => !known.has(id));
  const clients = await each(missing, async (id) => answered(await system.client(id, callContext())));
  const found = clients.filter((client) => client !== null);
  if (found.length === 0) return;
  await takeClients(engine, found, [], true);
  for (const { id } of found) {
    const services = answered(await system.services({ start: 0, count: page, clientId: id }, callContext()));
    if (services.rows.length > 0) await takeServices(engine, terms, services.rows, services.refused);
  }
}

/** Telephone, tax number and language, of those who owe something: the list does not have them. */
async function readDetails({ engine, system }: Beside, ids: readonly number[]): Promise<void> {
  const wanted = [...new Set(ids)];
  const known = await knownRows(engine.db, "client", wanted);
  const without = wanted.filter((id) => known.get(id)?.wholeAt === null);
  const clients = await each(without, async (id) => answered(await system.client(id, callContext())));
  const found = clients.filter((client) => client !== null);
  if (found.length > 0) await takeClients(engine, found, [], true);
}

async function readMissingServices(beside: Beside, ids: readonly number[]): Promise<void> {
  const known = await knownRows(beside.engine.db, "service", ids);
  for (const id of new Set(ids)) if (!known.has(id)) await readService(beside, id);
}
