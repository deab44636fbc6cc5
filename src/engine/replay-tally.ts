// What a customer's past, played under a policy, comes to within a window: messages, suspensions, days down, and money by day. Pure.
import type { Cents } from "../kernel/money.ts";
import { DAY_MS, type Day, type Instant, type Zone } from "../kernel/time.ts";
import type { Projection } from "../policy/project.ts";
import type { Past, PastMoney } from "../policy/replay.ts";
import { comingsOf } from "./outlook.ts";

/** One customer under one policy. */
export interface CustomerSide {
  messages: number;
  suspensions: number;
  /** Of all its services together, to a tenth of a day. */
  daysDown: number;
}

/** Everybody under one policy. */
export interface ReplaySide {
  messages: number;
  /** Invoices told of, by step. */
  notices: Record<string, number>;
  suspensions: number;
  releases: number;
  /** Services' days, with their fractions. */
  daysDown: number;
  customersDown: number;
  /** Matters put before a person, proposals to end a service among them. */
  persons: number;
  receivedCents: Cents;
  /** Of that, while a service of the customer was down. */
  receivedWhileDownCents: Cents;
  byDay: ReplayDay[];
}

interface ReplayDay {
  messages: number;
  suspensions: number;
  daysDown: number;
  receivedCents: Cents;
}

export interface ReplayWindow {
  from: Instant;
  to: Instant;
  /** Of `from`. */
  first: Day;
  zone: Zone;
}

export function emptySide(days: number): ReplaySide {
  return {
    messages: 0,
    notices: {},
    suspensions: 0,
    releases: 0,
    daysDown: 0,
    customersDown: 0,
    persons: 0,
    receivedCents: 0,
    receivedWhileDownCents: 0,
    byDay: Array.from({ length: days }, () => ({ messages: 0, suspensions: 0, daysDown: 0, receivedCents: 0 })),
  };
}

interface Down {
  from: Instant;
  to: Instant;
}

/** Adds one customer to a side, and answers what it alone came to. `money`: as it came in this play. */
export function tallySide(
  side: ReplaySide,
  past: Past,
  played: Projection,
  money: readonly PastMoney[],
  window: ReplayWindow,
): CustomerSide {
  const mine: CustomerSide = { messages: 0, suspensions: 0, daysDown: 0 };
  const onDay = (at: Instant): ReplayDay => side.byDay[window.zone.dayOf(at) - window.first] as ReplayDay;
  const inWindow = (at: Instant): boolean => at >= window.from && at <= window.to;
  const comings = comingsOf(played);
  for (const { at, kind } of comings.filter((each) => inWindow(each.at))) {
    if (kind === "message") {
      mine.messages += 1;
      onDay(at).messages += 1;
    } else if (kind === "suspension") {
      mine.suspensions += 1;
      onDay(at).suspensions += 1;
    } else if (kind === "release") side.releases += 1;
    else if (kind === "person" || kind === "termination") side.persons += 1;
  }
  for (const { at, decision } of played.decisions)
    if (inWindow(at))
      for (const { notices } of decision.messages) for (const { step } of notices) side.notices[step] = (side.notices[step] ?? 0) + 1;
  const down = downTimes(comings, past, window);
  const downMs = down.reduce((sum, { from, to }) => sum + (to - from), 0);
  for (const each of down) spread(side, each, window);
  for (const { at, cents } of money.filter((each) => inWindow(each.at))) {
    side.receivedCents += cents;
    onDay(at).receivedCents += cents;
    if (down.some(({ from, to }) => at >= from && at <= to)) side.receivedWhileDownCents += cents;
  }
  mine.daysDown = Math.round((downMs / DAY_MS) * 10) / 10;
  side.messages += mine.messages;
  side.suspensions += mine.suspensions;
  side.daysDown += downMs / DAY_MS;
  if (down.length > 0) side.customersDown += 1;
  return mine;
}

/** From going down to coming back, or to the service's end, or to the window's. */
function downTimes(comings: ReturnType<typeof comingsOf>, past: Past, window: ReplayWindow): Down[] {
  const ends = new Map(past.services.map(({ fact, endedAt }) => [fact.ref, endedAt ?? Number.POSITIVE_INFINITY]));
  const since = new Map<string, Instant>();
  const down: Down[] = [];
  const close = (service: string, at: Instant): void => {
    const from = Math.max(since.get(service) ?? at, window.from);
    const to = Math.min(at, ends.get(service) ?? at, window.to + 1);
    since.delete(service);
    if (to > from) down.push({ from, to });
  };
  for (const { at, kind, service } of comings) {
    if (service === null) continue;
    if (kind === "suspension" && !since.has(service)) since.set(service, at);
    else if (kind === "release") close(service, at);
  }
  for (const service of [...since.keys()]) close(service, window.to + 1);
  return down;
}

function spread(side: ReplaySide, { from, to }: Down, { zone, first }: ReplayWindow): void {
  for (let day = zone.dayOf(from); zone.startOf(day) < to; day += 1) {
    const at = side.byDay[day - first];
    if (at) at.daysDown += (Math.min(to, zone.startOf(day + 1)) - Math.max(from, zone.startOf(day))) / DAY_MS;
  }
}

/** Two pieces' sides together. */
export function addSides(a: ReplaySide, b: ReplaySide): ReplaySide {
  const notices = { ...a.notices };
  for (const [step, told] of Object.entries(b.notices)) notices[step] = (notices[step] ?? 0) + told;
  return {
    messages: a.messages + b.messages,
    notices,
    suspensions: a.suspensions + b.suspensions,
    releases: a.releases + b.releases,
    daysDown: a.daysDown + b.daysDown,
    customersDown: a.customersDown + b.customersDown,
    persons: a.persons + b.persons,
    receivedCents: a.receivedCents + b.receivedCents,
    receivedWhileDownCents: a.receivedWhileDownCents + b.receivedWhileDownCents,
    byDay: a.byDay.map((day, i) => ({
      messages: day.messages + (b.byDay[i]?.messages ?? 0),
      suspensions: day.suspensions + (b.byDay[i]?.suspensions ?? 0),
      daysDown: day.daysDown + (b.byDay[i]?.daysDown ?? 0),
      receivedCents: day.receivedCents + (b.byDay[i]?.receivedCents ?? 0),
    })),
  };
}
