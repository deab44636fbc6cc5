// What HestiaCP's unsuspension would open although somebody shut it on its own.
import { afterEach, describe, expect, it } from "vitest";
import { REASON, ample, closeHestiaWorlds, openHestiaWorld } from "../../../test/support/hestia-world.ts";
import { HestiaPanel } from "./hestia.ts";

afterEach(closeHestiaWorlds);

describe("what is suspended on its own inside an account", () => {
  async function withSpamDomain() {
    const opened = await openHestiaWorld();
    opened.fake.state.addUser("alice", { web: ["loja.test", "spam.test"], mail: ["spam.test"] });
    opened.fake.state.run("v-suspend-web-domain", ["alice", "spam.test"]);
    opened.fake.state.run("v-suspend-mail-domain", ["alice", "spam.test"]);
    const alice = opened.fake.state.users.get("alice");
    const spamIsShut = () => alice?.web.get("spam.test") === true && alice.mail.get("spam.test") === true;
    return { ...opened, spamIsShut, shopIsUp: () => opened.fake.state.isUp("loja.test") };
  }

  it("is shut again after the account was suspended and unsuspended, and the rest is open", async () => {
    const { panel, spamIsShut, shopIsUp, reports } = await withSpamDomain();
    await panel.suspend("alice", REASON, ample());
    expect(await panel.unsuspend("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(shopIsUp()).toBe(true);
    expect(spamIsShut()).toBe(true);
    expect(reports).toEqual([]);
  });

  it("stays as it is when an active account is unsuspended", async () => {
    const { fake, panel, spamIsShut } = await withSpamDomain();
    await panel.unsuspend("alice", ample());
    expect(spamIsShut()).toBe(true);
    expect(fake.calls).not.toContain("v-unsuspend-user alice");
  });

  it.each(["v-suspend-user", "v-unsuspend-user", "v-suspend-web-domain"])(
    "is shut again when the answer of %s was lost and the call repeated, also by a new process",
    async (command) => {
      const { fake, options, spamIsShut, shopIsUp } = await withSpamDomain();
      fake.disturb("drop_after", command);
      for (const act of ["suspend", "unsuspend"] as const) {
        for (let tries = 0; tries < 2; tries += 1) {
          const panel = new HestiaPanel(options);
          const outcome = act === "suspend" ? await panel.suspend("alice", REASON, ample()) : await panel.unsuspend("alice", ample());
          if (outcome.outcome === "done") break;
        }
      }
      expect(shopIsUp()).toBe(true);
      expect(spamIsShut()).toBe(true);
    },
  );

  it("does not shut the rest when a suspension stopped half-way, with its domains closed and its own mark open", async () => {
    const { fake, panel, spamIsShut, shopIsUp } = await withSpamDomain();
    fake.state.restartFails = true;
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(fake.state.users.get("alice")).toMatchObject({ suspended: false });
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
    await panel.unsuspend("alice", ample());
    expect(shopIsUp()).toBe(true);
    expect(spamIsShut()).toBe(true);
  });

  it("opens an account whose suspension stopped half-way, though its own mark reads active", async () => {
    const { fake, panel, shopIsUp, spamIsShut } = await withSpamDomain();
    fake.state.restartFails = true;
    await panel.suspend("alice", REASON, ample());
    fake.state.restartWeb();
    expect(shopIsUp()).toBe(false);
    expect(await panel.unsuspend("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(shopIsUp()).toBe(true);
    expect(spamIsShut()).toBe(true);
  });

  it("is not shut again when an operator opened the whole account by hand in between", async () => {
    const { fake, panel, spamIsShut } = await withSpamDomain();
    await panel.suspend("alice", REASON, ample());
    fake.state.run("v-unsuspend-user", ["alice"]);
    await panel.unsuspend("alice", ample());
    expect(spamIsShut()).toBe(false);
  });

  it("is reported, and not asked for again and again, when the key has no per-domain commands", async () => {
    const { fake, panel, reports } = await withSpamDomain();
    fake.permissions = "billing";
    expect(await panel.test(ample())).toMatchObject({
      outcome: "done",
      value: { detail: expect.stringContaining("no per-domain") as string },
    });
    const failed = fake.failedLogins;
    await panel.suspend("alice", REASON, ample());
    expect(await panel.unsuspend("alice", ample())).toMatchObject({ outcome: "done" });
    expect(reports).toEqual([expect.stringContaining("web domain"), expect.stringContaining("mail domain")]);
    // Five failed logins are a ban by fail2ban: the first refusal is enough.
    expect(fake.failedLogins - failed).toBe(1);
  });

  it("costs no call and no permission when nothing is suspended on its own", async () => {
    const { fake, panel, reports } = await openHestiaWorld();
    fake.permissions = "billing";
    fake.state.addUser("bob");
    await panel.suspend("bob", REASON, ample());
    await panel.unsuspend("bob", ample());
    expect(fake.calls).toEqual([
      "v-list-user bob json",
      "v-suspend-user bob",
      "v-list-user bob json",
      "v-list-user bob json",
      "v-unsuspend-user bob",
      "v-list-user bob json",
    ]);
    expect(fake.failedLogins).toBe(0);
    expect(reports).toEqual([]);
  });

  it("keeps its note while a half-way suspension is repeated and refused", async () => {
    const { fake, panel, spamIsShut, shopIsUp } = await withSpamDomain();
    fake.state.restartFails = true;
    await panel.suspend("alice", REASON, ample());
    fake.answerInstead("v-suspend-user", { exit: 2, text: "Error: invalid restart format" });
    expect((await panel.suspend("alice", REASON, ample())).outcome).toBe("refused");
    fake.answerInstead("v-suspend-user", null);
    await panel.suspend("alice", REASON, ample());
    await panel.unsuspend("alice", ample());
    expect(shopIsUp()).toBe(true);
    expect(spamIsShut()).toBe(true);
  });

  it("is left to the operator after a suspension that was refused before it began", async () => {
    const { fake, panel } = await withSpamDomain();
    fake.answerInstead("v-suspend-user", { exit: 2, text: "Error: invalid restart format" });
    await panel.suspend("alice", REASON, ample());
    await panel.unsuspend("alice", ample());
    expect(fake.calls).not.toContain("v-unsuspend-user alice");
  });

  it("is left to the operator who opened the account after a suspension whose answer came only the second time", async () => {
    const { fake, panel, spamIsShut } = await withSpamDomain();
    fake.disturb("drop_after", "v-suspend-user");
    await panel.suspend("alice", REASON, ample());
    await panel.suspend("alice", REASON, ample());
    fake.state.run("v-unsuspend-user", ["alice"]);
    await panel.unsuspend("alice", ample());
    expect(spamIsShut()).toBe(false);
    expect(fake.calls).not.toContain("v-unsuspend-user alice");
  });

  it("is reported, with one forbidden call, when the key lost its permission in between", async () => {
    const { fake, panel, reports } = await withSpamDomain();
    await panel.suspend("alice", REASON, ample());
    fake.permissions = "billing";
    expect(await panel.unsuspend("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(reports).toEqual([expect.stringContaining("web domain spam.test"), expect.stringContaining("mail domain spam.test")]);
    expect(fake.failedLogins).toBe(1);
  });

  it("is shut again in the end when the web server did not restart at first, and so are the sites of the account open", async () => {
    const { fake, panel, spamIsShut, shopIsUp } = await withSpamDomain();
    await panel.suspend("alice", REASON, ample());
    fake.state.restartFails = true;
    // The account reads active by now, yet its visitors still see the suspended page: not done.
    expect(await panel.unsuspend("alice", ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(shopIsUp()).toBe(false);
    expect((await panel.unsuspend("alice", ample())).outcome).toBe("done");
    expect(shopIsUp()).toBe(true);
    expect(spamIsShut()).toBe(true);
  });

  it("is noted by one act at a time: a second one asks nothing before the first has ended", async () => {
    const { fake, panel } = await withSpamDomain();
    await Promise.all([panel.suspend("alice", REASON, ample()), panel.suspend("alice", REASON, ample())]);
    expect(fake.calls).toEqual([
      "v-list-user alice json",
      "v-list-web-domains alice json",
      "v-list-mail-domains alice json",
      "v-suspend-user alice",
      "v-list-user alice json",
      "v-list-user alice json",
    ]);
  });
});
