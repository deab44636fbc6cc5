// Polling that misses nothing and repeats nothing: lists are read in overlapping windows, and the cursor remembers what was answered.
import { z } from "zod";
import { sha256 } from "../../kernel/hash.ts";
import type { Instant } from "../../kernel/time.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import type { GatewayPayment, PollPage, PollRequest } from "../../ports/payment-gateway.ts";
import { brazilDayOf } from "./brazil.ts";
import { jsonOf } from "./api.ts";

export interface Found {
  payment: GatewayPayment;
  /** Until when a list may show it again unchanged. Null: as long as the list that showed it runs in every round. */
  againUntil: Instant | null;
  /** When a captured payment will be settled, at a gateway whose lists do not tell. Asked for again then. */
  settlesAt?: Instant | null;
}

export interface FeedPage {
  found: readonly Found[];
  /** Where to read on; null: this was the last page. */
  next: string | null;
  /** How many there are in all. When it changes between two pages, something moved across them, and the list is begun again. */
  total?: number;
}

interface Window {
  from: Instant;
  to: Instant;
}

/** One list of the gateway. Together a plan's feeds show every change. */
export interface Feed {
  name: string;
  /** How far before the last round a window begins: as late as a list may learn of what lies in it. */
  overlapMs: number;
  /** Read no more often than this. Absent: in every round. */
  everyMs?: number;
  /** Whether it tells anything of this window. Absent: of every one. */
  covers?(window: Window): boolean;
  /** `at` is empty for the first page; `known` tells the phase in which a payment was answered before. */
  page(
    window: Window,
    at: string,
    known: (externalId: string) => GatewayPayment["phase"] | null,
    context: CallContext,
  ): Promise<Outcome<FeedPage>>;
}

export interface PollPlan {
  feeds: readonly Feed[];
  /** Adds what costs a further call (reference, payer): asked only for what is about to be answered. */
  complete(payment: GatewayPayment, context: CallContext): Promise<Outcome<GatewayPayment>>;
  /** Reads one payment again whose `settlesAt` has passed. */
  recheck?(paymentId: string, context: CallContext): Promise<Outcome<Found | null>>;
}

/** [state, seconds until it may be listed again or null, round] by short hash of the external id. */
const seenEntry = z.tuple([z.string(), z.number().nullable(), z.number()]);

const cursorSchema = z.strictObject({
  v: z.literal(1),
  /** The first poll's `since`. */
  start: z.number(),
  /** Everything before is read. */
  mark: z.number(),
  /** The end of the round under way; null: between two rounds. */
  to: z.number().nullable(),
  round: z.number(),
  feed: z.number(),
  at: z.string(),
  total: z.number().nullable(),
  restarts: z.number(),
  seen: z.record(z.string(), seenEntry),
  /** When feeds with a rhythm of their own were read last. */
  ran: z.record(z.string(), z.number()),
  /** Captured payments by id, with the instant to ask again. */
  later: z.record(z.string(), z.number()),
});

type Cursor = z.infer<typeof cursorSchema>;

/** A list that keeps moving while it is read is left to the next round's overlap. */
const RESTARTS = 3;
const RECHECKS = 20;
/** A captured payment that should have been settled and was not. */
const ASK_AGAIN_MS = 6 * 3_600_000;
const SIDE_BY_SIDE = 4;

/** Reads one page of a plan and answers what in it is new. */
export async function poll(plan: PollPlan, request: PollRequest, context: CallContext): Promise<Outcome<PollPage>> {
  const cursor = open(request);
  if (!cursor) return refused("The poll's cursor cannot be read. Begin without one, from a day that is certainly stored.");
  const to = (cursor.to ??= Math.max(request.now, cursor.mark));
  while (cursor.feed < plan.feeds.length && resting(plan.feeds[cursor.feed], cursor, to)) cursor.feed += 1;
  const feed = plan.feeds[cursor.feed];
  const page = feed ? await readFeed(feed, cursor, to, context) : await recheck(plan, cursor, to, context);
  if (page.outcome !== "done") return page;
  const fresh = takeFresh(page.value.found, cursor);
  const payments = await completed(plan, fresh, context);
  if (payments.outcome !== "done") return payments;
  const more = advance(plan, cursor, page.value, to);
  return done({ payments: payments.value, cursor: JSON.stringify(cursor), more });
}

function open({ cursor, since }: PollRequest): Cursor | null {
  if (cursor !== null) return cursorSchema.safeParse(jsonOf(cursor)).data ?? null;
  return { v: 1, start: since, mark: since, to: null, round: 0, feed: 0, at: "", total: null, restarts: 0, seen: {}, ran: {}, later: {} };
}

/** A feed that is not due in this round, or has nothing to tell of it. Once begun it is read to its end. */
function resting(feed: Feed | undefined, cursor: Cursor, to: Instant): boolean {
  if (!feed || cursor.at !== "") return false;
  const ran = cursor.ran[feed.name];
  if (feed.everyMs !== undefined && ran !== undefined && ran + feed.everyMs > to) return true;
  return feed.covers ? !feed.covers(windowOf(feed, cursor, to)) : false;
}

