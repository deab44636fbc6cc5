// One history: virtual time that goes from event to event, the program's motor, its use cases, and what happens during a call.
import { emptyTally, evaluateCustomers, type Tally } from "../src/engine/evaluate.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { LEASE_MS } from "../src/jobs/lease.ts";
import { sweep } from "../src/jobs/sweep.ts";
import { formatDay, MINUTE_MS, type Instant, type Zone } from "../src/kernel/time.ts";
import { customersById } from "../src/store/facts.ts";
import { Account, STATEMENT } from "./account.ts";
import { Agenda } from "./agenda.ts";
import { Bank } from "./bank.ts";
import { Cashier } from "./cashier.ts";
import { Lost, type Break, type Weather } from "./connection.ts";
import { Faults, type FaultKind } from "./faults.ts";
import { Known } from "./known.ts";
import { Learned } from "./learned.ts";
import { Oracle } from "./oracle.ts";
import { Drawer, type Paper } from "./papers.ts";
import type { LadderName } from "./oracle-ladder.ts";
import { Watch } from "./oracle-watch.ts";
import { Crash, Program, type Machine } from "./program.ts";
import { outsideOf, type Street } from "./ports.ts";
import { stream, Streams } from "./random.ts";
import { surprisePayment } from "./surprise.ts";
import type { View } from "./support/view.ts";
import { Till } from "./till.ts";
import { World } from "./world.ts";

/** How often a living worker looks around: one seed has a busy one, another a sluggish one. */
const LOOKS_MS = [5_000, 10 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS] as const;
/** Longer than the lease of a claim. */
const STALL_MS = LEASE_MS + 5_000;
/** Whoever was woken, or has somebody waiting, looks as often as a worker of a running installation; then at the seed's own pace again. */
const LIVELY_MS = 5 * MINUTE_MS;
const LIVELY_LOOK_MS = 5_000;

/** Processes that do the use cases of people and money: their rows are for a worker. */
const WAKING: ReadonlySet<string> = new Set(["api", "hook", "money"]);

export interface HistoryOptions {
  seed: number;
  machine: Machine;
  view: View;
  zone: Zone;
  ladder: LadderName;
  /** Everybody is decided anew before each step of the motor: nothing may follow from it. */
  extraSweeps: boolean;
  /** Kinds of fault that are left out. */
  without?: readonly FaultKind[];
  /** Kinds of fault that happen as often as they may. */
  needs?: readonly FaultKind[];
  /** Lives no longer than until one of these is violated; absent: to the end. */
  until?: readonly string[];
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
  readonly watch: Watch;
  readonly till = new Till();
  readonly learned: Learned;
  readonly account: Account;
  readonly cashier: Cashier;
  readonly bank: Bank;
  /** Payment proofs sent so far, and where the program keeps its files. */
  readonly papers: Paper[] = [];
  readonly drawer = new Drawer();
  readonly tally: Tally = emptyTally();
  /** Something that people tell at this very moment; `about`: whose chance decides what. */
  news: (about: string) => Promise<void> = () => Promise.resolve();
  crashes = 0;
  readonly #street: Street;
  readonly #chance: Streams;
  readonly #extra: boolean;
  readonly #until: readonly string[];
  readonly #lookMs: number;
  #programs = 0;
  #motor: Program;
  /** No process lives before; and the one that lives does not look before. */
  #absentUntil: Instant = 0;
  #lookAt: Instant = 0;
  #livelyUntil: Instant = 0;
  /** The process at work now, and what its statements are about. */
  #acting: { program: Program; about: string } | null = null;
  readonly #agenda = new Agenda();
  #depth = 0;

