// The one suite every control panel passes, whatever is behind it.
import { describe, expect, it } from "vitest";
import { wait } from "../../kernel/clock.ts";
import type { AccessReason, AccountState, ControlPanel } from "../control-panel.ts";
import type { CallContext, Outcome } from "../outcome.ts";

/** One panel with its own fresh world behind it, whose truth can be seen and disturbed apart from the adapter. */
export interface PanelWorld {
  panel: ControlPanel;
  /** Makes an active account. */
  addAccount(name: string): Promise<void>;
  /** What the account really is, not asked through the adapter. */
  truth(name: string): Promise<AccountState["access"]>;
  /** How often accounts were really changed, by whomever. */
  changes(): Promise<number>;
  /** An operator suspends the account by hand. */
  suspendByOther(name: string): Promise<void>;
  /** The next act is done, and its answer never arrives. */
  loseNextAnswer(): Promise<void>;
  /** From now on no call is answered. */
  stall(): Promise<void>;
  /** From now on every act is refused, in words that contain the secrets. */
  refuseActs(): Promise<void>;
  /** Texts that must never show in an outcome. */
  secrets: readonly string[];
  close(): Promise<void>;
}

/** Opens a new world for each check. */
export type PanelHarness = () => Promise<PanelWorld>;

export interface PanelCheck {
  name: string;
  run(world: PanelWorld): Promise<void>;
}

const REASON: AccessReason = { text: "Régua: fatura 1042 vencida" };

/** Plenty for a call on a slow machine. */
const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });
/** For calls that are known to hang. Long enough for a lost act to be done before: a process start on a busy machine takes 100 ms. */
const brief = (): CallContext => ({ signal: AbortSignal.timeout(2_000) });

/** How long after its deadline a call may take to give up, in milliseconds: ending a process group takes up to half a second. */
const GIVING_UP_MS = 5_000;

const valueOf = <T>(outcome: Outcome<T>): T => {
  if (outcome.outcome !== "done") throw new Error(`expected done, got ${outcome.outcome}: ${outcome.reason}`);
  return outcome.value;
};

/** Whose a suspension may be said to be, when it is not ours. */
const othersOf = (panel: ControlPanel): readonly string[] => (panel.capabilities.keepsReason ? ["other"] : ["other", "unknown"]);

async function isSuspended(world: PanelWorld, outcome: Outcome<AccountState>, account = "alice"): Promise<void> {
  const state = valueOf(outcome);
  expect(state.access).toBe("suspended");
  // Ours, or not known to be ours; never somebody else's.
  if (state.access === "suspended") expect(world.panel.capabilities.keepsReason ? ["us"] : ["us", "unknown"]).toContain(state.by);
  expect(await world.truth(account)).toBe("suspended");
}

async function isActive(world: PanelWorld, outcome: Outcome<AccountState>, account = "alice"): Promise<void> {
  expect(valueOf(outcome)).toEqual({ access: "active" });
  expect(await world.truth(account)).toBe("active");
}