function windowOf(feed: Feed, cursor: Cursor, to: Instant): Window {
  const from = feed.everyMs === undefined ? cursor.mark : (cursor.ran[feed.name] ?? cursor.start);
  return { from: from - feed.overlapMs, to };
}

function readFeed(feed: Feed, cursor: Cursor, to: Instant, context: CallContext): Promise<Outcome<FeedPage>> {
  return feed.page(windowOf(feed, cursor, to), cursor.at, (id) => phaseSeen(cursor, id), context);
}

/** The last feed of every round: captured payments whose day of settlement has come. */
async function recheck(plan: PollPlan, cursor: Cursor, to: Instant, context: CallContext): Promise<Outcome<FeedPage>> {
  const due = Object.keys(cursor.later)
    .filter((id) => id > cursor.at && (cursor.later[id] ?? 0) <= to)
    .sort();
  const now = due.slice(0, RECHECKS);
  const found: Found[] = [];
  for (const id of now) {
    const read = plan.recheck ? await plan.recheck(id, context) : done(null);
    if (read.outcome !== "done") return read;
    delete cursor.later[id];
    if (!read.value) continue;
    const stillOpen = read.value.payment.phase === "captured";
    found.push(stillOpen ? { ...read.value, settlesAt: Math.max(read.value.settlesAt ?? 0, to + ASK_AGAIN_MS) } : read.value);
  }
  return done({ found, next: due.length > now.length ? (now.at(-1) ?? null) : null });
}

/** What differs from what was answered, and remembers it. */
function takeFresh(found: readonly Found[], cursor: Cursor): GatewayPayment[] {
  const fresh: GatewayPayment[] = [];
  const first = brazilDayOf(cursor.start);
  for (const { payment, againUntil, settlesAt } of found) {
    if (payment.paidOn < first) continue;
    const key = keyOf(payment.externalId);
    const state = stateOf(payment);
    if (cursor.seen[key]?.[0] !== state) fresh.push(payment);
    cursor.seen[key] = [state, againUntil === null ? null : Math.ceil(againUntil / 1000), cursor.round];
    if (settlesAt !== undefined && settlesAt !== null && payment.phase === "captured") cursor.later[payment.paymentId] = settlesAt;
    else delete cursor.later[payment.paymentId];
  }
  return fresh;
}

async function completed(plan: PollPlan, fresh: readonly GatewayPayment[], context: CallContext): Promise<Outcome<GatewayPayment[]>> {
  const payments: GatewayPayment[] = [];
  for (let from = 0; from < fresh.length; from += SIDE_BY_SIDE) {
    const part = await Promise.all(fresh.slice(from, from + SIDE_BY_SIDE).map((payment) => plan.complete(payment, context)));
    for (const one of part) {
      if (one.outcome !== "done") return one;
      payments.push(one.value);
    }
  }
  return done(payments);
}

/** Moves the cursor behind the page. False: the round is over. */
function advance(plan: PollPlan, cursor: Cursor, page: FeedPage, to: Instant): boolean {
  const moved = page.total !== undefined && cursor.total !== null && page.total !== cursor.total;
  if (moved && cursor.restarts < RESTARTS) {
    Object.assign(cursor, { at: "", total: null, restarts: cursor.restarts + 1 });
    return true;
  }
  if (page.next !== null) {
    Object.assign(cursor, { at: page.next, total: page.total ?? null });
    return true;
  }
  const feed = plan.feeds[cursor.feed];
  if (feed?.everyMs !== undefined) cursor.ran[feed.name] = to;
  Object.assign(cursor, { feed: cursor.feed + 1, at: "", total: null, restarts: 0 });
  const rechecks = Object.values(cursor.later).some((when) => when <= to);
  if (cursor.feed < plan.feeds.length || (cursor.feed === plan.feeds.length && rechecks)) return true;
  for (const [key, [, until, round]] of Object.entries(cursor.seen)) {
    if (until === null ? round !== cursor.round : until * 1000 < to) delete cursor.seen[key];
  }
  Object.assign(cursor, { mark: to, to: null, round: cursor.round + 1, feed: 0 });
  return false;
}

function phaseSeen(cursor: Cursor, externalId: string): GatewayPayment["phase"] | null {
  const state = cursor.seen[keyOf(externalId)]?.[0];
  if (state === undefined) return null;
  return state.startsWith("s") ? "settled" : "captured";
}

/** 72 bits: two of a million payments sharing a key is a matter of one in 10^10. Twelve characters, for a busy cursor has thousands. */
const keyOf = (externalId: string): string => Buffer.from(sha256(externalId).slice(0, 18), "hex").toString("base64url");

const stateOf = ({ phase, amountCents, refundedCents, chargedBack }: GatewayPayment): string =>
  `${phase === "settled" ? "s" : "c"}${amountCents}-${refundedCents}${chargedBack ? "x" : ""}`;
