// Plesk over its XML API: one subscription at a time, by name; every result of an answer is checked.
import type { Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { LevelPanel } from "./level-panel.ts";
import type { Act, Job, PanelDriver } from "./level-panel.ts";
import { PanelDoor } from "./panel-door.ts";
import { checkAddress, emptyOption, wrongOption } from "./panel-http.ts";
import { allAt, escapeXml, parseXml, textAt, type XmlElement } from "./xml.ts";

export interface PleskOptions {
  host: string;
  /** Default 8443. */
  port?: number;
  /** A secret key (`plesk bin secret_key --create -ip-address …`), or a user and password. */
  key?: string;
  user?: string;
  password?: string;
  fingerprint?: string;
  ca?: string;
  /** Whether the ladder may delete subscriptions. Default false. */
  terminate?: boolean;
  /** The login is a reseller's: his suspensions carry another number. Default false. */
  reseller?: boolean;
}

/** The bits of a subscription's status (Plesk XML API reference, "Setting Subscription Status"). */
const BY_ADMIN = 16;
const BY_RESELLER = 32;

/** The answer when a filter finds nothing. */
const NOTHING_FOUND = "1013";
/** Wrong login, deactivated user, no right to the API, wrong key; all of them as errors of the whole packet. */
const LOGIN_REFUSED = new Set(["1001", "1002", "1006", "11003"]);

/**
 * An account is a subscription, by its main domain. The panel keeps no reason but who suspended: a status of our login's own number alone is
 * `unknown` (we or a colleague under it), every other one is another party's.
 */
export function openPlesk(options: PleskOptions): ControlPanel {
  checkAddress({ ...options, port: options.port ?? 8443 });
  const { key, user, password } = options;
  if ((key === undefined) === (password === undefined))
    throw wrongOption("key", "give either a key, or a user and password", "dê ou uma chave, ou um usuário e uma senha");
  if (password !== undefined && (user ?? "") === "") throw emptyOption("user");
  if (!/^[\x20-\x7e]+$/u.test(`${key ?? ""}${user ?? ""}${password ?? ""}`))
    throw wrongOption(
      "key",
      "key, user and password travel as HTTP headers: they must be ASCII",
      "chave, usuário e senha viajam como cabeçalhos HTTP: só podem ter ASCII",
    );
  return new LevelPanel(new PleskDriver(options));
}

interface Subscription {
  exists: boolean;
  /** 0: active. */
  status: number;
}

class PleskDriver implements PanelDriver<Subscription> {
  readonly kind = "plesk";
  readonly capabilities: PanelCapabilities;
  readonly #door: PanelDoor;
  readonly #login: Readonly<Record<string, string>>;
  readonly #ownStatus: number;

  constructor(options: PleskOptions) {
    const { key, user, password } = options;
    this.#login = key === undefined ? { HTTP_AUTH_LOGIN: user ?? "", HTTP_AUTH_PASSWD: password ?? "" } : { KEY: key };
    this.#door = new PanelDoor({ ...options, port: options.port ?? 8443 }, [key ?? "", password ?? ""]);
    this.#ownStatus = options.reseller ? BY_RESELLER : BY_ADMIN;
    this.capabilities = { keepsReason: false, terminate: options.terminate ?? false, serial: "account" };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#door.forget();
    const accounts = await this.list(context);
    if (accounts.outcome !== "done") return accounts;
    return done({
      detail:
        `Plesk answers and lists ${accounts.value.length} subscriptions. Least privilege: a secret key bound to this machine's address ` +
        "(it has its administrator's rights), or a reseller's login that owns these subscriptions.",
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const said = await this.#webspace("get", "<filter/><dataset><gen_info/></dataset>", context);
    if (said.outcome !== "done") return said;
    const accounts: Account[] = [];
    for (const result of said.value) {
      const bad = failureOf(result);
      if (bad?.code === NOTHING_FOUND) continue;
      if (bad) return this.#refusal("webspace get", bad);
      const name = textAt(result, "data", "gen_info", "name");
      const status = numberAt(result);
      if (name === null || status === null) return refused("A subscription in Plesk's list has no name or no status.", true);
      accounts.push({ name, access: this.stateOf({ exists: true, status }) });
    }
    return done(accounts);
  }

  async look(account: string, context: CallContext): Promise<Outcome<Subscription>> {
    const said = await this.#webspace("get", `${filterFor(account)}<dataset><gen_info/></dataset>`, context);
    if (said.outcome !== "done") return said;
    const [result, ...more] = said.value;
    if (!result || more.length > 0) return refused(`Plesk answered with ${said.value.length} results about one subscription.`, true);
    const bad = failureOf(result);
    if (bad?.code === NOTHING_FOUND) return done({ exists: false, status: 0 });
    if (bad) return this.#refusal("webspace get", bad);
    const status = numberAt(result);
    if (status === null) return refused("Plesk's answer about the subscription has no status.", true);
    return done({ exists: true, status });
  }

  stateOf({ exists, status }: Subscription): AccountState {
    if (!exists) return { access: "absent" };
    if (status === 0) return { access: "active" };
    return { access: "suspended", by: status === this.#ownStatus ? "unknown" : "other", reason: `status ${status}` };
  }

  async act(act: Act, { account }: Job<Subscription>, context: CallContext): Promise<Outcome<null>> {
    const status = act === "suspend" ? this.#ownStatus : 0;
    // Never by owner: that would reach every subscription the customer has.
    const said =
      act === "terminate"
        ? await this.#webspace("del", filterFor(account), context)
        : await this.#webspace("set", `${filterFor(account)}<values><gen_setup><status>${status}</status></gen_setup></values>`, context);
    if (said.outcome !== "done") return said;
    for (const result of said.value) {
      const bad = failureOf(result);
      if (bad) return this.#refusal(`webspace ${act}`, bad);
    }
    return said.value.length > 0 ? done(null) : refused("Plesk's answer to the act has no result.", true);
  }

  #refusal(call: string, { code, text }: Failure): Outcome<never> {
    return refused(this.#door.fit(`${call}, error ${code}: ${text}`), true);
  }

  /** One operation on subscriptions; its results, however many. */
  async #webspace(operation: "get" | "set" | "del", body: string, context: CallContext): Promise<Outcome<XmlElement[]>> {
    const packet = `<?xml version="1.0" encoding="UTF-8"?><packet><webspace><${operation}>${body}</${operation}></webspace></packet>`;
    const headers = { "content-type": "text/xml", ...this.#login };
    const sent = await this.#door.send({ method: "POST", path: "/enterprise/control/agent.php", headers, body: packet }, context);
    if (sent.outcome !== "done") return sent;
    const { http, text } = sent.value;
    if (http === 401 || http === 403) return this.#door.lock(`Plesk refused our login (HTTP ${http}).`);
    const root = parseXml(text.trim());
    if (root?.name !== "packet") return this.#door.strange(sent.value, "not an answer of Plesk's XML API");
    const [system] = allAt(root, "system");
    if (system) {
      const bad = failureOf(system) ?? { code: "0", text: "no words" };
      return LOGIN_REFUSED.has(bad.code)
        ? this.#door.lock(`Plesk refused our login (error ${bad.code}): ${bad.text}`)
        : this.#refusal(`webspace ${operation}`, bad);
    }
    return done(allAt(root, "webspace", operation, "result"));
  }
}

interface Failure {
  code: string;
  text: string;
}

/** Anything but a plain "ok" is a failure. */
function failureOf(result: XmlElement): Failure | null {
  if (textAt(result, "status") === "ok") return null;
  return { code: textAt(result, "errcode") ?? "0", text: textAt(result, "errtext") ?? "no words" };
}

function numberAt(result: XmlElement): number | null {
  const text = textAt(result, "data", "gen_info", "status");
  return text !== null && /^\d{1,9}$/u.test(text) ? Number(text) : null;
}

const filterFor = (account: string): string => `<filter><name>${escapeXml(account)}</name></filter>`;
