// A changed policy on the provider's own past, beside the present one: told, taken down, days down and money, a piece of customers at a time.
import { letOthersIn } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import type { Day, Instant } from "../kernel/time.ts";
import { compilePolicy, type Policy } from "../policy/compile.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { readPolicy } from "../policy/read.ts";
import { answering, replay, type Past } from "../policy/replay.ts";
import { inOneMoment } from "../store/evidence.ts";
import { customersById, readCases } from "../store/facts.ts";
import { countOneIn, customersOneIn, readPasts, type PastRows } from "../store/past.ts";
import type { Trx } from "../store/database.ts";
import { addSides, emptySide, tallySide, type CustomerSide, type ReplaySide, type ReplayWindow } from "./replay-tally.ts";
import type { Engine } from "./engine.ts";
import type { Setting } from "./setting.ts";

/** When the money comes: as it came, or as long after the step that it answered. */
export type Payers = "as_they_did" | "answering";

export interface ReplayAsk {
  /** The changed policy, as a file. */
  source: string;
  /** Days back from today, today left out. */
  days: number;
  payers: Payers;
  /** The last customer of the piece before; 0 begins. */
  after: Id;
  /** Customers at most; of more, an even share is taken. Absent: REPLAY_MAX. */
  most?: number;
}

export interface ReplayDiffering {
  customer: string;
  name: string;
  present: CustomerSide;
  changed: CustomerSide;
}

export interface ReplayPiece {
  from: Day;
  through: Day;
  /** Versions. */
  present: string;
  changed: string;
  sides: { present: ReplaySide; changed: ReplaySide };
  /** What happened in truth, in the same days and to the same customers. */
  real: { messages: number; suspensions: number };
  /** Who fares differently, most days first. */
  differing: ReplayDiffering[];
  differingCount: number;
  faults: { customer: string; fault: string }[];
  /** Customers of this piece, of all that are looked at, and of all there are. */
  looked: number;
  total: number;
  base: number;
  /** Where the next piece begins; null: this was the last. */
  next: Id | null;
}

/** Customers of one replay: more say the same, and take minutes. */
export const REPLAY_MAX = 5_000;
/** A replay looks back a year at most: habits older than that are of other customers. */
export const REPLAY_DAYS_MAX = 366;
/** Customers of one piece: under a second of work, in which others are let in. */
const PIECE = 100;
const DIFFERING_MAX = 50;

/** Plays one piece. Reads in one moment and writes nothing. @throws ReguaError `policy_invalid` */
export async function replayPiece(engine: Engine, ask: ReplayAsk): Promise<ReplayPiece> {
  const now = engine.clock.now();
  const read = await inOneMoment(engine.db, (trx) => readPiece(trx, engine, ask, now));
  const { setting, from, window, ids, base, total } = read;
  const changed = compilePolicy(readPolicy(ask.source), setting.zone);
  const piece: ReplayPiece = {
    from,
    through: from + ask.days - 1,
    present: setting.policy.version,
    changed: changed.version,
    sides: { present: emptySide(ask.days), changed: emptySide(ask.days) },
    real: { messages: 0, suspensions: 0 },
    differing: [],
    differingCount: 0,
    faults: [],
    looked: ids.length,
    total,
    base,
    next: ids.length === PIECE ? (ids[ids.length - 1] ?? null) : null,
  };
  const play: Play = { payers: ask.payers, window: { ...window, first: from, zone: setting.zone }, present: setting.policy, changed };
  for (const past of read.pasts) {
    playBoth(piece, past, play);
    await letOthersIn();
  }
  piece.differing = mostDifferent(piece.differing);
  return piece;
}

async function readPiece(trx: Trx, engine: Engine, ask: ReplayAsk, now: Instant) {
  const setting = await engine.settings.load(trx, now);
  const { zone } = setting;
  const today = zone.dayOf(now);
  const from = today - ask.days;
  const window = { from: zone.startOf(from), to: zone.startOf(today) - 1 };
  const base = await countOneIn(trx, 1);
  const every = Math.max(1, Math.ceil(base / (ask.most ?? REPLAY_MAX)));
  const ids = await customersOneIn(trx, every, ask.after, PIECE);
  const cases = await readCases(trx, await customersById(trx, ids), setting.channels);
  const customers = cases.map(({ facts }) => facts);
  const pasts = pastsOf(await readPasts(trx, ids, window), customers, setting);
  return { setting, from, window, ids, base, total: every === 1 ? base : await countOneIn(trx, every), pasts };
}

