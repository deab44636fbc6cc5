// Runs a story written as a table of days, facts and effects through the rules; any effect that is not listed fails the test.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { assert } from "../../src/kernel/assert.ts";
import { parseAmount } from "../../src/kernel/money.ts";
import { formatTimeOfDay, HOUR_MS, parseDay, parseTimeOfDay, Zone, type Day, type Instant } from "../../src/kernel/time.ts";
import { compilePolicy, type Policy } from "../../src/policy/compile.ts";
import { decide, isQuiet } from "../../src/policy/decide.ts";
import type { Decision } from "../../src/policy/decision.ts";
import type { Channel, ClaimEndState, CustomerFacts, HoldKind, InvoiceFacts, NoticeFact, ServiceFacts } from "../../src/policy/facts.ts";
import { applyDecision } from "../../src/policy/project.ts";
import { presetText, readPolicy } from "../../src/policy/read.ts";
import { policySchema, type PolicyDoc } from "../../src/policy/schema.ts";

export const ZONE = new Zone("America/Sao_Paulo");

/** Fields of a policy file to write over. */
export type PolicyChange = Partial<Record<keyof PolicyDoc, unknown>>;

/** The plain ladder of the examples: reminder +3, warning +4, suspend +5, at midnight; no calendar. */
export function plain(change: PolicyChange = {}): PolicyDoc {
  const text = readFileSync(new URL("../../examples/plain-3-4-5.yaml", import.meta.url), "utf8");
  return policySchema.parse({ ...readPolicy(text), ...change });
}

export function preset(name: string, change: PolicyChange = {}): PolicyDoc {
  return policySchema.parse({ ...readPolicy(presetText(name)), ...change });
}

/** A due message told nobody: for stories about other things. */
export const SILENT = { suspended: false, reactivated: false, promise_ends: false, claims: false };

export interface Story {
  policy: PolicyDoc;
  /** Other policies the story may change to, by the name it uses. */
  policies?: Readonly<Record<string, PolicyDoc>>;
  /** Day 0: the due date written on invoice I1. Left out: Monday, 23 November 2026. */
  due?: string;
  /** First day of the customer, in days from day 0. Left out: −1000. */
  since?: number;
  channels?: readonly Channel[];
  services?: readonly (Partial<ServiceFacts> & { ref: string })[];
  /** False: the story brings its own invoices. */
  invoice?: boolean;
}

export function aService(ref: string, change: Partial<ServiceFacts> = {}): ServiceFacts {
  return {
    id: Number(ref.replace(/\D/gu, "")),
    ref,
    name: `Hospedagem ${ref}`,
    plan: null,
    linked: true,
    desired: "active",
    actual: "active",
    suspendedByUs: false,
    accessSeq: 0,
    announce: false,
    callOpen: false,
    cancelOn: null,
    ...change,
  };
}

export function anOpenInvoice(ref: string, change: Partial<InvoiceFacts> & { dueOn: Day }): InvoiceFacts {
  const id = 100 + Number(ref.replace(/\D/gu, ""));
  return { id, ref, serviceId: 1, issuedOn: change.dueOn - 10, amount: 2990, open: 2990, currency: "BRL", clearingUntil: null, ...change };
}

export function aCustomer(change: Partial<CustomerFacts> = {}): CustomerFacts {
  return {
    id: 1,
    ref: "77",
    name: "Padaria Central",
    lang: "pt-BR",
    since: parseDay("2020-01-01"),
    tags: [],
    addresses: { email: "padaria@example.com" },
    lastSignOfLifeAt: null,
    services: [aService("S1")],
    invoices: [],
    holds: [],
    promises: [],
    claims: [],
    endedClaims: [],
    terminations: [],
    notices: [],
    attention: [],
    ...change,
  };
}

interface Effect {
  at: Instant;
  text: string;
}

/** How a channel answers: at once, or not yet. */
type Answer = "accepted" | "undeliverable" | "pending";

/** The world of one story: the facts, and an outside that answers as the story says. */
class World {
  facts: CustomerFacts;
  policy: Policy;
  now: Instant;
  asleepUntil: Instant = 0;
  readonly effects: Effect[] = [];
  readonly day0: Day;
  readonly #story: Story;
  readonly #answers = new Map<Channel, Answer>();
  readonly #settled = new Map<string, InvoiceFacts>();
  #panelDown = false;

