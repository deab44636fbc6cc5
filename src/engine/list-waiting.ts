// Money that waits for its owner, with those it could be of: what a person decides with one keystroke.
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Match } from "../ledger/match.ts";
import { receiptKeys, type ReceiptName } from "../store/receipts.ts";
import { pageWaiting, type Waiting } from "../store/waiting-money.ts";
import type { Engine } from "./engine.ts";
import { findOwners } from "./find-owners.ts";
import { nextCursor, readCursor, type PageAsk } from "./read-records.ts";

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
  const found = await findOwners(db, setting, page);
  const ids = found.flat().flatMap(({ customerId, receipt }) => (receipt === null ? [] : [{ customerId, id: receipt }]));
  const names: ReadonlyMap<Id, ReceiptName> = await receiptKeys(db, ids);
  const waiting = page.map((money, i): WaitingShown => ({
    money,
    matches: (found[i] ?? []).slice(0, MATCHES_MAX).map(({ customerId: _, receipt, ...match }) => ({
      ...match,
      receipt: receipt === null ? null : (names.get(receipt) ?? null),
    })),
  }));
  return { waiting, next: nextCursor(page, ask.limit), lang: setting.provider.lang };
}
