// OAuth 2 client credentials: one access token for all calls, fetched when there is none that lasts.
import { z } from "zod";
import type { Clock } from "../../kernel/clock.ts";
import type { Instant } from "../../kernel/time.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { fitForReason } from "../panels/account-name.ts";
import { OneAtATime } from "../panels/one-at-a-time.ts";
import { jsonOf } from "./api.ts";
import type { Authority } from "./api.ts";
import type { GatewayHttp, HttpCall } from "./http.ts";

export interface ClientCredentials {
  tokenAddress: string;
  clientId: string;
  clientSecret: string;
  /** `form` as in RFC 6749; `json`: what Efí documents. */
  body: "form" | "json";
  /** Null: not asked for; the gateway gives what the client may do. */
  scope: string | null;
}

const answer = z.looseObject({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().default(300) });

/** A token that ends while a call is under way is as good as none. */
const MARGIN_MS = 30_000;

export class OAuthAuthority implements Authority {
  readonly #http: GatewayHttp;
  readonly #credentials: ClientCredentials;
  readonly #clock: Clock;
  readonly #line = new OneAtATime();
  #token: { text: string; until: Instant } | null = null;

  constructor(http: GatewayHttp, credentials: ClientCredentials, clock: Clock) {
    this.#http = http;
    this.#credentials = credentials;
    this.#clock = clock;
  }

  secrets(): readonly string[] {
    const { clientId, clientSecret } = this.#credentials;
    return [...(this.#token ? [this.#token.text] : []), basic(clientId, clientSecret), clientSecret, clientId];
  }

  renew(): boolean {
    const had = this.#token !== null;
    this.#token = null;
    return had;
  }

  async headers(context: CallContext): Promise<Outcome<Readonly<Record<string, string>>>> {
    const token = await this.#line.run("token", context, () => this.#fresh(context));
    return token.outcome === "done" ? done({ authorization: `Bearer ${token.value}` }) : token;
  }

  /** Never `unknown` for its own sake: asking for a token changes nothing. */
  async #fresh(context: CallContext): Promise<Outcome<string>> {
    if (this.#token && this.#token.until > this.#clock.now()) return done(this.#token.text);
    const sent = await this.#http.send(this.#call(), context.signal);
    if (sent.end !== "answered") {
      const words = fitForReason(`No access token: ${sent.words}.`, this.secrets());
      return sent.end === "kept" ? refused(words, true) : { outcome: "unknown", reason: words };
    }
    const { code, text } = sent.answer;
    const parsed = answer.safeParse(jsonOf(text));
    if (code >= 300 || !parsed.success) {
      const busy = code === 429 || code >= 500;
      return refused(fitForReason(`The gateway gave no access token (HTTP ${code}): ${wordsOf(text)}`, this.secrets()), busy);
    }
    const { access_token, expires_in } = parsed.data;
    this.#token = { text: access_token, until: this.#clock.now() + expires_in * 1000 - MARGIN_MS };
    return done(access_token);
  }

  #call(): HttpCall {
    const { tokenAddress, clientId, clientSecret, body, scope } = this.#credentials;
    const grant: [string, string][] = [
      ["grant_type", "client_credentials"],
      ...(scope === null ? [] : ([["scope", scope]] as [string, string][])),
    ];
    return {
      method: "POST",
      path: tokenAddress,
      headers: { authorization: `Basic ${basic(clientId, clientSecret)}` },
      ...(body === "form" ? { form: grant } : { json: JSON.stringify(Object.fromEntries(grant)) }),
    };
  }
}

const basic = (id: string, secret: string): string => Buffer.from(`${id}:${secret}`).toString("base64");

/** Only the fields that explain: an answer may repeat what was sent. */
function wordsOf(text: string): string {
  const body = z
    .looseObject({
      error: z.string().optional(),
      error_description: z.string().optional(),
      detail: z.string().optional(),
      mensagem: z.string().optional(),
    })
    .safeParse(jsonOf(text));
  if (!body.success) return "the answer cannot be read";
  const { error, error_description, detail, mensagem } = body.data;
  return [error, error_description, detail, mensagem].filter((part) => part !== undefined).join(": ") || "without a reason";
}
