// The cPanel adapter against a server that answers in WHM's documented shapes: the suite, and each of its traps.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { CPANEL, FakeCpanel } from "../../../test/support/panels/fake-cpanel.ts";
import { ample, closeFakePanels, REASON, worldOf } from "../../../test/support/panels/panel-server.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import { openCpanel, type CpanelOptions } from "./cpanel.ts";

afterEach(closeFakePanels);

async function open(more: Partial<CpanelOptions> = {}) {
  const fake = await new FakeCpanel().start();
  return { fake, panel: openCpanel({ ...fake.address, ...CPANEL, terminate: true, ...more }) };
}

controlPanelConformance("cPanel", async () => {
  const { fake, panel } = await open();
  return worldOf(fake, panel);
});

describe("the traps of cPanel", () => {
  it("does not believe a success that changed nothing", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.idle = true;
    expect(await panel.suspend("alice", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("never locks an account, so that a reseller's token can open it again", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    await panel.suspend("alice", REASON, ample());
    expect(fake.accounts.get("alice")).toMatchObject({ locked: false, reason: REASON.text });
    expect(await panel.unsuspend("alice", ample())).toEqual({ outcome: "done", value: { access: "active" } });
  });

  it("leaves an account to root that was locked after we suspended it, and says so", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    await panel.suspend("alice", REASON, ample());
    const found = fake.accounts.get("alice");
    if (found) found.locked = true;
    expect(await panel.unsuspend("alice", ample())).toMatchObject({
      outcome: "refused",
      reason: expect.stringContaining("root") as string,
    });
    expect(fake.truth("alice")).toBe("suspended");
  });

  it("takes the old shape, whose success says nothing, for unknown", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.instead = { on: ({ path }) => path.includes("suspendacct"), answer: { text: '{"result":[{"status":1,"statusmsg":"<script>"}]}' } };
    expect((await panel.suspend("alice", REASON, ample())).outcome).toBe("unknown");
  });

  it("tries a wrong token once", async () => {
    const { fake, panel } = await open({ token: "another" });
    for (let night = 0; night < 5; night += 1)
      expect(await panel.read("alice", ample())).toMatchObject({ outcome: "refused", credentials: true });
    expect(fake.failures).toBe(1);
  });

  it("knows accounts by their domain too", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    expect(await panel.list(ample())).toMatchObject({ value: [{ name: "alice", also: ["alice.test"] }] });
  });
});

const FOLDER = join(import.meta.dirname, "../../../../shared/realdata/panels/cpanel");
const present = existsSync(FOLDER);
if (!present) console.warn(`skipped: documented WHM answers are not at ${FOLDER}`);

describe.skipIf(!present)("the documented answers of WHM", () => {
  const documented = (name: string) => ({ text: readFileSync(join(FOLDER, name), "utf8") });

  it.each(["suspendacct", "unsuspendacct"])("%s is a success", async (name) => {
    const { fake, panel } = await open();
    fake.add("alice");
    if (name === "unsuspendacct") await panel.suspend("alice", REASON, ample());
    // The documented answer instead of the fake's own, after the fake has done the work.
    fake.hand = {
      on: ({ path }) => path.endsWith(`/${name}`),
      act: () => void fake.accounts.set("alice", { suspended: name === "suspendacct", reason: REASON.text, locked: false }),
    };
    fake.instead = { on: ({ path }) => path.endsWith(`/${name}`), answer: documented(`${name}.json`) };
    const outcome = name === "suspendacct" ? await panel.suspend("alice", REASON, ample()) : await panel.unsuspend("alice", ample());
    expect(outcome).toMatchObject({ outcome: "done", value: { access: name === "suspendacct" ? "suspended" : "active" } });
  });

  it("the old answer of suspendacct is unknown", async () => {
    const { fake, panel } = await open();
    fake.add("alice");
    fake.instead = { on: ({ path }) => path.endsWith("/suspendacct"), answer: documented("suspendacct.api0-shortened.json") };
    expect((await panel.suspend("alice", REASON, ample())).outcome).toBe("unknown");
  });
});
