// The HestiaCP adapter against a server that behaves as the real one did: the suite, and each of its traps.
import { afterEach, describe, expect, it } from "vitest";
import { ACCESS_KEY, SECRET_KEY } from "../../../test/support/fake-hestia.ts";
import type { FakeHestia } from "../../../test/support/fake-hestia.ts";
import { REASON, ample, closeHestiaWorlds, openFake, openHestiaWorld as world } from "../../../test/support/hestia-world.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import type { PanelWorld } from "../../ports/conformance/control-panel.ts";
import { readAnswer } from "./hestia-api.ts";
import { HestiaPanel } from "./hestia.ts";

afterEach(closeHestiaWorlds);

const accessOf = (fake: FakeHestia, name: string) => {
  const user = fake.state.users.get(name);
  if (!user) return "absent" as const;
  return user.suspended ? ("suspended" as const) : ("active" as const);
};

async function openWorld(): Promise<PanelWorld> {
  const { fake, panel } = await world();
  const set = (act: () => void) => () => Promise.resolve(act());
  return {
    panel,
    addAccount: (name) => Promise.resolve(fake.state.addUser(name)),
    truth: (name) => Promise.resolve(accessOf(fake, name)),
    changes: () => Promise.resolve(fake.state.changes),
    suspendByOther: (name) => Promise.resolve(void fake.state.run("v-suspend-user", [name])),
    loseNextAnswer: set(() => fake.disturb("drop_after", "v-suspend-user", "v-unsuspend-user")),
    stall: set(() => fake.disturb("stall")),
    refuseActs: set(() => {
      fake.secretKey = "changed-changed-changed-changed-changed!";
    }),
    secrets: [ACCESS_KEY, SECRET_KEY],
    close: () => Promise.resolve(),
  };
}

controlPanelConformance("HestiaCP", openWorld);

describe("answers of HestiaCP", () => {
  it("takes 401 with exit 5 for “already suspended”, not for a refused key", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    // Somebody else suspends between our reading and our act.
    fake.before("v-suspend-user", () => fake.state.run("v-suspend-user", ["alice"]));
    expect(await panel.suspend("alice", REASON, ample())).toEqual({
      outcome: "done",
      value: { access: "suspended", by: "unknown", reason: null },
    });
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "done" });
  });

  it("would fail that test if the panel's 401 were taken for a refused key", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    // The same 401 with the exit code of a refused key, as an adapter that goes by HTTP alone would see it.
    fake.answerInstead("v-suspend-user", { exit: 9, text: "Error: user alice is suspended" });
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: false });
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused" });
  });

  it("sends nothing more after its key was refused, until a person tests it", async () => {
    const { fake, panel } = await world({ secretKey: "wrong-wrong-wrong-wrong-wrong-wrong-wron" });
    fake.state.addUser("alice");
    for (let night = 0; night < 10; night += 1) {
      const outcome = await panel.suspend("alice", REASON, ample());
      expect(outcome).toMatchObject({ outcome: "refused", retry: false });
      expect(JSON.stringify(outcome)).not.toContain(ACCESS_KEY);
    }
    expect(fake.failedLogins).toBe(1);
    fake.secretKey = "wrong-wrong-wrong-wrong-wrong-wrong-wron";
    expect((await panel.test(ample())).outcome).toBe("done");
    expect((await panel.suspend("alice", REASON, ample())).outcome).toBe("done");
  });

  it("says that the root user cannot be suspended or deleted, which the panel answers with success", async () => {
    const { panel } = await world();
    expect(await panel.suspend("admin", REASON, ample())).toMatchObject({
      outcome: "refused",
      retry: false,
      reason: expect.stringContaining("root user") as string,
    });
    expect(await panel.terminate("admin", ample())).toMatchObject({ outcome: "refused", retry: false });
  });

  it("calls the panel's state done while a scheduled restart has not reached the web server", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    fake.state.scheduledRestart = true;
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended", by: "us" } });
    expect(fake.state.isUp("alice.test")).toBe(true);
    fake.state.restartWeb();
    expect(fake.state.isUp("alice.test")).toBe(false);
  });

  it("takes an answer without the exit-code header for unknown", () => {
    expect(readAnswer(200, undefined, "OK").outcome).toBe("unknown");
    expect(readAnswer(502, undefined, "<html>Bad Gateway</html>").outcome).toBe("unknown");
  });

  it("does not take a missing key or domain (exit 3 too) for an absent account", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    fake.answerInstead("v-list-user", { exit: 3, text: "Error: key AKIDFAKEFAKEFAKEFAKE doesn't exist" });
    expect((await panel.read("alice", ample())).outcome).toBe("refused");
  });

  it.each(["", "not json", "[]", '{"alice":{}}', '{"bob":{"SUSPENDED":"yes"}}', '{"alice":{"SUSPENDED":"maybe"}}'])(
    "does not guess what “%s” means",
    async (text) => {
      const { fake, panel } = await world();
      fake.answerInstead("v-list-user", { exit: 0, text });
      expect((await panel.read("alice", ample())).outcome).toBe("refused");
    },
  );

  it("asks again later when the load is too high, and not when an argument is wrong", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    fake.answerInstead("v-suspend-user", { exit: 14, text: "Error: LoadAverage 40 is above threshold" });
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    fake.answerInstead("v-suspend-user", { exit: 2, text: "Error: invalid restart format" });
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: false });
  });
});

