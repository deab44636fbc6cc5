// Proxmox VE: a suspended guest is shut down, does not start with its host, carries our reason, and cannot be started by its owner.
import { z } from "zod";
import { assert } from "../../kernel/assert.ts";
import type { Account, AccountState, BackupState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { isSettled, LevelPanel } from "./level-panel.ts";
import type { Act, Job, PanelDriver } from "./level-panel.ts";
import type { PanelMemory } from "./memory.ts";
import { checkAddress, wrongOption } from "./panel-http.ts";
import { ProxmoxApi } from "./proxmox-api.ts";
import { config, grant, keepNote, markOf, recallNote, resource, stateOf, tagsOf, withMark, withoutMark } from "./proxmox-guest.ts";
import type { Guest, Note, Resource } from "./proxmox-guest.ts";

export interface ProxmoxOptions {
  host: string;
  /** Default 8006. */
  port?: number;
  /** `user@realm!name` of an API token with privileges of its own. */
  token: string;
  /** The token's secret, a UUID. */
  secret: string;
  fingerprint?: string;
  ca?: string;
  /** Whether the ladder may destroy guests. Default false. */
  terminate?: boolean;
  /** Customers sign in to Proxmox VE themselves: their right to start a guest is taken away while it is suspended. Default false. */
  customerLogins?: boolean;
  /** The storage that takes backups. Absent: none are ordered here. */
  backupStorage?: string;
  /** How long a guest may take to shut down before it is switched off, in seconds. Default 15: a call has 30 in all. */
  shutdownSeconds?: number;
  /** Where it is remembered what a guest was before. */
  memory: PanelMemory;
}

/** An account is a guest (virtual machine or container), by its number: its name may be changed by its owner. */
export function openProxmox(options: ProxmoxOptions): ControlPanel {
  checkAddress({ ...options, port: options.port ?? 8006 });
  if (!/^[^\s@!=]+@[^\s@!=]+![A-Za-z][A-Za-z0-9._-]+$/u.test(options.token))
    throw wrongOption("token", "it is not user@realm!name", "não é user@realm!name");
  if (!/^[0-9a-fA-F-]{36}$/u.test(options.secret))
    throw wrongOption("secret", "it is not the UUID that Proxmox VE showed once", "não é o UUID que o Proxmox VE mostrou uma única vez");
  return new LevelPanel(new ProxmoxDriver(options));
}

const rights = z.array(z.looseObject({ roleid: z.string(), privs: z.string().optional() }));
const running = z.looseObject({ status: z.string() });
const backups = z.array(z.looseObject({ ctime: z.number() }));

class ProxmoxDriver implements PanelDriver<Guest | null> {
  readonly kind = "proxmox";
  readonly capabilities: PanelCapabilities;
  readonly #api: ProxmoxApi;
  readonly #options: ProxmoxOptions;

  constructor(options: ProxmoxOptions) {
    this.#options = options;
    this.#api = new ProxmoxApi({ ...options, port: options.port ?? 8006 }, options.token, options.secret);
    const backup = options.backupStorage !== undefined;
    this.capabilities = { keepsReason: true, terminate: options.terminate ?? false, serial: "account", backup };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#api.forget();
    const guests = await this.#resources(context);
    if (guests.outcome !== "done") return guests;
    const [first] = guests.value;
    if (first) {
      const read = await this.look(String(first.vmid), context);
      if (read.outcome !== "done") return read;
    }
    const privileges = ["VM.Audit", "VM.PowerMgmt", "VM.Config.Options"];
    if (this.#options.customerLogins) privileges.push("Permissions.Modify", "Sys.Audit (on /access)");
    if (this.#options.backupStorage !== undefined)
      privileges.push("VM.Backup", `Datastore.AllocateSpace on ${this.#options.backupStorage}`);
    if (this.capabilities.terminate) privileges.push("VM.Allocate");
    return done({
      detail:
        `Proxmox VE answers and shows ${guests.value.length} guests. Least privilege: an API token with privilege separation and a role of ` +
        `${privileges.join(", ")} on /vms.`,
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const guests = await this.#resources(context);
    if (guests.outcome !== "done") return guests;
    const accounts: Account[] = [];
    for (const each of guests.value) {
      const name = String(each.vmid);
      const also = each.name === undefined ? {} : { also: [each.name] };
      // Only a guest that stands still can be suspended: its notes are read for those alone.
      if (each.status === "running") accounts.push({ name, access: { access: "active" }, ...also });
      else {
        const guest = await this.#guest(each, context);
        if (guest.outcome !== "done") return guest;
        accounts.push({ name, access: stateOf(guest.value), ...also });
      }
    }
    return done(accounts);
  }

  isName(account: string): boolean {
    return /^[1-9]\d{2,8}$/u.test(account);
  }

  async look(account: string, context: CallContext): Promise<Outcome<Guest | null>> {
    const all = await this.#resources(context);
    if (all.outcome !== "done") return all;
    const found = all.value.find(({ vmid }) => vmid === Number(account));
    return found ? this.#guest(found, context) : done(null);
  }

  stateOf(guest: Guest | null): AccountState {
    return stateOf(guest);
  }

  /** A half-done act leaves the guest stopped but startable, or running without its rights: the note tells. */
  settled(act: Act, guest: Guest | null): boolean {
    const state = stateOf(guest);
    if (!isSettled(act, state) || !guest) return isSettled(act, state);
    if (act === "suspend" && state.access === "suspended" && state.by === "us") return guest.note?.phase !== "suspending";
    if (act === "unsuspend" && state.access === "active") return guest.note === null && markOf(guest.description) === null;
    return true;
  }

  async act(act: Act, { account, seen, reason }: Job<Guest | null>, context: CallContext): Promise<Outcome<null>> {
    assert(seen, "an absent guest is settled");
    if (act === "terminate") return this.#destroy(account, seen, context);
    return act === "suspend" ? this.#suspend(account, seen, reason, context) : this.#release(account, seen, context);
  }

  async scheduleBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    const before = await this.readBackup(account, context);
    if (before.outcome !== "done" || before.value.pending) return before;
    const guest = await this.look(account, context);
    if (guest.outcome !== "done") return guest;
    if (!guest.value) return refused("There is no such guest.");
    const fields = { vmid: account, storage: this.#options.backupStorage ?? "", mode: "snapshot" };
    const said = await this.#api.call("POST", `/nodes/${guest.value.node}/vzdump`, fields, context);
    return said.outcome === "done" ? done({ ...before.value, pending: true }) : said;
  }

  async readBackup(account: string, context: CallContext): Promise<Outcome<BackupState>> {
    const guest = await this.look(account, context);
    if (guest.outcome !== "done") return guest;
    if (!guest.value) return refused("There is no such guest.");
    const { node } = guest.value;
    const active = await this.#api.call("GET", `/nodes/${node}/tasks`, { vmid: account, typefilter: "vzdump", source: "active" }, context);
    if (active.outcome !== "done") return active;
    const path = `/nodes/${node}/storage/${encodeURIComponent(this.#options.backupStorage ?? "")}/content`;
    const kept = await this.#api.call("GET", path, { content: "backup", vmid: account }, context);
    if (kept.outcome !== "done") return kept;
    const read = backups.safeParse(kept.value);
    if (!read.success) return refused("The list of backups cannot be read.", true);
    const latest = Math.max(0, ...read.data.map(({ ctime }) => ctime));
    const pending = Array.isArray(active.value) && active.value.length > 0;
    return done({ pending, latest: latest === 0 ? null : `${latest} (seconds since 1970)` });
  }

  async #suspend(account: string, guest: Guest, reason: string, context: CallContext): Promise<Outcome<null>> {
    const { memory } = this.#options;
    const { node, type, onboot, description } = guest;
    const grants = await this.#powerGrants(account, context);
    if (grants.outcome !== "done") return grants;
    // After an act that may have ended half-way the first note stands: by now the guest shows our own work.
    const earlier = guest.note;
    const taken = [...(earlier?.grants ?? []), ...grants.value];
    const kept: Note = {
      phase: "suspending",
      onboot: earlier?.onboot ?? onboot,
      running: earlier?.running ?? guest.running,
      grants: taken,
    };
    await keepNote(memory, account, kept);
    const fields = { description: withMark(description, reason), onboot: "0" };
    const marked = await this.#api.call("PUT", `/nodes/${node}/${type}/${account}/config`, fields, context);
    if (marked.outcome !== "done") {
      if (marked.outcome === "refused" && !earlier) await keepNote(memory, account, null);
      return marked;
    }
    const revoked = await this.#grants(account, grants.value, true, context);
    if (revoked.outcome !== "done") return revoked;
    const stopped = await this.#stop(account, guest, context);
    if (stopped.outcome === "done") await keepNote(memory, account, { ...kept, phase: "suspended" });
    return stopped;
  }

  async #release(account: string, guest: Guest, context: CallContext): Promise<Outcome<null>> {
    const { memory } = this.#options;
    const { node, type, note } = guest;
    if (note) await keepNote(memory, account, { ...note, phase: "lifting" });
    const fields = { description: withoutMark(guest.description), ...(note ? { onboot: String(note.onboot) } : {}) };
    const cleared = await this.#api.call("PUT", `/nodes/${node}/${type}/${account}/config`, fields, context);
    if (cleared.outcome !== "done") return cleared;
    const restored = await this.#grants(account, note?.grants ?? [], false, context);
    if (restored.outcome !== "done") return restored;
    // What its owner had switched off stays off; without a note nobody knows, and a paid machine should run.
    if (!guest.running && (note?.running ?? true)) {
      const begun = await this.#api.call("POST", `/nodes/${node}/${type}/${account}/status/start`, {}, context);
      if (begun.outcome !== "done") return begun;
      const started = await this.#api.followTask(node, begun.value, context);
      if (started.outcome !== "done") return started;
    }
    await keepNote(memory, account, null);
    return done(null);
  }

  async #destroy(account: string, guest: Guest, context: CallContext): Promise<Outcome<null>> {
    const stopped = await this.#stop(account, guest, context);
    if (stopped.outcome !== "done") return stopped;
    const begun = await this.#api.call("DELETE", `/nodes/${guest.node}/${guest.type}/${account}`, { purge: "1" }, context);
    if (begun.outcome !== "done") return begun;
    const gone = await this.#api.followTask(guest.node, begun.value, context);
    if (gone.outcome === "done") await keepNote(this.#options.memory, account, null);
    return gone;
  }

  /** Shuts down, and switches off what does not. Under HA the task ends before the guest does: the reading after it decides. */
  async #stop(account: string, { node, type, running: runs }: Guest, context: CallContext): Promise<Outcome<null>> {
    if (!runs) return done(null);
    const fields = { timeout: String(this.#options.shutdownSeconds ?? 15), forceStop: "1" };
    const begun = await this.#api.call("POST", `/nodes/${node}/${type}/${account}/status/shutdown`, fields, context);
    return begun.outcome === "done" ? this.#api.followTask(node, begun.value, context) : begun;
  }

  /** Who may start this guest by a right given on it directly; what comes from a pool or a group above stays with those. */
  async #powerGrants(account: string, context: CallContext): Promise<Outcome<Note["grants"]>> {
    if (!this.#options.customerLogins) return done([]);
    const all = await this.#api.call("GET", "/access/acl", {}, context);
    if (all.outcome !== "done") return all;
    const roles = await this.#api.call("GET", "/access/roles", {}, context);
    if (roles.outcome !== "done") return roles;
    const [given, known] = [z.array(grant).safeParse(all.value), rights.safeParse(roles.value)];
    if (!given.success || !known.success) return refused("The rights on the guest cannot be read.", true);
    const powerful = new Set(known.data.filter(({ privs }) => privs?.split(",").includes("VM.PowerMgmt")).map(({ roleid }) => roleid));
    const own = this.#options.token;
    return done(
      given.data
        .filter(
          (each) => each.path === `/vms/${account}` && powerful.has(each.roleid) && each.ugid !== own && each.ugid !== own.split("!")[0],
        )
        .map(({ type, ugid, roleid, propagate }) => ({
          type,
          ugid,
          roleid,
          propagate: propagate === undefined || Number(propagate) === 1,
        })),
    );
  }

  async #grants(account: string, grants: Note["grants"], remove: boolean, context: CallContext): Promise<Outcome<null>> {
    for (const { type, ugid, roleid, propagate } of grants) {
      const fields = {
        path: `/vms/${account}`,
        roles: roleid,
        [`${type}s`]: ugid,
        ...(remove ? { delete: "1" } : { propagate: propagate ? "1" : "0" }),
      };
      const said = await this.#api.call("PUT", "/access/acl", fields, context);
      if (said.outcome !== "done") return said;
    }
    return done(null);
  }

  async #resources(context: CallContext): Promise<Outcome<Resource[]>> {
    const said = await this.#api.call("GET", "/cluster/resources", { type: "vm" }, context);
    if (said.outcome !== "done") return said;
    const read = z.array(resource).safeParse(said.value);
    return read.success ? done(read.data.filter(({ template }) => template !== 1)) : refused("The list of guests cannot be read.", true);
  }

  async #guest({ node, type, vmid }: Resource, context: CallContext): Promise<Outcome<Guest>> {
    const base = `/nodes/${node}/${type}/${vmid}`;
    // The list is seconds old; whether it runs is asked of its node.
    const current = await this.#api.call("GET", `${base}/status/current`, {}, context);
    if (current.outcome !== "done") return current;
    const written = await this.#api.call("GET", `${base}/config`, {}, context);
    if (written.outcome !== "done") return written;
    const [status, read] = [running.safeParse(current.value), config.safeParse(written.value)];
    if (!status.success || !read.success) return refused("The guest's state or configuration cannot be read.", true);
    const { description = "", onboot = 0, tags } = read.data;
    const note = await recallNote(this.#options.memory, String(vmid));
    return done({ node, type, running: status.data.status === "running", onboot, description, tags: tagsOf(tags), note });
  }
}
