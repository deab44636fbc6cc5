// Small worlds, all of them: a customer with up to three invoices, each fact at each of its few interesting values.
import { DAY_MS, HOUR_MS } from "../../kernel/time.ts";
import type { NoticeState, ServiceFacts } from "../facts.ts";

export const GAP_MS = 24 * HOUR_MS;

/** What an unpaid invoice suspends: the service it bills, or every service of the customer. */
export type Scope = "service" | "account";

/** A step as it was done: in which state, decided and answered how long ago. */
export interface Done {
  step: "reminder" | "warning" | "end-warning";
  state: NoticeState;
  /** Answered so long ago; decided at the same moment where nothing else is said. */
  agoMs: number;
  decidedMs?: number;
}

/** Where one invoice stands. */
export interface Standing {
  /** Days since its due date; negative: days left. */
  pastDue: number;
  done: readonly Done[];
  /** A suspension because of it was placed so long ago. */
  heldMs?: number;
  settled?: boolean;
  /** No more is owed than the policy lets stand. */
  small?: boolean;
  /** Money, a promise or a claim was seen yesterday. */
  life?: boolean;
}

const said = (step: Done["step"], agoMs: number, state: NoticeState = "accepted"): Done => ({ step, state, agoMs });
const DAY2 = said("reminder", 2 * DAY_MS + HOUR_MS);
const OLD = [said("reminder", 47 * DAY_MS), said("warning", 46 * DAY_MS)];

export const STANDINGS = {
  settled: { pastDue: 6, done: [], settled: true },
  "settled, its hold still there": { pastDue: 6, done: [], settled: true, heldMs: HOUR_MS },
  "not yet due": { pastDue: -5, done: [] },
  "due today": { pastDue: 0, done: [] },
  "overdue, nothing said": { pastDue: 6, done: [] },
  "reminder on its way": { pastDue: 6, done: [said("reminder", HOUR_MS, "pending")] },
  reminded: { pastDue: 6, done: [DAY2] },
  "reminder bounced": { pastDue: 6, done: [said("reminder", 2 * DAY_MS, "undeliverable")] },
  "warning on its way": { pastDue: 6, done: [DAY2, said("warning", GAP_MS + HOUR_MS, "pending")] },
  "warning bounced": { pastDue: 6, done: [DAY2, said("warning", GAP_MS + HOUR_MS, "undeliverable")] },
  "warning called off": { pastDue: 6, done: [DAY2, said("warning", GAP_MS + HOUR_MS, "superseded")] },
  "warned a moment less than the gap ago": { pastDue: 6, done: [DAY2, said("warning", GAP_MS - 1)] },
  "warned long ago, accepted a moment less than the gap ago": {
    pastDue: 6,
    done: [DAY2, { ...said("warning", GAP_MS - 1), decidedMs: 30 * HOUR_MS }],
  },
  "warned exactly the gap ago": { pastDue: 6, done: [DAY2, said("warning", GAP_MS)] },
  "warned, and next to nothing is owed": { pastDue: 6, done: [DAY2, said("warning", GAP_MS)], small: true },
  "warned before its day came": { pastDue: 4, done: [DAY2, said("warning", GAP_MS)] },
  held: { pastDue: 8, done: [said("reminder", 4 * DAY_MS), said("warning", 3 * DAY_MS)], heldMs: 2 * DAY_MS },
  "held, and next to nothing is owed": {
    pastDue: 8,
    done: [said("reminder", 4 * DAY_MS), said("warning", 3 * DAY_MS)],
    heldMs: 2 * DAY_MS,
    small: true,
  },
  "held, its end announced": { pastDue: 50, done: [...OLD, said("end-warning", 15 * DAY_MS)], heldMs: 40 * DAY_MS },
  "held, its end announced, with a sign of life": {
    pastDue: 50,
    done: [...OLD, said("end-warning", 15 * DAY_MS)],
    heldMs: 40 * DAY_MS,
    life: true,
  },
} as const satisfies Record<string, Standing>;
export type StandingName = keyof typeof STANDINGS;

/** The moments at which decide() is asked. */
export const MOMENTS = {
  open: ["2026-11-25", 600],
  "on the hour": ["2026-11-25", 540],
  night: ["2026-11-25", 1320],
  saturday: ["2026-11-28", 600],
} as const;
export type Moment = keyof typeof MOMENTS;

/** What a promise, a hold, a claim or money on its way is about: an invoice by its place, or all of them. */
export type Subject = 0 | 1 | 2 | "all";
/** `over`: its time ends at this very instant. */
export type Time = "runs" | "over";

