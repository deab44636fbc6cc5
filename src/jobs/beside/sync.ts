// Reads the billing system beside us: everything once, page by page and resumable, then each minute what changed. One process at a time.
import { takeTicket } from "../../engine/billing-tickets.ts";
import { WHMCS } from "../../engine/billing-rows.ts";
import { HOUR_MS, MINUTE_MS, type Instant } from "../../kernel/time.ts";
import { keepTurn, knownRows, longestUnread, moveSync, stopSync, takeSync, unsettledThere, type Sync } from "../../store/billing.ts";
import { ticketMark, ticketMarks } from "../../store/billing-tickets.ts";
import { retryAfter } from "../gateway-intake.ts";
import type { MotorLog } from "../motor.ts";
import {
  answered,
  BesideSilent,
  callContext,
  readClients,
  readInvoices,
  readServices,
  readWhole,
  type Beside,
  type PageRead,
} from "./reading.ts";

export interface SyncOptions extends Beside {
  log: MotorLog;
  /** Names who reads, anew for each turn. */
  newToken: () => string;
  /** True once the program is asked to stop: the page in hand is finished. */
  stopping?: () => boolean;
  onProgress?: (progress: { phase: Sync["phase"]; done: number; total: number }) => void;
  /** A person waits: a pause is not waited for. */
  hurry?: boolean;
}

/** A payment there reaches us within a minute: the pause, and the few seconds that a look takes. */
const EVERY_MS = 40_000;
/** A reading whose process died is taken over after this; each page renews it. */
const TAKEN_MS = 3 * MINUTE_MS;
/** Read by themselves each time, the longest ago first, though no list says that they changed: a part may have been paid. */
const REREAD = 10;
const REREAD_AFTER_MS = 6 * HOUR_MS;
const TICKETS = 100;

export type Synced = { state: "caught_up" | "stopped" | "busy" } | { state: "failed"; reason: string; locked: boolean };

/** Works until everything is read that there is now, or it cannot go on. */
export async function syncBilling(options: SyncOptions): Promise<Synced> {
  const { engine, log } = options;
  const holder = options.newToken();
  const begun = engine.motorClock.now();
  const taken = await takeSync(engine.db, WHMCS, { now: begun, until: begun + TAKEN_MS, holder, hurry: options.hurry ?? false });
  if (!taken) return { state: "busy" };
  let at = taken;
  try {
    while (!options.stopping?.()) {
      const first = at.phase !== "follow";
      const { next, read, refused } = first ? await readOn(options, at) : await follow(options, at, () => stay(options, holder));
      const now = engine.motorClock.now();
      const notBefore = first ? now + TAKEN_MS : now + EVERY_MS;
      const kept = await moveSync(engine.db, WHMCS, holder, { ...next, notBefore, release: !first, read, refused, now });
      if (!kept) return { state: "busy" };
      if (!first) return { state: "caught_up" };
      at = next;
    }
    const now = engine.motorClock.now();
    await moveSync(engine.db, WHMCS, holder, { ...at, notBefore: now, release: true, read: 0, refused: 0, now });
    return { state: "stopped" };
  } catch (error) {
    if (error instanceof TakenOver) return { state: "busy" };
    const locked = error instanceof BesideSilent && error.locked;
    const reason = error instanceof Error ? error.message : String(error);
    log.error({ err: error instanceof BesideSilent ? undefined : error, reason, failures: taken.failures + 1 }, "whmcs: reading failed");
    const notBefore = engine.motorClock.now() + retryAfter(taken.failures);
    await stopSync(engine.db, WHMCS, holder, { answer: reason, notBefore, locked });
    return { state: "failed", reason, locked };
  }
}

/** Another process reads by now: this one was too slow. */
class TakenOver extends Error {
  override name = "TakenOver";
}

/** After a day of silence a look has thousands of invoices to read: the turn is kept while it goes on. */
async function stay({ engine }: SyncOptions, holder: string): Promise<void> {
  const until = engine.motorClock.now() + TAKEN_MS;
  if (!(await keepTurn(engine.db, WHMCS, holder, until))) throw new TakenOver("another process reads WHMCS");
}

interface Step {
  next: Sync;
  read: number;
  refused: number;
}

const NEXT = { clients: "services", services: "invoices", invoices: "follow" } as const;

