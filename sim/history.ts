// One history: virtual time that goes from event to event, the program's motor, its use cases, and what happens during a call.
import { emptyTally, evaluateCustomers, type Tally } from "../src/engine/evaluate.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { anchorDay } from "../src/engine/anchor-day.ts";
import { approveSuspensions, breakerState } from "../src/engine/breaker.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { MINUTE_MS, type Instant, type Zone } from "../src/kernel/time.ts";
import type { Cents } from "../src/kernel/money.ts";
import { customersById } from "../src/store/facts.ts";
import { Faults } from "./faults.ts";
import { Known } from "./known.ts";
import { Oracle } from "./oracle.ts";
import { Crash, Program, type Machine } from "./program.ts";
import { outsideOf, type Street } from "./ports.ts";
import { stream, type Random } from "./random.ts";
import type { View } from "./support/view.ts";
import { World } from "./world.ts";

interface Event {
  at: Instant;
  order: number;
  run: () => Promise<void>;
}

/** How often a living worker looks around: one seed has a busy one, another a sluggish one. */
const LOOKS_MS = [5_000, 10 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS] as const;
/** Longer than the lease of a claim (40 s). */
const STALL_MS = 45_000;

export interface HistoryOptions {
  seed: number;
  machine: Machine;
  view: View;
  zone: Zone;
  /** Everybody is decided anew before each step of the motor: nothing may follow from it. */
  extraSweeps: boolean;
}

export class History {
  readonly seed: number;
  readonly machine: Machine;
  readonly view: View;
  readonly zone: Zone;
  readonly faults: Faults;
  readonly known: Known;
  readonly world: World;
  readonly oracle: Oracle;
  readonly tally: Tally = emptyTally();
  crashes = 0;
  asleepUntil: Instant = 0;
  readonly #street: Street;
  readonly #random: Random;
  readonly #extra: boolean;
  readonly #lookMs: number;
  #programs = 0;
  #motor: Program;
  #restartAt: Instant = 0;
  #queue: Event[] = [];
  #events = 0;
  #receipts = 0;
  #depth = 0;

