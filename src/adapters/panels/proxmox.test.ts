// The Proxmox VE adapter against a server that behaves as its source says: the suite, and each of its traps.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { FakeProxmox, PROXMOX } from "../../../test/support/panels/fake-proxmox.ts";
import { ample, closeFakePanels, REASON, worldOf } from "../../../test/support/panels/panel-server.ts";
import { controlPanelConformance } from "../../ports/conformance/control-panel.ts";
import type { PanelWorld } from "../../ports/conformance/control-panel.ts";
import type { ControlPanel } from "../../ports/control-panel.ts";
import { InMemoryPanelMemory } from "./memory.ts";
import { config, resource } from "./proxmox-guest.ts";
import { openProxmox, type ProxmoxOptions } from "./proxmox.ts";

afterEach(closeFakePanels);

async function open(more: Partial<ProxmoxOptions> = {}) {
  const fake = await new FakeProxmox().start();
  const options = { ...fake.address, ...PROXMOX, terminate: true, customerLogins: true, memory: new InMemoryPanelMemory(), ...more };
  fake.add("100");
  return { fake, options, panel: openProxmox(options) };
}

/** The suite's names are words; guests have numbers. */
const NUMBERS: Readonly<Record<string, string>> = { alice: "101", bob: "102", nobody1: "999" };
const numberOf = (name: string): string => NUMBERS[name] ?? name;

function named(panel: ControlPanel): ControlPanel {
  return {
    kind: panel.kind,
    capabilities: panel.capabilities,
    test: (context) => panel.test(context),
    read: (name, context) => panel.read(numberOf(name), context),
    suspend: (name, reason, context) => panel.suspend(numberOf(name), reason, context),
    unsuspend: (name, context) => panel.unsuspend(numberOf(name), context),
    terminate: (name, context) => panel.terminate(numberOf(name), context),
    list: async (context) => {
      const listed = await panel.list(context);
      if (listed.outcome !== "done") return listed;
      const nameOf = (number: string) => Object.keys(NUMBERS).find((name) => NUMBERS[name] === number) ?? number;
      return { ...listed, value: listed.value.map((account) => ({ ...account, name: nameOf(account.name) })) };
    },
  };
}

controlPanelConformance("Proxmox VE", async (): Promise<PanelWorld> => {
  const { fake, panel } = await open();
  const world = worldOf(fake, named(panel));
  return {
    ...world,
    addAccount: (name) => world.addAccount(numberOf(name)),
    truth: (name) => world.truth(numberOf(name)),
    suspendByOther: (name) => world.suspendByOther(numberOf(name)),
  };
});