/** One page of the first reading. */
async function readOn(options: SyncOptions, at: Sync): Promise<Step> {
  const { phase, start } = at;
  if (phase === "follow") return { next: at, read: 0, refused: 0 };
  const page = phase === "clients" ? await readClients(options, start) : phase === "services" ? await readServices(options, start) : null;
  const invoices = page ? null : await readInvoices(options, { start });
  const { rows, total, refused } = page ?? invoices ?? { rows: 0, total: 0, refused: 0 };
  options.onProgress?.({ phase, done: start + rows, total });
  const lastInvoice = (invoices?.ids ?? []).reduce((last, id) => Math.max(last, id), at.lastInvoice);
  const over = rows === 0 || start + rows >= total;
  const next = over ? { phase: NEXT[phase], start: 0 } : { phase, start: start + rows };
  return { next: { ...at, ...next, lastInvoice }, read: rows, refused };
}

/** What changed since the last look, and one page more of the round that notices changes of addresses and services. */
async function follow(options: SyncOptions, at: Sync, keep: () => Promise<void>): Promise<Step> {
  const { engine } = options;
  const now = engine.motorClock.now();
  const lastInvoice = await readNewest(options, at.lastInvoice, keep);
  await readUnpaid(options, keep);
  await readWhole(options, await longestUnread(engine.db, now - REREAD_AFTER_MS, REREAD));
  await keep();
  await readTickets(options);
  const { round, page } = await goRound(options, at);
  const next: Sync = { ...at, ...round, lastInvoice, caughtUpAt: now };
  return { next, read: page.rows, refused: page.refused };
}

/** New invoices of any state: one that is paid at once never stands among the unpaid. */
async function readNewest(options: SyncOptions, last: number, keep: () => Promise<void>): Promise<number> {
  let newest = last;
  for (let start = 0; ;) {
    await keep();
    const page = await readInvoices(options, { start, newestFirst: true });
    newest = page.ids.reduce((most, id) => Math.max(most, id), newest);
    start += page.rows;
    if (page.rows === 0 || start >= page.total || page.ids.some((id) => id <= last)) return newest;
  }
}

/** All that is unpaid there; what we had for unpaid and is not among it any more is read by itself. */
async function readUnpaid(options: SyncOptions, keep: () => Promise<void>): Promise<void> {
  const before = await unsettledThere(options.engine.db);
  const there = new Set<number>();
  for (let start = 0; ;) {
    await keep();
    const page = await readInvoices(options, { start, state: "Unpaid" });
    for (const id of page.ids) there.add(id);
    start += page.rows;
    if (page.rows === 0 || start >= page.total) break;
  }
  const gone = before.filter((id) => !there.has(id));
  for (let from = 0; from < gone.length; from += options.page) {
    await keep();
    await readWhole(options, gone.slice(from, from + options.page));
  }
}

async function readTickets(options: SyncOptions): Promise<void> {
  const { engine, system } = options;
  const page = answered(await system.tickets({ start: 0, count: TICKETS }, callContext()));
  const marks = await ticketMarks(
    engine.db,
    page.rows.map(({ id }) => id),
  );
  const clients = await knownRows(
    engine.db,
    "client",
    page.rows.flatMap(({ clientId }) => clientId ?? []),
  );
  for (const head of page.rows)
    if (head.clientId !== null && clients.has(head.clientId) && marks.get(head.id) !== ticketMark(head)) await readTicket(options, head.id);
}

/** A ticket read and kept with its customer; tickets of nobody we know are left where they are. */
export async function readTicket({ engine, system, terms }: Beside, id: number): Promise<void> {
  const ticket = answered(await system.ticket(id, callContext()));
  if (ticket) await takeTicket(engine, terms, ticket);
}

async function goRound(options: SyncOptions, at: Sync): Promise<{ round: Pick<Sync, "round" | "roundStart">; page: PageRead }> {
  const { round, roundStart } = at;
  const page = round === "clients" ? await readClients(options, roundStart) : await readServices(options, roundStart);
  const over = page.rows === 0 || roundStart + page.rows >= page.total;
  const other = round === "clients" ? "services" : "clients";
  return { round: over ? { round: other, roundStart: 0 } : { round, roundStart: roundStart + page.rows }, page };
}

/** How long ago the last whole look may lie before a person is told. */
export const lateAfter = (caughtUpAt: Instant | null, now: Instant): boolean => caughtUpAt === null || now - caughtUpAt > 10 * MINUTE_MS;
