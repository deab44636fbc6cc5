// Whether money is known already: by its key at the source, or by what it is known by whoever tells of it.
import { readEndToEnd } from "../codes/end-to-end.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Trx } from "../store/database.ts";
import {
  byIdentity,
  byKey,
  claimIdentities,
  claimKeys,
  giveKeys,
  keyName,
  nameOf,
  repointIdentities,
  repointKeys,
  type Identity,
  type Money,
  type MoneyKey,
} from "../store/money-keys.ts";
import type { NewReceipt } from "../store/receipts.ts";
import { assignWaiting, insertWaiting, joinWaiting, readWaiting, type NewWaiting } from "../store/waiting-money.ts";
import type { Unit } from "./change.ts";
import type { Engine } from "./engine.ts";

/** Somebody else learned of the same money at the same moment: what was read of it is out of date, and nothing was written. */
export class MoneyRaced extends Error {
  override name = "MoneyRaced";
}

const MAX_ROUNDS = 5;

/** Reads and writes again when somebody else was first. */
export async function unraced<T>(work: () => Promise<T>): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof MoneyRaced) || round === MAX_ROUNDS) throw error;
    }
  }
}

/** What else an id given by a person or another system says: people give a Pix by its EndToEndId. */
export function identitiesIn(externalId: string): Identity[] {
  const read = readEndToEnd(externalId);
  return read.ok && read.id.kind === "payment" ? [{ kind: "end_to_end", value: read.id.id }] : [];
}

/** The money behind a key or an identity; null: it was never heard of. */
export async function moneyBehind(
  engine: Engine,
  key: MoneyKey,
  identities: readonly Identity[],
): Promise<(Money & { byKey: boolean }) | null> {
  const known = (await byKey(engine.db, [key])).get(keyName(key));
  if (known) return { ...known, byKey: true };
  const same = await byIdentity(engine.db, identities);
  for (const identity of identities) {
    const money = same.get(nameOf(identity));
    if (money) return { ...money, byKey: false };
  }
  return null;
}

/** Who acts where a gateway's word does, as evidence has it. */
export const GATEWAY = "gateway:";

type Candidate = NewReceipt & { receiptId: Id };

/**
 * Claims the keys of receipts; answers those to be booked. One that is the same money as a receipt adds its key to it. One that is money
 * without an owner gives it one: the receipt then has that money's id.
 */
export async function claimReceipts(unit: Unit, candidates: readonly Candidate[]): Promise<Candidate[]> {
  const { trx } = unit;
  const claims = candidates.map(({ source, externalId, customerId, receiptId }) => ({ source, externalId, customerId, id: receiptId }));
  const fresh = await claimKeys(trx, claims);
  const news = candidates.filter((candidate) => fresh.has(candidate.receiptId));
  if (!news.some((candidate) => candidate.identities?.length)) return news;
  const told = await claimIdentities(
    trx,
    news.flatMap(({ identities = [], customerId, receiptId }) => identities.map((each) => ({ ...each, customerId, id: receiptId }))),
  );
  if (told.length === 0) return news;
  const holders = new Map(told.map(({ claim, holder }) => [claim.id, holder]));
  const booked: Candidate[] = [];
  for (const candidate of news) {
    const holder = holders.get(candidate.receiptId);
    const mine = holder === undefined ? candidate : await join(unit, candidate, holder);
    if (mine) booked.push(mine);
  }
  return booked;
}

/** The candidate is the holder's money. Answers it to be booked under the holder's id, or null when the holder is a receipt. */
async function join(unit: Unit, candidate: Candidate, holder: Money): Promise<Candidate | null> {
  const { trx, now } = unit;
  const { customerId, receiptId, source, externalId, identities = [], actor } = candidate;
  const { id } = holder;
  const was = holder.customerId === null ? await assignWaiting(trx, id, { customerId, by: actor, reason: null, at: now }) : null;
  if (was) await giveKeys(trx, id, customerId);
  // A gateway may say what was paid and the bank what arrived of it; what a person says must agree with both.
  if (was && was.amount !== candidate.amount && !actor.startsWith(GATEWAY))
    throw new ReguaError("receipt_differs", { value: externalId, source });
  // Not given by us and without an owner a moment ago: somebody gave it one between the two statements.
  const owner = was ? customerId : (holder.customerId ?? (await readWaiting(trx, id))?.customerId ?? null);
  const money: Money = { id, customerId: owner };
  await repointKeys(trx, [{ key: { source, externalId }, money }]);
  await repointIdentities(trx, identities, receiptId, money);
  return was ? { ...candidate, receiptId: id, settledOn: candidate.settledOn ?? was.settledOn } : null;
}

/** Keeps money without an owner. @throws MoneyRaced when it is known after all */
export async function keepWaiting(
  engine: Engine,
  trx: Trx,
  money: Omit<NewWaiting, "id">,
  identities: readonly Identity[],
  now: Instant,
): Promise<Id> {
  const id = (await engine.ids.take(1)).next();
  const nobody: Money = { id, customerId: null };
  const fresh = await claimKeys(trx, [{ source: money.source, externalId: money.externalId, ...nobody }]);
  if (fresh.size === 0) throw new MoneyRaced("the money is known by its key");
  const held = await claimIdentities(
    trx,
    identities.map((identity) => ({ ...identity, ...nobody })),
  );
  if (held.length > 0) throw new MoneyRaced("the money is known by its identity");
  await insertWaiting(trx, { ...money, id }, now);
  return id;
}

/** What was learned of money that is known: a key at another source, identities. `key` null: it has that key already. */
export interface Learned {
  key: MoneyKey | null;
  identities: readonly Identity[];
  money: Money;
}

/**
 * Keys and identities lead to known money from now on. Money without an owner that turns out to be a receipt's waits no more.
 * @throws MoneyRaced when a key was claimed meanwhile
 */
export async function addKeys(trx: Trx, learned: readonly Learned[], now: Instant): Promise<void> {
  const keys = learned.flatMap(({ key, money }) => (key ? [{ ...key, ...money }] : []));
  if (keys.length > 0) {
    await claimKeys(trx, keys);
    const behind = await byKey(trx, keys);
    if (keys.some((key) => behind.get(keyName(key))?.id !== key.id)) throw new MoneyRaced("a key was claimed meanwhile");
  }
  const held = await claimIdentities(
    trx,
    learned.flatMap(({ identities, money: { id, customerId } }) => identities.map(({ kind, value }) => ({ kind, value, id, customerId }))),
  );
  for (const { claim, holder } of held)
    if (holder.customerId === null && claim.customerId !== null) await joinWaiting(trx, holder.id, claim, { by: "regua", at: now });
}
