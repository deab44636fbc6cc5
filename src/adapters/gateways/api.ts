// One call of a gateway's API as an outcome: what an HTTP answer means, in words that carry no secret.
import type { z } from "zod";
import { done, refused, unknown } from "../../ports/outcome.ts";
import type { CallContext, Outcome, Refused } from "../../ports/outcome.ts";
import { fitForReason } from "../panels/account-name.ts";
import type { GatewayHttp, HttpAnswer, HttpCall } from "./http.ts";

/** How calls are signed, and what never may be read in a reason. */
export interface Authority {
  headers(context: CallContext): Promise<Outcome<Readonly<Record<string, string>>>>;
  /** The gateway did not take the credentials. True: they can be renewed, ask once more. */
  renew(): boolean;
  secrets(): readonly string[];
}

/** A key that never changes, sent in one header. */
export function fixedAuthority(header: string, value: string, secrets: readonly string[]): Authority {
  return { headers: () => Promise.resolve(done({ [header]: value })), renew: () => false, secrets: () => secrets };
}

export class GatewayApi {
  readonly #name: string;
  readonly #http: GatewayHttp;
  readonly #authority: Authority;
  readonly #words: (answer: HttpAnswer) => string;

  /** `words`: the gateway's own explanation in an answer that is none of success. */
  constructor(name: string, http: GatewayHttp, authority: Authority, words: (answer: HttpAnswer) => string) {
    this.#name = name;
    this.#http = http;
    this.#authority = authority;
    this.#words = words;
  }

  close(): void {
    this.#http.close();
  }

  /** Done: success, or a 4xx that the caller reads (400, 404, 409, 422). Everything else is told apart here. */
  async call(call: HttpCall, context: CallContext): Promise<Outcome<HttpAnswer>> {
    const first = await this.#signed(call, context);
    // Not taken is not done: asking again with new credentials repeats nothing.
    if (first.outcome === "done" && first.value.code === 401 && this.#authority.renew())
      return this.#settle(call, await this.#signed(call, context));
    return this.#settle(call, first);
  }

  /** Calls and reads the answer of a success; `absent` is answered for 404. */
  async read<T, A = never>(call: HttpCall, schema: z.ZodType<T>, context: CallContext, absent?: A): Promise<Outcome<T | A>> {
    const answer = await this.call(call, context);
    if (answer.outcome !== "done") return answer;
    if (answer.value.code === 404 && absent !== undefined) return done(absent);
    if (answer.value.code >= 300) return this.refusal(call, answer.value);
    return this.parse(call, answer.value, schema);
  }

  parse<T>(call: HttpCall, answer: HttpAnswer, schema: z.ZodType<T>): Outcome<T> {
    const parsed = schema.safeParse(jsonOf(answer.text));
    if (parsed.success) return done(parsed.data);
    const where = parsed.error.issues[0]?.path.join(".") ?? "";
    const words = `${this.#what(call)} was answered with something that cannot be read${where === "" ? "" : ` (at ${where})`}.`;
    return call.method === "GET" ? refused(words) : unknown(words);
  }

  /** An answer other than success, as a refusal in the gateway's words. */
  refusal(call: HttpCall, answer: HttpAnswer, retry = false): Refused {
    return refused(this.fit(`${this.#what(call)}: HTTP ${answer.code}. ${this.#words(answer)}`), retry);
  }

  fit(text: string): string {
    return fitForReason(text, this.#authority.secrets());
  }

  async #signed(call: HttpCall, context: CallContext): Promise<Outcome<HttpAnswer>> {
    const headers = await this.#authority.headers(context);
    if (headers.outcome !== "done") return headers;
    const sent = await this.#http.send({ ...call, headers: { ...headers.value, ...call.headers } }, context.signal);
    if (sent.end === "answered") return done(sent.answer);
    const words = this.fit(`${this.#what(call)}: ${sent.words}.`);
    return sent.end === "kept" ? refused(words, true) : unknown(words);
  }

  #settle(call: HttpCall, sent: Outcome<HttpAnswer>): Outcome<HttpAnswer> {
    if (sent.outcome !== "done") return sent;
    const { code, headers } = sent.value;
    if (code === 429 || code === 503) {
      const wait = headers["retry-after"];
      return refused(this.fit(`${this.#what(call)}: ${this.#name} is busy (HTTP ${code})${wait ? `, asks to wait ${wait} s` : ""}.`), true);
    }
    if (code >= 500 || code === 408) {
      const { reason } = this.refusal(call, sent.value);
      return call.method === "GET" ? refused(reason, true) : unknown(reason);
    }
    // A redirect would carry our credentials to an address that nobody configured.
    if (code === 401 || code === 403 || code < 200 || (code >= 300 && code < 400)) return this.refusal(call, sent.value);
    return sent;
  }

  /** Without the query: it may carry a person's tax id. */
  #what({ method, path }: HttpCall): string {
    return `${this.#name}, ${method} ${path.replace(/^https?:\/\/[^/]+/u, "").replace(/\?.*$/u, "")}`;
  }
}

/** JSON or null. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
