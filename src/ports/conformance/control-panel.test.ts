// Shows that the suite is a judge: the sandbox passes it, and each planted defect is caught by a check.
import { describe, expect, it } from "vitest";
import { InMemorySandboxAccounts, SandboxPanel } from "../../adapters/panels/sandbox.ts";
import type { SandboxCall, SandboxFault } from "../../adapters/panels/sandbox.ts";
import { done, refused } from "../outcome.ts";
import type { AccountState, ControlPanel } from "../control-panel.ts";
import { controlPanelChecks, controlPanelConformance } from "./control-panel.ts";
import type { PanelWorld } from "./control-panel.ts";

const SECRET = "s3cr3t-of-the-sandbox";

/** Counts changes, and can be made to never answer. */
class WatchedAccounts extends InMemorySandboxAccounts {
  changes = 0;
  stalled = false;

  override async read(account: string): Promise<AccountState | null> {
    if (this.stalled) await new Promise(() => undefined);
    return super.read(account);
  }

  override async list() {
    if (this.stalled) await new Promise(() => undefined);
    return super.list();
  }

  override write(account: string, state: AccountState): Promise<void> {
    this.changes += 1;
    return super.write(account, state);
  }
}

const ACTS: readonly SandboxCall["operation"][] = ["suspend", "unsuspend", "terminate"];

function openWorld(wrap: (panel: SandboxPanel, accounts: WatchedAccounts) => ControlPanel = (panel) => panel): PanelWorld {
  const accounts = new WatchedAccounts();
  let next: SandboxFault = "ok";
  let standing: SandboxFault = "ok";
  const sandbox = new SandboxPanel({
    accounts,
    faults: ({ operation }) => {
      if (!ACTS.includes(operation)) return "ok";
      const fault = next === "ok" ? standing : next;
      next = "ok";
      return fault;
    },
  });
  const set = (act: () => void) => () => Promise.resolve(act());
  return {
    panel: wrap(sandbox, accounts),
    addAccount: (name) => sandbox.create(name),
    truth: async (name) => (await InMemorySandboxAccounts.prototype.read.call(accounts, name))?.access ?? "absent",
    changes: () => Promise.resolve(accounts.changes),
    suspendByOther: (name) => accounts.write(name, { access: "suspended", by: "other", reason: "spam" }),
    loseNextAnswer: set(() => (next = "lost_after")),
    stall: set(() => (accounts.stalled = true)),
    refuseActs: set(() => (standing = "refuse")),
    secrets: [SECRET],
    close: () => Promise.resolve(),
  };
}

controlPanelConformance("the sandbox", () => Promise.resolve(openWorld()));

/** A panel with one method replaced by a wrong one. */
const broken = (panel: ControlPanel, wrong: Partial<ControlPanel>): ControlPanel =>
  new Proxy(panel, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in wrong ? wrong : target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });

const MUTANTS: Record<string, (panel: SandboxPanel, accounts: WatchedAccounts) => ControlPanel> = {
  "takes a time-out for a failure": (panel) =>
    broken(panel, {
      suspend: async (account, reason, context) => {
        const outcome = await panel.suspend(account, reason, context);
        return outcome.outcome === "unknown" ? refused(outcome.reason) : outcome;
      },
    }),
  "takes a second suspension for a failure": (panel) =>
    broken(panel, {
      suspend: async (account, reason, context) => {
        const before = await panel.read(account, context);
        if (before.outcome === "done" && before.value.access === "suspended") return refused("HTTP 401");
        return panel.suspend(account, reason, context);
      },
    }),
  "suspends over another party's suspension": (panel, accounts) =>
    broken(panel, {
      suspend: async (account, reason) => {
        const state: AccountState = { access: "suspended", by: "us", reason: reason.text };
        if ((await accounts.read(account)) !== null) await accounts.write(account, state);
        return done(state);
      },
    }),
  "opens what another party closed": (panel, accounts) =>
    broken(panel, {
      unsuspend: async (account) => {
        if ((await accounts.read(account)) !== null) await accounts.write(account, { access: "active" });
        return done({ access: "active" });
      },
    }),
  "answers without doing": (panel) => broken(panel, { unsuspend: () => Promise.resolve(done({ access: "active" })) }),
  "ignores the deadline of a reading": (panel) =>
    broken(panel, { read: (account) => panel.read(account, { signal: AbortSignal.timeout(20_000) }) }),
  "says its secret": (panel) => broken(panel, { test: () => Promise.resolve(done({ detail: `signed in with ${SECRET}` })) }),
  "forgets accounts in its list": (panel) => broken(panel, { list: () => Promise.resolve(done([])) }),
  "makes unknown accounts": (panel) =>
    broken(panel, {
      read: async (account, context) => {
        await panel.create(account);
        return panel.read(account, context);
      },
    }),
  "calls a second removal a failure": (panel) =>
    broken(panel, {
      terminate: async (account, context) => {
        const before = await panel.read(account, context);
        if (before.outcome === "done" && before.value.access === "absent") return refused("no such account");
        return panel.terminate(account, context);
      },
    }),
};

describe("the suite for control panels", () => {
  it.each(Object.keys(MUTANTS))("catches a panel that %s", async (name) => {
    const failed: string[] = [];
    await Promise.all(
      controlPanelChecks.map(async (check) => {
        try {
          await check.run(openWorld(MUTANTS[name]));
        } catch {
          failed.push(check.name);
        }
      }),
    );
    expect(failed).not.toEqual([]);
  });
});
