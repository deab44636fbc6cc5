// The provider row and the policy in force, as kept.
import { sql, type RawBuilder } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Channel } from "../policy/facts.ts";
import { ts, type Db, type Trx } from "./database.ts";
import { together } from "./driver.ts";
import { byId, taking, type CustomerRow } from "./facts.ts";

export interface SettingRow {
  mode: "sandbox" | "live";
  time_zone: string;
  currency: string;
  /** Who the provider is: the shape is the words room's `Provider` without `sandbox`. */
  identity: unknown;
  channels: Channel[];
  clock_jumped_at: Instant | null;
  version: string | null;
  activated_at: Instant | null;
  /** When the next version comes into force; null when none is planned. */
  next_policy_at: Instant | null;
  /** Where events go, one line each: the name, and behind it the kinds of events; null for nowhere. */
  webhooks: string[] | null;
}

/** The setting in force at an instant; null before `regua init`. */
export async function readSetting(db: Db, now: Instant): Promise<SettingRow | null> {
  return (await settingAt(now).execute(db)).rows[0] ?? null;
}

function settingAt(now: Instant): RawBuilder<SettingRow> {
  return sql<SettingRow>`
    SELECT p.mode, p.time_zone, p.currency, p.identity, p.channels, p.clock_jumped_at, v.version, v.activated_at,
      (SELECT min(activated_at) FROM policy_version WHERE activated_at > ${ts(now)}) AS next_policy_at,
      (SELECT array_agg(endpoint || ' ' || array_to_string(events, ' ') ORDER BY endpoint) FROM webhook_endpoint WHERE state = 'on') AS webhooks
    FROM provider p LEFT JOIN (
      SELECT version, activated_at FROM policy_version WHERE activated_at <= ${ts(now)} ORDER BY activated_at DESC, activation DESC LIMIT 1
    ) v ON true -- one row`;
}

/** Takes named customers (see `takeCustomers`), and reads the setting in force at an instant, on one journey. */
export async function takeWithSetting(
  trx: Trx,
  ids: readonly Id[],
  now: Instant,
): Promise<{ taken: CustomerRow[]; setting: SettingRow | null }> {
  const [taken, setting] = await together(trx, taking(ids), settingAt(now));
  return { taken: byId(taken.rows), setting: setting.rows[0] ?? null };
}

/** A policy version's document; null when there is none of that name. */
export async function readPolicyDoc(db: Db, version: string): Promise<unknown> {
  const { rows } = await sql<{ doc: unknown }>`SELECT doc FROM policy_version WHERE version = ${version} -- one row`.execute(db);
  return rows[0]?.doc ?? null;
}
