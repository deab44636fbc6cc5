// The DirectAdmin adapter against a server that behaves as its clients describe it: the suite, and each of its traps.
import { afterEach, describe, expect, it } from "vitest";
import { DIRECTADMIN, FakeDirectAdmin } from "../../../test/support/panels/fake-directadmin.ts";
import { ample, closeFakePanels, REASON, worldOf } from "../../../test/support/panels/panel-server.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import { openDirectAdmin, type DirectAdminOptions } from "./directadmin.ts";

afterEach(closeFakePanels);

async function open(more: Partial<DirectAdminOptions> = {}) {
  const fake = await new FakeDirectAdmin().start();
  return { fake, panel: openDirectAdmin({ ...fake.address, ...DIRECTADMIN, terminate: true, ...more }) };
}

controlPanelConformance("DirectAdmin", async () => {
  const { fake, panel } = await open();
  return worldOf(fake, panel);
});

describe("the traps of DirectAdmin", () => {
  it("never sends the toggle to an account that is as it should be", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.suspendByHand("alice");
    await panel.suspend("alice", REASON, ample());
    expect(fake.truth("alice")).toBe("suspended");
    expect(fake.calls.join()).not.toContain("CMD_API_SELECT_USERS");
  });

  it("sees that the toggle opened what somebody else had just closed, and asks again", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.hand = { on: ({ path }) => path.includes("SELECT"), act: () => fake.suspendByHand("alice") };
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
  });

  it("takes the code of a suspension for what it tells: billing may be ours, anything else is not", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.add("bob");
    await panel.suspend("alice", REASON, ample());
    fake.suspendByHand("bob");
    expect(await panel.read("alice", ample())).toMatchObject({ value: { by: "unknown", reason: "billing" } });
    expect(await panel.read("bob", ample())).toMatchObject({ value: { by: "other", reason: "abuse" } });
  });

  it("takes an account that is gone for gone, though deleting it was answered as an error", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.deniesDeleting = true;
    expect(await panel.terminate("alice", ample())).toEqual({ outcome: "done", value: { access: "absent" } });
  });

  it("takes the page to sign in, which comes with HTTP 200, for a refused key, once", async () => {
    const { fake, panel } = await open({ loginKey: "another" });
    for (let night = 0; night < 10; night += 1)
      expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused", retry: false, credentials: true });
    expect(fake.failures).toBe(1);
  });

  it("says which command the login key may not use", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.forbidden.add("CMD_API_SELECT_USERS");
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({
      outcome: "refused",
      retry: false,
      reason: expect.stringContaining("CMD_API_SELECT_USERS") as string,
    });
    // It is a limit of the key, not a failed sign-in: everything else goes on.
    expect(await panel.read("alice", ample())).toMatchObject({ outcome: "done" });
  });

  it("does not take an answer about somebody else, or about nobody, for the account", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    for (const text of ["", "username=bob&suspended=no"]) {
      fake.instead = { on: ({ path }) => path.includes("CONFIG"), answer: { text } };
      expect((await panel.read("alice", ample())).outcome).toBe("refused");
    }
  });
});
