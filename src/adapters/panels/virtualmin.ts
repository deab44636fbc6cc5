// Virtualmin over its remote API: one call on the server at a time, warnings told from data, sub-servers minded one by one.
import { z } from "zod";
import type { Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { isSettled, LevelPanel, suspendedFor } from "./level-panel.ts";
import type { Act, Job, PanelDriver } from "./level-panel.ts";
import { basic, PanelDoor } from "./panel-door.ts";
import { checkAddress, emptyOption, wrongOption } from "./panel-http.ts";

export interface VirtualminOptions {
  host: string;
  /** Default 10000. */
  port?: number;
  /** A Webmin user that may use Virtualmin's remote API for all domains. */
  user: string;
  password: string;
  fingerprint?: string;
  ca?: string;
  /** Whether the ladder may delete domains. Default false. */
  terminate?: boolean;
}

/**
 * An account is a top-level virtual server, by its domain. Its sub-servers go down and up with it, each with our reason, since
 * `--subservers` would also open those that somebody closed for a cause of their own.
 * Whole server in line: two disables that race lose the customer's password for good (seen on 8.1, twice).
 */
export function openVirtualmin(options: VirtualminOptions): ControlPanel {
  checkAddress({ ...options, port: options.port ?? 10000 });
  if (options.user === "" || options.user.includes(":"))
    throw wrongOption("user", "it is empty or contains a colon", "está vazio ou contém dois-pontos");
  if (options.password === "") throw emptyOption("password");
  return new LevelPanel(new VirtualminDriver(options));
}

interface Server {
  domain: string;
  /** Null: up. Else why it is down, as the panel has it: `Manually (…)`, `Bandwidth limit`… */
  disabled: { reason: string | null } | null;
}

/** A top-level server and those under it. */
interface Family {
  top: Server | null;
  under: Server[];
}

const entry = z.looseObject({ name: z.string(), values: z.record(z.string(), z.array(z.string())).optional() });
const answer = z.looseObject({
  status: z.enum(["success", "failure", "error"]),
  data: z.array(entry).optional(),
  output: z.string().optional(),
  error: z.string().optional(),
});
type Answer = z.infer<typeof answer>;

class VirtualminDriver implements PanelDriver<Family> {
  readonly kind = "virtualmin";
  readonly capabilities: PanelCapabilities;
  readonly #door: PanelDoor;
  readonly #authorization: string;

  constructor(options: VirtualminOptions) {
    const { header, secrets } = basic(options.user, options.password);
    this.#authorization = header;
    this.#door = new PanelDoor({ ...options, port: options.port ?? 10000 }, secrets);
    this.capabilities = { keepsReason: true, terminate: options.terminate ?? false, serial: "server" };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#door.forget();
    const accounts = await this.list(context);
    if (accounts.outcome !== "done") return accounts;
    // Asked for no domain, a program that may be used answers its usage, and one that may not says so.
    for (const program of ["disable-domain", "enable-domain", ...(this.capabilities.terminate ? ["delete-domain"] : [])]) {
      const said = await this.#call(program, {}, context);
      if (said.outcome !== "done") return said;
      if (said.value.status === "error" || !/usage|missing|must|no domain|domain/iu.test(said.value.error ?? ""))
        return refused(this.#door.fit(`${program} may not be used: ${said.value.error ?? said.value.status}`));
    }
    return done({
      detail:
        `Virtualmin answers and lists ${accounts.value.length} virtual servers. ` +
        "Least privilege: a Webmin user of its own with the module Virtualmin Virtual Servers, all domains, and the remote API.",
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    // Names only: in a full list the server's warnings cut a domain's fields off and put them under the warning's name.
    const all = await this.#names({ toplevel: "" }, context);
    if (all.outcome !== "done") return all;
    const down = await this.#names({ toplevel: "", disabled: "" }, context);
    if (down.outcome !== "done") return down;
    const disabled = new Set(down.value);
    return done(
      all.value.map((name) => ({
        name,
        access: disabled.has(name) ? { access: "suspended", by: "unknown", reason: null } : { access: "active" },
      })),
    );
  }

  async look(account: string, context: CallContext): Promise<Outcome<Family>> {
    const top = await this.#server(account, context);
    if (top.outcome !== "done") return top;
    if (top.value === null) return done({ top: null, under: [] });
    const names = await this.#names({ parent: account }, context);
    if (names.outcome !== "done") return names;
    const under: Server[] = [];
    for (const name of names.value) {
      const server = await this.#server(name, context);
      if (server.outcome !== "done") return server;
      if (server.value) under.push(server.value);
    }
    return done({ top: top.value, under });
  }

  stateOf({ top }: Family): AccountState {
    if (!top) return { access: "absent" };
    return top.disabled ? suspendedFor(top.disabled.reason) : { access: "active" };
  }

  /** A suspension that stopped half-way has sub-servers up, and a release that did has some of ours down. */
  settled(act: Act, family: Family): boolean {
    const state = this.stateOf(family);
    if (!isSettled(act, state)) return false;
    if (act === "suspend" && state.access === "suspended" && state.by === "us") return family.under.every((server) => server.disabled);
    if (act === "unsuspend" && state.access === "active") return !family.under.some(isOurs);
    return true;
  }

  async act(act: Act, { account, seen, reason }: Job<Family>, context: CallContext): Promise<Outcome<null>> {
    if (act === "terminate") return this.#do("delete-domain", { domain: account }, context);
    const top = seen.top ? [seen.top] : [];
    // The customer's own domain last when closing and first when opening: it is what tells how far we came.
    const servers =
      act === "suspend"
        ? [...seen.under, ...top].filter((server) => !server.disabled)
        : [...top, ...seen.under].filter((server) => isOurs(server));
    for (const { domain } of servers) {
      const said =
        act === "suspend"
          ? await this.#do("disable-domain", { domain, why: reason }, context)
          : await this.#do("enable-domain", { domain }, context);
      if (said.outcome !== "done") return said;
    }
    return done(null);
  }

  /** One server with all it says of itself: its own entry, and what follows under the names of warnings up to the next server's. */
  async #server(domain: string, context: CallContext): Promise<Outcome<Server | null>> {
    const said = await this.#call("list-domains", { domain, multiline: "" }, context);
    if (said.outcome !== "done") return said;
    const { status, data, error } = said.value;
    if (status === "failure" && error?.includes(`${domain} does not exist`)) return done(null);
    if (status !== "success" || !data) return refused(this.#door.fit(`list-domains: ${error ?? status}`), true);
    const first = data.findIndex(({ name }) => name === domain);
    if (first < 0) return data.some(({ name }) => isDomain(name)) ? strange(domain) : done(null);
    const next = data.findIndex(({ name }, at) => at > first && isDomain(name));
    const own = data.slice(first, next < 0 ? undefined : next);
    const fields = Object.assign({}, ...own.map(({ values }) => values ?? {})) as Record<string, string[]>;
    // Every server has an id; an answer without one has lost fields, and with them perhaps the mark that it is down.
    if (!fields.id) return strange(domain);
    const down = fields.disabled ?? (fields.disabled_at ? [""] : undefined);
    return done({ domain, disabled: down ? { reason: reasonIn(down[0] ?? "") } : null });
  }

  async #names(filter: Readonly<Record<string, string>>, context: CallContext): Promise<Outcome<string[]>> {
    const said = await this.#call("list-domains", { ...filter, "name-only": "" }, context);
    if (said.outcome !== "done") return said;
    const { status, data, error } = said.value;
    if (status !== "success" || !data) return refused(this.#door.fit(`list-domains: ${error ?? status}`), true);
    return done([...new Set(data.filter(({ name, values }) => values !== undefined && isDomain(name)).map(({ name }) => name))]);
  }

  async #do(program: string, fields: Readonly<Record<string, string>>, context: CallContext): Promise<Outcome<null>> {
    const said = await this.#call(program, fields, context);
    if (said.outcome !== "done") return said;
    return said.value.status === "success"
      ? done(null)
      : refused(this.#door.fit(`${program}: ${said.value.error ?? said.value.status}`), true);
  }

  /** POST: what stands in an address is written to the server's log. */
  async #call(program: string, fields: Readonly<Record<string, string>>, context: CallContext): Promise<Outcome<Answer>> {
    const body = new URLSearchParams({ program, ...fields, json: "1" }).toString();
    const headers = { authorization: this.#authorization, "content-type": "application/x-www-form-urlencoded" };
    const sent = await this.#door.send({ method: "POST", path: "/virtual-server/remote.cgi", headers, body }, context);
    if (sent.outcome !== "done") return sent;
    const { http, text } = sent.value;
    if (http === 401) return this.#door.lock("Virtualmin refused our user or password (HTTP 401).");
    if (http === 403)
      return this.#door.lock("Virtualmin shut this address out (HTTP 403): failed sign-ins, or it is not on the allow-list.");
    const read = answer.safeParse(parse(text));
    if (!read.success) return this.#door.strange(sent.value, "not an answer of Virtualmin's remote API");
    return done(read.data);
  }
}

const isOurs = ({ disabled }: Server): boolean => {
  const state = disabled && suspendedFor(disabled.reason);
  return state?.access === "suspended" && state.by === "us";
};

/** `Manually (our reason)`: what a person or program gave as a reason stands in parentheses. */
function reasonIn(text: string): string | null {
  return /^[^(]*\((.*)\)\s*$/su.exec(text)?.[1] ?? (text === "" ? null : text);
}

/** Warnings of the server come as entries too: sentences, and dates in brackets. */
const isDomain = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/u.test(name);

const strange = (domain: string): Outcome<never> => unknown(`The answer about ${domain} has lost fields to the server's own warnings.`);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
