// Every small request for more time: each combination of a few values of what is known of the customer, judged by what the policy says of promises.
import { expect, it } from "vitest";
import { DAY_MS, parseDay, weekday, Zone, type Instant } from "../kernel/time.ts";
import { compilePolicy } from "./compile.ts";
import { promiseOffer } from "./eligibility.ts";
import type { PastPromise, PaymentHistory } from "./history.ts";
import type { Offer, OfferRequest } from "./offer.ts";
import { presetText, readPolicy } from "./read.ts";

const ZONE = new Zone("America/Sao_Paulo");
const POLICY = compilePolicy(readPolicy(presetText("hospedagem-br")), ZONE);

/** What the preset says in words: days at most, what each broken promise costs, how long it counts, one release a month. */
const MAX_DAYS = 5;
const BROKEN_COSTS = 2;
const MEMORY_DAYS = 365;
const WAIT_DAYS = 25;
const BAR = "não pagou a migração";

const MOMENTS = { tuesday: ["2026-11-24", 600], thursday: ["2026-11-26", 600], "friday afternoon": ["2026-11-27", 960] } as const;

interface Past {
  days: number;
  state: PastPromise["state"];
  kind?: PastPromise["kind"];
  overWeekend?: boolean;
}

const PASTS: Record<string, readonly Past[]> = {
  none: [],
  "kept long ago": [{ days: 100, state: "kept" }],
  "kept lately": [{ days: 10, state: "kept" }],
  "broken once": [{ days: 100, state: "broken" }],
  "broken twice": [
    { days: 200, state: "broken" },
    { days: 100, state: "broken" },
  ],
  "broken before anybody remembers": [{ days: 400, state: "broken" }],
  "cancelled lately": [{ days: 10, state: "cancelled" }],
  "a courtesy kept": [{ days: 27, state: "kept", kind: "courtesy" }],
  "broken over a weekend": [{ days: 100, state: "broken", overWeekend: true }],
  running: [{ days: 1, state: "running" }],
};

/** In each list, what comes later speaks more against it, or as much; `past` and `request` are no such rows. */
const DIMENSIONS = {
  moment: Object.keys(MOMENTS) as (keyof typeof MOMENTS)[],
  tenure: [400, 10],
  paid: ["on time", "late", "nothing"],
  past: Object.keys(PASTS),
  cancels: [false, true],
  contradicted: [null, 400, 30],
  barred: [null, BAR],
  matter: ["suspended", "due in two days", "due in a month", "nothing open"],
  asks: ["customer", "staff", "staff overrides"],
  until: [null, 2, 30, 100],
} as const;
type Kind = keyof typeof DIMENSIONS;
type World = { [K in Kind]: (typeof DIMENSIONS)[K][number] };
const KINDS = Object.keys(DIMENSIONS) as Kind[];
const SIZE = KINDS.reduce((product, kind) => product * DIMENSIONS[kind].length, 1);

function worldOf(n: number): World {
  let rest = n;
  const entries = KINDS.toReversed().map((kind) => {
    const list: readonly unknown[] = DIMENSIONS[kind];
    const value = list[rest % list.length];
    rest = Math.floor(rest / list.length);
    return [kind, value];
  });
  return Object.fromEntries(entries) as World;
}

const strideOf = (kind: Kind): number =>
  KINDS.slice(KINDS.indexOf(kind) + 1).reduce((product, other) => product * DIMENSIONS[other].length, 1);

function sceneOf(world: World): { history: PaymentHistory; request: OfferRequest } {
  const [date, minute] = MOMENTS[world.moment];
  const today = parseDay(date);
  const now = ZONE.at(today, minute);
  const dueIn = { suspended: -10, "due in two days": 2, "due in a month": 30, "nothing open": 0 }[world.matter];
  const history: PaymentHistory = {
    since: today - world.tenure,
    barred: world.barred,
    paid: world.paid === "nothing" ? [] : [{ dueOn: today - 40, paidOn: today - (world.paid === "late" ? 30 : 41) }],
    promises: (PASTS[world.past] ?? []).map((past, i) => promiseOf(past, i, now)),
    cancellations: world.cancels ? [{ service: "S1", askedAt: now - DAY_MS, open: true }] : [],
    contradictedAt: world.contradicted === null ? [] : [now - world.contradicted * DAY_MS],
    matter: {
      open: world.matter === "nothing open" ? [] : [{ id: 101, ref: "I1", dueOn: today + dueIn, open: 2990 }],
      suspended: world.matter === "suspended",
      otherHold: null,
      monthPrice: 2990,
    },
  };
  const staff = world.asks === "customer" ? { by: "customer" as const } : { by: "staff" as const };
  const override = world.asks === "staff overrides" ? { override: "pedido do comercial" } : {};
  return { history, request: { requestedUntil: world.until === null ? null : today + world.until, now, ...staff, ...override } };
}

function promiseOf({ days, state, kind = "release", overWeekend = false }: Past, i: number, now: Instant): PastPromise {
  const grantedAt = now - days * DAY_MS;
  const until = grantedAt + 3 * DAY_MS;
  return { protocol: `P${i}`, kind, state, grantedAt, until, endedAt: state === "running" ? null : until, overWeekend };
}