  constructor(options: HistoryOptions) {
    const { seed, machine } = options;
    this.seed = seed;
    this.machine = machine;
    this.view = options.view;
    this.zone = options.zone;
    this.#extra = options.extraSweeps;
    this.faults = new Faults(seed);
    this.known = new Known(options.zone);
    this.#random = stream(seed, "history");
    this.#lookMs = stream(seed, "motor").pick(LOOKS_MS);
    this.world = new World(machine.clock, stream(seed, "panel").chance(0.5));
    this.oracle = new Oracle(this.known, this.world);
    this.#street = {
      oracle: this.oracle,
      faults: this.faults,
      meanwhile: (program) => this.#meanwhile(program),
      coin: stream(seed, "coin"),
    };
    this.#motor = this.start("motor");
  }

  get now(): Instant {
    return this.machine.clock.now();
  }

  start(kind: string): Program {
    this.#programs += 1;
    return new Program(`${kind}-${this.#programs}`, this.machine);
  }

  /** Lets something happen at an instant, at once if that is past. */
  at(at: Instant, run: () => Promise<void>): void {
    this.#events += 1;
    this.#queue.push({ at, order: this.#events, run });
    this.#queue.sort((a, b) => a.at - b.at || a.order - b.order);
  }

  /** Lives until an instant. */
  async live(end: Instant): Promise<void> {
    for (;;) {
      const next = this.#queue[0];
      const motor = await this.#motorAt();
      const at = Math.max(this.now, Math.min(next?.at ?? end, motor ?? end));
      if (at >= end) break;
      this.machine.clock.set(at);
      if (next && next.at <= at) {
        this.#queue.shift();
        await next.run();
      } else await this.step();
    }
    this.machine.clock.set(Math.max(this.now, end));
  }

  async #motorAt(): Promise<Instant | null> {
    const wanted = await this.view.wanted();
    return wanted === null ? null : Math.max(wanted, this.#restartAt, this.asleepUntil);
  }

  /** One look of the motor: sweep, then dispatch. A process that dies is started again after a while. */
  async step(): Promise<void> {
    if (this.faults.hit("crash_anywhere")) this.#motor.light(this.#random.between(0, 40));
    const alone = await this.guarded(this.#motor, async (program) => {
      if (this.#extra) await this.evaluateAll(program);
      await sweep(program.engine, this.tally);
      await dispatch(
        program.dispatcher(outsideOf(this.#street, program), () => this.known.order),
        { tally: this.tally },
      );
    });
    this.#restartAt = this.now + this.#lookMs;
    if (alone) return;
    this.#motor = this.start("motor");
    this.#restartAt = this.now + this.#random.between(1, 120) * 1_000;
  }

  /** Decides everybody, due or not. */
  async evaluateAll(program: Program): Promise<void> {
    const { engine } = program;
    const setting = await engine.settings.load(engine.db, this.now);
    await evaluateCustomers(engine, setting, await customersById(engine.db, [...this.known.customers.values()]), this.now, this.tally);
  }

  /** Runs something in a process; false when the process died of it. */
  async guarded(program: Program, work: (program: Program) => Promise<void>): Promise<boolean> {
    try {
      await work(program);
      // The fuse of one step does not burn into the next.
      program.quench();
      return program.alive;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crashes += 1;
      this.world.say(`crash: ${error.message}`);
      return false;
    }
  }

  /** A use case by a person or another system. `again`: it may be repeated, and is until it was answered. */
  async ask<T>(work: (program: Program) => Promise<T>, again = false): Promise<T> {
    for (;;) {
      const program = this.start("api");
      if (again && this.faults.hit("crash_in_use_case")) program.light(this.#random.between(0, 12));
      let answer: { value: T } | null = null;
      const alive = await this.guarded(program, async () => {
        answer = { value: await work(program) };
      });
      if (answer !== null && alive) return (answer as { value: T }).value;
      if (!again) throw new Crash("a use case without a fuse died");
    }
  }

  /** A payment: the bank has it now; the program is told sooner or later, now and then twice. */
  pays(customer: string, invoice: string | null, amount: Cents): void {
    const tell = this.#receipt(customer, invoice, amount);
    const delay = this.faults.hit("receipt_late") ? this.#random.between(1, 72 * 60) * MINUTE_MS : this.#random.between(1, 60) * 1_000;
    this.at(this.now + delay, tell);
    if (this.faults.hit("receipt_twice")) this.at(this.now + delay + this.#random.between(0, 3 * 24 * 60) * MINUTE_MS, tell);
  }

  /** Money at the bank, and how the program is told of it. */
  #receipt(customer: string, invoice: string | null, amount: Cents): () => Promise<void> {
    this.#receipts += 1;
    const id = `r${this.#receipts}`;
    const paidOn = this.zone.dayOf(this.now);
    this.world.paid.set(id, amount);
    this.world.say(`bank: ${customer} pays ${amount} ${invoice ?? ""}`);
    return async () => {
      const customerId = this.known.customers.get(customer) ?? 0;
      const receipt = { customerId, source: "bank", externalId: id, amount, currency: "BRL", paidOn, invoiceRef: invoice };
      await this.ask(async ({ engine }) => {
        const told = await recordReceipts(engine, [{ ...receipt, reason: null, actor: "bank" }]);
        if (told.refused.length > 0) this.oracle.fault("S8", `receipt ${id} was refused: ${told.refused[0]?.reason ?? ""}`);
      }, true);
      this.known.receipt(id, customer, invoice, amount);
      this.world.say(`told: receipt ${id} of ${customer}, ${amount} ${invoice ?? ""}`);
    };
  }

  /** Every day after midnight: the day before is anchored, and staff looks at the breaker. */
  async midnight(): Promise<void> {
    const program = this.start("upkeep");
    await anchorDay(program.engine, this.zone.dayOf(this.now) - 1);
    if ((await breakerState(program.engine.db)).trippedAt !== null) await approveSuspensions(program.engine, "staff");
  }

  /** Something else happens while a call is on its way: money, a second worker, or a stall longer than the lease. */
  async #meanwhile(program: Program): Promise<void> {
    if (this.#depth > 0) return;
    this.#depth += 1;
    if (this.faults.hit("payment_during_call")) await this.#surprisePayment();
    const stall = this.faults.hit("stall_past_lease");
    if (stall) {
      program.zombie = true;
      this.machine.clock.set(this.now + STALL_MS);
      this.world.say(`${program.name} stalls past its lease`);
    }
    if (stall || this.faults.hit("second_worker")) {
      const second = this.start("second");
      await this.guarded(second, async ({ engine }) => {
        await sweep(engine, this.tally);
        await dispatch(
          second.dispatcher(outsideOf(this.#street, second), () => this.known.order),
          { tally: this.tally },
        );
      });
    }
    this.#depth -= 1;
  }

  async #surprisePayment(): Promise<void> {
    const owed = [...this.known.invoices.values()].filter((i) => i.settledAt === null && i.dueOn < this.zone.dayOf(this.now));
    if (owed.length === 0) return;
    const invoice = this.#random.pick(owed);
    await this.#receipt(invoice.customer, invoice.ref, invoice.open)();
  }
}
