// What every unit of work needs to know of the installation: the provider, its time zone, its policy; compiled once per version.
import { ReguaError } from "../kernel/errors.ts";
import type { Currency } from "../kernel/money.ts";
import { Zone, type Instant } from "../kernel/time.ts";
import { compilePolicy, type Policy } from "../policy/compile.ts";
import type { Channel } from "../policy/facts.ts";
import { policySchema } from "../policy/schema.ts";
import type { Db } from "../store/database.ts";
import { readPolicyDoc, readSetting, type SettingRow } from "../store/setting.ts";
import type { Provider } from "../words/provider.ts";
import type { WebhookTarget } from "./webhook-events.ts";

/** Who the provider is, as kept; `sandbox` follows from the mode, `portal` from the configuration. */
export type Identity = Omit<Provider, "sandbox" | "portal">;

/** What messages are for, as senders are told apart by it. */
export const PURPOSES = ["notices", "warnings", "promises", "proofs", "conversations"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** A sender and what it sends. Without tags: to all customers; without purposes: everything. */
export interface SenderRule {
  /** In the configuration. */
  name: string;
  /** A brand: customers with one of these tags. */
  tags: readonly string[];
  purposes: readonly Purpose[];
}

export interface Setting {
  mode: "sandbox" | "live";
  zone: Zone;
  currency: Currency;
  provider: Provider;
  /** Senders beside the one of everybody, in the order in which they are asked. */
  senders: readonly SenderRule[];
  /** Channels that are set up. */
  channels: readonly Channel[];
  policy: Policy;
  /** When the present policy took effect; the breaker is stricter for a day after. */
  policySince: Instant;
  /** When another version comes into force: everybody with something open is looked at then. */
  nextPolicyAt: Instant | null;
  clockJumpedAt: Instant | null;
  /** Endpoints that are told of events; none for most. */
  webhooks: readonly WebhookTarget[];
}

const NOWHERE: readonly WebhookTarget[] = [];

function targetOf(line: string): WebhookTarget {
  const [name = "", ...events] = line.split(" ");
  return { name, events };
}

/** Policies and zones made ready, by version and name: a policy version never changes. */
export class Settings {
  readonly #policies = new Map<string, Policy>();
  readonly #zones = new Map<string, Zone>();
  readonly #portal: string | null;
  readonly #senders: readonly SenderRule[];
  readonly #channels: readonly Channel[];

  /**
   * `portal`: the public address of the customers' portal, which messages name. `senders`: from whom which messages are. `channels`: those that
   * the configuration sets up beside the installation's own.
   */
  constructor(options: { portal?: string | null; senders?: readonly SenderRule[]; channels?: readonly Channel[] } = {}) {
    this.#portal = options.portal ?? null;
    this.#senders = options.senders ?? [];
    this.#channels = options.channels ?? [];
  }

  /**
   * The setting in force at an instant.
   * @throws ReguaError `not_initialised`, `no_policy`
   */
  async load(db: Db, now: Instant): Promise<Setting> {
    return await this.#of(db, await readSetting(db, now));
  }

  /**
   * The same, with the row that was read for a moment shortly before: only where a policy came into force in between, or the clock was
   * set back, it is read again.
   */
  async since(db: Db, row: SettingRow | null, before: Instant, now: Instant): Promise<Setting> {
    const same = now >= before && now < (row?.next_policy_at ?? Number.POSITIVE_INFINITY);
    return same ? await this.#of(db, row) : await this.load(db, now);
  }

  async #of(db: Db, row: SettingRow | null): Promise<Setting> {
    if (!row) throw new ReguaError("not_initialised");
    if (row.version === null || row.activated_at === null) throw new ReguaError("no_policy");
    const zone = this.zone(row.time_zone);
    return {
      mode: row.mode,
      zone,
      currency: row.currency,
      provider: { ...(row.identity as Identity), portal: this.#portal, sandbox: row.mode === "sandbox" },
      senders: this.#senders,
      channels: this.#channels.length === 0 ? row.channels : [...new Set([...row.channels, ...this.#channels])],
      policy: await this.#policy(db, row.version, zone),
      policySince: row.activated_at,
      nextPolicyAt: row.next_policy_at,
      clockJumpedAt: row.clock_jumped_at,
      webhooks: row.webhooks === null ? NOWHERE : row.webhooks.map(targetOf),
    };
  }

  zone(id: string): Zone {
    let zone = this.#zones.get(id);
    if (!zone) {
      zone = new Zone(id);
      this.#zones.set(id, zone);
    }
    return zone;
  }

  async #policy(db: Db, version: string, zone: Zone): Promise<Policy> {
    const key = `${version} ${zone.id}`;
    let policy = this.#policies.get(key);
    if (!policy) {
      const doc = await readPolicyDoc(db, version);
      if (doc === null) throw new ReguaError("no_policy");
      policy = { ...compilePolicy(policySchema.parse(doc), zone), version };
      this.#policies.set(key, policy);
    }
    return policy;
  }
}