const levels: PanelCheck[] = [
  {
    name: "a test of a panel that works ends well and says something",
    run: async ({ panel }) => {
      expect(valueOf(await panel.test(ample())).detail).not.toBe("");
    },
  },
  {
    name: "suspending twice suspends once",
    run: async (world) => {
      await world.addAccount("alice");
      await isActive(world, await world.panel.read("alice", ample()));
      const before = await world.changes();
      await isSuspended(world, await world.panel.suspend("alice", REASON, ample()));
      await isSuspended(world, await world.panel.suspend("alice", REASON, ample()));
      await isSuspended(world, await world.panel.read("alice", ample()));
      expect((await world.changes()) - before).toBe(1);
    },
  },
  {
    name: "unsuspending twice unsuspends once, and an account that was never suspended is not touched",
    run: async (world) => {
      await world.addAccount("alice");
      await world.addAccount("bob");
      await world.panel.suspend("alice", REASON, ample());
      const before = await world.changes();
      await isActive(world, await world.panel.unsuspend("alice", ample()));
      await isActive(world, await world.panel.unsuspend("alice", ample()));
      await isActive(world, await world.panel.unsuspend("bob", ample()), "bob");
      expect((await world.changes()) - before).toBe(1);
    },
  },
  {
    name: "an unknown account is absent, and acts on it change nothing",
    run: async (world) => {
      await world.addAccount("alice");
      const before = await world.changes();
      const { panel } = world;
      expect(valueOf(await panel.read("nobody1", ample()))).toEqual({ access: "absent" });
      expect(valueOf(await panel.suspend("nobody1", REASON, ample()))).toEqual({ access: "absent" });
      expect(valueOf(await panel.unsuspend("nobody1", ample()))).toEqual({ access: "absent" });
      expect(await world.changes()).toBe(before);
      expect(await world.truth("nobody1")).toBe("absent");
    },
  },
  {
    name: "a name that could be an option, a path or two lines changes nothing and is no account",
    run: async (world) => {
      await world.addAccount("alice");
      const before = await world.changes();
      for (const name of ["", "-rf", "--help", "../alice", "/alice", "alice\0", "alice\nbob", "alice bob", "$(id)", "{reason}"]) {
        for (const outcome of [
          await world.panel.read(name, ample()),
          await world.panel.suspend(name, REASON, ample()),
          await world.panel.unsuspend(name, ample()),
        ]) {
          if (outcome.outcome === "done") expect(outcome.value).toEqual({ access: "absent" });
        }
      }
      expect(await world.changes()).toBe(before);
      expect(await world.truth("alice")).toBe("active");
    },
  },
  {
    name: "the list contains every account with its access",
    run: async (world) => {
      await world.addAccount("alice");
      await world.addAccount("bob");
      await world.panel.suspend("bob", REASON, ample());
      const listed = new Map(valueOf(await world.panel.list(ample())).map(({ name, access }) => [name, access.access]));
      expect(listed.get("alice")).toBe("active");
      expect(listed.get("bob")).toBe("suspended");
    },
  },
  {
    name: "terminating twice removes once; a panel that cannot says so and leaves the account",
    run: async (world) => {
      await world.addAccount("alice");
      await world.addAccount("bob");
      const first = await world.panel.terminate("alice", ample());
      if (!world.panel.capabilities.terminate) {
        expect(first).toMatchObject({ outcome: "refused", retry: false });
        expect(await world.truth("alice")).toBe("active");
        return;
      }
      expect(valueOf(first)).toEqual({ access: "absent" });
      expect(valueOf(await world.panel.terminate("alice", ample()))).toEqual({ access: "absent" });
      expect(await world.truth("alice")).toBe("absent");
      expect(await world.truth("bob")).toBe("active");
    },
  },
  {
    name: "what another party suspended is left alone and reported",
    run: async (world) => {
      await world.addAccount("alice");
      await world.suspendByOther("alice");
      const before = await world.changes();
      for (const outcome of [await world.panel.read("alice", ample()), await world.panel.suspend("alice", REASON, ample())]) {
        const state = valueOf(outcome);
        expect(state.access).toBe("suspended");
        if (state.access === "suspended") expect(othersOf(world.panel)).toContain(state.by);
      }
      // Without a kept reason the panel cannot know; there the caller makes sure.
      if (world.panel.capabilities.keepsReason) {
        expect(valueOf(await world.panel.unsuspend("alice", ample()))).toMatchObject({ access: "suspended", by: "other" });
      }
      expect(await world.changes()).toBe(before);
      expect(await world.truth("alice")).toBe("suspended");
    },
  },
];

