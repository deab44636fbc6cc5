// Lets the sample's customers live their months: imports day by day, the sandbox's clock, and what they ask for on the way.
import { askCancellation } from "../engine/ask-cancellation.ts";
import { endClaim } from "../engine/end-claim.ts";
import { grantPromise } from "../engine/grant-promise.ts";
import { importCustomers } from "../engine/import-customers.ts";
import { openClaim } from "../engine/open-claim.ts";
import { placeHold } from "../engine/place-hold.ts";
import { publishTerms } from "../engine/terms.ts";
import { assert } from "../kernel/assert.ts";
import type { ManualClock } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import { HOUR_MS, weekday, type Day, type Zone } from "../kernel/time.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import { advanceSandbox } from "../jobs/sandbox-advance.ts";
import { openMatters, type OpenMatter } from "../store/services.ts";
import { REASONS } from "./habits.ts";
import { PEOPLE } from "./people.ts";
import { plannedInvoices, sourceOf } from "./source.ts";
import { SAMPLE_TERMS } from "./terms.ts";

/** Days of history before the sample's present. */
export const SAMPLE_DAYS = 150;

/** Local time at which customers write; the ladder's steps of the day are done by then. */
const OFFICE_MINUTE = 10 * 60;

export interface SampleWorld {
  dispatcher: Dispatcher;
  clock: ManualClock;
  zone: Zone;
}

/** Lives up to 10:00 of `until`. The sandbox must be empty and stand at the start of its first day. */
export async function buildSample(world: SampleWorld, until: Day, onPercent: (percent: number) => void): Promise<{ customers: number }> {
  const { dispatcher, clock, zone } = world;
  const first = until - SAMPLE_DAYS;
  assert(zone.dayOf(clock.now()) === first, "the sample begins on the sandbox's first day");
  await publishTerms(dispatcher.engine, { text: SAMPLE_TERMS, by: "sample" });
  const planned = plannedInvoices(first, until);
  const story = new Story(world);
  for (let day = first; day <= until; day += 1) {
    const source = sourceOf(day, first, until, planned);
    if (source) {
      const imported = await importCustomers(dispatcher.engine, source, { by: "sample" });
      assert(imported.refusedLines === 0, `a sample line was refused: ${imported.refused[0]?.reason.en ?? ""}`);
    }
    await advanceSandbox(dispatcher, clock, zone, { until: zone.at(day, OFFICE_MINUTE), every: 1, digest: false });
    await story.day(day);
    // What they asked for takes effect at once.
    await advanceSandbox(dispatcher, clock, zone, { until: clock.now(), every: 1, digest: false });
    if (day < until) await advanceSandbox(dispatcher, clock, zone, { until: zone.startOf(day + 1), every: 1, digest: false });
    onPercent(Math.round((100 * (day - first + 1)) / (SAMPLE_DAYS + 1)));
  }
  return { customers: PEOPLE.length };
}

/** What customers do beyond paying or not. */
class Story {
  readonly #world: SampleWorld;
  readonly #asked = new Set<string>();
  readonly #claims = new Map<string, { claimId: number; day: Day }>();

  constructor(world: SampleWorld) {
    this.#world = world;
  }

  async day(day: Day): Promise<void> {
    const matters = await openMatters(this.#world.dispatcher.engine.db);
    for (const person of PEOPLE) {
      const matter = matters.get(person.ref);
      if (!matter) continue;
      if (person.habit === "disputer") await this.#dispute(matter, day);
      else if (person.habit === "forger") await this.#forge(matter, day);
      else if (REASONS[person.habit] !== undefined) await this.#askForTime(person.habit, matter, day);
    }
  }

  async #askForTime(habit: (typeof PEOPLE)[number]["habit"], matter: OpenMatter, day: Day): Promise<void> {
    const { engine } = this.#world.dispatcher;
    if (habit === "weekend") {
      const released = this.#asked.has(`${matter.customerRef} ${matter.invoiceRef}`) && !matter.suspended;
      // Monday: the site stayed up over the weekend, and now they leave.
      if (weekday(day) === 1 && released && !matter.cancelling)
        return askCancellation(engine, { customer: matter.customerRef, service: matter.serviceRef, on: day + 10, by: "customer" });
      if (![3, 4, 5].includes(weekday(day))) return;
    }
    if (!matter.suspended || this.#asked.has(`${matter.customerRef} ${matter.invoiceRef}`)) return;
    this.#asked.add(`${matter.customerRef} ${matter.invoiceRef}`);
    try {
      await grantPromise(engine, {
        customer: matter.customerRef,
        reason: REASONS[habit] ?? "",
        askedBy: "customer",
        owner: "portal",
        acceptedConditions: true,
      });
    } catch (error) {
      // A refusal by the rules is part of the story.
      if (!(error instanceof ReguaError && error.code === "promise_refused")) throw error;
    }
  }

  async #dispute(matter: OpenMatter, day: Day): Promise<void> {
    if (matter.dueOn + 2 !== day) return;
    const { engine, clock } = { engine: this.#world.dispatcher.engine, clock: this.#world.clock };
    await placeHold(engine, {
      customer: matter.customerRef,
      kind: "dispute",
      invoice: matter.invoiceRef,
      until: clock.now() + 20 * 24 * HOUR_MS,
      reason: "diz que pediu a troca de plano antes da emissão",
      by: "ana",
    });
  }

  async #forge(matter: OpenMatter, day: Day): Promise<void> {
    const { engine } = this.#world.dispatcher;
    const key = `${matter.customerRef} ${matter.invoiceRef}`;
    const claim = this.#claims.get(key);
    if (!claim && matter.suspended) {
      const releaseUntil = this.#world.clock.now() + 30 * HOUR_MS;
      const { claimId } = await openClaim(engine, { customer: matter.customerRef, invoice: matter.invoiceRef, releaseUntil, by: "ticket" });
      this.#claims.set(key, { claimId, day });
    } else if (claim?.day === day - 1) {
      await endClaim(engine, {
        customer: matter.customerRef,
        claimId: claim.claimId,
        end: "contradicted",
        reason: "O banco recebedor não tem este Pix: o identificador do comprovante é de outro pagamento.",
        by: "ana",
      });
    }
  }
}
