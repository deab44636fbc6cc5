// ISPConfig's remote API as JSON: sessions, faults that come with HTTP 200, and a wrong login that is tried once.
import { z } from "zod";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { PanelDoor } from "./panel-door.ts";
import type { PanelAddress } from "./panel-http.ts";

const answer = z.looseObject({ code: z.string(), message: z.string().nullish(), response: z.unknown() });

/** A fault that the API answered: nothing was done. */
export class Fault {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

export class IspConfigApi {
  readonly #door: PanelDoor;
  readonly #login: Readonly<Record<string, string>>;
  /** Lasts half an hour on the panel, counted from its last use. */
  #session: string | null = null;

  constructor(address: PanelAddress, user: string, password: string) {
    this.#door = new PanelDoor(address, [password]);
    this.#login = { username: user, password };
  }

  forget(): void {
    this.#door.forget();
    this.#session = null;
  }

  fit(text: string): string {
    return this.#door.fit(text);
  }

  /** Calls a function of the API; a fault of the function itself is a {@link Fault}. */
  async call(name: string, args: Readonly<Record<string, unknown>>, context: CallContext): Promise<Outcome<unknown>> {
    const kept = this.#session !== null;
    const session = await this.#open(context);
    if (session.outcome !== "done") return session;
    const said = await this.#send(name, { session_id: session.value, ...args }, context);
    const ended = said.outcome === "done" && said.value instanceof Fault && /session/iu.test(said.value.message);
    if (!ended || !kept) return said;
    // The session ended between two calls, and the function was not reached.
    this.#session = null;
    const again = await this.#open(context);
    return again.outcome === "done" ? this.#send(name, { session_id: again.value, ...args }, context) : again;
  }

  async #open(context: CallContext): Promise<Outcome<string>> {
    if (this.#session !== null) return done(this.#session);
    const said = await this.#send("login", this.#login, context);
    if (said.outcome !== "done") return said;
    if (said.value instanceof Fault) return this.#door.lock(`ISPConfig refused our user or password: ${said.value.message}`);
    if (typeof said.value !== "string" || said.value === "") return refused("ISPConfig's login gave no session.", true);
    this.#session = said.value;
    return done(said.value);
  }

  async #send(name: string, body: Readonly<Record<string, unknown>>, context: CallContext): Promise<Outcome<unknown>> {
    const headers = { "content-type": "application/json" };
    const sent = await this.#door.send({ method: "POST", path: `/remote/json.php?${name}`, headers, body: JSON.stringify(body) }, context);
    if (sent.outcome !== "done") return sent;
    const read = answer.safeParse(parse(sent.value.text));
    if (!read.success) return this.#door.strange(sent.value, "not an answer of ISPConfig's remote API");
    const { code, message, response } = read.data;
    return done(code === "ok" ? response : new Fault(this.#cover(`${name}: ${message ?? code}`)));
  }

  /** The session is as good as the password while it lasts. */
  #cover(text: string): string {
    const fitted = this.#door.fit(text);
    return this.#session === null ? fitted : fitted.replaceAll(this.#session, "•••");
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
