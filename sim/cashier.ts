// Who pays through the gateway: its events on their way to the program, the program's own polls, and what happens to money later.
import { GatewayIntake, type IntakeOptions } from "../src/jobs/gateway-intake.ts";
import { pollGateways } from "../src/jobs/gateway-poll.ts";
import { recordCharge } from "../src/engine/record-charge.ts";
import { DAY_MS, formatDay, HOUR_MS, MINUTE_MS, type Instant } from "../src/kernel/time.ts";
import type { Cents } from "../src/kernel/money.ts";
import type { Account } from "./account.ts";
import { deliveryOf, lie, SimGateway, type Event } from "./gateway.ts";
import { stream, Streams } from "./random.ts";
import type { Town } from "./town.ts";
import { chargeOf, GATEWAY, gone, type Capture, type Till } from "./till.ts";

export class Cashier {
  readonly #town: Town;
  readonly #account: Account;
  readonly #chance: Streams;
  /** How long until what failed is tried again; null: nothing failed. */
  #againMs: number | null = null;
  /** A look for it is planned. */
  #looking = false;

  constructor(town: Town, account: Account) {
    this.#town = town;
    this.#account = account;
    this.#chance = new Streams(town.seed);
  }

  /** The program looks at the gateway every second day: more often it would find the same. */
  begin(until: Instant): void {
    const { zone, now, seed } = this.#town;
    for (let at = now + DAY_MS; at < until; at += 2 * DAY_MS) {
      const minutes = stream(seed, `look ${formatDay(zone.dayOf(at))}`).between(0, 2 * 24 * 60 - 1);
      this.#town.at(at + minutes * MINUTE_MS, () => this.looks());
    }
  }

  /** Half of the invoices that may be paid here get a charge of their own, kept with its codes. */
  async charges(invoice: string): Promise<void> {
    const { seed, till } = this.#town;
    if (!stream(seed, `charge ${invoice}`).chance(0.5)) return;
    const charge = { chargeId: chargeOf(invoice), brCode: null, digitLine: null };
    await this.#town.ask(({ engine }) => recordCharge(engine, { gateway: GATEWAY, invoice, charge }));
    till.charges.add(invoice);
  }

