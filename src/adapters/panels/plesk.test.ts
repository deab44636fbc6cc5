// The Plesk adapter against a server that speaks its XML packets: the suite, and each of its traps.
import { afterEach, describe, expect, it } from "vitest";
import { FakePlesk, PLESK_KEY } from "../../../test/support/panels/fake-plesk.ts";
import { ample, closeFakePanels, REASON, worldOf } from "../../../test/support/panels/panel-server.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import { openPlesk, type PleskOptions } from "./plesk.ts";

afterEach(closeFakePanels);

async function open(more: Partial<PleskOptions> = {}) {
  const fake = await new FakePlesk().start();
  return { fake, panel: openPlesk({ ...fake.address, key: PLESK_KEY, terminate: true, ...more }) };
}

controlPanelConformance("Plesk", async () => {
  const { fake, panel } = await open();
  return worldOf(fake, panel);
});

describe("the traps of Plesk", () => {
  it("suspends with the reseller's number where the login is one", async () => {
    const { fake, panel } = await open({ reseller: true });
    fake.reseller = true;
    fake.add("loja.test");
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended" } });
    expect(fake.subscriptions.get("loja.test")).toBe(32);
    expect(await panel.unsuspend("loja.test", ample())).toEqual({ outcome: "done", value: { access: "active" } });
  });

  it("leaves alone what the administrator suspended beside us: the sum of both is not ours", async () => {
    const { fake, panel } = await open({ reseller: true });
    fake.add("loja.test");
    fake.subscriptions.set("loja.test", 48);
    expect(await panel.unsuspend("loja.test", ample())).toMatchObject({ value: { access: "suspended", by: "other" } });
    expect(fake.subscriptions.get("loja.test")).toBe(48);
  });

  it("names the one subscription in every act, and never its owner", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.add("blog.test");
    await panel.suspend("loja.test", REASON, ample());
    expect(fake.truth("blog.test")).toBe("active");
    const acts = fake.calls.filter((call) => /<set>/u.test(call));
    expect(acts).toHaveLength(1);
    expect(acts[0]).toContain("<filter><name>loja.test</name></filter>");
  });

  it("finds the error in an answer whose HTTP code is 200, and the act that did nothing", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.idle = true;
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    fake.refusing = true;
    expect(await panel.suspend("loja.test", REASON, ample())).toMatchObject({
      outcome: "refused",
      reason: expect.stringContaining("1023") as string,
    });
  });

  it("tries a wrong key once", async () => {
    const { fake, panel } = await open({ key: "another" });
    for (let night = 0; night < 5; night += 1)
      expect(await panel.read("loja.test", ample())).toMatchObject({ outcome: "refused", credentials: true });
    expect(fake.failures).toBe(1);
  });

  it.each(["<html>502</html>", "", "<packet></packet", '{"code":0}'])("does not guess what “%s” means", async (text) => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    fake.instead = { on: () => true, answer: { text } };
    expect((await panel.read("loja.test", ample())).outcome).toBe("unknown");
  });

  it("says nothing of an account from two results", async () => {
    const { fake, panel } = await open();
    fake.add("loja.test");
    const one = "<result><status>ok</status><data><gen_info><name>x</name><status>0</status></gen_info></data></result>";
    fake.instead = { on: () => true, answer: { text: `<packet><webspace><get>${one}${one}</get></webspace></packet>` } };
    expect((await panel.read("loja.test", ample())).outcome).toBe("refused");
  });
});
