// The ISPConfig adapter against a server that behaves as its source says: the suite, and each of its traps.
import { afterEach, describe, expect, it } from "vitest";
import { FakeIspConfig, ISPCONFIG } from "../../../test/support/panels/fake-ispconfig.ts";
import { ample, closeFakePanels, REASON, worldOf } from "../../../test/support/panels/panel-server.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import { openIspConfig, type IspConfigOptions } from "./ispconfig.ts";
import { InMemoryPanelMemory } from "./memory.ts";

afterEach(closeFakePanels);

async function open(more: Partial<IspConfigOptions> = {}) {
  const fake = await new FakeIspConfig().start();
  const options = { ...fake.address, ...ISPCONFIG, terminate: true, memory: new InMemoryPanelMemory(), ...more };
  return { fake, options, panel: openIspConfig(options) };
}

controlPanelConformance("ISPConfig", async () => {
  const { fake, panel } = await open();
  return worldOf(fake, panel);
});

/** A client with a shop, and a blog that was switched off for a cause of its own. */
async function withBlogOff() {
  const opened = await open();
  opened.fake.add("alice");
  const blog = opened.fake.addSite("alice", "blog.test");
  blog.active = false;
  return { ...opened, blog };
}

describe("the traps of ISPConfig", () => {
  it("leaves a site off that was off on purpose, through suspension and release", async () => {
    const { panel, blog, fake } = await withBlogOff();
    await panel.suspend("alice", REASON, ample());
    expect(await panel.unsuspend("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect([fake.truth("alice"), blog.active]).toEqual(["active", false]);
  });

  it("never locks or updates the client: that is what loses the sites' state", async () => {
    const { panel, fake } = await withBlogOff();
    await panel.suspend("alice", REASON, ample());
    await panel.unsuspend("alice", ample());
    expect(fake.calls.join()).not.toMatch(/client_update|locked/u);
  });

  it("does not touch a neighbour's site that stands in the same list", async () => {
    const { panel, fake } = await open();
    fake.add("alice");
    fake.add("bob");
    const shared = fake.addSite("bob", "shared.test", true);
    await panel.suspend("alice", REASON, ample());
    expect(shared.active).toBe(true);
    expect(await panel.read("alice", ample())).toMatchObject({ value: { access: "suspended", by: "us" } });
  });

  it("switches off what was added since, and remembers it", async () => {
    const { panel, fake } = await open();
    fake.add("alice");
    await panel.suspend("alice", REASON, ample());
    const extra = fake.addSite("alice", "new.test");
    expect(await panel.read("alice", ample())).toMatchObject({ value: { access: "active" } });
    await panel.suspend("alice", REASON, ample());
    expect(extra.active).toBe(false);
    await panel.unsuspend("alice", ample());
    expect(fake.of("alice").map(({ active }) => active)).toEqual([true, true]);
  });

  it("knows what it switched off in another process too, also when an answer was lost in the middle", async () => {
    const { fake, options, blog } = await withBlogOff();
    fake.addSite("alice", "third.test");
    fake.loses = true;
    expect((await openIspConfig(options).suspend("alice", REASON, ample())).outcome).toBe("unknown");
    expect(await openIspConfig(options).suspend("alice", REASON, ample())).toMatchObject({ value: { access: "suspended", by: "us" } });
    fake.loses = true;
    expect((await openIspConfig(options).unsuspend("alice", ample())).outcome).toBe("unknown");
    await openIspConfig(options).unsuspend("alice", ample());
    expect(fake.of("alice").map(({ active }) => active)).toEqual([true, false, true]);
    expect(blog.active).toBe(false);
  });

  it("takes what an operator closed again by hand, after opening it by hand, for the operator's", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    await panel.suspend("alice", REASON, ample());
    for (const site of fake.of("alice")) site.active = true;
    await panel.read("alice", ample());
    fake.suspendByHand("alice");
    expect(await panel.unsuspend("alice", ample())).toMatchObject({ value: { access: "suspended", by: "other" } });
  });

  it("leaves a client alone that somebody locked", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    await panel.suspend("alice", REASON, ample());
    const client = fake.clients.get("alice");
    if (client) client.locked = true;
    expect(await panel.unsuspend("alice", ample())).toMatchObject({ value: { access: "suspended", by: "other" } });
    expect(fake.truth("alice")).toBe("suspended");
  });

  it("says so when a client has no site to switch off", async () => {
    const { fake, panel } = await open();
    fake.clients.set("alice", { id: 1, locked: false });
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: false });
  });

  it("signs in once, and again only when the session has ended", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    await panel.read("alice", ample());
    await panel.read("alice", ample());
    expect(fake.logins).toBe(1);
    fake.endSession();
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "done" });
    expect(fake.logins).toBe(2);
  });

  it("tries a wrong password once", async () => {
    const { fake, panel } = await open({ password: "another" });
    for (let night = 0; night < 5; night += 1)
      expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused", credentials: true });
    expect(fake.failures).toBe(1);
  });
});