  /** A payment at the gateway, told by its webhook as a rule. */
  pays(customer: string, invoice: string | null, amount: Cents): string | null {
    const capture = this.#takes(customer, invoice, amount);
    this.#tells(capture, "payment");
    const { faults, now } = this.#town;
    const chance = this.#chance.of(`later ${capture.id}`);
    if (capture.method === "card") this.#changes(capture, now + chance.between(1, 72) * HOUR_MS, () => ({ phase: "settled" }), true);
    if (faults.hit("gateway_refund", customer))
      this.#changes(capture, now + chance.between(0, 20 * 24) * HOUR_MS, () => {
        const left = capture.amount - capture.refunded;
        return left <= 0 ? null : { refunded: capture.refunded + (chance.chance(0.5) ? left : Math.ceil(left / 2)) };
      });
    if (!faults.hit("gateway_chargeback", customer)) return capture.endToEndId;
    const at = now + chance.between(1, 20 * 24) * HOUR_MS;
    this.#changes(capture, at, () => ({ chargedBack: true }));
    if (chance.chance(0.5)) this.#changes(capture, at + chance.between(1, 10 * 24) * HOUR_MS, () => ({ chargedBack: false }), true);
    return capture.endToEndId;
  }

  /** One that the program hears of at this very moment. */
  async surprises(customer: string, invoice: string, amount: Cents): Promise<void> {
    await this.#delivers(this.#event(this.#takes(customer, invoice, amount), "payment"));
  }

  /** Words that were lost, or are late, come while lines of the same money are taken in. */
  async tellsDuring(captures: readonly Capture[]): Promise<void> {
    for (const capture of captures) {
      if (
        capture.named === "nobody" ||
        this.#town.learned.has(capture.id) ||
        !this.#town.faults.hit("event_during_statement", capture.customer)
      )
        continue;
      const event = this.#event(capture, "payment");
      await this.#delivers({ ...event, id: `during_${event.id}` });
    }
  }

  #takes(customer: string, invoice: string | null, amount: Cents): Capture {
    const { world, till, zone, now } = this.#town;
    const id = world.take(customer, amount);
    const chance = this.#chance.of(`capture ${id}`);
    const named =
      invoice === null ? "nobody" : chance.pick(["ref", "ref", "ref", till.charges.has(invoice) ? "charge" : "ref", "nobody"] as const);
    const method = chance.chance(0.75) ? "pix" : "card";
    const capture = till.take({ id, customer, invoice, named, amount, method, paidOn: zone.dayOf(now), paidAt: now }, now);
    if (method === "pix") this.#account.arrives(capture, "gateway");
    world.say(`gateway: ${customer} pays ${amount} ${invoice ?? ""} by ${method} as ${id}, naming ${named}`);
    return capture;
  }

  /** Something becomes of a payment later. `calm`: also when the faults have stopped. */
  #changes(capture: Capture, at: number, how: () => Parameters<Till["change"]>[2] | null, calm = false): void {
    const { till, world, faults } = this.#town;
    this.#town.at(at, () => {
      const change = faults.stopped && !calm ? null : how();
      if (change !== null) {
        till.change(capture.id, this.#town.now, change);
        world.say(`gateway: ${capture.id} is ${capture.phase}, ${gone(capture)} of ${capture.amount} went back`);
        this.#tells(capture, "payment.changed");
      }
      return Promise.resolve();
    });
  }

  #event(capture: Capture, kind: string): Event {
    const { till, seed } = this.#town;
    const id = `evt_${capture.id}_${kind}_${gone(capture)}_${capture.phase}_${capture.chargedBack ? "held" : "free"}`;
    const byCharge = capture.named !== "nobody" && capture.invoice !== null && stream(seed, `hint ${id}`).chance(0.3);
    return { id, kind, payment: till.payment(capture), charge: byCharge ? chargeOf(capture.invoice ?? "") : null };
  }

  /** The gateway's word of it: at once, late, twice, or never; and words that are not the gateway's, or not true. */
  #tells(capture: Capture, kind: string): void {
    const { faults, now } = this.#town;
    const about = capture.customer;
    const chance = this.#chance.of(`events ${about}`);
    const event = this.#event(capture, kind);
    const later = (ms: number, told: Event, token: "right" | "wrong" = "right"): void =>
      this.#town.at(now + ms, () => this.#delivers(told, token));
    if (faults.hit("event_untrue", about)) {
      const untrue = { ...event.payment, amountCents: event.payment.amountCents + 7_700, refundedCents: 0 };
      later(
        chance.between(1, 120) * 1_000,
        chance.chance(0.5) ? lie(`X${event.id}`, untrue) : { ...event, id: `early_${event.id}`, payment: untrue },
      );
    }
    if (faults.hit("event_forged", about)) later(chance.between(1, 600) * 1_000, lie(`F${event.id}`, event.payment), "wrong");
    if (faults.hit("event_lost", about)) return;
    const delay = faults.hit("event_late", about) ? chance.between(1, 72 * 60) * MINUTE_MS : chance.between(1, 60) * 1_000;
    later(delay, event);
    if (faults.hit("event_twice", about)) later(delay + chance.between(0, 3 * 24 * 60) * MINUTE_MS, event);
  }

  /** A delivery; one that is not answered comes again. */
  async #delivers(event: Event, token: "right" | "wrong" = "right"): Promise<void> {
    const { now, absentUntil } = this.#town;
    const again = (from: number): void =>
      this.#town.at(from + this.#chance.of(`again ${event.id}`).between(1, 60) * MINUTE_MS, () => this.#delivers(event, token));
    if (now < absentUntil) return again(absentUntil);
    let answer: string | null = null;
    const clean = await this.#works("hook", event.payment.paymentId, async ({ intake }) => {
      answer = await intake.deliver(GATEWAY, deliveryOf(event, token));
    });
    if (answer === null) again(now);
    else if (answer !== (token === "right" ? "taken" : "forged"))
      this.#town.oracle.fault("S8", `an event with the ${token} token was ${String(answer)}`);
    if (!clean) this.#later();
  }

  /** The program's own look at what was left over, and at the gateway. */
  async looks(): Promise<void> {
    const { now, absentUntil, zone } = this.#town;
    if (now < absentUntil) return this.#town.at(absentUntil + MINUTE_MS, () => this.looks());
    const clean = await this.#works("money", `look of ${formatDay(zone.dayOf(now))}`, async (options) => {
      await options.intake.workOff();
      await pollGateways(options);
    });
    if (clean) this.#againMs = null;
    else this.#later();
  }

  /** What failed is looked at again: soon, then less often. */
  #later(): void {
    this.#againMs = Math.min(HOUR_MS, (this.#againMs ?? 2 * MINUTE_MS) * 2);
    if (this.#looking) return;
    this.#looking = true;
    this.#town.at(this.#town.now + this.#againMs, () => {
      this.#looking = false;
      return this.looks();
    });
  }

  /** A process works on money; whether it lived to its end and nothing of its work is left over. */
  async #works(kind: string, about: string, work: (options: IntakeOptions & { intake: GatewayIntake }) => Promise<void>): Promise<boolean> {
    const town = this.#town;
    const program = town.start(kind);
    program.fragile = true;
    if (town.faults.hit("crash_in_money", about)) program.light(this.#chance.of(`money fuse ${about}`).between(0, 25));
    const square = {
      till: town.till,
      faults: town.faults,
      now: () => town.now,
      tells: (captures: readonly Capture[]) => town.learned.tells(captures),
      meanwhile: () => this.#meanwhile(about),
    };
    const gateway = new SimGateway(square, program);
    let failed = false;
    const log = { info: () => undefined, error: () => void (failed = true) };
    const options = { engine: program.engine, gateways: new Map([[GATEWAY, gateway]]), log, parallel: 1 };
    const intake = new GatewayIntake(options);
    const ended = await town.learned.during(() =>
      town.guarded(program, about, async () => {
        await work({ ...options, intake });
        await intake.rest();
      }),
    );
    return ended && !failed && !gateway.failed;
  }

  /** While a payment is read, the bank tells of it too. */
  async #meanwhile(about: string): Promise<void> {
    if (this.#town.faults.hit("statement_during_reading", about)) await this.#account.now();
  }
}
