// The record of the house, read: who changed who may do what, newest first. Each act writes its own row, in its own transaction.
import type { HouseRow } from "../kernel/house-record.ts";
import { listRecord } from "../store/house-record.ts";
import type { Engine } from "./engine.ts";
import { readCursor } from "./read-records.ts";

/** @throws ReguaError `field_invalid` */
export async function houseRecord(
  engine: Engine,
  ask: { cursor?: string | undefined; limit: number },
): Promise<{ rows: HouseRow[]; next: string | null }> {
  const rows = await listRecord(engine.db, readCursor(ask.cursor), ask.limit);
  const last = rows[rows.length - 1];
  // The chain begins at one: behind it there is nothing to ask for.
  return { rows, next: last && rows.length === ask.limit && last.seq > 1 ? String(last.seq) : null };
}
