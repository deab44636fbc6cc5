// One call of WHMCS's API: a form posted over TLS at a bounded pace, and its answer as one of three outcomes.
import { systemClock, wait, type Clock } from "../../kernel/clock.ts";
import type { Instant } from "../../kernel/time.ts";
import { done, refused, unknown, type CallContext, type Outcome } from "../../ports/outcome.ts";
import { PanelDoor } from "../panels/panel-door.ts";
import { checkAddress, wrongOption } from "../panels/panel-http.ts";
import type { Row } from "./shapes.ts";

export interface WhmcsAccess {
  /** https://…, without includes/api.php. */
  url: string;
  identifier: string;
  secret: string;
  /** Of configuration.php, where our address is not on the list. */
  accessKey?: string;
  fingerprint?: string;
  ca?: string;
  /** Default 10. */
  callsPerSecond?: number;
  /** A refused key shuts the door until a test: WHMCS bans an address that fails. False where somebody else keeps that, in a database. Default true. */
  locks?: boolean;
}

/** Our key or our address was refused, whatever was asked. A module passes its server's words on, so others are believed with HTTP 401 or 403 only. */
const NOT_LET_IN = /^(authentication failed|invalid ip)/iu;
/** The key is good, and its role lacks one call. */
const NO_RIGHT = /^invalid permissions|^api action .* not allowed/iu;

export class WhmcsApi {
  readonly #door: PanelDoor;
  readonly #path: string;
  readonly #login: readonly [string, string][];
  readonly #gapMs: number;
  readonly #locks: boolean;
  readonly #clock: Clock;
  #next: Instant = 0;

  /** @throws ReguaError `panel_option_invalid` */
  constructor(access: WhmcsAccess, clock: Clock = systemClock) {
    const { url, identifier, secret, accessKey, fingerprint, ca, callsPerSecond = 10, locks = true } = access;
    if (!URL.canParse(url) || new URL(url).protocol !== "https:")
      throw wrongOption("url", "it must begin with https://", "deve começar com https://");
    const { hostname, port, pathname } = new URL(url);
    const address = {
      host: hostname,
      port: port === "" ? 443 : Number(port),
      ...(fingerprint === undefined ? {} : { fingerprint }),
      ...(ca === undefined ? {} : { ca }),
    };
    checkAddress(address);
    const secrets = [secret, identifier, ...(accessKey === undefined ? [] : [accessKey])];
    this.#door = new PanelDoor(address, [...secrets, ...secrets.map(encodeURIComponent)]);
    this.#path = `${pathname.replace(/\/+$/u, "")}/includes/api.php`;
    this.#login = [
      ["identifier", identifier],
      ["secret", secret],
      ...(accessKey === undefined ? [] : [["accesskey", accessKey] as [string, string]]),
    ];
    this.#gapMs = 1000 / callsPerSecond;
    this.#locks = locks;
    this.#clock = clock;
  }

  /** Only for a person's test. */
  forget(): void {
    this.#door.forget();
  }

  /** `done`: WHMCS says success. A refusal's words are WHMCS's own, or those of the server behind it. */
  async call(action: string, fields: Readonly<Record<string, string | number>>, context: CallContext): Promise<Outcome<Row>> {
    await this.#pace();
    const body = new URLSearchParams([
      ...this.#login,
      ["action", action],
      ["responsetype", "json"],
      ...Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
    ]).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json", "user-agent": "regua" };
    const sent = await this.#door.send({ method: "POST", path: this.#path, headers, body }, context);
    if (sent.outcome !== "done") return sent;
    const { http, text } = sent.value;
    const answer = parse(text);
    const message = typeof answer?.message === "string" ? answer.message : "";
    if (http === 429 || http === 503) return refused(this.#door.fit(`WHMCS is busy (HTTP ${http}). ${message}`), true);
    const forbidden = http === 401 || http === 403;
    // A firewall before WHMCS dislikes one call's words; what WHMCS itself forbids it says in its own shape.
    if (forbidden && !answer) return refused(`A firewall before WHMCS refused ${action} (HTTP ${http}).`, true);
    if (NOT_LET_IN.test(message) || (forbidden && !NO_RIGHT.test(message))) return this.#shut(http, message);
    if (answer?.result === "success") return done(answer);
    if (answer?.result !== "error") return this.#door.strange(sent.value, "not an answer of WHMCS's API");
    if (NO_RIGHT.test(message)) return refused(this.#door.fit(`WHMCS's API role does not allow ${action}: ${message}`));
    return refused(this.#door.fit(`${action}: ${message === "" ? "no reason given" : message}`));
  }

  #shut(http: number, message: string): Outcome<never> {
    const words = `WHMCS did not let us in (HTTP ${http})${message === "" ? "" : `: ${message}`}. Check the API credentials and the list of allowed addresses.`;
    return this.#locks ? this.#door.lock(words) : { ...refused(this.#door.fit(words)), credentials: true };
  }

  /** Calls of one process leave one after the other, however many ask at once. */
  async #pace(): Promise<void> {
    const now = this.#clock.now();
    const slot = Math.max(now, this.#next);
    this.#next = slot + this.#gapMs;
    if (slot > now) await wait(slot - now);
  }
}

/** A result is kept apart from one that says neither: a half answer of PHP's is no error of WHMCS's. */
function parse(text: string): Row | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}

/** An answer without the part that was asked for. */
export const withoutPart = (action: string, part: string): Outcome<never> => unknown(`${action}: the answer has no ${part}`);
