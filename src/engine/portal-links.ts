// Links that open the portal: signed, for one customer and one mail address, for a while. Nothing of them is stored.
import { ReguaError } from "../kernel/errors.ts";
import { sameSecret, seal } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { DAY_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import { addresseeOf, portalSecret, type Addressee } from "../store/portal-access.ts";
import type { Engine } from "./engine.ts";

/** Who a customer is, as far as a page's frame needs it. */
export function addressee(engine: Engine, customerId: Id): Promise<Addressee | null> {
  return addresseeOf(engine.db, customerId);
}

/** From a warning on Thursday to the Thursday after: who reads mail once a week still gets in. */
export const LINK_LIVES_MS = 7 * DAY_MS;

/** Whose link it is. */
export interface LinkTo {
  customerId: Id;
  /** The message that carries it; null for a link that staff made. */
  outboxId: Id | null;
  /** Where it is sent: by mail or to a telephone. When the customer's is another one, the link opens nothing. */
  to: string | null;
}

/** Signs links with the installation's key, which is read once. */
export class PortalLinks {
  readonly #engine: Engine;
  readonly #fresh: () => string;
  #secret: Promise<string> | null = null;

  /** `newSecret`: for the first link of an installation. */
  constructor(engine: Engine, newSecret: () => string) {
    this.#engine = engine;
    this.#fresh = newSecret;
  }

  /** The token of a link: `CUSTOMER.MESSAGE.MINUTE.SEAL`. */
  async make(to: LinkTo): Promise<string> {
    const minute = Math.floor((this.#engine.motorClock.now() + LINK_LIVES_MS) / MINUTE_MS);
    const head = [to.customerId, to.outboxId ?? 0, minute].map((part) => part.toString(36)).join(".");
    return `${head}.${await this.#seal(head, to.to)}`;
  }

  /**
   * Whom a token is for.
   * @throws ReguaError `portal_link_invalid`; `portal_link_expired` for one that was good once
   */
  async read(token: string): Promise<{ customerId: Id; outboxId: Id | null; expiresAt: Instant }> {
    const [, head, sealed] = /^([0-9a-z]{1,11}\.[0-9a-z]{1,11}\.[0-9a-z]{1,8})\.([\w-]{22})$/u.exec(token) ?? [];
    if (head === undefined || sealed === undefined) throw new ReguaError("portal_link_invalid");
    const [customerId = 0, outboxId = 0, minute = 0] = head.split(".").map((part) => Number.parseInt(part, 36));
    const customer = Number.isSafeInteger(customerId) ? await addresseeOf(this.#engine.db, customerId) : null;
    if (!customer || !(await this.#sealedFor(customer, head, sealed))) throw new ReguaError("portal_link_invalid");
    const expiresAt = minute * MINUTE_MS;
    if (expiresAt <= this.#engine.motorClock.now()) throw new ReguaError("portal_link_expired");
    return { customerId, outboxId: outboxId === 0 ? null : outboxId, expiresAt };
  }

  async #sealedFor({ email, phone }: Addressee, head: string, sealed: string): Promise<boolean> {
    const own = [email, phone].filter((to) => to !== null);
    for (const to of own.length === 0 ? [null] : own) if (sameSecret(sealed, await this.#seal(head, to))) return true;
    return false;
  }

  async #seal(head: string, to: string | null): Promise<string> {
    return seal(await this.#key(), `regua portal link 1\n${head}\n${to?.toLowerCase() ?? ""}`);
  }

  #key(): Promise<string> {
    const { db, motorClock } = this.#engine;
    // One that failed is asked for again by the next.
    this.#secret ??= portalSecret(db, this.#fresh(), motorClock.now()).catch((error: unknown) => {
      this.#secret = null;
      throw error;
    });
    return this.#secret;
  }
}
