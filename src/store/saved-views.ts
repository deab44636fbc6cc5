// Filters of the customers' list that somebody of the staff gave a name.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** As the list's address has it. */
export interface ViewSearch {
  filter?: string;
  search?: string;
  daysFrom?: number;
  daysTo?: number;
}

export interface SavedView {
  id: Id;
  name: string;
  search: ViewSearch;
}

/** A person's own, by name. */
export async function listViews(db: Db, staffId: string): Promise<SavedView[]> {
  const { rows } = await sql<SavedView>`
    SELECT view_id AS id, name, search FROM saved_view WHERE staff_id = ${staffId} ORDER BY lower(name), view_id`.execute(db);
  return rows;
}

/** One person's views change one after another, so that their number is what was counted. */
export async function lockViews(trx: Trx, staffId: string): Promise<void> {
  await sql`SELECT id FROM staff WHERE id = ${staffId} FOR UPDATE -- one row`.execute(trx);
}

export async function insertView(trx: Trx, staffId: string, view: SavedView, at: Instant): Promise<void> {
  await sql`
    INSERT INTO saved_view (view_id, staff_id, name, search, saved_at)
    VALUES (${view.id}, ${staffId}, ${view.name}, ${JSON.stringify(view.search)}::jsonb, ${ts(at)})`.execute(trx);
}

/** False: the person has no such view. */
export async function nameView(trx: Trx, staffId: string, id: Id, name: string): Promise<boolean> {
  const done = await sql`UPDATE saved_view SET name = ${name} WHERE staff_id = ${staffId} AND view_id = ${id}`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}

/** False: the person has no such view. */
export async function deleteView(trx: Trx, staffId: string, id: Id): Promise<boolean> {
  const done = await sql`DELETE FROM saved_view WHERE staff_id = ${staffId} AND view_id = ${id}`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}