/** Everything in which an answer is not what the preset says in words. */
function breaches(world: World, offer: Offer, now: Instant): string[] {
  const found: string[] = [];
  const past = PASTS[world.past] ?? [];
  const broken = past.filter((each) => each.state === "broken" && each.days < MEMORY_DAYS).length;
  const isNew = world.tenure < 30;
  const courtesy = isNew && !past.some((each) => each.kind === "courtesy");
  const asOf = (yes: boolean, text: string): void => void (yes && found.push(text));

  const plain = world.asks !== "staff overrides";
  // Only a written word of staff reaches as far as an invoice that falls due in a month.
  const tooFar = world.matter === "due in a month" && (plain || (world.until ?? 0) < 30);
  const never = past.some((each) => each.state === "running") || world.matter === "nothing open" || tooFar;
  const against =
    world.barred !== null ||
    world.cancels ||
    world.contradicted === 30 ||
    broken > 1 ||
    past.some((each) => each.state !== "cancelled" && each.days < WAIT_DAYS) ||
    (isNew ? !courtesy : world.paid !== "on time");
  if (!offer.granted) {
    asOf(offer.reasons.length === 0, "refused without a reason");
    asOf(
      offer.reasons.some((reason) => reason.wouldChange === null),
      "a reason that does not say what would change it",
    );
    asOf(JSON.stringify(offer).includes(BAR), "the customer is shown what staff wrote");
    const easy = world.past === "none" && world.asks === "customer" && world.moment !== "friday afternoon";
    asOf(easy && !never && !against, "refused with nothing against it");
    return found;
  }
  asOf(never, "granted where there is nothing to promise, or a promise runs");
  asOf(plain && against, "granted against the policy");
  asOf(
    offer.invoices.length === 0 || offer.owed <= 0 || offer.conditions.length === 0 || offer.reasons.length === 0,
    "granted without its terms",
  );
  asOf((offer.kind === "courtesy") !== courtesy, "a courtesy is for the new, once");
  const { day, minute } = ZONE.local(offer.until);
  const today = ZONE.dayOf(now);
  asOf(offer.until <= now, "a deadline that is over");
  asOf(minute !== 18 * 60 || weekday(day) > 4, "a deadline at a time when nobody could be suspended, or no bank works");
  asOf(plain && day > today + MAX_DAYS - BROKEN_COSTS * broken, "longer than the policy has it");
  asOf(day > today + 60, "longer than any promise may be");
  return found;
}

it("every answer is what the policy says, with its reasons, the same again, and never better for a worse past", () => {
  const failures: string[] = [];
  const fail = (text: string, n: number): void => void (failures.length < 8 && failures.push(`${text}: ${JSON.stringify(worldOf(n))}`));
  /** The deadline; 0: refused. */
  const untils = new Float64Array(SIZE);
  let granted = 0;
  for (let n = 0; n < SIZE; n += 1) {
    const world = worldOf(n);
    const { history, request } = sceneOf(world);
    const offer = promiseOffer(history, POLICY, request);
    for (const text of breaches(world, offer, request.now)) fail(text, n);
    const fresh = sceneOf(world);
    if (JSON.stringify(promiseOffer(fresh.history, POLICY, fresh.request)) !== JSON.stringify(offer))
      fail("asked again, another answer", n);
    untils[n] = offer.granted ? offer.until : 0;
    if (offer.granted) granted += 1;
  }
  // A worse past gives no more time. A late payment and none are the same here, and who is new has the courtesy instead of a record.
  for (const kind of ["cancels", "contradicted", "barred"] as const) {
    const stride = strideOf(kind);
    for (let n = 0; n < SIZE; n += 1) {
      const place = Math.floor(n / stride) % DIMENSIONS[kind].length;
      if (place > 0 && worldOf(n).asks !== "staff overrides" && (untils[n] ?? 0) > (untils[n - stride] ?? 0))
        fail(`${kind} gives more time`, n);
    }
  }
  const stride = strideOf("past");
  const step = (name: string): number => stride * DIMENSIONS.past.indexOf(name);
  for (let n = 0; n < SIZE; n += 1) {
    const world = worldOf(n);
    if (world.past !== "none" || world.asks === "staff overrides") continue;
    const of = (name: string): number => untils[n + step(name)] ?? 0;
    if (of("broken before anybody remembers") !== of("none") || of("cancelled lately") !== of("none"))
      fail("what is forgotten, or was cancelled, still counts", n);
    if (of("broken once") > of("none") || of("broken twice") > of("broken once") || of("broken over a weekend") > of("broken once"))
      fail("a broken promise gives more time", n);
  }
  // Staff's written word grants all that the rules would.
  const asks = strideOf("asks");
  for (let n = 0; n < SIZE; n += 1)
    if (worldOf(n).asks === "staff" && (untils[n] ?? 0) > 0 && (untils[n + asks] ?? 0) === 0) fail("an override refuses", n);
  expect(failures).toEqual([]);
  expect(SIZE).toBeGreaterThan(100_000);
  expect(granted).toBeGreaterThan(SIZE / 20);
}, 120_000);
