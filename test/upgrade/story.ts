// What a database of an older schema should hold: two dozen customers of all habits who lived five months, and work left in the middle.
import { SandboxMailer } from "../../src/adapters/mail/sandbox.ts";
import { SandboxPanel, type SandboxAccounts } from "../../src/adapters/panels/sandbox.ts";
import { addApiKey } from "../../src/engine/api-keys.ts";
import { approveTermination } from "../../src/engine/approve-termination.ts";
import { askCancellation } from "../../src/engine/ask-cancellation.ts";
import { claimTasks } from "../../src/engine/claim.ts";
import { endClaim } from "../../src/engine/end-claim.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { grantPromise } from "../../src/engine/grant-promise.ts";
import { importCustomers } from "../../src/engine/import-customers.ts";
import { openClaim } from "../../src/engine/open-claim.ts";
import { placeHold } from "../../src/engine/place-hold.ts";
import { recordReceipts } from "../../src/engine/record-receipts.ts";
import type { Dispatcher } from "../../src/jobs/dispatch.ts";
import { advanceSandbox } from "../../src/jobs/sandbox-advance.ts";
import type { ManualClock } from "../../src/kernel/clock.ts";
import { ReguaError } from "../../src/kernel/errors.ts";
import { DAY_MS, HOUR_MS, weekday, type Day, type Zone } from "../../src/kernel/time.ts";
import type { CustomerSource } from "../../src/ports/customer-source.ts";
import { refused, unknown } from "../../src/ports/outcome.ts";
import { PEOPLE, type Habit, type Person } from "../../src/sample/people.ts";
import { plannedInvoices, sourceOf } from "../../src/sample/source.ts";
import type { Database } from "../../src/store/database.ts";
import { readSandboxAccount, remember, writeSandboxAccount } from "../../src/store/panel-memory.ts";
import { openMatters, type OpenMatter } from "../../src/store/services.ts";
import { openProposals } from "../../src/store/terminations.ts";

export const STORY_DAYS = 150;

/** Two of each habit, where there are two, and the newcomers. */
const CAST: readonly Person[] = PEOPLE.filter(
  (person, i) => person.habit === "newcomer" || PEOPLE.slice(0, i).filter((other) => other.habit === person.habit).length < 2,
);
const OFFICE_MINUTE = 10 * 60;

export interface Stage {
  engine: Engine;
  clock: ManualClock;
  zone: Zone;
  database: Database;
}

const of = (habit: Habit, n = 0): Person => CAST.filter((person) => person.habit === habit)[n] as Person;
const addressOf = (person: Person): string => `contato@${person.domain}`;
const isRefusal = (error: unknown): boolean => error instanceof ReguaError && error.code === "promise_refused";

/** Lives up to 10:00 of the last day, and leaves things open: a promise, a proof, holds, a message put off, a claim whose worker died. */
export async function liveStory(stage: Stage, last: Day): Promise<void> {
  const { engine, clock, zone } = stage;
  const first = last - STORY_DAYS;
  const planned = plannedInvoices(first, last);
  const dispatcher = dispatcherOf(stage, last);
  const advance = async (until: number): Promise<void> => {
    const done = await advanceSandbox(dispatcher, clock, zone, { until, every: 1, digest: false });
    if (done.faults > 0) throw new Error("a customer of the story could not be decided");
  };
  const acts = new Acts(stage);
  for (let day = first; day <= last; day += 1) {
    const source = sourceOf(day, first, last, planned);
    if (source) await importCustomers(engine, onlyCast(source), { by: "sample" });
    await advance(zone.at(day, OFFICE_MINUTE));
    await acts.day(day);
    await advance(clock.now());
    if (day < last) await advance(zone.startOf(day + 1));
  }
  await leaveOpen(stage, dispatcher);
}

function onlyCast(source: CustomerSource): CustomerSource {
  const refs = new Set(CAST.map((person) => person.ref));
  return {
    ...source,
    read: async function* () {
      for await (const batch of source.read())
        yield {
          ...batch,
          customers: batch.customers.filter((each) => refs.has(each.ref)),
          services: batch.services.filter((each) => refs.has(each.customerRef)),
          invoices: batch.invoices.filter((each) => refs.has(each.customerRef)),
          payments: batch.payments.filter((each) => each.customerRef !== null && refs.has(each.customerRef)),
        };
    },
  };
}

function dispatcherOf({ engine, clock, database, zone }: Stage, last: Day): Dispatcher {
  let tokens = 0;
  let lost = 0;
  const refusals = (to: string) => {
    if (to === addressOf(of("silent", 1))) return refused("550 5.1.1 no such user", false);
    if (to === addressOf(of("faithful")) && zone.dayOf(clock.now()) === last) return refused("451 4.7.1 greylisted, come back later", true);
    // Three answers get lost on the way back; the messages go out again, marked.
    return to === addressOf(of("double")) && (lost += 1) <= 3 ? unknown("connection lost after DATA") : null;
  };
  return {
    engine,
    outside: {
      mailers: new Map([["email", new SandboxMailer({ refusals })]]),
      panels: new Map([["sandbox", new SandboxPanel({ accounts: accountsIn(database) })]]),
    },
    newToken: () => `worker/${(tokens += 1)}`,
    parallel: 1,
    steady: true,
  };
}