describe("the traps of Proxmox VE", () => {
  it("waits for the task, whose answer comes before its work, and believes only its exit status", async () => {
    const { fake, panel } = await open();
    fake.taskFails = "command 'qm shutdown 100' failed: got timeout";
    expect(await panel.suspend("100", REASON, ample())).toMatchObject({
      outcome: "refused",
      retry: true,
      reason: expect.stringContaining("got timeout") as string,
    });
    fake.taskTakes = 3;
    expect(await panel.suspend("100", REASON, ample())).toMatchObject({ outcome: "done", value: { access: "suspended", by: "us" } });
  });

  it("does not believe the task of a guest under HA, which ends before the guest stops", async () => {
    const { fake, panel } = await open();
    fake.workLater = true;
    expect(await panel.suspend("100", REASON, ample())).toMatchObject({ outcome: "refused", retry: true });
    fake.workLater = false;
    await panel.suspend("100", REASON, ample());
    expect(fake.guest("100").running).toBe(false);
  });

  it("keeps a suspended guest from starting with its host or by its owner, and gives both back as they were", async () => {
    const { fake, panel } = await open();
    fake.grants = [
      { path: "/vms/100", type: "user", ugid: "ana@pve", roleid: "PVEVMUser", propagate: 1 },
      { path: "/vms/100", type: "user", ugid: "ana@pve", roleid: "PVEAuditor", propagate: 1 },
      { path: "/vms/101", type: "user", ugid: "bia@pve", roleid: "PVEVMUser", propagate: 1 },
      { path: "/vms/100", type: "token", ugid: PROXMOX.token, roleid: "PVEVMUser", propagate: 1 },
    ];
    const before = structuredClone(fake.grants);
    await panel.suspend("100", REASON, ample());
    expect(fake.guest("100")).toMatchObject({ onboot: 0, description: `${REASON.text}\nweb server\nof the shop` });
    expect(fake.customerStarts("100", "ana@pve")).toBe(false);
    expect(fake.grants.map(({ ugid }) => ugid)).toEqual(["ana@pve", "bia@pve", PROXMOX.token]);
    expect(await panel.unsuspend("100", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(fake.guest("100")).toMatchObject({ running: true, onboot: 1, description: "web server\nof the shop" });
    const sorted = (grants: typeof before) => grants.map((g) => JSON.stringify(g)).sort();
    expect(sorted(fake.grants)).toEqual(sorted(before));
  });

  it("leaves a guest off that its owner had switched off before", async () => {
    const { fake, panel } = await open();
    fake.guest("100").running = false;
    expect(await panel.read("100", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(await panel.suspend("100", REASON, ample())).toMatchObject({ value: { access: "suspended", by: "us" } });
    expect(await panel.unsuspend("100", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(fake.guest("100").running).toBe(false);
  });

  it("ends a release that stopped half-way, in another process too", async () => {
    const { fake, panel, options } = await open();
    await panel.suspend("100", REASON, ample());
    fake.taskFails = "start failed: no space left on device";
    expect(await panel.unsuspend("100", ample())).toMatchObject({ outcome: "refused", retry: true });
    expect(await openProxmox(options).unsuspend("100", ample())).toEqual({ outcome: "done", value: { access: "active" } });
    expect(fake.guest("100")).toMatchObject({ running: true, onboot: 1 });
  });

  it("suspends again what somebody started, and clears up after somebody who opened it by hand", async () => {
    const { fake, panel } = await open();
    await panel.suspend("100", REASON, ample());
    fake.guest("100").running = true;
    expect(await panel.read("100", ample())).toMatchObject({ value: { access: "active" } });
    await panel.unsuspend("100", ample());
    expect(fake.guest("100")).toMatchObject({ onboot: 1, description: "web server\nof the shop" });
  });

  it("knows a guest by its number alone, and says its name", async () => {
    const { panel } = await open();
    expect(await panel.list(ample())).toMatchObject({ value: [{ name: "100", also: ["vm-100"] }] });
    expect(await panel.suspend("vm-100", REASON, ample())).toMatchObject({ outcome: "refused" });
  });

  it("orders a backup once, and tells the newest", async () => {
    const { fake, panel } = await open({ backupStorage: "pbs" });
    fake.backups = [1795000000, 1795100000];
    expect(await panel.scheduleBackup?.("100", ample())).toMatchObject({ value: { pending: true } });
    await panel.scheduleBackup?.("100", ample());
    expect(fake.calls.filter((call) => call.includes("vzdump") && call.startsWith("POST"))).toHaveLength(1);
    fake.backupTasks = [];
    expect(await panel.readBackup?.("100", ample())).toMatchObject({
      value: { pending: false, latest: expect.stringContaining("1795100000") as string },
    });
  });

  it("tries a wrong token once; a missing privilege is said, and is no failed sign-in", async () => {
    const wrong = await open({ secret: "00000000-0000-4000-8000-000000000000" });
    for (let night = 0; night < 5; night += 1)
      expect(await wrong.panel.read("100", ample())).toMatchObject({ outcome: "refused", credentials: true });
    expect(wrong.fake.failures).toBe(1);
    const { fake, panel } = await open();
    fake.refusing = true;
    expect(await panel.suspend("100", REASON, ample())).toMatchObject({ reason: expect.stringContaining("VM.PowerMgmt") as string });
    expect(await panel.read("100", ample())).toMatchObject({ outcome: "done" });
  });
});

const FOLDER = join(import.meta.dirname, "../../../../shared/realdata/panels/proxmox-mocks");
const present = existsSync(FOLDER);
if (!present) console.warn(`skipped: Proxmox VE answers are not at ${FOLDER}`);

describe.skipIf(!present)("answers of Proxmox VE kept by another project", () => {
  const kept = (name: string): { data: unknown } => JSON.parse(readFileSync(join(FOLDER, name), "utf8")) as { data: unknown };

  it("list guests in the shape we read", () => {
    for (const file of ["013.json", "058.json"]) {
      const guests = z
        .array(z.looseObject({ type: z.string() }))
        .parse(kept(file).data)
        .filter(({ type }) => type === "qemu" || type === "lxc");
      expect(guests.length).toBeGreaterThan(0);
      expect(z.array(resource).safeParse(guests).success).toBe(true);
    }
  });

  it("show configurations in the shape we read", () => {
    for (const file of ["016.json", "033.json", "090.json"]) expect(config.safeParse(kept(file).data).success).toBe(true);
  });

  it.each([
    ["026.json", "done"],
    ["027.json", "refused"],
  ])("tell how a task ended: %s", async (file, outcome) => {
    const { fake, panel } = await open();
    fake.instead = { on: ({ path }) => path.includes("/tasks/"), answer: { text: JSON.stringify(kept(file)) } };
    if (outcome === "refused") fake.taskFails = "x";
    expect((await panel.suspend("100", REASON, ample())).outcome).toBe(outcome);
  });
});
