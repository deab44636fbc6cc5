// The atlases: which values of which facts are combined, and which of two worlds may not be harsher than the other.
import { HARSH } from "./promise-oracle.ts";
import { ACCESS, STANDINGS, type Access, type Atlas, type HoldChoice, type StandingName } from "./small-worlds.ts";

function held(
  kind: HoldChoice["kind"],
  effect: HoldChoice["effect"],
  about: HoldChoice["about"],
  time: HoldChoice["time"] = "runs",
): HoldChoice {
  return { kind, effect, about, time };
}

const ALL_STANDINGS = Object.keys(STANDINGS) as StandingName[];
const ALL_ACCESS = Object.keys(ACCESS) as Access[];

const ONE: Atlas = {
  scope: "service",
  invoices: [ALL_STANDINGS],
  promise: [null, { about: 0, time: "runs" }, { about: 0, time: "over" }],
  hold: [
    null,
    held("dispute", "collection", 0),
    held("dispute", "collection", 0, "over"),
    held("manual", "collection", "all"),
    held("legal", "collection", "all"),
    held("manual", "access", 0),
    held("legal", "access", "all"),
    held("abuse", "access", 0),
    held("abuse", "access", "all", "over"),
  ],
  claim: [
    null,
    { about: 0, time: "under review" },
    { about: 0, time: "releases" },
    { about: 0, time: "release over" },
    { about: 0, time: "over" },
  ],
  clearing: [null, { about: 0, time: "runs" }, { about: 0, time: "over" }],
  access: ALL_ACCESS,
  moment: ["open", "night", "saturday"],
};

const SOME: readonly StandingName[] = [
  "settled, its hold still there",
  "not yet due",
  "overdue, nothing said",
  "reminded",
  "warning on its way",
  "warned exactly the gap ago",
  "held",
  "held, and next to nothing is owed",
];

/** What protects one must not protect another, and what one owes must not fall on another. */
const THREE: Atlas = {
  scope: "service",
  invoices: [SOME, SOME, SOME],
  promise: [null, { about: 0, time: "runs" }, { about: "all", time: "runs" }],
  hold: [null, held("dispute", "collection", 1), held("abuse", "access", 0)],
  claim: [null, { about: 0, time: "under review" }],
  clearing: [null, { about: 1, time: "runs" }],
  access: ["up", "down by us", "never read"],
  moment: ["on the hour", "saturday"],
};

const ACCOUNT: Atlas = {
  scope: "account",
  invoices: [SOME, SOME],
  promise: [null, { about: 0, time: "runs" }],
  hold: [null, held("dispute", "collection", 1), held("abuse", "access", 0)],
  claim: [null, { about: 0, time: "under review" }],
  clearing: [null],
  access: ALL_ACCESS,
  moment: ["open", "saturday"],
};

export const ATLASES: readonly { name: string; atlas: Atlas }[] = [
  { name: "one invoice and every fact about it", atlas: ONE },
  { name: "three invoices on two services", atlas: THREE },
  { name: "two invoices that each may take two services down", atlas: ACCOUNT },
];

/** A change of one fact that may take harshness away, and never add any. */
export interface Easing {
  /** The kind of fact, as `dimensionsOf` names it; `invoice` for any of them. */
  kind: string;
  from: unknown;
  to: unknown;
  /** The harshness that is compared; all of it unless said otherwise. */
  mask?: number;
}

export const HELP: readonly Easing[] = [
  // Money: whatever was owed and done so far, settling it makes nothing harsher; nor does leaving next to nothing owed.
  ...ALL_STANDINGS.flatMap((from) => (["settled", "settled, its hold still there"] as const).map((to) => ({ kind: "invoice", from, to }))),
  { kind: "invoice", from: "warned exactly the gap ago", to: "warned, and next to nothing is owed" },
  { kind: "invoice", from: "held", to: "held, and next to nothing is owed" },
  { kind: "invoice", from: "held, its end announced", to: "held, its end announced, with a sign of life" },
  { kind: "promise", from: null, to: { about: 0, time: "runs" } },
  { kind: "promise", from: null, to: { about: "all", time: "runs" } },
  { kind: "clearing", from: null, to: { about: 0, time: "runs" } },
  { kind: "clearing", from: null, to: { about: 1, time: "runs" } },
  { kind: "claim", from: null, to: { about: 0, time: "under review" } },
  { kind: "claim", from: { about: 0, time: "under review" }, to: { about: 0, time: "releases" } },
  { kind: "hold", from: null, to: held("dispute", "collection", 0) },
  { kind: "hold", from: null, to: held("dispute", "collection", 1) },
  { kind: "hold", from: null, to: held("manual", "collection", "all") },
  { kind: "hold", from: null, to: held("legal", "collection", "all") },
  // What was asked for and is over leaves things as if it had never been.
  { kind: "promise", from: null, to: { about: 0, time: "over" } },
  { kind: "claim", from: null, to: { about: 0, time: "over" } },
  { kind: "clearing", from: null, to: { about: 0, time: "over" } },
  { kind: "hold", from: null, to: held("dispute", "collection", 0, "over") },
  { kind: "hold", from: null, to: held("abuse", "access", "all", "over") },
];

export const IGNORANCE: readonly Easing[] = [
  // Not knowing whether the warning arrived, or that it did not: no suspension that knowing it would not have brought.
  { kind: "invoice", from: "warned exactly the gap ago", to: "warning on its way" },
  { kind: "invoice", from: "warned exactly the gap ago", to: "warning bounced" },
  // Called off, it is said again: that is a warning more, and no suspension more.
  {
    kind: "invoice",
    from: "warned exactly the gap ago",
    to: "warning called off",
    mask: HARSH.starts | HARSH.levels | HARSH.holds | HARSH.ends,
  },
  { kind: "invoice", from: "reminded", to: "reminder on its way" },
  // Not knowing what the panel says starts nothing that knowing the account to be up would not start.
  { kind: "access", from: "up", to: "never read" },
  { kind: "access", from: "up", to: "not linked" },
];
