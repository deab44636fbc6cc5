// Each quirk of a panel is held by a scene: the adapter passes it, and the same adapter with that one quirk forgotten does not.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { CPANEL, FakeCpanel } from "../../../test/support/panels/fake-cpanel.ts";
import { DIRECTADMIN, FakeDirectAdmin } from "../../../test/support/panels/fake-directadmin.ts";
import { FakeIspConfig, ISPCONFIG } from "../../../test/support/panels/fake-ispconfig.ts";
import { FakePlesk, PLESK_KEY } from "../../../test/support/panels/fake-plesk.ts";
import { FakeProxmox, PROXMOX } from "../../../test/support/panels/fake-proxmox.ts";
import { FakeVirtualmin, VIRTUALMIN } from "../../../test/support/panels/fake-virtualmin.ts";
import { closeHestiaWorlds, openHestiaWorld } from "../../../test/support/hestia-world.ts";
import { ample, closeFakePanels, REASON } from "../../../test/support/panels/panel-server.ts";
import { planted, type Patch } from "../../../sim/mutants/mutant.ts";
import type { ControlPanel } from "../../ports/control-panel.ts";
import type { openCpanel } from "./cpanel.ts";
import type { openDirectAdmin } from "./directadmin.ts";
import type { HestiaPanel } from "./hestia.ts";
import type { openIspConfig } from "./ispconfig.ts";
import { InMemoryPanelMemory } from "./memory.ts";
import type { openPlesk } from "./plesk.ts";
import type { openProxmox } from "./proxmox.ts";
import type { openVirtualmin } from "./virtualmin.ts";

afterEach(async () => {
  await closeFakePanels();
  await closeHestiaWorlds();
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** All that the adapters export, from their own files or from a copy with one of them changed. */
interface Adapters {
  openCpanel: typeof openCpanel;
  openDirectAdmin: typeof openDirectAdmin;
  openIspConfig: typeof openIspConfig;
  openPlesk: typeof openPlesk;
  openProxmox: typeof openProxmox;
  openVirtualmin: typeof openVirtualmin;
  HestiaPanel: typeof HestiaPanel;
}

const FILES = ["cpanel", "directadmin", "hestia", "ispconfig", "plesk", "proxmox", "virtualmin"];

async function adaptersIn(folder: string): Promise<Adapters> {
  const modules = await Promise.all(
    FILES.map((file) => import(/* @vite-ignore */ pathToFileURL(join(folder, `${file}.ts`)).href) as Promise<object>),
  );
  return Object.assign({}, ...modules) as Adapters;
}

/** A copy of the room outside the project, whose imports reach back into it. */
function copyWith(patch: Patch | null): string {
  const folder = mkdtempSync(join(tmpdir(), "regua-quirk-"));
  folders.push(folder);
  const src = pathToFileURL(join(import.meta.dirname, "../..")).href;
  const library = (name: string): string => import.meta.resolve(name);
  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))) {
    const path = join(import.meta.dirname, name);
    const text = readFileSync(path, "utf8");
    const changed = patch ? planted(name, text, [patch]) : text;
    writeFileSync(
      join(folder, name),
      changed
        .replaceAll('from "../../', `from "${src}/`)
        .replace('from "zod"', `from "${library("zod")}"`)
        .replace('from "yaml"', `from "${library("yaml")}"`),
    );
  }
  return folder;
}

const valueOf = async (outcome: ReturnType<ControlPanel["read"]>): Promise<unknown> => {
  const said = await outcome;
  if (said.outcome !== "done") throw new Error(said.reason);
  return said.value;
};

interface Quirk {
  patch: Patch;
  scene: (adapters: Adapters) => Promise<void>;
}

async function virtualmin(adapters: Adapters, password = VIRTUALMIN.password) {
  const fake = await new FakeVirtualmin().start();
  fake.add("loja.test");
  return { fake, panel: adapters.openVirtualmin({ ...fake.address, user: VIRTUALMIN.user, password }) };
}

async function proxmox(adapters: Adapters) {
  const fake = await new FakeProxmox().start();
  fake.add("100");
  return { fake, panel: adapters.openProxmox({ ...fake.address, ...PROXMOX, customerLogins: true, memory: new InMemoryPanelMemory() }) };
}

async function ispconfig(adapters: Adapters) {
  const fake = await new FakeIspConfig().start();
  fake.add("alice");
  return { fake, panel: adapters.openIspConfig({ ...fake.address, ...ISPCONFIG, memory: new InMemoryPanelMemory() }) };
}

