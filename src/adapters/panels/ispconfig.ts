// ISPConfig 3 by its sites: the lock of a whole client loses what it should restore, so each site is switched and remembered.
import { z } from "zod";
import { assert } from "../../kernel/assert.ts";
import type { Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { Fault, IspConfigApi } from "./ispconfig-api.ts";
import { isSettled, LevelPanel } from "./level-panel.ts";
import type { Act, Job, PanelDriver } from "./level-panel.ts";
import type { PanelMemory } from "./memory.ts";
import { checkAddress, emptyOption } from "./panel-http.ts";

export interface IspConfigOptions {
  host: string;
  /** Default 8080. */
  port?: number;
  /** A remote user (System > Remote Users) with the functions that {@link FUNCTIONS} names. */
  user: string;
  password: string;
  fingerprint?: string;
  ca?: string;
  /** Whether the ladder may delete clients with everything. Default false. */
  terminate?: boolean;
  /** Where it is remembered which sites we switched off. */
  memory: PanelMemory;
}

/** What the remote user must be allowed. */
const FUNCTIONS = "Client functions, Sites Domain functions";

/**
 * An account is a client, by its user name; suspended means that none of its web sites is active. Mail, databases and the client's own
 * login stay as they are: the panel has a lock for them, and whoever locks twice, or edits a locked client, loses every site's state.
 */
export function openIspConfig(options: IspConfigOptions): ControlPanel {
  checkAddress({ ...options, port: options.port ?? 8080 });
  if (options.user === "") throw emptyOption("user");
  if (options.password === "") throw emptyOption("password");
  return new LevelPanel(new IspConfigDriver(options));
}

const number = z.coerce.number().int();
const systemUser = z.looseObject({ userid: number, username: z.string(), client_id: number, default_group: number });
const clientRecord = z.looseObject({
  client_id: number,
  username: z.string(),
  email: z.string().nullish(),
  locked: z.enum(["y", "n"]).nullish(),
});
const siteRecord = z.looseObject({ domain_id: number, domain: z.string(), active: z.enum(["y", "n"]), sys_groupid: number });
const siteList = z.array(z.looseObject({ domain_id: number }));
const note = z.object({ phase: z.enum(["suspending", "suspended", "lifting"]), sites: z.array(z.number()) });
type Note = z.infer<typeof note>;

interface Client {
  clientId: number;
  locked: boolean;
  sites: { id: number; domain: string; active: boolean }[];
  /** The sites that we switched off, and how far we came. */
  note: Note | null;
}

const KEY = "ispconfig.sites";

class IspConfigDriver implements PanelDriver<Client | null> {
  readonly kind = "ispconfig";
  readonly capabilities: PanelCapabilities;
  readonly #api: IspConfigApi;
  readonly #memory: PanelMemory;

  constructor(options: IspConfigOptions) {
    this.#api = new IspConfigApi({ ...options, port: options.port ?? 8080 }, options.user, options.password);
    this.#memory = options.memory;
    this.capabilities = { keepsReason: false, terminate: options.terminate ?? false, serial: "account" };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#api.forget();
    const ids = await this.#clientIds(context);
    if (ids.outcome !== "done") return ids;
    const [first] = ids.value;
    if (first !== undefined) {
      const name = await this.#client(first, context);
      if (name.outcome !== "done") return name;
      const read = await this.look(name.value.username, context);
      if (read.outcome !== "done") return read;
    }
    return done({
      detail:
        `ISPConfig answers and lists ${ids.value.length} clients. Least privilege: a remote user with ${FUNCTIONS}, and this machine's ` +
        "address as the only one allowed. Suspending switches web sites off; mail and the client's login stay as they are.",
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const ids = await this.#clientIds(context);
    if (ids.outcome !== "done") return ids;
    const accounts: Account[] = [];
    for (const id of ids.value) {
      const record = await this.#client(id, context);
      if (record.outcome !== "done") return record;
      const { username: name, email } = record.value;
      const client = await this.look(name, context);
      if (client.outcome !== "done") return client;
      const domains = client.value?.sites.map(({ domain }) => domain) ?? [];
      accounts.push({ name, access: this.stateOf(client.value), also: [...domains, ...(email ? [email] : [])] });
    }
    return done(accounts);
  }

  async look(account: string, context: CallContext): Promise<Outcome<Client | null>> {
    const said = await this.#api.call("client_get_by_username", { username: account }, context);
    if (said.outcome !== "done") return said;
    if (said.value instanceof Fault) {
      // The words of the program itself (interface/lib/classes/remote.d/client.inc.php).
      return said.value.message.includes("There is no user account for this user name")
        ? done(null)
        : refused(this.#api.fit(said.value.message), true);
    }
    const user = systemUser.safeParse(said.value);
    if (!user.success || user.data.username !== account) return refused("The answer about the client cannot be read.", true);
    // An administrator of the panel has a login too, and no client behind it.
    if (user.data.client_id === 0) return done(null);
    const record = await this.#client(user.data.client_id, context);
    if (record.outcome !== "done") return record;
    const sites = await this.#sites(user.data, context);
    if (sites.outcome !== "done") return sites;
    const kept = await this.#follow(account, await this.#recall(account), sites.value);
    return done({ clientId: user.data.client_id, locked: record.value.locked === "y", sites: sites.value, note: kept });
  }

  stateOf(client: Client | null): AccountState {
    if (!client) return { access: "absent" };
    if (client.locked) return { access: "suspended", by: "other", reason: "the client is locked on the panel" };
    if (client.sites.length === 0 || client.sites.some(({ active }) => active)) return { access: "active" };
    return { access: "suspended", by: client.note ? "us" : "other", reason: null };
  }

  /** A release that stopped half-way has sites of ours still off, though the account reads active. */
  settled(act: Act, client: Client | null): boolean {
    const state = this.stateOf(client);
    return isSettled(act, state) && !(act === "unsuspend" && state.access === "active" && client?.note);
  }

  async act(act: Act, { account, seen }: Job<Client | null>, context: CallContext): Promise<Outcome<null>> {
    assert(seen, "an absent client is settled");
    if (act === "terminate") return this.#terminate(account, seen, context);
    if (act === "suspend") {
      const running = seen.sites.filter(({ active }) => active).map(({ id }) => id);
      if (running.length === 0) return refused("The client has no web site that could be switched off.");
      const sites = [...new Set([...(seen.note?.sites ?? []), ...running])];
      await this.#keep(account, { phase: "suspending", sites });
      const said = await this.#switch(running, "inactive", context);
      if (said.outcome === "done") await this.#keep(account, { phase: "suspended", sites });
      return said;
    }
    const ours = seen.note?.sites ?? [];
    await this.#keep(account, { phase: "lifting", sites: ours });
    const still = seen.sites.filter(({ id, active }) => !active && ours.includes(id)).map(({ id }) => id);
    const said = await this.#switch(still, "active", context);
    if (said.outcome === "done") await this.#keep(account, null);
    return said;
  }

  async #terminate(account: string, { clientId }: Client, context: CallContext): Promise<Outcome<null>> {
    const said = await this.#api.call("client_delete_everything", { client_id: clientId }, context);
    if (said.outcome !== "done") return said;
    if (said.value instanceof Fault) return refused(this.#api.fit(said.value.message), true);
    await this.#keep(account, null);
    return done(null);
  }

  async #switch(sites: readonly number[], status: "active" | "inactive", context: CallContext): Promise<Outcome<null>> {
    for (const id of sites) {
      const said = await this.#api.call("sites_web_domain_set_status", { primary_id: id, status }, context);
      if (said.outcome !== "done") return said;
      if (said.value instanceof Fault) return refused(this.#api.fit(said.value.message), true);
    }
    return done(null);
  }

  /**
   * The client's own sites. The panel's list also holds what others may read, so each site is asked whose it is: whoever switches a
   * neighbour's off has harmed somebody who owes nothing.
   */
  async #sites(user: z.infer<typeof systemUser>, context: CallContext): Promise<Outcome<Client["sites"]>> {
    const group = { sys_userid: user.userid, sys_groupid: String(user.default_group) };
    const said = await this.#api.call("client_get_sites_by_user", group, context);
    if (said.outcome !== "done") return said;
    if (said.value instanceof Fault) {
      return said.value.message.includes("There is no site for this user") ? done([]) : refused(this.#api.fit(said.value.message), true);
    }
    const listed = siteList.safeParse(said.value);
    if (!listed.success) return refused("The list of the client's sites cannot be read.", true);
    const own: Client["sites"] = [];
    for (const { domain_id: id } of listed.data) {
      const one = await this.#api.call("sites_web_domain_get", { primary_id: id }, context);
      if (one.outcome !== "done") return one;
      const site = siteRecord.safeParse(one.value);
      if (!site.success) return refused(`The record of site ${id} cannot be read.`, true);
      if (site.data.sys_groupid === user.default_group) own.push({ id, domain: site.data.domain, active: site.data.active === "y" });
    }
    return done(own);
  }

  async #clientIds(context: CallContext): Promise<Outcome<number[]>> {
    const said = await this.#api.call("client_get_all", {}, context);
    if (said.outcome !== "done") return said;
    if (said.value instanceof Fault) return refused(this.#api.fit(said.value.message), true);
    const ids = z.array(number).safeParse(said.value === false ? [] : said.value);
    return ids.success ? done(ids.data) : refused("The list of clients cannot be read.", true);
  }

  async #client(id: number, context: CallContext): Promise<Outcome<z.infer<typeof clientRecord>>> {
    const said = await this.#api.call("client_get", { client_id: id }, context);
    if (said.outcome !== "done") return said;
    if (said.value instanceof Fault) return refused(this.#api.fit(said.value.message), true);
    const read = clientRecord.safeParse(said.value);
    return read.success ? done(read.data) : refused(`The record of client ${id} cannot be read.`, true);
  }

  /** Takes up what became of our work since: an act that ended, or an operator who opened a site by hand, which then is ours no more. */
  async #follow(account: string, kept: Note | null, sites: Client["sites"]): Promise<Note | null> {
    if (!kept || kept.phase === "lifting") return kept;
    const open = new Set(sites.filter(({ active }) => active).map(({ id }) => id));
    if (kept.phase === "suspending" && open.size > 0) return kept;
    const still = kept.sites.filter((id) => !open.has(id));
    const next: Note | null = still.length === 0 ? null : { phase: "suspended", sites: still };
    if (kept.phase !== "suspended" || still.length !== kept.sites.length) await this.#keep(account, next);
    return next;
  }

  async #recall(account: string): Promise<Note | null> {
    const text = await this.#memory.recall(account, KEY);
    if (text === null) return null;
    const read = note.safeParse(JSON.parse(text));
    assert(read.success, `the panel memory of ${KEY} cannot be read`);
    return read.data;
  }

  #keep(account: string, kept: Note | null): Promise<void> {
    return this.#memory.remember(account, KEY, kept && JSON.stringify(kept));
  }
}