/** Plays all pieces, one after the other. */
export async function replayAll(
  engine: Engine,
  ask: Omit<ReplayAsk, "after">,
  onProgress?: (done: number, total: number) => void,
): Promise<ReplayPiece> {
  let all = await replayPiece(engine, { ...ask, after: 0 });
  onProgress?.(all.looked, all.total);
  while (all.next !== null) {
    const piece = await replayPiece(engine, { ...ask, after: all.next });
    all = {
      ...piece,
      sides: {
        present: addSides(all.sides.present, piece.sides.present),
        changed: addSides(all.sides.changed, piece.sides.changed),
      },
      real: {
        messages: all.real.messages + piece.real.messages,
        suspensions: all.real.suspensions + piece.real.suspensions,
      },
      differing: mostDifferent([...all.differing, ...piece.differing]),
      differingCount: all.differingCount + piece.differingCount,
      faults: [...all.faults, ...piece.faults],
      looked: all.looked + piece.looked,
    };
    onProgress?.(all.looked, all.total);
  }
  return all;
}

interface Play {
  payers: Payers;
  window: ReplayWindow;
  present: Policy;
  changed: Policy;
}

type PastOf = Past & { real: PastRows["real"][number] | null };

function playBoth(piece: ReplayPiece, past: PastOf, { payers, window, present, changed }: Play): void {
  piece.real.messages += past.real?.messages ?? 0;
  piece.real.suspensions += past.real?.suspensions ?? 0;
  if (past.invoices.length === 0 && past.holds.length === 0) return;
  try {
    const before = replay(past, present, window.to);
    const money = payers === "answering" ? answering(past, before, changed, window.to) : past.money;
    const after = replay({ ...past, money }, changed, window.to);
    const sides = {
      present: tallySide(piece.sides.present, past, before, past.money, window),
      changed: tallySide(piece.sides.changed, past, after, money, window),
    };
    if (same(sides.present, sides.changed)) return;
    piece.differingCount += 1;
    piece.differing.push({ customer: past.customer.ref, name: past.customer.name, ...sides });
  } catch (error) {
    // As in the run: one customer that cannot be decided never hides the others.
    piece.faults.push({ customer: past.customer.ref, fault: error instanceof Error ? error.message : String(error) });
  }
}

function same(a: CustomerSide, b: CustomerSide): boolean {
  return a.messages === b.messages && a.suspensions === b.suspensions && a.daysDown === b.daysDown;
}

/** Most days down apart first, then most suspensions, then by number. */
function mostDifferent(differing: readonly ReplayDiffering[]): ReplayDiffering[] {
  const apart = ({ present, changed }: ReplayDiffering): number =>
    Math.abs(present.daysDown - changed.daysDown) + Math.abs(present.suspensions - changed.suspensions) / 1000;
  const sorted = [...differing].sort((a, b) => apart(b) - apart(a) || (a.customer < b.customer ? -1 : 1));
  return sorted.slice(0, DIFFERING_MAX);
}

/** What is no part of a past: it comes as it came. */
const NOTHING = {
  services: [],
  invoices: [],
  holds: [],
  promises: [],
  claims: [],
  endedClaims: [],
  terminations: [],
  notices: [],
  attention: [],
};

function pastsOf(rows: PastRows, customers: readonly CustomerFacts[], { zone }: Setting): PastOf[] {
  const of = <T extends { customerId: Id }>(list: readonly T[]): ((id: Id) => T[]) => {
    const groups = Map.groupBy(list, (row) => row.customerId);
    return (id) => groups.get(id) ?? [];
  };
  const [services, invoices, money, holds] = [of(rows.services), of(rows.invoices), of(rows.money), of(rows.holds)];
  const [promises, claims, undeliverable, real] = [of(rows.promises), of(rows.claims), of(rows.undeliverable), of(rows.real)];
  return customers.map(({ id, ...facts }) => ({
    customer: { ...facts, id, ...NOTHING },
    services: services(id).map(({ endedAt, cancelAskedAt, cancelOn, ...fact }) => ({
      fact: { ...fact, cancelOn: cancelAskedAt === null ? cancelOn : null },
      endedAt,
      cancelled: cancelAskedAt === null ? null : { askedAt: cancelAskedAt, on: cancelOn },
    })),
    invoices: invoices(id).map(({ endedAt, ...fact }) => ({ fact, endedAt, knownAt: zone.startOf(fact.issuedOn) })),
    money: money(id),
    holds: holds(id).map(({ liftedAt, ...fact }) => ({ fact, liftedAt })),
    promises: promises(id).map(({ cancelledAt, ...fact }) => ({ fact, cancelledAt })),
    claims: claims(id).map(({ invoiceRef, end, endedAt, ...fact }) => ({ fact, invoiceRef, end, endedAt })),
    undeliverable: undeliverable(id).map(({ channel }) => channel),
    real: real(id)[0] ?? null,
  }));
}
