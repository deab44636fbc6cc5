// One call of HestiaCP's API: TLS verified or pinned, the exit-code header taken as the truth, secrets covered.
import { request } from "node:http";
import { isIP } from "node:net";
import type { Socket } from "node:net";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome, Refused } from "../../ports/outcome.ts";
import { fitForReason } from "./account-name.ts";

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
export const EXIT = { ok: 0, args: 1, invalid: 2, notExist: 3, suspended: 5, password: 9, forbidden: 10, disabled: 11 } as const;

/** In use, disk full, load too high, no connection, database, RRD, update running, restart failed: they pass. */
const PASSING = new Set([7, 13, 14, 15, 17, 18, 19, 20]);

/** A list of ten thousand users is about 14 MB. */
const BODY_LIMIT = 64 * 1024 * 1024;

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
  #credentialsRefused: Refused | null = null;

  constructor(connection: HestiaConnection) {
    this.#connection = connection;
  }

  /** Lets calls through again after the credentials were refused. Only for a person's "test". */
  forgetRefusal(): void {
    this.#credentialsRefused = null;
  }

  /** Runs a command. Any exit code but those of the credentials is an answer; `optional` makes a missing permission one too. */
  async call(command: string, args: readonly string[], context: CallContext, optional = false): Promise<Outcome<HestiaAnswer>> {
    if (this.#credentialsRefused) return this.#credentialsRefused;
    const answer = await this.#send(command, args, context);
    if (answer.outcome !== "done") return answer;
    const { exit } = answer.value;
    if (exit === EXIT.password || (exit === EXIT.forbidden && !optional)) {
      const words = `HestiaCP refused our key for ${command} (exit ${exit}): ${this.fit(answer.value.text)}`;
      this.#credentialsRefused = refused(`${words} No further call is sent until the panel is tested again.`);
      return this.#credentialsRefused;
    }
    return answer;
  }

  /** An exit code other than 0 as a refusal. */
  refusal(command: string, answer: HestiaAnswer): Refused {
    return refused(`${command}, exit ${answer.exit}: ${this.fit(answer.text)}`, PASSING.has(answer.exit));
  }

  /** The panel's words without our key: its messages carry the key's id. */
  fit(text: string): string {
    return fitForReason(text, [this.#connection.secretKey, this.#connection.accessKey]);
  }

  async #send(command: string, args: readonly string[], context: CallContext): Promise<Outcome<HestiaAnswer>> {
    const form = new URLSearchParams({ access_key: this.#connection.accessKey, secret_key: this.#connection.secretKey, cmd: command });
    args.forEach((value, index) => form.set(`arg${index + 1}`, value));
    let socket: TLSSocket;
    try {
      socket = await openSocket(this.#connection, context.signal);
    } catch (error) {
      if (context.signal.aborted) return unknown("No connection before the deadline.");
      // Nothing was said yet, so nothing can have happened.
      return refused(this.fit(`No connection to the panel: ${wordsOf(error)}`), true);
    }
    try {
      const { http, exitHeader, body } = await exchange(socket, this.#connection.host, form.toString(), context.signal);
      return readAnswer(http, exitHeader, body);
    } catch (error) {
      return unknown(context.signal.aborted ? "No answer before the deadline." : this.fit(`The connection was lost: ${wordsOf(error)}`));
    } finally {
      socket.destroy();
    }
  }
}

/** `AB:CD…` or `abcd…` as bare lower-case digits. */
export const bareFingerprint = (fingerprint: string): string => fingerprint.replace(/[:\s]/gu, "").toLowerCase();

/** A TLS connection whose certificate has been checked: the request, with the secret in it, is written only after this. */
function openSocket(connection: HestiaConnection, signal: AbortSignal): Promise<TLSSocket> {
  const { host, port = 8083, fingerprint, ca } = connection;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({
      host,
      port,
      ...(isIP(host) ? {} : { servername: host }),
      ...(ca === undefined ? {} : { ca }),
      // A pinned certificate is its own proof: it is compared below, before anything is sent.
      rejectUnauthorized: fingerprint === undefined,
    });
    const settle = (act: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.removeListener("error", onError);
      act();
    };
    const onError = (error: Error) =>
      settle(() => {
        socket.destroy();
        reject(error);
      });
    const onAbort = () => onError(new Error("deadline"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", onError);
    socket.once("secureConnect", () => {
      const seen = bareFingerprint(socket.getPeerCertificate().fingerprint256);
      if (fingerprint !== undefined && seen !== bareFingerprint(fingerprint)) {
        onError(new Error(`the panel shows another certificate than the pinned one (SHA-256 ${seen})`));
      } else settle(() => resolve(socket));
    });
  });
}

interface Exchange {
  http: number;
  exitHeader: string | undefined;
  body: string;
}

function exchange(socket: Socket, host: string, form: string, signal: AbortSignal): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method: "POST",
      path: "/api/",
      headers: {
        host,
        "content-type": "application/x-www-form-urlencoded",
        "content-length": Buffer.byteLength(form),
        connection: "close",
      },
      createConnection: () => socket,
      signal,
    });
    outgoing.once("error", reject);
    outgoing.once("response", (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > BODY_LIMIT) incoming.destroy(new Error("the answer is longer than 64 MB"));
        else chunks.push(chunk);
      });
      incoming.once("error", reject);
      incoming.once("end", () => {
        const header = incoming.headers["hestia-exit-code"];
        resolve({
          http: incoming.statusCode ?? 0,
          exitHeader: typeof header === "string" ? header : undefined,
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    outgoing.end(form);
  });
}

/** An error's own words; an attempt on several addresses has none, only a code. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
