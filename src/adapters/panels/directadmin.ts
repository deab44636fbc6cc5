// DirectAdmin over its legacy API: the suspension is a toggle there, so nothing is sent unless the state was read right before.
import type { Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { LevelPanel } from "./level-panel.ts";
import type { Act, Job, PanelDriver } from "./level-panel.ts";
import { basic, PanelDoor } from "./panel-door.ts";
import { checkAddress, emptyOption, wrongOption } from "./panel-http.ts";

export interface DirectAdminOptions {
  host: string;
  /** Default 2222. */
  port?: number;
  /** An administrator, or a reseller for his own users. */
  user: string;
  /** A login key, limited to the commands below and to this machine's address; a password works too. */
  loginKey: string;
  fingerprint?: string;
  ca?: string;
  /** Whether the ladder may delete users. Default false. */
  terminate?: boolean;
  /** A reseller's login sees only his own users, by another command. Default false. */
  reseller?: boolean;
}

/** The code that we give with a suspension; who else gives it cannot be told from us by the panel. */
const OUR_CODE = "billing";

/** Readings side by side while listing: the panel has no list with states. */
const READERS = 4;

/**
 * An account is a DirectAdmin user. The panel keeps a code for the reason (`suspended_reason`), not our words: what carries the code
 * "billing" is `unknown`, any other code is another party's.
 */
export function openDirectAdmin(options: DirectAdminOptions): ControlPanel {
  checkAddress({ ...options, port: options.port ?? 2222 });
  if (options.user === "" || /[:|]/u.test(options.user))
    throw wrongOption("user", "it is empty or contains a colon or a bar", "está vazio ou contém dois-pontos ou uma barra vertical");
  if (options.loginKey === "") throw emptyOption("login_key");
  return new LevelPanel(new DirectAdminDriver(options));
}

interface User {
  exists: boolean;
  suspended: boolean;
  code: string | null;
  domain: string | null;
}

const ABSENT: User = { exists: false, suspended: false, code: null, domain: null };

class DirectAdminDriver implements PanelDriver<User> {
  readonly kind = "directadmin";
  readonly capabilities: PanelCapabilities;
  readonly #door: PanelDoor;
  readonly #authorization: string;
  readonly #listCommand: string;

  constructor(options: DirectAdminOptions) {
    const { header, secrets } = basic(options.user, options.loginKey);
    this.#authorization = header;
    this.#door = new PanelDoor({ ...options, port: options.port ?? 2222 }, secrets);
    this.#listCommand = options.reseller ? "CMD_API_SHOW_USERS" : "CMD_API_SHOW_ALL_USERS";
    this.capabilities = { keepsReason: false, terminate: options.terminate ?? false, serial: "account" };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#door.forget();
    const names = await this.#names(context);
    if (names.outcome !== "done") return names;
    const [first] = names.value;
    if (first !== undefined) {
      const read = await this.look(first, context);
      if (read.outcome !== "done") return read;
    }
    return done({
      detail:
        `DirectAdmin answers and lists ${names.value.length} users. Least privilege: a login key limited to this machine's address and to ` +
        `${this.#listCommand}, CMD_API_SHOW_USER_CONFIG and CMD_API_SELECT_USERS. Whether the key may suspend shows only when it does.`,
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const names = await this.#names(context);
    if (names.outcome !== "done") return names;
    const accounts: Account[] = [];
    let next = 0;
    let failed: Outcome<never> | null = null;
    const reader = async (): Promise<void> => {
      for (let name = names.value[next++]; name !== undefined && !failed; name = names.value[next++]) {
        const user = await this.look(name, context);
        if (user.outcome !== "done") failed = user;
        else if (user.value.exists)
          accounts.push({ name, access: this.stateOf(user.value), ...(user.value.domain ? { also: [user.value.domain] } : {}) });
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader));
    return failed ?? done(accounts.sort((a, b) => (a.name < b.name ? -1 : 1)));
  }

  async look(account: string, context: CallContext): Promise<Outcome<User>> {
    const said = await this.#call("GET", "CMD_API_SHOW_USER_CONFIG", { user: account }, context);
    if (said.outcome === "done" && !isError(said.value)) {
      const suspended = said.value.get("suspended");
      // A user who exists has his own name in his record: an empty or foreign answer says nothing.
      if (said.value.get("username") !== account)
        return refused("The answer of CMD_API_SHOW_USER_CONFIG is about nobody we asked for.", true);
      const code = said.value.get("suspended_reason");
      return done({
        exists: true,
        suspended: suspended !== null && /^(yes|on|1|true)$/iu.test(suspended),
        code: code === "" ? null : code,
        domain: said.value.get("domain"),
      });
    }
    if (said.outcome !== "done") return said;
    // How the panel words an unknown user is documented nowhere: the list of all users tells.
    const names = await this.#names(context);
    if (names.outcome !== "done") return names;
    return names.value.includes(account) ? this.#refusal("CMD_API_SHOW_USER_CONFIG", said.value) : done(ABSENT);
  }

  stateOf({ exists, suspended, code }: User): AccountState {
    if (!exists) return { access: "absent" };
    if (!suspended) return { access: "active" };
    return { access: "suspended", by: code === null || code === OUR_CODE ? "unknown" : "other", reason: code };
  }

  async act(act: Act, { account, reason }: Job<User>, context: CallContext): Promise<Outcome<null>> {
    const fields: Record<string, string> =
      act === "terminate"
        ? { confirmed: "Confirm", delete: "yes", select0: account }
        : act === "suspend"
          ? { location: "USER_SHOW", suspend: "Suspend", select0: account, reason: OUR_CODE, details: reason }
          : { location: "USER_SHOW", suspend: "Unsuspend", select0: account };
    const said = await this.#call("POST", "CMD_API_SELECT_USERS", fields, context);
    if (said.outcome !== "done") return said;
    return isError(said.value) ? this.#refusal("CMD_API_SELECT_USERS", said.value) : done(null);
  }

  async #names(context: CallContext): Promise<Outcome<string[]>> {
    const said = await this.#call("GET", this.#listCommand, {}, context);
    if (said.outcome !== "done") return said;
    if (isError(said.value)) return this.#refusal(this.#listCommand, said.value);
    return done(said.value.getAll("list[]"));
  }

  #refusal(command: string, said: URLSearchParams): Outcome<never> {
    const words = [said.get("text"), said.get("details")].filter((part) => part !== null && part !== "").join(": ");
    return refused(this.#door.fit(`${command}: ${plain(words)}`), true);
  }

  async #call(
    method: "GET" | "POST",
    command: string,
    fields: Readonly<Record<string, string>>,
    context: CallContext,
  ): Promise<Outcome<URLSearchParams>> {
    const pairs = new URLSearchParams(fields).toString();
    const headers = {
      authorization: this.#authorization,
      ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
    };
    const path = method === "GET" && pairs !== "" ? `/${command}?${pairs}` : `/${command}`;
    const sent = await this.#door.send({ method, path, headers, ...(method === "POST" ? { body: pairs } : {}) }, context);
    if (sent.outcome !== "done") return sent;
    const { http, text } = sent.value;
    if (text.includes("authority level")) return refused(`The login key may not use ${command}.`);
    // A wrong login is answered with the page to sign in, and HTTP 200.
    const page = /^\s*<(!doctype|html)/iu.test(text);
    if (http === 401 || http === 403 || (http < 300 && page && /password|login/iu.test(text)))
      return this.#door.lock(`DirectAdmin refused our user or login key for ${command} (HTTP ${http}).`);
    if (http !== 200 || page || (text !== "" && !text.includes("=")))
      return this.#door.strange(sent.value, "not an answer of DirectAdmin's API");
    return done(new URLSearchParams(text));
  }
}

const isError = (said: URLSearchParams): boolean => (said.get("error") ?? "0") !== "0";

/** Its texts are HTML: entities stand in them, some without their semicolon (`&#39`). */
function plain(text: string): string {
  return text
    .replace(/<[^>]*>/gu, " ")
    .replace(/&#(\d{2,5});?/gu, (_whole, code: string) => String.fromCodePoint(Number(code)))
    .replace(/&quot;?/gu, '"')
    .replace(/&amp;?/gu, "&");
}