export interface PromiseChoice {
  about: Subject;
  time: Time;
}
export interface HoldChoice {
  kind: "dispute" | "manual" | "legal" | "abuse";
  effect: "access" | "collection";
  about: Subject;
  time: Time;
}
export interface ClaimChoice {
  about: 0 | 1 | 2;
  /** `release over`: the review goes on, and access was given back only until now. */
  time: "under review" | "releases" | "release over" | "over";
}
export interface ClearingChoice {
  about: 0 | 1 | 2;
  time: Time;
}

/** What the panel of the first service was last seen to say, and what we asked of it. */
export const ACCESS = {
  up: { desired: "active", actual: "active" },
  "down by us": { desired: "suspended", actual: "suspended", suspendedByUs: true, accessSeq: 1, announce: true },
  "down by another": { desired: "active", actual: "suspended" },
  "never read": { desired: "active", actual: "unknown" },
  "asked to go down, answer lost": { desired: "suspended", actual: "unknown", suspendedByUs: true, accessSeq: 1, announce: true },
  "asked to go down, not yet answered": { desired: "suspended", actual: "active", callOpen: true, accessSeq: 1, announce: true },
  "asked to come up, not yet answered": {
    desired: "active",
    actual: "suspended",
    suspendedByUs: true,
    accessSeq: 1,
    announce: true,
    callOpen: true,
  },
  gone: { desired: "active", actual: "absent" },
  "not linked": { desired: "active", actual: "unknown", linked: false },
} as const satisfies Record<string, Partial<ServiceFacts>>;
export type Access = keyof typeof ACCESS;

/** The choices of an atlas, one list for each kind of fact. Invoices 0 and 1 bill service 1, invoice 2 bills service 2. */
export interface Atlas {
  scope: Scope;
  invoices: readonly (readonly StandingName[])[];
  promise: readonly (PromiseChoice | null)[];
  hold: readonly (HoldChoice | null)[];
  claim: readonly (ClaimChoice | null)[];
  clearing: readonly (ClearingChoice | null)[];
  access: readonly Access[];
  moment: readonly Moment[];
}

export interface SmallWorld {
  scope: Scope;
  invoices: readonly StandingName[];
  promise: PromiseChoice | null;
  hold: HoldChoice | null;
  claim: ClaimChoice | null;
  clearing: ClearingChoice | null;
  access: Access;
  moment: Moment;
}

/** The kinds of facts in the order in which a world is numbered; the last turns fastest. */
export function dimensionsOf(atlas: Atlas): { name: string; values: readonly unknown[] }[] {
  const { invoices, promise, hold, claim, clearing, access, moment } = atlas;
  return [
    ...invoices.map((values, i) => ({ name: `invoice ${i}`, values })),
    ...Object.entries({ promise, hold, claim, clearing, access, moment }).map(([name, values]) => ({ name, values })),
  ];
}

/** Every world of an atlas, each with its number. */
export function* worldsOf(atlas: Atlas): Generator<SmallWorld> {
  const dimensions = dimensionsOf(atlas);
  const places = dimensions.map(() => 0);
  const invoices = atlas.invoices.length;
  for (;;) {
    const at = <T>(list: readonly T[], place: number): T => list[places[place] ?? 0] as T;
    yield {
      scope: atlas.scope,
      invoices: atlas.invoices.map((list, i) => at(list, i)),
      promise: at(atlas.promise, invoices),
      hold: at(atlas.hold, invoices + 1),
      claim: at(atlas.claim, invoices + 2),
      clearing: at(atlas.clearing, invoices + 3),
      access: at(atlas.access, invoices + 4),
      moment: at(atlas.moment, invoices + 5),
    };
    let turn = dimensions.length - 1;
    while (turn >= 0 && (places[turn] ?? 0) + 1 === dimensions[turn]?.values.length) places[turn--] = 0;
    if (turn < 0) return;
    places[turn] = (places[turn] ?? 0) + 1;
  }
}

export const serviceOf = (invoice: number): 1 | 2 => (invoice === 2 ? 2 : 1);
/** The services that an invoice may suspend. */
export const targetsOf = (scope: Scope, invoice: number): readonly number[] => (scope === "account" ? [1, 2] : [serviceOf(invoice)]);
export const holdId = (invoice: number, service: number): number => 500 + 10 * invoice + service;
export const concerns = (about: Subject, invoice: number): boolean => about === "all" || about === invoice;
