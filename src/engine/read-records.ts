// Customers, receipts, promises and proposals as lists and single rows, for other systems to read; nothing is written.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Currency } from "../kernel/money.ts";
import {
  listPromises,
  listReceipts,
  pageCustomers,
  readCustomerRecord,
  type CustomerRecord,
  type CustomerSummary,
  type PromiseRecord,
  type ReceiptRecord,
} from "../store/records.ts";
import { openProposals, type ProposalRow } from "../store/terminations.ts";
import type { Engine } from "./engine.ts";
import { whoIs, type Who } from "./who.ts";

/** A page of a list that is read on from a row's id. */
export interface PageAsk {
  limit: number;
  /** `next` of the page before. */
  cursor?: string | undefined;
}

/** @throws ReguaError `customer_unknown` */
export async function customerRecord(engine: Engine, who: Who): Promise<CustomerRecord> {
  const row = await readCustomerRecord(engine.db, await whoIs(engine.db, who));
  if (!row) throw new ReguaError("customer_unknown", { value: who });
  return row;
}

/** @throws ReguaError `field_invalid` for a cursor that is none */
export async function customersPage(
  engine: Engine,
  ask: PageAsk & { search?: string | undefined },
): Promise<{ rows: CustomerSummary[]; next: string | null; currency: Currency }> {
  const setting = await engine.settings.load(engine.db, engine.clock.now());
  const rows = await pageCustomers(engine.db, { text: ask.search ?? null, after: readCursor(ask.cursor) ?? 0, limit: ask.limit });
  return { rows, next: nextCursor(rows, ask.limit), currency: setting.currency };
}

/** Newest first. @throws ReguaError `customer_unknown`, `field_invalid` */
export async function receiptsPage(
  engine: Engine,
  ask: PageAsk & { customer: Who },
): Promise<{ rows: ReceiptRecord[]; next: string | null }> {
  const rows = await listReceipts(engine.db, await whoIs(engine.db, ask.customer), readCursor(ask.cursor), ask.limit);
  return { rows, next: nextCursor(rows, ask.limit) };
}

/** Newest first. @throws ReguaError `customer_unknown` */
export async function promisesOf(engine: Engine, customer: Who): Promise<PromiseRecord[]> {
  return listPromises(engine.db, await whoIs(engine.db, customer));
}

/** More proposals than a person settles in a day are a matter of policy. */
const PROPOSALS_MAX = 500;

/** Termination proposals that wait for a person, oldest first. */
export async function terminationsWaiting(engine: Engine): Promise<ProposalRow[]> {
  return openProposals(engine.db, PROPOSALS_MAX);
}

/** @throws ReguaError `field_invalid` */
export function readCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null;
  const id = Number(cursor);
  if (!/^\d{1,15}$/u.test(cursor))
    throw new ReguaError("field_invalid", {
      field: "cursor",
      problem: inEach("it is not the `next` of a page", "não é o `next` de uma página"),
    });
  return id;
}

export function nextCursor(rows: readonly { id: number }[], limit: number): string | null {
  const last = rows[rows.length - 1];
  return last && rows.length === limit ? String(last.id) : null;
}
