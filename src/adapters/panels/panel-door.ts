// The way into one panel: secrets covered in every word that comes out, and shut after its first refusal of our key.
import { refused, unknown, done } from "../../ports/outcome.ts";
import type { CallContext, Outcome, Refused } from "../../ports/outcome.ts";
import { fitForReason } from "./account-name.ts";
import { exchange } from "./panel-http.ts";
import type { PanelAddress, PanelAnswer, PanelRequest } from "./panel-http.ts";

export class PanelDoor {
  readonly #address: PanelAddress;
  readonly #secrets: readonly string[];
  #refusal: Refused | null = null;

  /** `secrets`: every text that must never show, also in the shapes it travels in (Basic's base64). */
  constructor(address: PanelAddress, secrets: readonly string[]) {
    this.#address = address;
    this.#secrets = secrets;
  }

  /** Sends, unless our key was refused before. */
  async send(request: PanelRequest, context: CallContext): Promise<Outcome<PanelAnswer>> {
    if (this.#refusal) return this.#refusal;
    const exchanged = await exchange(this.#address, request, context.signal);
    if (exchanged.end === "answered") return done(exchanged.answer);
    // A deadline that passed is the caller's to judge: it is told as unknown, though nothing was sent.
    if (exchanged.end === "kept" && !context.signal.aborted)
      return { ...refused(this.fit(`No connection to the panel: ${exchanged.words}`), true), unreached: true };
    return unknown(this.fit(`The panel was asked, and ${exchanged.words}`));
  }

  /** Our key was refused: no further call goes out until {@link forget}. Webmin bans an address after five failures, fail2ban too. */
  lock(words: string): Refused {
    this.#refusal = {
      ...refused(`${this.fit(words)} No further call is sent until the panel is tested again.`),
      credentials: true,
    };
    return this.#refusal;
  }

  /** Only for a person's test. */
  forget(): void {
    this.#refusal = null;
  }

  /** The panel's words as one line, without our secrets. */
  fit(text: string): string {
    return fitForReason(text, this.#secrets);
  }

  /** An answer that is none of this panel's: whether anything was done cannot be told from it. */
  strange(answer: PanelAnswer, what: string): Outcome<never> {
    return unknown(this.fit(`HTTP ${answer.http}: ${what}, perhaps from a proxy before it: ${answer.text.slice(0, 80)}`));
  }
}

/** `user:password` as the header of HTTP's Basic scheme, and all of it that must stay covered. */
export function basic(user: string, password: string): { header: string; secrets: string[] } {
  const token = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
  return { header: `Basic ${token}`, secrets: [password, token] };
}