  constructor(options: HistoryOptions) {
    const { seed, machine } = options;
    this.seed = seed;
    this.machine = machine;
    this.view = options.view;
    this.zone = options.zone;
    this.#extra = options.extraSweeps;
    this.#until = options.until ?? [];
    this.faults = new Faults(seed, options.without, options.needs);
    this.known = new Known(options.zone);
    this.#chance = new Streams(seed);
    this.#lookMs = stream(seed, "motor").pick(LOOKS_MS);
    this.world = new World(machine.clock, stream(seed, "panel").chance(0.5));
    this.oracle = new Oracle(this.known, this.world, options.ladder);
    this.watch = new Watch(this.oracle, this.view);
    this.learned = new Learned({ known: this.known, world: this.world, oracle: this.oracle, view: this.view, now: () => this.now });
    this.account = new Account(this);
    this.cashier = new Cashier(this, this.account);
    this.bank = new Bank(this, this.cashier, this.account);
    this.#street = {
      oracle: this.oracle,
      faults: this.faults,
      meanwhile: (program, about) => this.#meanwhile(program, about),
      coins: this.#chance,
      pass: (ms) => this.machine.clock.set(this.now + ms),
      later: (ms, change) => this.at(this.now + ms, () => Promise.resolve(change())),
    };
    this.#motor = this.start("motor");
  }

  get now(): Instant {
    return this.machine.clock.now();
  }

  start(kind: string): Program {
    this.#programs += 1;
    return new Program(kind, this.#programs, this.machine, () => this.#wake());
  }

  get absentUntil(): Instant {
    return this.#absentUntil;
  }

  /** Nothing of the program lives until then. */
  absent(until: Instant): void {
    if (until <= this.#absentUntil) return;
    this.world.absences.push({ from: Math.max(this.now, this.#absentUntil), to: until });
    this.#absentUntil = until;
  }

  /** The clock goes back. What a process waits for is measured by time that passes, not by the clock: it comes so much earlier by it. */
  setBack(ms: number): void {
    this.machine.clock.set(this.now - ms);
    this.#absentUntil -= ms;
    this.#lookAt -= ms;
    this.#livelyUntil -= ms;
  }

  /** A use case wrote rows for the outbox: a worker that lives looks at once. */
  #wake(): void {
    if (!WAKING.has(this.#acting?.program.kind ?? "")) return;
    this.#livelyUntil = this.now + LIVELY_MS;
    this.#lookAt = Math.min(this.#lookAt, this.now + 1_000);
  }

  /** Lets something happen at an instant, at once if that is past. */
  at(at: Instant, run: () => Promise<void>): void {
    this.#agenda.add(at, run);
  }

  /** An invariant it was to live until is violated. */
  get over(): boolean {
    return this.#until.length > 0 && this.oracle.violations.some(({ invariant }) => this.#until.includes(invariant));
  }

  /** Lives until an instant. */
  async live(end: Instant): Promise<void> {
    for (;;) {
      if (this.over) return;
      const next = this.#agenda.first;
      const motor = await this.#motorAt(next?.at ?? end);
      const at = Math.max(this.now, Math.min(next?.at ?? end, motor ?? end));
      if (at >= end) break;
      this.machine.clock.set(at);
      if (next && next.at <= at) {
        this.#agenda.take();
        await next.run();
      } else await this.step();
    }
    this.machine.clock.set(Math.max(this.now, end));
  }

  /** When the motor looks next. Not asked for where that is not before `next`: what happens first is certain then. */
  async #motorAt(next: Instant): Promise<Instant | null> {
    // For who waits to be given back the worker looks as often as a running one, whoever began the wait: money, or a call given up that landed.
    if (this.oracle.waiting.anybody) this.#lookAt = Math.min(this.#lookAt, this.now + LIVELY_LOOK_MS);
    const earliest = Math.max(this.#absentUntil, this.#lookAt);
    if (earliest >= next) return earliest;
    const wanted = await this.view.wanted();
    return wanted === null ? null : Math.max(wanted, earliest);
  }

  /** One look of the motor: sweep, then dispatch. A process that dies is started again after a while. */
  async step(): Promise<void> {
    const today = formatDay(this.zone.dayOf(this.now));
    const chance = this.#chance.of(`motor ${today}`);
    const motor = this.#motor;
    if (this.faults.hit("crash_anywhere", today)) motor.light(chance.between(0, 40));
    await this.guarded(motor, today, async (program) => {
      if (this.#extra) await this.evaluateAll(program);
      await this.#work(program);
    });
    const lively = this.now < this.#livelyUntil || this.oracle.waiting.anybody;
    this.#lookAt = this.now + (lively ? LIVELY_LOOK_MS : this.#lookMs);
    if (motor.alive) return;
    this.#motor = this.start("motor");
    this.absent(this.now + chance.between(1, 120) * 1_000);
    this.#lookAt = this.#absentUntil;
    // What a death left half done is looked at now and then before the next process mends it.
    if (chance.chance(0.2)) await this.watch.look();
  }

  async #work(program: Program): Promise<void> {
    await sweep(program.engine, this.tally);
    await dispatch(
      program.dispatcher(outsideOf(this.#street, program), () => this.known.order),
      { tally: this.tally },
    );
  }

  /** Decides everybody, due or not. */
  async evaluateAll({ engine }: Program): Promise<void> {
    const setting = await engine.settings.load(engine.db, this.now);
    await evaluateCustomers(engine, setting, await customersById(engine.db, [...this.known.customers.values()]), this.now, this.tally);
  }

  /**
   * Runs something in a process; whether it came to its end. A process dies of a crash, and lives on when only its line broke.
   * `about`: whose chance decides what happens to its statements.
   */
  async guarded(program: Program, about: string, work: (program: Program) => Promise<void>): Promise<boolean> {
    const before = this.#acting;
    this.#acting = { program, about };
    try {
      await work(program);
      // The fuse of one step does not burn into the next.
      program.quench();
      return program.alive;
    } catch (error) {
      program.unwritten.add(program.token);
      this.world.deaths += 1;
      if (error instanceof Crash) this.crashes += 1;
      else if (!(error instanceof Lost)) throw error;
      this.world.say(`${error instanceof Crash ? "crash" : program.name}: ${error.message}`);
      return false;
    } finally {
      this.#acting = before;
    }
  }

  /** What happens to the statements of the process at work: only to one that tries again by itself. */
  weather(): Weather | null {
    if (!this.#acting?.program.fragile) return null;
    const { about } = this.#acting;
    return {
      begins: async () => {
        await this.learned.learn();
        await this.#between(about);
      },
      breaks: () => this.faults.hit("connection_lost", about),
      commits: (): Break =>
        this.faults.hit("commit_lost", about) ? (this.#chance.of(`commit ${about}`).chance(0.5) ? "before" : "after") : null,
    };
  }

  /** Between two transactions of a process others have theirs. */
  async #between(about: string): Promise<void> {
    if (this.#depth > 0) return;
    this.#depth += 1;
    if (this.faults.hit("payment_between", about)) await surprisePayment(this, this.#chance, about);
    if (this.faults.hit("news_between", about)) await this.news(about);
    if (about === STATEMENT) await this.cashier.tellsDuring(this.account.kept());
    if (this.faults.hit("worker_between", about)) await this.#secondWorker(about);
    this.#depth -= 1;
  }

  /** A use case by a person or another system. `again`: it may be repeated, and is until it was answered; the customer it is about. */
  async ask<T>(work: (program: Program) => Promise<T>, again: string | null = null): Promise<T> {
    for (;;) {
      const program = this.start("api");
      program.fragile = again !== null;
      if (again !== null && this.faults.hit("crash_in_use_case", again)) program.light(this.#chance.of(`fuse ${again}`).between(0, 12));
      let answer: { value: T } | null = null;
      const ended = await this.guarded(program, again ?? "", async () => {
        answer = { value: await work(program) };
      });
      if (answer !== null && ended) return (answer as { value: T }).value;
      if (again === null) throw new Crash("a use case without a fuse died");
    }
  }

  /** Something else happens while a call is on its way: money, a second worker, or a stall longer than the lease. */
  async #meanwhile(program: Program, about: string): Promise<void> {
    if (this.#depth > 0) return;
    this.#depth += 1;
    if (this.faults.hit("payment_during_call", about)) await surprisePayment(this, this.#chance, about);
    if (this.faults.hit("news_during_call", about)) await this.news(about);
    const stall = this.faults.hit("stall_past_lease", about);
    if (stall) {
      program.zombie = true;
      program.unwritten.add(program.token);
      this.world.deaths += 1;
      this.machine.clock.set(this.now + STALL_MS);
      this.world.say(`${program.name} stalls past its lease`);
    }
    if (stall || this.faults.hit("second_worker", about)) await this.#secondWorker(about);
    this.#depth -= 1;
  }

  async #secondWorker(about: string): Promise<void> {
    await this.guarded(this.start("second"), about, (program) => this.#work(program));
  }
}