/** The sandbox panel's accounts, where the program keeps them: in its database. */
export function accountsIn({ db }: Database): SandboxAccounts {
  return {
    read: async (account) => {
      const row = await readSandboxAccount(db, account);
      if (row?.access !== "suspended") return row === null ? null : { access: row.access };
      return { access: "suspended", by: row.by ?? "other", reason: row.reason };
    },
    write: (account, state) => {
      const down = state.access === "suspended" ? state : null;
      const by = down === null ? null : down.by === "us" ? "us" : "other";
      return writeSandboxAccount(db, { account, access: state.access, by, reason: down?.reason ?? null });
    },
    list: () => Promise.resolve([]),
  };
}

/** What they do beyond paying or not, once a day at ten. */
class Acts {
  readonly #stage: Stage;
  readonly #done = new Set<string>();
  #claim: { claimId: number; day: Day } | null = null;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async day(day: Day): Promise<void> {
    const { engine } = this.#stage;
    const matters = await openMatters(engine.db);
    for (const person of CAST) {
      const matter = matters.get(person.ref);
      if (matter) await this.#act(person.habit, matter, day);
    }
    // Two sign for those who left; for the one who only never answered, one of them hesitates.
    for (const { customerId, customerRef, id, firstBy } of await openProposals(engine.db, 10))
      if (firstBy === null) await approveTermination(engine, { customerId, terminationId: id, by: "ana" });
      else if (firstBy === "ana" && this.#left(customerRef))
        await approveTermination(engine, { customerId, terminationId: id, by: "bruno" });
  }

  #left(ref: string): boolean {
    return CAST.some((person) => person.ref === ref && person.habit === "weekend");
  }

  async #act(habit: Habit, matter: OpenMatter, day: Day): Promise<void> {
    if (habit === "disputer") return this.#dispute(matter, day);
    if (habit === "forger") return this.#forge(matter, day);
    if (habit === "weekend" && weekday(day) === 1 && !matter.suspended && !matter.cancelling && this.#done.size > 0)
      return askCancellation(this.#stage.engine, {
        customer: matter.customerRef,
        service: matter.serviceRef,
        on: day + 10,
        by: "customer",
      });
    if (["keeper", "breaker", "weekend", "newcomer"].includes(habit) && matter.suspended) await this.#askForTime(matter);
  }

  async #askForTime({ customerRef: customer, invoiceRef }: OpenMatter): Promise<void> {
    if (this.#done.has(invoiceRef)) return;
    this.#done.add(invoiceRef);
    const ask = { customer, reason: "pago na semana que vem", askedBy: "customer", owner: "portal", acceptedConditions: true } as const;
    await grantPromise(this.#stage.engine, ask).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
  }

  async #dispute({ customerRef: customer, invoiceRef: invoice, dueOn }: OpenMatter, day: Day): Promise<void> {
    if (dueOn + 2 !== day) return;
    const { engine, clock } = this.#stage;
    const until = clock.now() + 20 * DAY_MS;
    await placeHold(engine, { customer, kind: "dispute", invoice, until, reason: "diz que pediu outro plano antes da emissão", by: "ana" });
  }

  async #forge({ customerRef: customer, invoiceRef: invoice, suspended }: OpenMatter, day: Day): Promise<void> {
    const { engine, clock } = this.#stage;
    if (this.#claim === null && suspended) {
      const { claimId } = await openClaim(engine, { customer, invoice, releaseUntil: clock.now() + 30 * HOUR_MS, by: "ticket" });
      this.#claim = { claimId, day };
    } else if (this.#claim?.day === day - 1) {
      const reason = "O banco recebedor não tem este Pix.";
      await endClaim(engine, { customer, claimId: this.#claim.claimId, end: "contradicted", reason, by: "ana" });
    }
  }
}

/** The moment of the upgrade falls into the middle of things. */
async function leaveOpen({ engine, clock, zone, database }: Stage, dispatcher: Dispatcher): Promise<void> {
  const now = clock.now();
  const by = "ana";
  const matters = await openMatters(engine.db);
  await placeHold(engine, { customer: of("late").ref, kind: "abuse", reason: "envio de phishing", by });
  await placeHold(engine, { customer: of("last_day").ref, kind: "legal", effect: "collection", reason: "ordem judicial", by });
  await advanceSandbox(dispatcher, clock, zone, { until: now, every: 1, digest: false });
  const promising = matters.get(of("forger").ref);
  if (promising) {
    const ask = { customer: promising.customerRef, reason: "recebo na sexta-feira", askedBy: "staff", owner: by } as const;
    await grantPromise(engine, { ...ask, override: "pedido do comercial" });
  }
  const unreachable = matters.get(of("silent", 1).ref);
  if (unreachable)
    await openClaim(engine, { customer: unreachable.customerRef, invoice: unreachable.invoiceRef, releaseUntil: null, by: "ticket" });
  await addApiKey(engine, { name: "faturamento", scopes: ["read", "write"], secret: "upgrade-fixture-0123456789abcdef", by: "ana" });
  await remember(database.db, "hestia", "conta-antiga", "plan", "plus");
  const silent = of("silent");
  const [customer] = (await database.pool.query<{ id: number }>("SELECT customer_id AS id FROM customer WHERE ref = $1", [silent.ref]))
    .rows;
  const receipt = {
    source: "staff",
    externalId: "extrato-7",
    amount: 4 * silent.priceCents,
    currency: "BRL",
    paidOn: zone.dayOf(now),
  } as const;
  await recordReceipts(engine, [
    { ...receipt, customerId: customer?.id ?? 0, invoiceRef: null, reason: "Pix conferido no extrato", actor: by },
  ]);
  // A worker takes what is there and is never heard of again.
  await claimTasks(engine, { token: "worker/dead", limit: 100, leaseMs: 40_000 });
}
