// Money that waits for its owner, with those it could be of: what a person decides with one keystroke.
import { assert } from "../kernel/assert.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Match } from "../ledger/match.ts";
import { receiptKeys, type ReceiptName } from "../store/receipts.ts";
import { pageWaiting, readWaiting, type Waiting } from "../store/waiting-money.ts";
import type { Engine } from "./engine.ts";
import { findOwners } from "./find-owners.ts";
import { nextCursor, readCursor, type PageAsk } from "./read-records.ts";
import type { Setting } from "./setting.ts";
import { moneyStateIn } from "../words/inserts.ts";

/** More than a person reads before deciding by other means. */
const MATCHES_MAX = 5;

export interface WaitingShown {
  money: Waiting;
  /** The likeliest first, as the books stand now. */
  matches: (Omit<Match, "receipt" | "customerId"> & { receipt: ReceiptName | null })[];
}

/** A page of what waits, oldest first. @throws ReguaError `field_invalid` for a cursor that is none */
export async function listWaiting(engine: Engine, ask: PageAsk): Promise<{ waiting: WaitingShown[]; next: string | null; lang: Lang }> {
  const { db } = engine;
  const setting = await engine.settings.load(db, engine.clock.now());
  const page = await pageWaiting(db, { after: readCursor(ask.cursor) ?? 0, limit: ask.limit });
  return { waiting: await withMatches(engine, setting, page), next: nextCursor(page, ask.limit), lang: setting.provider.lang };
}

/** One of them, as the list shows it. @throws ReguaError `money_unknown`, `money_not_waiting` */
export async function oneWaiting(engine: Engine, id: Id): Promise<WaitingShown> {
  const money = await readWaiting(engine.db, id);
  if (!money) throw new ReguaError("money_unknown", { value: id });
  if (money.state !== "waiting") throw new ReguaError("money_not_waiting", { value: id, state: moneyStateIn(money.state) });
  const [shown] = await withMatches(engine, await engine.settings.load(engine.db, engine.clock.now()), [money]);
  assert(shown, "money without its page");
  return shown;
}

async function withMatches({ db }: Engine, setting: Setting, page: readonly Waiting[]): Promise<WaitingShown[]> {
  const found = await findOwners(db, setting, page);
  const ids = found.flat().flatMap(({ customerId, receipt }) => (receipt === null ? [] : [{ customerId, id: receipt }]));
  const names: ReadonlyMap<Id, ReceiptName> = await receiptKeys(db, ids);
  return page.map((money, i): WaitingShown => ({
    money,
    matches: (found[i] ?? []).slice(0, MATCHES_MAX).map(({ customerId: _, receipt, ...match }) => ({
      ...match,
      receipt: receipt === null ? null : (names.get(receipt) ?? null),
    })),
  }));
}