  constructor(story: Story, start: Instant) {
    this.#story = story;
    this.day0 = parseDay(story.due ?? "2026-11-23");
    this.policy = compilePolicy(story.policy, ZONE);
    this.now = start;
    const addresses = { email: "padaria@example.com", whatsapp: "+5541999990000", sms: "+5541999990000" };
    const channels = story.channels ?? ["email"];
    this.facts = aCustomer({
      since: this.day0 + (story.since ?? -1000),
      addresses: Object.fromEntries(channels.map((channel) => [channel, addresses[channel]])),
      services: (story.services ?? [{ ref: "S1" }]).map((service) => aService(service.ref, service)),
      invoices: story.invoice === false ? [] : [anOpenInvoice("I1", { dueOn: this.day0 })],
    });
  }

  at(day: string | number, time = "10:00"): Instant {
    return ZONE.at(this.day0 + Number(day), parseTimeOfDay(time));
  }

  /** Decides and carries out until nothing more follows; gives the time to look again. */
  settle(): Instant | null {
    for (let round = 0; round < 100; round += 1) {
      const decision = decide(this.facts, this.policy, this.now);
      if (isQuiet(decision, this.facts)) return decision.nextCheckAt;
      for (const text of effectsOf(decision, this.facts)) this.effects.push({ at: this.now, text });
      this.facts = applyDecision(this.facts, decision, {
        delivery: (message) => this.#answers.get(message.channel) ?? "accepted",
        panel: () => (this.#panelDown ? "waits" : "obeys"),
      });
    }
    throw new Error("the story does not come to rest");
  }

  /** Makes a fact true. */
  tell(fact: string): void {
    for (const [pattern, act] of FACTS) {
      const match = pattern.exec(fact);
      if (!match) continue;
      act(this, match.groups ?? {});
      return;
    }
    throw new Error(`no such fact: “${fact}”`);
  }

  change(change: Partial<CustomerFacts>): void {
    this.facts = { ...this.facts, ...change };
  }

  invoice(ref: string): InvoiceFacts {
    const found = this.facts.invoices.find((invoice) => invoice.ref === ref) ?? this.#settled.get(ref);
    assert(found, `no invoice ${ref}`);
    return found;
  }

  service(ref: string): ServiceFacts {
    const found = this.facts.services.find((service) => service.ref === ref);
    assert(found, `no service ${ref}`);
    return found;
  }

  endClaim(id: number, end: ClaimEndState): void {
    const claim = this.facts.claims.find((each) => each.id === id);
    assert(claim, `no claim K${id}`);
    const { invoiceId, receivedAt } = claim;
    const ended = { id, invoiceId, invoiceRef: `I${invoiceId - 100}`, receivedAt, end };
    this.change({ claims: this.facts.claims.filter((each) => each !== claim), endedClaims: [...this.facts.endedClaims, ended] });
  }

  setInvoice(ref: string, change: Partial<InvoiceFacts>): void {
    const next = { ...this.invoice(ref), ...change };
    const others = this.facts.invoices.filter((invoice) => invoice.ref !== ref);
    if (next.open <= 0) this.#settled.set(ref, { ...next, open: next.amount });
    const invoices = next.open <= 0 ? others : [...others, next].sort((a, b) => a.dueOn - b.dueOn || a.id - b.id);
    this.change({ invoices });
  }

  setService(ref: string, change: Partial<ServiceFacts>): void {
    this.change({ services: this.facts.services.map((service) => (service.ref === ref ? { ...service, ...change } : service)) });
  }

  setNotices(which: (notice: NoticeFact) => boolean, state: "accepted" | "undeliverable"): void {
    this.change({ notices: this.facts.notices.map((n) => (which(n) ? { ...n, state, endedAt: this.now } : n)) });
  }

  answer(channel: Channel, answer: Answer): void {
    this.#answers.set(channel, answer);
  }

  /** A panel that answers again does what it was last asked. */
  panel(down: boolean): void {
    this.#panelDown = down;
    if (down) return;
    const done = (s: ServiceFacts): ServiceFacts => ({
      ...s,
      actual: s.desired,
      callOpen: false,
      suspendedByUs: s.desired === "suspended",
      accessSeq: s.accessSeq + (s.actual === s.desired ? 0 : 1),
    });
    this.change({ services: this.facts.services.map((service) => (service.callOpen ? done(service) : service)) });
  }

  usePolicy(name: string): void {
    const doc = this.#story.policies?.[name];
    assert(doc, `the story has no policy ${name}`);
    this.policy = compilePolicy(doc, ZONE);
  }

  life(): void {
    this.change({ lastSignOfLifeAt: this.now });
  }
}

type Groups = Readonly<Record<string, string>>;
const TIME = String.raw`(?<day>-?\d+)(?: (?<time>\d\d:\d\d))?`;
const number = (ref: string): number => Number(ref.replace(/\D/gu, ""));

/** Everything a story can say. */
const FACTS: readonly (readonly [RegExp, (world: World, groups: Groups) => void])[] = [
  [
    /^invoice (?<ref>I\d+) due (?<due>-?\d+)(?: issued (?<issued>-?\d+))?(?: of (?<service>S\d+|the account))?(?: for (?<amount>[\d.]+))?$/u,
    (w, { ref = "", due, issued, service, amount }) => {
      const dueOn = w.day0 + Number(due);
      const issuedOn = issued === undefined ? dueOn - 10 : w.day0 + Number(issued);
      const cents = amount === undefined ? 2990 : parseAmount(amount);
      const serviceId = service === "the account" ? null : w.service(service ?? "S1").id;
      w.change({ invoices: [...w.facts.invoices, anOpenInvoice(ref, { dueOn, issuedOn, serviceId, amount: cents, open: cents })] });
    },
  ],
  [/^receipt covers (?<ref>I\d+)$/u, (w, { ref = "" }) => (w.setInvoice(ref, { open: 0 }), w.life())],
  [
    /^receipt (?<amount>[\d.]+) for (?<ref>I\d+)$/u,
    (w, { ref = "", amount = "" }) => (w.setInvoice(ref, { open: w.invoice(ref).open - parseAmount(amount) }), w.life()),
  ],
  [/^reversal of (?<ref>I\d+)$/u, (w, { ref = "" }) => w.setInvoice(ref, { open: w.invoice(ref).amount, reopenedAt: w.now })],
  [
    new RegExp(`^clearing (?<ref>I\\d+) until ${TIME}$`, "u"),
    (w, { ref = "", day = "", time }) => w.setInvoice(ref, { clearingUntil: w.at(day, time) }),
  ],
  [
    new RegExp(`^promise (?<ref>P\\d+) for (?<invoices>I\\d+(?:, I\\d+)*) until ${TIME}$`, "u"),
    (w, { ref = "", invoices = "", day = "", time }) => {
      const kind = w.facts.holds.some((hold) => hold.kind === "overdue") ? ("release" as const) : ("postponement" as const);
      const invoiceIds = invoices.split(", ").map((each) => w.invoice(each).id);
      const promise = { id: number(ref), protocol: ref, kind, invoiceIds, grantedAt: w.now, until: w.at(day, time ?? "18:00") };
      w.change({ promises: [...w.facts.promises, promise] });
      w.life();
    },
  ],
  [
    /^promise (?<ref>P\d+) cancelled$/u,
    (w, { ref }) => w.change({ promises: w.facts.promises.filter((promise) => promise.protocol !== ref) }),
  ],
  [
    new RegExp(`^hold (?<kind>abuse|manual|legal|dispute) on (?<on>S\\d+|I\\d+|the account)(?: until ${TIME})?$`, "u"),
    (w, { kind, on = "", day, time }) => {
      const hold = {
        id: 500 + w.facts.holds.length,
        kind: kind as HoldKind,
        effect: kind === "dispute" ? ("collection" as const) : ("access" as const),
        serviceId: on.startsWith("S") ? w.service(on).id : null,
        invoiceId: on.startsWith("I") ? w.invoice(on).id : null,
        reason: "as the story says",
        placedAt: w.now,
        until: day === undefined ? null : w.at(day, time),
      };
      w.change({ holds: [...w.facts.holds, hold] });
    },
  ],
  [
    /^hold (?<kind>abuse|manual|legal|dispute) lifted$/u,
    (w, { kind }) => w.change({ holds: w.facts.holds.filter((h) => h.kind !== kind) }),
  ],
  [
    /^claim (?<ref>K\d+) for (?<invoice>I\d+),(?: release until (?<release>-?\d+),)?(?<scheduled> scheduled,)? review until (?<review>-?\d+)$/u,
    (w, { ref = "", invoice = "", release, scheduled, review = "" }) => {
      const releaseUntil = release === undefined ? null : w.at(release, "18:00");
      const claim = {
        id: number(ref),
        invoiceId: w.invoice(invoice).id,
        receivedAt: w.now,
        releaseUntil,
        reviewUntil: w.at(review, "18:00"),
        announce: true,
        scheduled: scheduled !== undefined,
      };
      w.change({ claims: [...w.facts.claims, claim] });
      w.life();
    },
  ],
  [/^claim (?<ref>K\d+) (?<end>confirmed|contradicted|refused)$/u, (w, { ref = "", end }) => w.endClaim(number(ref), end as ClaimEndState)],
  [/^(?<channel>email|sms|whatsapp) bounces$/u, (w, { channel }) => w.answer(channel as Channel, "undeliverable")],
  [/^(?<channel>email|sms|whatsapp) accepts$/u, (w, { channel }) => w.answer(channel as Channel, "accepted")],
  [/^(?<channel>email|sms|whatsapp) does not answer$/u, (w, { channel }) => w.answer(channel as Channel, "pending")],
  [/^what waits is accepted$/u, (w) => w.setNotices((notice) => notice.state === "pending", "accepted")],
  [
    /^(?<ref>I\d+)\/(?<step>[a-z-]+) bounces after all$/u,
    (w, { ref = "", step }) => w.setNotices((notice) => notice.invoiceId === w.invoice(ref).id && notice.step === step, "undeliverable"),
  ],
  [/^panel down$/u, (w) => w.panel(true)],
  [/^panel up$/u, (w) => w.panel(false)],
  [/^operator activates (?<ref>S\d+)$/u, (w, { ref = "" }) => w.setService(ref, { actual: "active", suspendedByUs: false })],
  [/^operator suspends (?<ref>S\d+)$/u, (w, { ref = "" }) => w.setService(ref, { actual: "suspended", suspendedByUs: false })],
  [/^operator deletes (?<ref>S\d+)$/u, (w, { ref = "" }) => w.setService(ref, { actual: "absent", suspendedByUs: false })],
  [/^(?<ref>S\d+) is linked$/u, (w, { ref = "" }) => w.setService(ref, { linked: true })],
  [new RegExp(`^scheduler sleeps until ${TIME}$`, "u"), (w, { day = "", time }) => void (w.asleepUntil = w.at(day, time))],
  [/^policy (?<name>\w+)$/u, (w, { name = "" }) => w.usePolicy(name)],
  [/^tag (?<tag>\w+)$/u, (w, { tag = "" }) => w.change({ tags: [...w.facts.tags, tag] })],
];

/** What a decision does, in the words of the tables. */
function effectsOf(decision: Decision, facts: CustomerFacts): string[] {
  const effects: string[] = [];
  for (const end of decision.promises) effects.push(`promise ${end.protocol} ${end.end}`);
  for (const end of decision.claims) effects.push(`claim K${end.claimId} ${end.end}`);
  const changed = new Map(decision.access.map((intent) => [intent.serviceId, intent.desired]));
  // A hold and the suspension it causes are one effect, and so are a hold lifted and the release.
  for (const hold of decision.place)
    if (changed.get(hold.serviceId) !== "suspended") effects.push(`hold ${hold.serviceRef} cause=${hold.invoiceRef}`);
  for (const lift of decision.lift) {
    const hold = facts.holds.find((each) => each.id === lift.holdId);
    const service = facts.services.find((each) => each.id === lift.serviceId);
    if (hold?.kind === "overdue" && changed.get(lift.serviceId ?? 0) === "active") continue;
    const invoice = facts.invoices.find((each) => each.id === hold?.invoiceId);
    effects.push(`lift ${hold?.kind} of ${service?.ref ?? invoice?.ref ?? "the account"}`);
  }
  for (const intent of decision.access)
    effects.push(intent.desired === "suspended" ? `suspend ${intent.serviceRef} cause=${intent.cause}` : `unsuspend ${intent.serviceRef}`);
  for (const message of decision.messages) {
    const about = message.notices.map((notice) => {
      const promise = facts.promises.find((each) => each.id === notice.promiseId);
      const service = facts.services.find((each) => each.id === notice.serviceId);
      if (notice.claimId !== null) return `K${notice.claimId}/${message.template.replaceAll("_", "-")}`;
      return `${notice.invoiceRef ?? promise?.protocol ?? service?.ref}/${notice.step}`;
    });
    effects.push(`notice ${about.join(" + ")}${message.channel === "email" ? "" : ` by ${message.channel}`}`);
  }
  for (const end of decision.terminations.propose) effects.push(`propose termination ${end.serviceRef} cause=${end.invoiceRef}`);
  for (const id of decision.terminations.withdraw) {
    const { serviceId } = facts.terminations.find((each) => each.id === id) ?? {};
    effects.push(`withdraw termination S${serviceId}`);
  }
  for (const item of decision.attention) {
    if (facts.attention.includes(item.key)) continue;
    const [why] = item.because;
    effects.push(`person: ${item.kind} ${[why?.invoice ?? why?.service, why?.step].filter((part) => part !== undefined).join("/")}`);
  }
  return effects;
}

interface Row {
  day: number;
  time: string;
  facts: string[];
  expected: string[];
}

function parseTable(table: string): Row[] {
  const rows: Row[] = [];
  for (const line of table.split("\n").map((each) => each.trim())) {
    if (line === "" || /^day\b/u.test(line)) continue;
    const [when = "", facts = "", expected = "", ...more] = line.split("|").map((cell) => cell.trim());
    const match = /^(-?\d+)?(?: ?(\d\d:\d\d))?$/u.exec(when);
    if (!match || more.length > 0 || line.split("|").length !== 3) throw new Error(`not a row of a story: “${line}”`);
    const day = match[1] === undefined ? rows.at(-1)?.day : Number(match[1]);
    if (day === undefined) throw new Error("the first row says no day");
    const split = (cell: string): string[] =>
      cell
        .split(";")
        .map((each) => each.trim())
        .filter((each) => each !== "");
    rows.push({ day, time: match[2] ?? "10:00", facts: split(facts), expected: split(expected) });
  }
  return rows;
}

/**
 * Runs a story and compares every effect, day by day and in order, with those it lists. `at 09:00` behind an effect asks for its time too.
 * A row's facts come true at its time (10:00 where none is written). The story is told twice: looked at only when the rules asked for it, and
 * every hour besides; both must give the same.
 */
export function tell(story: Story, table: string): void {
  const rows = parseTable(table);
  for (const schedule of ["when asked", "every hour"] as const) {
    const world = run(story, rows, schedule);
    const expected = rows.flatMap(({ day, expected: effects }) => effects.map((effect) => `${day} ${effect}`));
    const timed = expected.map((line) => / at \d\d:\d\d$/u.test(line));
    const actual = world.effects.map(({ at, text }, i) => {
      const { day, minute } = ZONE.local(at);
      return `${day - world.day0} ${text}${timed[i] === true ? ` at ${formatTimeOfDay(minute)}` : ""}`;
    });
    expect(actual, schedule).toEqual(expected);
  }
}

/** To the end of the last day of the story. */
function run(story: Story, rows: readonly Row[], schedule: "when asked" | "every hour"): World {
  const [first] = rows;
  const last = rows.at(-1);
  assert(first && last, "a story has rows");
  const day0 = parseDay(story.due ?? "2026-11-23");
  const world = new World(story, ZONE.startOf(day0 + first.day));
  const end = ZONE.startOf(day0 + Math.max(...rows.map((row) => row.day)) + 1);
  const events = rows.filter((row) => row.facts.length > 0).map((row) => ({ at: world.at(row.day, row.time), facts: row.facts }));
  let wake: Instant | null = world.now;
  for (let told = 0; world.now < end;) {
    const due = wake === null ? Number.POSITIVE_INFINITY : Math.max(wake, world.asleepUntil);
    const event = events[told];
    world.now = Math.min(event?.at ?? Number.POSITIVE_INFINITY, due);
    if (world.now >= end) break;
    for (let next = event; next && next.at <= world.now; next = events[told]) {
      next.facts.forEach((fact) => world.tell(fact));
      told += 1;
    }
    wake = world.settle();
    if (schedule === "every hour") wake = Math.min(wake ?? Number.POSITIVE_INFINITY, (Math.floor(world.now / HOUR_MS) + 1) * HOUR_MS);
  }
  return world;
}
