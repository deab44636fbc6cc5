// Named filters of the customers' list, each person's own: kept, renamed, forgotten.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { inTransaction } from "../store/retry.ts";
import { deleteView, insertView, listViews, lockViews, nameView, type SavedView, type ViewSearch } from "../store/saved-views.ts";
import type { Engine } from "./engine.ts";
import { required } from "./who.ts";

/** More than fit above a list; each is a line of a menu. */
export const VIEWS_MAX = 40;
export const VIEW_NAME_MAX = 60;

export async function savedViews(engine: Engine, staffId: string): Promise<SavedView[]> {
  return listViews(engine.db, staffId);
}

/** @throws ReguaError `view_exists`, `views_full`, `words_missing` */
export async function saveView(engine: Engine, ask: { staffId: string; name: string; search: ViewSearch }): Promise<SavedView> {
  const name = required("name", ask.name);
  const view = { id: (await engine.ids.take(1)).next(), name, search: ask.search };
  return inTransaction(engine.db, async (trx) => {
    await lockViews(trx, ask.staffId);
    const there = await listViews(trx, ask.staffId);
    refuseTwice(there, null, name);
    if (there.length >= VIEWS_MAX) throw new ReguaError("views_full", { count: VIEWS_MAX });
    await insertView(trx, ask.staffId, view, engine.motorClock.now());
    return view;
  });
}

/** @throws ReguaError `view_unknown`, `view_exists`, `words_missing` */
export async function renameView(engine: Engine, ask: { staffId: string; id: Id; name: string }): Promise<void> {
  const { staffId, id } = ask;
  const name = required("name", ask.name);
  await inTransaction(engine.db, async (trx) => {
    await lockViews(trx, staffId);
    refuseTwice(await listViews(trx, staffId), id, name);
    if (!(await nameView(trx, staffId, id, name))) throw new ReguaError("view_unknown", { value: id });
  });
}

/** @throws ReguaError `view_unknown` */
export async function forgetView(engine: Engine, ask: { staffId: string; id: Id }): Promise<void> {
  const there = await inTransaction(engine.db, (trx) => deleteView(trx, ask.staffId, ask.id));
  if (!there) throw new ReguaError("view_unknown", { value: ask.id });
}

function refuseTwice(there: readonly SavedView[], but: Id | null, name: string): void {
  if (there.some((each) => each.id !== but && each.name.toLowerCase() === name.toLowerCase()))
    throw new ReguaError("view_exists", { name });
}