describe("the connection to HestiaCP", () => {
  it("refuses a certificate that nobody vouches for, before the key is sent", async () => {
    const { fake, options } = await world();
    const { fingerprint: _, ...unpinned } = options;
    const panel = new HestiaPanel(unpinned);
    expect(await panel.read("alice", ample())).toMatchObject({
      outcome: "refused",
      reason: expect.stringContaining("self-signed") as string,
    });
    expect(fake.calls).toEqual([]);
  });

  it("refuses another certificate than the pinned one, before the key is sent", async () => {
    const { fake, options } = await world();
    const other = await openFake();
    const panel = new HestiaPanel({ ...options, fingerprint: other.fingerprint });
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused", reason: expect.stringContaining("pinned") as string });
    expect(fake.calls).toEqual([]);
  });

  it("accepts a certificate authority of the provider's own", async () => {
    const { fake, options } = await world();
    fake.state.addUser("alice");
    const { fingerprint: _, ...rest } = options;
    const panel = new HestiaPanel({ ...rest, ca: fake.certificate });
    expect(await panel.read("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
  });

  it("says that nothing was sent when nobody listens, and asks again later", async () => {
    const { fake, panel } = await world();
    await closeHestiaWorlds();
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(fake.calls).toEqual([]);
  });

  it.each([
    ["host", { host: "https://panel.example.test" }],
    ["accessKey", { accessKey: "" }],
    ["secretKey", { secretKey: "" }],
    ["fingerprint", { fingerprint: "AB:CD" }],
  ])("refuses a setting of “%s” that cannot be right", async (_field, wrong) => {
    const { options } = await world();
    expect(() => new HestiaPanel({ ...options, ...wrong })).toThrow(expect.objectContaining({ code: "panel_option_invalid" }) as Error);
  });
});

describe("a test of HestiaCP", () => {
  it("needs the deleting command only where the ladder deletes", async () => {
    const { fake, options } = await world({ terminate: false });
    await new HestiaPanel(options).test(ample());
    expect(fake.calls).not.toContain("v-delete-user");
    await new HestiaPanel({ ...options, terminate: true }).test(ample());
    expect(fake.calls).toContain("v-delete-user");
    expect(fake.state.changes).toBe(0);
  });

  it("does not take a panel in demo mode for a working one", async () => {
    const { fake, panel } = await world();
    fake.answerInstead("v-suspend-user", {
      exit: 1,
      text: "ERROR: Unable to perform operation due to security restrictions that are in place.",
    });
    expect((await panel.test(ample())).outcome).toBe("refused");
  });
});

describe("a backup at HestiaCP", () => {
  it("is put on the panel's list of work once, and the newest one is told", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    fake.state.backups.set("alice", [
      { DATE: "2026-11-22", TIME: "07:19:35" },
      { DATE: "2026-11-21", TIME: "23:00:00" },
    ]);
    for (let asked = 0; asked < 2; asked += 1)
      expect(await panel.scheduleBackup("alice", ample())).toEqual({
        outcome: "done",
        value: { pending: true, latest: "2026-11-22 07:19:35" },
      });
    expect(fake.state.backupsWaiting.size).toBe(1);
    expect(fake.calls.join()).not.toContain("v-backup-user");
    expect((await panel.scheduleBackup("nobody1", ample())).outcome).toBe("refused");
  });

  it("is refused for a key of the profile billing, which may go on with everything else", async () => {
    const { fake, panel } = await world();
    fake.state.addUser("alice");
    fake.permissions = "billing";
    expect(await panel.scheduleBackup("alice", ample())).toMatchObject({ outcome: "refused" });
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "done" });
  });
});
