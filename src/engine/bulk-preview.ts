// What an act on many customers would change: each is tried by the act itself and taken back, and looked at in between.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import { inOneMoment } from "../store/evidence.ts";
import { customersById, readCases, readCasesOf } from "../store/facts.ts";
import { takingBack } from "../store/transactions.ts";
import { actOnOne, eachOf, fewEnough, named, type BulkAct, type BulkRow } from "./bulk.ts";
import type { Engine } from "./engine.ts";
import { listed, type CustomerListed } from "./list-customers.ts";
import type { Setting } from "./setting.ts";

/** One customer before and after, had it been done now. */
export interface BulkForeseen extends BulkRow {
  /** Null: nobody has this number. */
  before: CustomerListed | null;
  /** Null: refused. */
  after: CustomerListed | null;
  /** Services that come back, or go down, because of it; by name. */
  back: string[];
  down: string[];
  /** Steps of the messages that leave at once because of it. */
  tells: string[];
}

export interface BulkPreview {
  rows: BulkForeseen[];
  setting: Setting;
  now: Instant;
}

/** A reason is asked for when it is done; what is only tried is kept nowhere. */
const TRIED = { reason: "preview", by: "preview" };

/** Nothing is written. @throws ReguaError `bulk_too_many` */
export async function previewMany(engine: Engine, ask: { customers: readonly string[]; act: BulkAct }): Promise<BulkPreview> {
  const list = await named(engine.db, fewEnough(ask.customers));
  const { before, setting, now } = await asTheyStand(
    engine,
    list.flatMap(({ customerId }) => customerId ?? []),
  );
  const after = new Map<Id, CustomerFacts>();
  const rows = await eachOf(list, async (customerId) => {
    const db = takingBack(engine.db, async (trx) => {
      const [found] = await readCasesOf(trx, [customerId], setting.channels);
      if (found) after.set(customerId, found.facts);
    });
    try {
      return await actOnOne({ ...engine, db, wake: null }, customerId, { ...TRIED, act: ask.act }, null);
    } catch (error) {
      after.delete(customerId);
      throw error;
    }
  });
  return {
    rows: rows.map((row, i) => {
      const id = list[i]?.customerId ?? 0;
      return { ...row, ...foreseen(before.get(id), after.get(id), setting, now) };
    }),
    setting,
    now,
  };
}

async function asTheyStand(engine: Engine, ids: readonly Id[]) {
  return inOneMoment(engine.db, async (trx) => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(trx, now);
    const cases = await readCases(trx, await customersById(trx, ids), setting.channels);
    return { before: new Map(cases.map(({ facts }) => [facts.id, facts] as const)), setting, now };
  });
}

function foreseen(
  before: CustomerFacts | undefined,
  after: CustomerFacts | undefined,
  setting: Setting,
  now: Instant,
): Omit<BulkForeseen, keyof BulkRow> {
  const turned = (to: "active" | "suspended"): string[] =>
    (after?.services ?? []).flatMap(({ id, name, desired }) =>
      desired === to && before?.services.some((service) => service.id === id && service.desired !== to) ? [name] : [],
    );
  const known = new Set(before?.notices.map((notice) => notice.key));
  const told = (after?.notices ?? []).filter((notice) => notice.state === "pending" && !known.has(notice.key));
  return {
    before: before ? listed(before, setting, now) : null,
    after: after ? listed(after, setting, now) : null,
    back: turned("active"),
    down: turned("suspended"),
    tells: [...new Set(told.map((notice) => notice.step))],
  };
}
