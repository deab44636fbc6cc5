// A channel by HTTP: the request is written in the configuration with places for the message, and the answer says whether it was taken.
import { done, refused, unknown, type CallContext, type Outcome } from "../../ports/outcome.ts";
import type { Acceptance, Mailer, OutgoingMail } from "../../ports/mailer.ts";
import { GatewayHttp, type Exchanged } from "../gateways/http.ts";

/** Texts may hold `{to}`, `{subject}`, `{text}`, `{short}`, `{link}`, `{template}`, `{lang}`, `{lang_underscore}`, `{id}` and `{token}`. */
export type BodyTree = string | number | boolean | null | readonly BodyTree[] | { readonly [key: string]: BodyTree };

export interface HttpChannelOptions {
  /** For people: `whatsapp`. */
  name: string;
  url: string;
  /** Secret; stands where `{token}` is written, never in an answer or a log. */
  token?: string | undefined;
  headers: Readonly<Record<string, string>>;
  format: "json" | "form";
  body: Readonly<Record<string, BodyTree>>;
  /** Where the answer names the message, as `messages.0.id`. Without it any answer of 2xx will do. */
  acceptedPath?: string | undefined;
  /** The service's names for our messages. Where it is given, a message without a name is not sent by this channel. */
  templates?: Readonly<Record<string, string>> | undefined;
  /** Put before numbers of a country's own form, as 55; null: numbers are used as they are. */
  country: string | null;
  /** Asked with GET by `test`. */
  testUrl?: string | undefined;
}

const REASON_MAX = 300;
/** Longer ones hold their country already. */
const NATIONAL_DIGITS_MAX = 11;

export class HttpChannel implements Mailer {
  readonly #options: HttpChannelOptions;
  readonly #http: GatewayHttp;
  readonly #host: string;
  #closed = false;

  constructor(options: HttpChannelOptions) {
    this.#options = options;
    this.#http = new GatewayHttp(options.url);
    this.#host = new URL(options.url).host;
  }

  async send(mail: OutgoingMail, { signal }: CallContext): Promise<Outcome<Acceptance>> {
    const { templates, name, url, headers, body, format } = this.#options;
    if (this.#closed || signal.aborted) return refused(`not sent: ${name} was given up before it was asked`, true);
    const to = numberOf(mail.to, this.#options.country);
    if (to === null) return refused(`not sent: ${name} needs a telephone number`, false);
    const template = templates ? templates[mail.template ?? ""] : (mail.template ?? "");
    if (template === undefined) return refused(`not sent: ${name} has no template for ${mail.template ?? "this message"}`, false);
    const places = this.#places(mail, to, template);
    const filled = fill(body, places) as Record<string, BodyTree>;
    const exchanged = await this.#http.send(
      {
        method: "POST",
        path: fill(url, places) as string,
        headers: fill(headers, places) as Record<string, string>,
        ...(format === "json"
          ? { json: JSON.stringify(filled) }
          : {
              form: Object.entries(filled).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const),
            }),
      },
      signal,
    );
    return this.#judge(exchanged);
  }

  async test({ signal }: CallContext): Promise<Outcome<{ detail: string }>> {
    const { testUrl, headers, token = "" } = this.#options;
    if (testUrl === undefined) return done({ detail: `${this.#host}: not asked, since no test_url is given` });
    const exchanged = await this.#http.send(
      { method: "GET", path: testUrl, headers: fill(headers, { token }) as Record<string, string> },
      signal,
    );
    if (exchanged.end !== "answered") return unknown(`${this.#host}: ${this.#clean(exchanged.words)}`);
    const { code } = exchanged.answer;
    return code >= 200 && code < 300 ? done({ detail: `${this.#host} answered ${code}` }) : refused(`${this.#host} answered ${code}`, true);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#http.close();
    return Promise.resolve();
  }

  #places(mail: OutgoingMail, to: string, template: string): Readonly<Record<string, string>> {
    const { lang = "pt-BR", short = mail.subject } = mail;
    const link = /https?:\/\/\S+/u.exec(short)?.[0] ?? "";
    // A repeat carries the same id, so that a service which knows ids sends it once.
    const id = mail.messageId.replace(/^<|@.*$/gu, "");
    const { token = "" } = this.#options;
    return { to, subject: mail.subject, text: mail.text, short, link, template, lang, lang_underscore: lang.replace("-", "_"), id, token };
  }

  #judge(exchanged: Exchanged): Outcome<Acceptance> {
    const host = this.#host;
    if (exchanged.end !== "answered") {
      const words = this.#clean(exchanged.words);
      return exchanged.end === "kept"
        ? refused(`${host} could not be reached (${words})`, true)
        : unknown(`${host} gave no answer (${words})`);
    }
    const { code, text } = exchanged.answer;
    const said = `${host} answered ${code}: ${this.#clean(text)}`;
    if (code === 401 || code === 403) return refused(`${said} — check the channel's token`, true);
    if (code === 408 || code === 429) return refused(said, true);
    // What a server that fails did before, nobody knows.
    if (code >= 500) return unknown(said);
    if (code < 200 || code >= 300) return refused(said, false);
    const { acceptedPath } = this.#options;
    if (acceptedPath === undefined) return done({ response: `${code}`, server: host });
    const id = at(text, acceptedPath);
    // Services have been seen to answer 200 for what they did not take.
    return id === null ? refused(`${said} (it names no message)`, false) : done({ response: `${code} ${this.#clean(id)}`, server: host });
  }

  #clean(text: string): string {
    const { token } = this.#options;
    const open = text.replace(/[\p{Cc}\s]+/gu, " ").trim();
    return (token === undefined || token === "" ? open : open.replaceAll(token, "•••")).slice(0, REASON_MAX);
  }
}

/** Places are filled in the texts of the tree, never in its written form: what a message holds cannot become a part of the request. */
function fill(tree: BodyTree, places: Readonly<Record<string, string>>): BodyTree {
  if (typeof tree === "string")
    return tree.replace(/\{([a-z_]+)\}/gu, (whole, name: string) => (Object.hasOwn(places, name) ? (places[name] ?? "") : whole));
  if (Array.isArray(tree)) return tree.map((member: BodyTree) => fill(member, places));
  if (tree === null || typeof tree !== "object") return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, member]) => [key, fill(member, places)]));
}

/** Digits alone, as services want them; null: it is no telephone number. */
function numberOf(text: string, country: string | null): string | null {
  const digits = text.replace(/\D/gu, "");
  if (digits.length < 8 || digits.length > 15 || /[^\d\s()+.\-/]/u.test(text)) return null;
  if (country === null || text.trim().startsWith("+")) return digits;
  const national = digits.replace(/^0+/u, "");
  return national.length <= NATIONAL_DIGITS_MAX ? country + national : national;
}

function at(text: string, path: string): string | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  for (const key of path.split("."))
    value = value !== null && typeof value === "object" ? (value as Record<string, unknown>)[key] : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}