async function plesk(adapters: Adapters, status = 0) {
  const fake = await new FakePlesk().start();
  fake.reseller = true;
  fake.subscriptions.set("loja.test", status);
  return { fake, panel: adapters.openPlesk({ ...fake.address, key: PLESK_KEY, reseller: true }) };
}

const QUIRKS: Readonly<Record<string, Quirk>> = {
  "HestiaCP answers 401 and exit 5 for “already suspended”": {
    patch: {
      file: "hestia.ts",
      find: 'if (act.value.exit !== EXIT.ok) return done(suspendedBy("unknown"));',
      replace: 'if (act.value.exit !== EXIT.ok) return this.#api.refusal("v-suspend-user", act.value);',
    },
    scene: async (adapters) => {
      const { fake, options } = await openHestiaWorld();
      fake.state.addUser("alice");
      fake.before("v-suspend-user", () => fake.state.run("v-suspend-user", ["alice"]));
      expect(await valueOf(new adapters.HestiaPanel(options).suspend("alice", REASON, ample()))).toMatchObject({ access: "suspended" });
    },
  },
  "HestiaCP opens a domain that was closed on its own": {
    patch: {
      file: "hestia.ts",
      find: "const back = await this.#separate.putBack(account, kept, context);",
      replace: "const back = done(null) as Outcome<null>;",
    },
    scene: async (adapters) => {
      const { fake, options } = await openHestiaWorld();
      fake.state.addUser("alice", { web: ["loja.test", "spam.test"] });
      fake.state.run("v-suspend-web-domain", ["alice", "spam.test"]);
      const panel = new adapters.HestiaPanel(options);
      await panel.suspend("alice", REASON, ample());
      await panel.unsuspend("alice", ample());
      expect(fake.state.users.get("alice")?.web.get("spam.test")).toBe(true);
    },
  },
  "Virtualmin's warnings take a domain's fields for their own": {
    patch: {
      file: "virtualmin.ts",
      find: "const own = data.slice(first, next < 0 ? undefined : next);",
      replace: "const own = data.slice(first, Math.min(first + 1, next < 0 ? first + 1 : next));",
    },
    scene: async (adapters) => {
      const { fake, panel } = await virtualmin(adapters);
      fake.suspendByHand("loja.test");
      expect(await valueOf(panel.read("loja.test", ample()))).toMatchObject({ access: "suspended", by: "other" });
    },
  },
  "Virtualmin loses the password when two disables race": {
    patch: { file: "virtualmin.ts", find: 'serial: "server"', replace: 'serial: "account"' },
    scene: async (adapters) => {
      const { fake, panel } = await virtualmin(adapters);
      fake.add("blog.test");
      // Long enough for the other to come while this one acts, on a busy machine too; 25 ms was not.
      fake.slowMs = 400;
      await Promise.all(["loja.test", "blog.test"].map((name) => panel.suspend(name, REASON, ample())));
      expect(fake.mostActsAtOnce).toBe(1);
    },
  },
  "Webmin shuts an address out after a few wrong passwords": {
    patch: {
      file: "virtualmin.ts",
      find: 'if (http === 401) return this.#door.lock("Virtualmin refused our user or password (HTTP 401).");',
      replace: 'if (http === 401) return refused("HTTP 401", true);',
    },
    scene: async (adapters) => {
      const { fake, panel } = await virtualmin(adapters, "wrong");
      for (let night = 0; night < 4; night += 1) await panel.read("loja.test", ample());
      expect(fake.failures).toBe(1);
    },
  },
  "Virtualmin's sub-servers may be down for a cause of their own": {
    patch: {
      file: "virtualmin.ts",
      find: "[...top, ...seen.under].filter((server) => isOurs(server))",
      replace: "[...top, ...seen.under].filter((server) => server.disabled)",
    },
    scene: async (adapters) => {
      const { fake, panel } = await virtualmin(adapters);
      fake.add("spam.loja.test", "loja.test");
      fake.suspendByHand("spam.loja.test");
      await panel.suspend("loja.test", REASON, ample());
      await panel.unsuspend("loja.test", ample());
      expect(fake.truth("spam.loja.test")).toBe("suspended");
    },
  },
  "DirectAdmin's suspension is a toggle": {
    patch: {
      file: "level-panel.ts",
      find: "if (this.#settled(act, before.value)) return done(this.#driver.stateOf(before.value));",
      replace: "",
    },
    scene: async (adapters) => {
      const fake = await new FakeDirectAdmin().start();
      fake.add("alice");
      fake.suspendByHand("alice");
      const panel = adapters.openDirectAdmin({ ...fake.address, ...DIRECTADMIN });
      await panel.suspend("alice", REASON, ample());
      expect(fake.truth("alice")).toBe("suspended");
    },
  },
  "DirectAdmin answers a wrong key with the page to sign in, and HTTP 200": {
    patch: { file: "directadmin.ts", find: "(http < 300 && page && /password|login/iu.test(text))", replace: "http > 999" },
    scene: async (adapters) => {
      const fake = await new FakeDirectAdmin().start();
      const panel = adapters.openDirectAdmin({ ...fake.address, user: DIRECTADMIN.user, loginKey: "wrong" });
      for (let night = 0; night < 4; night += 1) await panel.read("alice", ample());
      expect(fake.failures).toBe(1);
    },
  },
  "cPanel's locked accounts open for root alone": {
    patch: { file: "cpanel.ts", find: 'disallowun: "0"', replace: 'disallowun: "1"' },
    scene: async (adapters) => {
      const fake = await new FakeCpanel().start();
      fake.add("alice");
      const panel = adapters.openCpanel({ ...fake.address, ...CPANEL });
      await panel.suspend("alice", REASON, ample());
      expect(await valueOf(panel.unsuspend("alice", ample()))).toEqual({ access: "active" });
    },
  },
  "Plesk's resellers suspend with a number of their own": {
    patch: { file: "plesk.ts", find: "options.reseller ? BY_RESELLER : BY_ADMIN", replace: "options.reseller ? BY_ADMIN : BY_ADMIN" },
    scene: async (adapters) => {
      const { panel } = await plesk(adapters);
      expect(await valueOf(panel.suspend("loja.test", REASON, ample()))).toMatchObject({ access: "suspended" });
    },
  },
  "Plesk adds the numbers of all who suspended": {
    patch: { file: "plesk.ts", find: "status === this.#ownStatus", replace: "(status & this.#ownStatus) !== 0" },
    scene: async (adapters) => {
      const { fake, panel } = await plesk(adapters, 48);
      await panel.unsuspend("loja.test", ample());
      expect(fake.subscriptions.get("loja.test")).toBe(48);
    },
  },
  "ISPConfig lists a neighbour's sites too": {
    patch: { file: "ispconfig.ts", find: "if (site.data.sys_groupid === user.default_group) own.push", replace: "own.push" },
    scene: async (adapters) => {
      const { fake, panel } = await ispconfig(adapters);
      fake.add("bob");
      const shared = fake.addSite("bob", "shared.test", true);
      await panel.suspend("alice", REASON, ample());
      expect(shared.active).toBe(true);
    },
  },
  "ISPConfig's sites may be off on purpose": {
    patch: { file: "ispconfig.ts", find: "!active && ours.includes(id)", replace: "!active || ours.includes(id)" },
    scene: async (adapters) => {
      const { fake, panel } = await ispconfig(adapters);
      const blog = fake.addSite("alice", "blog.test");
      blog.active = false;
      await panel.suspend("alice", REASON, ample());
      await panel.unsuspend("alice", ample());
      expect([fake.truth("alice"), blog.active]).toEqual(["active", false]);
    },
  },
  "Proxmox VE answers before the work, and the task may fail": {
    patch: { file: "proxmox-api.ts", find: 'exitstatus === "OK" ||', replace: 'status === "stopped" ||' },
    scene: async (adapters) => {
      const { fake, panel } = await proxmox(adapters);
      await panel.suspend("100", REASON, ample());
      fake.taskFails = "start failed";
      expect((await panel.unsuspend("100", ample())).outcome).toBe("refused");
    },
  },
  "Proxmox VE lets the owner start his guest again": {
    patch: {
      file: "proxmox.ts",
      find: "const revoked = await this.#grants(account, grants.value, true, context);",
      replace: "const revoked = await this.#grants(account, [], true, context);",
    },
    scene: async (adapters) => {
      const { fake, panel } = await proxmox(adapters);
      fake.grants = [{ path: "/vms/100", type: "user", ugid: "ana@pve", roleid: "PVEVMUser", propagate: 1 }];
      await panel.suspend("100", REASON, ample());
      expect(fake.customerStarts("100", "ana@pve")).toBe(false);
    },
  },
};

describe("a quirk that is forgotten is caught", () => {
  it.each(Object.entries(QUIRKS))("%s", async (_name, { patch, scene }) => {
    await scene(await adaptersIn(import.meta.dirname));
    await expect(scene(await adaptersIn(copyWith(patch)))).rejects.toThrow();
  });

  it("a copy with nothing forgotten passes like the original, so that no scene fails for being copied", async () => {
    const copy = await adaptersIn(copyWith(null));
    for (const { scene } of Object.values(QUIRKS)) await scene(copy);
  });
});
