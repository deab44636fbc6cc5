// The sandbox passes the suite; and the suite is a judge: each planted defect is caught by its check.
import { describe, expect, it } from "vitest";
import { assert } from "../../kernel/assert.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "./sandbox.ts";
import type { SandboxCall, SandboxFault } from "./sandbox.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { AccountState, ControlPanel } from "../../ports/control-panel.ts";
import { controlPanelChecks, controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import type { PanelWorld } from "../../ports/conformance/control-panel.ts";

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

interface Mutant {
  /** The check that must catch it. */
  caughtBy: string;
  wrap(panel: SandboxPanel, accounts: WatchedAccounts): ControlPanel;
}

const MUTANTS: Record<string, Mutant> = {
  "takes a time-out for a failure": {
    caughtBy: "a suspension whose answer was lost",
    wrap: (panel) =>
      broken(panel, {
        suspend: async (account, reason, context) => {
          const outcome = await panel.suspend(account, reason, context);
          return outcome.outcome === "unknown" ? refused(outcome.reason) : outcome;
        },
      }),
  },
  "takes a second suspension for a failure": {
    caughtBy: "suspending twice",
    wrap: (panel) =>
      broken(panel, {
        suspend: async (account, reason, context) => {
          const before = await panel.read(account, context);
          if (before.outcome === "done" && before.value.access === "suspended") return refused("HTTP 401");
          return panel.suspend(account, reason, context);
        },
      }),
  },
  "suspends over another party's suspension": {
    caughtBy: "what another party suspended",
    wrap: (panel, accounts) =>
      broken(panel, {
        suspend: async (account, reason) => {
          const state: AccountState = { access: "suspended", by: "us", reason: reason.text };
          await accounts.write(account, state);
          return done(state);
        },
      }),
  },
  "opens what another party closed": {
    caughtBy: "what another party suspended",
    wrap: (panel, accounts) =>
      broken(panel, {
        unsuspend: async (account) => {
          await accounts.write(account, { access: "active" });
          return done({ access: "active" });
        },
      }),
  },
  "answers without doing": {
    caughtBy: "unsuspending twice",
    wrap: (panel) => broken(panel, { unsuspend: () => Promise.resolve(done({ access: "active" })) }),
  },
  "ignores the deadline of a reading": {
    caughtBy: "a panel that does not answer",
    wrap: (panel) => broken(panel, { read: (account) => panel.read(account, { signal: new AbortController().signal }) }),
  },
  "says its secret": {
    caughtBy: "no outcome carries a secret",
    wrap: (panel) => broken(panel, { test: () => Promise.resolve(done({ detail: `signed in with ${SECRET}` })) }),
  },
  "forgets accounts in its list": {
    caughtBy: "the list contains",
    wrap: (panel) => broken(panel, { list: () => Promise.resolve(done([])) }),
  },
  "makes unknown accounts": {
    caughtBy: "an unknown account",
    wrap: (panel) =>
      broken(panel, {
        read: async (account, context) => {
          await panel.create(account);
          return panel.read(account, context);
        },
      }),
  },
  "calls a second removal a failure": {
    caughtBy: "terminating twice",
    wrap: (panel) =>
      broken(panel, {
        terminate: async (account, context) => {
          const before = await panel.read(account, context);
          if (before.outcome === "done" && before.value.access === "absent") return refused("no such account");
          return panel.terminate(account, context);
        },
      }),
  },
  "lets acts on one account overtake each other": {
    caughtBy: "acts side by side",
    wrap: (panel, accounts) =>
      broken(panel, {
        suspend: async (account, reason) => {
          const state: AccountState = { access: "suspended", by: "us", reason: reason.text };
          if ((await accounts.read(account))?.access === "active") await accounts.write(account, state);
          return done(state);
        },
      }),
  },
};

describe("the suite for control panels", () => {
  it.each(Object.entries(MUTANTS))("catches a panel that %s", async (_name, mutant) => {
    const { caughtBy } = mutant;
    const check = controlPanelChecks.find(({ name }) => name.includes(caughtBy));
    assert(check, `no check is named “${caughtBy}”`);
    await check.run(openWorld());
    await expect(check.run(openWorld((panel, accounts) => mutant.wrap(panel, accounts)))).rejects.toThrow();
  });
});

describe("rehearsing with the sandbox", () => {
  const context = () => ({ signal: AbortSignal.timeout(10_000) });
  const asked = async (fault: SandboxFault) => {
    const accounts = new InMemorySandboxAccounts();
    const panel = new SandboxPanel({ accounts, faults: ({ operation }) => (operation === "suspend" ? fault : "ok") });
    await panel.create("alice");
    const outcome = await panel.suspend("alice", { text: "Régua: fatura 1042 vencida" }, context());
    return { outcome: outcome.outcome, access: (await accounts.read("alice"))?.access };
  };

  it("shows every way a call can end, and what is true after it", async () => {
    expect(await asked("ok")).toEqual({ outcome: "done", access: "suspended" });
    expect(await asked("refuse")).toEqual({ outcome: "refused", access: "active" });
    expect(await asked("lost_before")).toEqual({ outcome: "unknown", access: "active" });
    expect(await asked("lost_after")).toEqual({ outcome: "unknown", access: "suspended" });
  });

  it("does not make an account again that exists", async () => {
    const accounts = new InMemorySandboxAccounts();
    const panel = new SandboxPanel({ accounts });
    await panel.create("alice");
    await panel.suspend("alice", { text: "Régua: fatura 1042 vencida" }, context());
    await panel.create("alice");
    expect(await accounts.read("alice")).toMatchObject({ access: "suspended" });
  });
});
