// A panel without a server behind it: accounts in a store, and faults on demand, to rehearse with.
import { OUR_MARK } from "../../ports/control-panel.ts";
import type { AccessReason, Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { DEADLINE, orDeadline } from "./deadline.ts";
import { OneAtATime } from "./one-at-a-time.ts";

/** Where the sandbox keeps its accounts. `absent` is never stored: writing it removes the account. */
export interface SandboxAccounts {
  read(account: string): Promise<AccountState | null>;
  write(account: string, state: AccountState): Promise<void>;
  list(): Promise<readonly Account[]>;
}

/** Forgets with the process: for tests and the simulator. */
export class InMemorySandboxAccounts implements SandboxAccounts {
  readonly #accounts = new Map<string, AccountState>();

  read(account: string): Promise<AccountState | null> {
    return Promise.resolve(this.#accounts.get(account) ?? null);
  }

  write(account: string, state: AccountState): Promise<void> {
    if (state.access === "absent") this.#accounts.delete(account);
    else this.#accounts.set(account, state);
    return Promise.resolve();
  }

  list(): Promise<readonly Account[]> {
    return Promise.resolve([...this.#accounts].map(([name, access]) => ({ name, access })));
  }
}

export interface SandboxCall {
  operation: "test" | "read" | "suspend" | "unsuspend" | "terminate" | "list";
  account: string | null;
}

/** `lost_before`: the call never arrived; `lost_after`: it was done and the answer was lost. The caller cannot tell them apart. */
export type SandboxFault = "ok" | "refuse" | "lost_before" | "lost_after";

export interface SandboxOptions {
  accounts: SandboxAccounts;
  /** Asked at every call; absent: nothing ever fails. */
  faults?: (call: SandboxCall) => SandboxFault;
}

/** A control panel to rehearse with. Unknown accounts are absent: they come to be by {@link SandboxPanel.create} only. */
export class SandboxPanel implements ControlPanel {
  readonly kind = "sandbox";
  readonly capabilities: PanelCapabilities = { keepsReason: true, terminate: true, serial: "account" };
  readonly #accounts: SandboxAccounts;
  readonly #faults: (call: SandboxCall) => SandboxFault;
  readonly #line = new OneAtATime();

  constructor(options: SandboxOptions) {
    this.#accounts = options.accounts;
    this.#faults = options.faults ?? (() => "ok");
  }

  /** Makes an account, active. One that exists stays as it is. */
  async create(account: string): Promise<void> {
    if ((await this.#accounts.read(account)) === null) await this.#accounts.write(account, { access: "active" });
  }

  test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    return this.#answer({ operation: "test", account: null }, context, async () => {
      const accounts = await this.#accounts.list();
      return done({ detail: `Sandbox with ${accounts.length} accounts; nothing outside is touched.` });
    });
  }

  read(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#answer({ operation: "read", account }, context, async () => done(await this.#state(account)));
  }

  suspend(account: string, reason: AccessReason, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act({ operation: "suspend", account }, account, context, async (before) => {
      if (before.access === "active") await this.#accounts.write(account, { access: "suspended", by: "us", reason: reason.text });
    });
  }

  unsuspend(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act({ operation: "unsuspend", account }, account, context, async (before) => {
      const ours = before.access === "suspended" && (before.by === "us" || before.reason?.startsWith(OUR_MARK) === true);
      if (ours) await this.#accounts.write(account, { access: "active" });
    });
  }

  terminate(account: string, context: CallContext): Promise<Outcome<AccountState>> {
    return this.#act({ operation: "terminate", account }, account, context, async (before) => {
      if (before.access !== "absent") await this.#accounts.write(account, { access: "absent" });
    });
  }

  list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    return this.#answer({ operation: "list", account: null }, context, async () => done(await this.#accounts.list()));
  }

  async #state(account: string): Promise<AccountState> {
    return (await this.#accounts.read(account)) ?? { access: "absent" };
  }

  /** The line is kept to the real end of the work, not to the deadline: a slow write must not land after a later one. */
  #act(call: SandboxCall, account: string, context: CallContext, change: (before: AccountState) => Promise<void>) {
    return this.#answer(call, context, () =>
      this.#line.run(account, context, async () => {
        await change(await this.#state(account));
        return done(await this.#state(account));
      }),
    );
  }

  async #answer<T>(call: SandboxCall, context: CallContext, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (context.signal.aborted) return unknown("The deadline had passed before the call.");
    const fault = this.#faults(call);
    if (fault === "refuse") return refused("The sandbox was told to refuse this call.", true);
    if (fault === "lost_before") return unknown("The connection was lost.");
    const outcome = await orDeadline(work(), context.signal);
    if (outcome === DEADLINE) return unknown("No answer came before the deadline.");
    return fault === "lost_after" ? unknown("The connection was lost.") : outcome;
  }
}
