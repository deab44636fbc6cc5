// Read, act, read again: the one way any panel's account is changed, whatever the panel's own words for it are.
import type { AccessReason, Account, AccountState, BackupState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { OUR_MARK } from "../../ports/control-panel.ts";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { BAD_NAME, fitForReason, isAccountName } from "./account-name.ts";
import { OneAtATime } from "./one-at-a-time.ts";

export type Act = "suspend" | "unsuspend" | "terminate";

export interface Job<S> {
  account: string;
  /** What was read right before. */
  seen: S;
  /** One line that begins with our mark. */
  reason: string;
}

/** One panel's words: what an account is there, and how it is changed. Knows nothing of order, names or repetition. */
export interface PanelDriver<S> {
  readonly kind: string;
  readonly capabilities: PanelCapabilities;
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
  list(context: CallContext): Promise<Outcome<readonly Account[]>>;
  look(account: string, context: CallContext): Promise<Outcome<S>>;
  stateOf(seen: S): AccountState;
  /** Whether nothing is left to do; by default {@link isSettled} of the state. */
  settled?(act: Act, seen: S): boolean;
  /** Carries the act out once; its word alone is not believed. */
  act(act: Act, job: Job<S>, context: CallContext): Promise<Outcome<null>>;
  /** Names that this panel could have; by default {@link isAccountName}. */
  isName?(account: string): boolean;
  scheduleBackup?(account: string, context: CallContext): Promise<Outcome<BackupState>>;
  readBackup?(account: string, context: CallContext): Promise<Outcome<BackupState>>;
}

const NO_BACKUP = refused("This panel takes no orders for backups.");

/** Drives a panel: one act at a time, each between two readings. */
export class LevelPanel<S> implements ControlPanel {
  readonly kind: string;
  readonly capabilities: PanelCapabilities;
  readonly #driver: PanelDriver<S>;
  readonly #line = new OneAtATime();

  constructor(driver: PanelDriver<S>) {
    this.#driver = driver;
    this.kind = driver.kind;
    this.capabilities = driver.capabilities;
  }

  test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    return this.#driver.test(context);
  }

  list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    return this.#driver.list(context);
  }

  async read(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    const seen = await this.#look(account, context);
    return seen.outcome === "done" ? done(this.#driver.stateOf(seen.value)) : seen;
  }

  suspend(account: string, reason: AccessReason, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act("suspend", account, context, reasonLine(reason));
  }

  unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act("unsuspend", account, context);
  }

  async terminate(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    if (!this.capabilities.terminate) return refused("Deleting accounts is switched off for this panel.");
    return this.#act("terminate", account, context);
  }

  async scheduleBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    if (!this.#driver.scheduleBackup) return NO_BACKUP;
    if (!this.#isName(account)) return refused(BAD_NAME);
    return this.#line.run(this.#key(account), context, async () => (await this.#driver.scheduleBackup?.(account, context)) ?? NO_BACKUP);
  }

  async readBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    if (!this.#isName(account)) return refused(BAD_NAME);
    return (await this.#driver.readBackup?.(account, context)) ?? NO_BACKUP;
  }

  async #act(act: Act, account: string, context: CallContext, reason = ""): Promise<Outcome<AccountState>> {
    return this.#line.run(this.#key(account), context, async () => {
      const before = await this.#look(account, context);
      if (before.outcome !== "done") return before;
      if (this.#settled(act, before.value)) return done(this.#driver.stateOf(before.value));
      const said = await this.#driver.act(act, { account, seen: before.value, reason }, context);
      if (said.outcome === "unknown") return said;
      const after = await this.#look(account, context);
      if (after.outcome !== "done") return said.outcome === "done" ? unknown(`Asked for, but not read again: ${after.reason}`) : said;
      // What is read puts a refusal right that means "it is so already", and puts a success right that did nothing.
      const state = this.#driver.stateOf(after.value);
      if (this.#settled(act, after.value)) return done(state);
      return said.outcome === "done" ? refused(`The panel answered success, but the account reads ${state.access}.`, true) : said;
    });
  }

  async #look(account: string, context: CallContext): Promise<Outcome<S>> {
    return this.#isName(account) ? this.#driver.look(account, context) : refused(BAD_NAME);
  }

  #settled(act: Act, seen: S): boolean {
    return this.#driver.settled?.(act, seen) ?? isSettled(act, this.#driver.stateOf(seen));
  }

  #isName(account: string): boolean {
    return this.#driver.isName?.(account) ?? isAccountName(account);
  }

  #key(account: string): string {
    return this.capabilities.serial === "server" ? "" : account;
  }
}

/** The account is as the act would have it, or is not ours to change. */
export function isSettled(act: Act, state: AccountState): boolean {
  if (state.access === "absent") return true;
  if (act === "terminate") return false;
  if (act === "suspend") return state.access === "suspended";
  return state.access === "active" || state.by === "other";
}

/** Whose a suspension is, by the reason that the panel keeps beside it. */
export function suspendedFor(reason: string | null): AccountState {
  const text = reason === null || reason.trim() === "" ? null : reason.trim();
  return { access: "suspended", by: text?.startsWith(OUR_MARK) ? "us" : "other", reason: text };
}

/** One line that begins with our mark: it can be no option of a command, and an operator sees whose it is. */
export function reasonLine(reason: AccessReason): string {
  const line = fitForReason(reason.text, [], 200);
  return line.startsWith(OUR_MARK) ? line : `${OUR_MARK} ${line}`;
}
