// What money is known by: its keys at each source, and the identities that hold whoever tells of it. Each leads to one money.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Db, Trx } from "./database.ts";

/** A Pix by its EndToEndId, a slip by its bank and number. */
export interface Identity {
  kind: "end_to_end" | "slip";
  value: string;
}

export interface MoneyKey {
  source: string;
  externalId: string;
}

/** Money as its keys lead to it. */
export interface Money {
  /** The id of its receipt, or the one its receipt will have. */
  id: Id;
  /** Null: it waits for its owner. */
  customerId: Id | null;
}

/** Claims keys at sources; answers the ids of those that were not there before. A delivery running at the same moment is waited for. */
export async function claimKeys(trx: Trx, some: readonly (MoneyKey & Money)[]): Promise<Set<Id>> {
  // In one order everywhere, so that two who claim the same keys never wait for each other crosswise.
  const claims = [...some].sort((a, b) => (keyName(a) < keyName(b) ? -1 : 1));
  const { rows } = await sql<{ id: Id }>`
    INSERT INTO receipt_key (source, external_id, customer_id, receipt_id)
    SELECT * FROM unnest(${claims.map((c) => c.source)}::text[], ${claims.map((c) => c.externalId)}::text[],
      ${claims.map((c) => c.customerId)}::bigint[], ${claims.map((c) => c.id)}::bigint[]) -- unordered: an insert
    ON CONFLICT (source, external_id) DO NOTHING RETURNING receipt_id AS id`.execute(trx);
  return new Set(rows.map((row) => row.id));
}

/** Claims identities; those that lead to other money already are answered, with that money. */
export async function claimIdentities(
  trx: Trx,
  claims: readonly (Identity & Money)[],
): Promise<{ claim: Identity & Money; holder: Money }[]> {
  if (claims.length === 0) return [];
  // In one order everywhere, so that two who claim the same identities never wait for each other crosswise.
  const sorted = [...claims].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  await sql`
    INSERT INTO money_identity (kind, value, customer_id, receipt_id)
    SELECT * FROM unnest(${sorted.map((c) => c.kind)}::text[], ${sorted.map((c) => c.value)}::text[],
      ${sorted.map((c) => c.customerId)}::bigint[], ${sorted.map((c) => c.id)}::bigint[]) -- unordered: an insert
    ON CONFLICT (kind, value) DO NOTHING`.execute(trx);
  const holders = await byIdentity(trx, sorted);
  return sorted.flatMap((claim) => {
    const holder = holders.get(nameOf(claim));
    return holder && holder.id !== claim.id ? [{ claim, holder }] : [];
  });
}

/** The money behind identities, by `kind value`. */
export async function byIdentity(db: Db, identities: readonly Identity[]): Promise<Map<string, Money>> {
  if (identities.length === 0) return new Map();
  const { rows } = await sql<Identity & Money>`
    SELECT i.kind, i.value, i.customer_id AS "customerId", i.receipt_id AS id
    FROM money_identity i JOIN unnest(${identities.map((i) => i.kind)}::text[], ${identities.map((i) => i.value)}::text[]) AS u (kind, value)
      ON i.kind = u.kind AND i.value = u.value ORDER BY i.receipt_id`.execute(db);
  return new Map(rows.map((row) => [nameOf(row), { id: row.id, customerId: row.customerId }]));
}

export function nameOf(identity: Identity): string {
  return `${identity.kind} ${identity.value}`;
}

/** The money behind keys at sources, by `source id`. */
export async function byKey(db: Db, keys: readonly MoneyKey[]): Promise<Map<string, Money>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<MoneyKey & Money>`
    SELECT k.source, k.external_id AS "externalId", k.customer_id AS "customerId", k.receipt_id AS id
    FROM receipt_key k JOIN unnest(${keys.map((k) => k.source)}::text[], ${keys.map((k) => k.externalId)}::text[]) AS u (source, external_id)
      ON k.source = u.source AND k.external_id = u.external_id ORDER BY k.receipt_id`.execute(db);
  return new Map(rows.map((row) => [keyName(row), { id: row.id, customerId: row.customerId }]));
}

/** Those of the receipts that a source told of, under whatever key. */
export async function toldBy(db: Db, source: string, receipts: readonly Id[]): Promise<Set<Id>> {
  const { rows } = await sql<{ id: Id }>`
    SELECT DISTINCT receipt_id AS id FROM receipt_key WHERE source = ${source} AND receipt_id = ANY(${[...receipts]}::bigint[])
    ORDER BY id`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

export function keyName({ source, externalId }: MoneyKey): string {
  return `${source} ${externalId}`;
}

/** Points a key that was just claimed at the money it turned out to be. */
export async function repointKeys(trx: Trx, keys: readonly { key: MoneyKey; money: Money }[]): Promise<void> {
  if (keys.length === 0) return;
  await sql`
    UPDATE receipt_key k SET customer_id = u.customer, receipt_id = u.id
    FROM unnest(${keys.map((k) => k.key.source)}::text[], ${keys.map((k) => k.key.externalId)}::text[],
      ${keys.map((k) => k.money.customerId)}::bigint[], ${keys.map((k) => k.money.id)}::bigint[]) AS u (source, external_id, customer, id)
    WHERE k.source = u.source AND k.external_id = u.external_id`.execute(trx);
}

/** The same for identities claimed under an id that came to nothing; those that lead elsewhere stay. */
export async function repointIdentities(trx: Trx, identities: readonly Identity[], from: Id, money: Money): Promise<void> {
  await sql`
    UPDATE money_identity i SET customer_id = ${money.customerId}, receipt_id = ${money.id}
    FROM unnest(${identities.map((i) => i.kind)}::text[], ${identities.map((i) => i.value)}::text[]) AS u (kind, value)
    WHERE i.kind = u.kind AND i.value = u.value AND i.receipt_id = ${from}`.execute(trx);
}

/** Waiting money has its owner: all that leads to it leads to the customer's receipt from now on. */
export async function giveKeys(trx: Trx, moneyId: Id, customerId: Id): Promise<void> {
  await sql`UPDATE receipt_key SET customer_id = ${customerId} WHERE receipt_id = ${moneyId} AND customer_id IS NULL`.execute(trx);
  await sql`UPDATE money_identity SET customer_id = ${customerId} WHERE receipt_id = ${moneyId} AND customer_id IS NULL`.execute(trx);
}
