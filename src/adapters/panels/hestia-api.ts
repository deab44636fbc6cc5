// One call of HestiaCP's API: TLS verified or pinned, the exit-code header taken as the truth, secrets covered.
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome, Refused } from "../../ports/outcome.ts";
import { PanelDoor } from "./panel-door.ts";

export interface HestiaConnection {
  host: string;
  /** Default 8083. */
  port?: number;
  /** 20 characters; made with `v-add-access-key`. */
  accessKey: string;
  /** 40 characters. */
  secretKey: string;
  /** SHA-256 of the panel's certificate, for a self-signed panel: 64 hexadecimal digits, colons allowed. Absent: verified as the web does. */
  fingerprint?: string;
  /** PEM of a certificate authority of the provider's own. */
  ca?: string;
}

/** What the panel answered: `exit` is the command's exit code, the only thing to trust. */
export interface HestiaAnswer {
  exit: number;
  text: string;
}

/** Exit codes of func/main.sh (HestiaCP 1.9, read in its source). */
export const EXIT = { ok: 0, args: 1, invalid: 2, notExist: 3, exists: 4, suspended: 5, password: 9, forbidden: 10, disabled: 11 } as const;

/** In use, disk full, load too high, no connection, database, RRD, update running, restart failed: they pass. */
const PASSING = new Set([7, 13, 14, 15, 17, 18, 19, 20]);

/** Reads what came back. The HTTP code is no help: 401 is also "already suspended", 200 also an error under `returncode=yes`. */
export function readAnswer(http: number, exitHeader: string | undefined, body: string): Outcome<HestiaAnswer> {
  if (exitHeader === undefined || !/^\d{1,3}$/u.test(exitHeader.trim())) {
    return unknown(`HTTP ${http} without a Hestia-Exit-Code: not an answer of HestiaCP, perhaps of a proxy before it.`);
  }
  return done({ exit: Number(exitHeader), text: body.trim() });
}

/** Whether the words say that this user does not exist, and not a key or another object: all of them are exit 3. */
export function saysNoSuchUser(answer: HestiaAnswer, account: string): boolean {
  return answer.exit === EXIT.notExist && answer.text.includes(`user ${account} doesn't exist`);
}

/** Calls the API. After one refusal of the credentials no further call is sent: fail2ban bans the address after five. */
export class HestiaApi {
  readonly #connection: HestiaConnection;
  readonly #door: PanelDoor;

  constructor(connection: HestiaConnection) {
    this.#connection = connection;
    this.#door = new PanelDoor({ ...connection, port: connection.port ?? 8083 }, [connection.secretKey, connection.accessKey]);
  }

  /** Lets calls through again after the credentials were refused. Only for a person's "test". */
  forgetRefusal(): void {
    this.#door.forget();
  }

  /** Runs a command. Any exit code but those of the credentials is an answer; `optional` makes a missing permission one too. */
  async call(command: string, args: readonly string[], context: CallContext, optional = false): Promise<Outcome<HestiaAnswer>> {
    const answer = await this.#send(command, args, context);
    if (answer.outcome !== "done") return answer;
    const { exit } = answer.value;
    if (exit === EXIT.password || (exit === EXIT.forbidden && !optional))
      return this.#door.lock(`HestiaCP refused our key for ${command} (exit ${exit}): ${this.fit(answer.value.text)}`);
    return answer;
  }

  /** An exit code other than 0 as a refusal. */
  refusal(command: string, answer: HestiaAnswer): Refused {
    return refused(`${command}, exit ${answer.exit}: ${this.fit(answer.text)}`, PASSING.has(answer.exit));
  }

  /** The panel's words without our key: its messages carry the key's id. */
  fit(text: string): string {
    return this.#door.fit(text);
  }

  async #send(command: string, args: readonly string[], context: CallContext): Promise<Outcome<HestiaAnswer>> {
    const form = new URLSearchParams({ access_key: this.#connection.accessKey, secret_key: this.#connection.secretKey, cmd: command });
    args.forEach((value, index) => form.set(`arg${index + 1}`, value));
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const sent = await this.#door.send({ method: "POST", path: "/api/", headers, body: form.toString() }, context);
    if (sent.outcome !== "done") return sent;
    const header = sent.value.headers["hestia-exit-code"];
    return readAnswer(sent.value.http, typeof header === "string" ? header : undefined, sent.value.text);
  }
}