const outcomes: PanelCheck[] = [
  {
    name: "a suspension whose answer was lost is unknown, and a repeat converges",
    run: async (world) => {
      await world.addAccount("alice");
      const before = await world.changes();
      await world.loseNextAnswer();
      expect((await world.panel.suspend("alice", REASON, brief())).outcome).toBe("unknown");
      expect(await world.truth("alice")).toBe("suspended");
      await isSuspended(world, await world.panel.suspend("alice", REASON, ample()));
      expect((await world.changes()) - before).toBe(1);
    },
  },
  {
    name: "an unsuspension whose answer was lost is unknown, and a repeat converges",
    run: async (world) => {
      await world.addAccount("alice");
      await world.panel.suspend("alice", REASON, ample());
      await world.loseNextAnswer();
      expect((await world.panel.unsuspend("alice", brief())).outcome).toBe("unknown");
      expect(await world.truth("alice")).toBe("active");
      await isActive(world, await world.panel.unsuspend("alice", ample()));
      await isSuspended(world, await world.panel.suspend("alice", REASON, ample()));
    },
  },
  {
    name: "a panel that does not answer is unknown at the deadline, in every call",
    run: async (world) => {
      await world.addAccount("alice");
      await world.stall();
      const context = (): CallContext => ({ signal: AbortSignal.timeout(300) });
      const { panel } = world;
      const calls: (() => Promise<Outcome<unknown>>)[] = [
        () => panel.test(context()),
        () => panel.read("alice", context()),
        () => panel.suspend("alice", REASON, context()),
        () => panel.unsuspend("alice", context()),
        () => panel.list(context()),
        ...(panel.capabilities.terminate ? [() => panel.terminate("alice", context())] : []),
      ];
      for (const call of calls) {
        const answer = await Promise.race([call(), wait(GIVING_UP_MS).then(() => "still waiting" as const)]);
        expect(answer).toMatchObject({ outcome: "unknown" });
      }
      expect(await world.truth("alice")).toBe("active");
    },
  },
  {
    name: "a call whose deadline has passed changes nothing",
    run: async (world) => {
      await world.addAccount("alice");
      const before = await world.changes();
      expect((await world.panel.suspend("alice", REASON, { signal: AbortSignal.abort() })).outcome).not.toBe("done");
      expect(await world.changes()).toBe(before);
    },
  },
  {
    name: "a refusal is refused, changes nothing, and no outcome carries a secret",
    run: async (world) => {
      await world.addAccount("alice");
      await world.addAccount("bob");
      const seen: Outcome<unknown>[] = [await world.panel.test(ample()), await world.panel.suspend("bob", REASON, ample())];
      await world.refuseActs();
      const refusal = await world.panel.suspend("alice", REASON, ample());
      expect(refusal.outcome).toBe("refused");
      seen.push(refusal, await world.panel.unsuspend("bob", ample()), await world.panel.read("alice", ample()));
      await world.stall();
      seen.push(await world.panel.read("alice", { signal: AbortSignal.timeout(300) }));
      const said = JSON.stringify(seen);
      for (const secret of world.secrets) expect(said).not.toContain(secret);
      expect(await world.truth("alice")).toBe("active");
      expect(await world.truth("bob")).toBe("suspended");
    },
  },
  {
    name: "acts side by side on one account are safe: the same ones act once, mixed ones end in one of the two",
    run: async (world) => {
      await world.addAccount("alice");
      const before = await world.changes();
      const { panel } = world;
      const same = await Promise.all(Array.from({ length: 6 }, () => panel.suspend("alice", REASON, ample())));
      for (const outcome of same) await isSuspended(world, outcome);
      expect((await world.changes()) - before).toBe(1);
      const mixed = await Promise.all([
        panel.unsuspend("alice", ample()),
        panel.suspend("alice", REASON, ample()),
        panel.unsuspend("alice", ample()),
      ]);
      for (const outcome of mixed) valueOf(outcome);
      // Asked one after the other, so the last asked is what stands.
      await isActive(world, await panel.read("alice", ample()));
    },
  },
];

/** Every check, for those who want to run one against a broken panel. */
export const controlPanelChecks: readonly PanelCheck[] = [...levels, ...outcomes];

/** Registers the suite for one panel. */
export function controlPanelConformance(name: string, harness: PanelHarness): void {
  describe(`${name} as a control panel`, () => {
    for (const check of controlPanelChecks) {
      it(check.name, async () => {
        const world = await harness();
        try {
          await check.run(world);
        } finally {
          await world.close();
        }
      });
    }
  });
}
