// Stands before one panel: few calls at a time, each with its own time, none while it is known to be down, none after it refused our key.
import { deadline, wait, type Clock } from "../../kernel/clock.ts";
import type { AccessReason, Account, AccountState, BackupState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { refused, type CallContext, type Outcome, type Refused } from "../../ports/outcome.ts";
import type { Db } from "../../store/database.ts";
import { leaveTurn, readCircuit, takeTurn, writeCircuit, type Circuit } from "../../store/panel-circuits.ts";
import { Gate } from "./gate.ts";

/** Failures in a row after which a panel is let be. */
const OPEN_AFTER = 6;
/**
 * How long at first, doubled with each further failure up to the most. A minute at most: who paid is up within fifteen minutes of the
 * panel's return, and his release is tried every ten.
 */
const OPEN_MS = 10_000;
const OPEN_MOST_MS = 60_000;
/** A state older than this is read again: another process, or a person's test, may have changed it. */
const FRESH_MS = 2_000;
/** Asked for a turn that another process holds at this distance. */
const TURN_POLL_MS = 100;
/** A process that died in its turn is waited for this long; no call lasts longer. */
const TURN_MS = 45_000;

export interface GuardOptions {
  name: string;
  panel: ControlPanel;
  db: Db;
  /** The machine's own: a sandbox's clock stands still. */
  clock: Clock;
  newToken: () => string;
  /** Calls at the same time, of this process. */
  parallel: number;
  /** A call that takes longer is given up, in milliseconds. */
  callMs: number;
}

export class GuardedPanel implements ControlPanel {
  readonly kind: string;
  readonly capabilities: PanelCapabilities;
  readonly #options: GuardOptions;
  readonly #gate: Gate;
  /** By account, or one for the whole server. */
  readonly #lines = new Map<string, Gate>();
  #circuit: Circuit | null = null;
  #readAt: number | null = null;
  /** The adapter itself sends nothing any more, until it is tested. */
  #lockedHere = false;
  /** One call tries whether the panel is back; the others wait for its end. */
  #probe: Promise<void> | null = null;

  constructor(options: GuardOptions) {
    this.#options = options;
    this.kind = options.panel.kind;
    this.capabilities = options.panel.capabilities;
    this.#gate = new Gate(options.parallel);
  }

  /** A person's test passes whatever the state, and its success ends every state. */
  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    const outcome = await this.#options.panel.test(this.#timed(context));
    await this.#note(outcome, true);
    return outcome;
  }

  read(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#pass(context, (timed) => this.#options.panel.read(account, timed));
  }

  suspend(account: string, reason: AccessReason, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#inTurn(account, context, (timed) => this.#options.panel.suspend(account, reason, timed));
  }

  unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#inTurn(account, context, (timed) => this.#options.panel.unsuspend(account, timed));
  }

  terminate(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#inTurn(account, context, (timed) => this.#options.panel.terminate(account, timed));
  }

  /** Reads many accounts: only the caller's own deadline holds. */
  list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    return this.#pass(context, () => this.#options.panel.list(context));
  }

  async scheduleBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    return this.#pass(context, async (timed) => (await this.#options.panel.scheduleBackup?.(account, timed)) ?? NO_BACKUP);
  }

  async readBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    return this.#pass(context, async (timed) => (await this.#options.panel.readBackup?.(account, timed)) ?? NO_BACKUP);
  }

  #timed({ signal }: CallContext): CallContext {
    return { signal: AbortSignal.any([signal, deadline(this.#options.callMs)]) };
  }

  async #pass<T>(context: CallContext, call: (timed: CallContext) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (!(await this.#gate.enter(context.signal))) return NO_PLACE;
    try {
      const held = await this.#held(context);
      if (held) return held;
      const outcome = await call(this.#timed(context));
      await this.#note(outcome, false);
      return outcome;
    } finally {
      this.#gate.leave();
    }
  }

  /** Acts on one account, or on a whole server that bears one act at a time, never meet: neither here nor from another process. */
  async #inTurn<T>(account: string, context: CallContext, call: (timed: CallContext) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const key = this.capabilities.serial === "server" ? "" : account;
    const line = this.#lines.get(key) ?? new Gate(1);
    this.#lines.set(key, line);
    // In this process in the order asked: looking for a turn again and again would let a later act overtake.
    if (!(await line.enter(context.signal))) return NO_PLACE;
    try {
      return await this.#withTurn({ panel: this.#options.name, account: key }, context, call);
    } finally {
      line.leave();
    }
  }

  async #withTurn<T>(
    key: { panel: string; account: string },
    context: CallContext,
    call: (timed: CallContext) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    const { db, clock, newToken } = this.#options;
    const holder = newToken();
    for (;;) {
      const now = clock.now();
      if (await takeTurn(db, key, { holder, now, until: now + TURN_MS })) break;
      if (context.signal.aborted) return NO_PLACE;
      await wait(TURN_POLL_MS);
    }
    try {
      return await this.#pass(context, call);
    } finally {
      await leaveTurn(db, key, holder);
    }
  }

  /** The refusal that stands instead of a call; null: it may go out. */
  async #held(context: CallContext): Promise<Refused | null> {
    const circuit = await this.#state();
    if (circuit?.state === "locked")
      return { ...refused(`Not sent: ${circuit.because ?? "our key was refused"}`, true), credentials: true };
    // A person tested it elsewhere: the adapter here forgets its refusal by a test of its own.
    if (this.#lockedHere) {
      const tested = await this.#options.panel.test(this.#timed(context));
      await this.#note(tested, true);
      if (tested.outcome !== "done") return refused(`Not sent: ${tested.reason}`, true);
    }
    if (circuit?.state !== "open") return null;
    if ((circuit.until ?? 0) > this.#options.clock.now()) return asleep(circuit);
    if (!this.#probe) {
      this.#probe = this.#try(context).finally(() => {
        this.#probe = null;
      });
    }
    await this.#probe;
    const after = this.#circuit;
    return after?.state === "open" ? asleep(after) : null;
  }

  /** A test changes nothing on the panel, so it is what finds out whether it is back. */
  async #try(context: CallContext): Promise<void> {
    await this.#note(await this.#options.panel.test(this.#timed(context)), true);
  }

  async #state(): Promise<Circuit | null> {
    const now = this.#options.clock.now();
    if (this.#readAt === null || now - this.#readAt >= FRESH_MS || now < this.#readAt) {
      this.#circuit = await readCircuit(this.#options.db, this.#options.name);
      this.#readAt = now;
    }
    return this.#circuit;
  }

  async #note(outcome: Outcome<unknown>, tested: boolean): Promise<void> {
    const now = this.#options.clock.now();
    if (outcome.outcome === "refused" && outcome.credentials) {
      this.#lockedHere = true;
      await this.#write({ state: "locked", failures: 0, because: outcome.reason, since: now, until: null });
      return;
    }
    const failed = outcome.outcome === "unknown" || (outcome.outcome === "refused" && outcome.unreached === true);
    if (failed) {
      const failures = (this.#circuit?.failures ?? 0) + 1;
      const opens = failures >= OPEN_AFTER;
      const until = opens ? now + Math.min(OPEN_MOST_MS, OPEN_MS * 2 ** Math.min(failures - OPEN_AFTER, 10)) : null;
      const state = opens ? "open" : (this.#circuit?.state ?? "closed");
      await this.#write({ state, failures, because: outcome.reason, since: now, until });
      return;
    }
    // A refusal that answers is an answer: the panel is there. Only a test that ends well unlocks.
    if (tested && outcome.outcome !== "done") return;
    if (tested) this.#lockedHere = false;
    if (this.#circuit && (this.#circuit.state !== "closed" || this.#circuit.failures > 0))
      await this.#write({ state: "closed", failures: 0, because: null, since: now, until: null });
    else if (tested && !this.#circuit) await this.#write({ state: "closed", failures: 0, because: null, since: now, until: null });
  }

  async #write(circuit: Circuit): Promise<void> {
    this.#circuit = circuit;
    this.#readAt = this.#options.clock.now();
    await writeCircuit(this.#options.db, this.#options.name, circuit);
  }
}

const NO_PLACE = refused("Not sent: earlier calls to the same panel had not ended when the deadline came.", true);
const NO_BACKUP = refused("This panel takes no orders for backups.");

function asleep({ failures, because }: Circuit): Refused {
  return refused(`Not sent: the panel failed ${failures} times in a row and is let be for a moment. Last: ${because ?? "no answer"}`, true);
}
