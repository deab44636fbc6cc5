// Holds that a person places and releases, as rows; overdue holds are placed and lifted by the decision alone.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { HoldFacts } from "../policy/facts.ts";
import { ts, tsOrNull, type Trx } from "./database.ts";

export interface NewHold extends Omit<HoldFacts, "kind"> {
  customerId: Id;
  kind: Exclude<HoldFacts["kind"], "overdue">;
  placedBy: string;
}

export async function insertHold(trx: Trx, hold: NewHold): Promise<void> {
  await sql`
    INSERT INTO hold (customer_id, hold_id, kind, effect, service_id, invoice_id, placed_at, placed_by, reason, until)
    VALUES (${hold.customerId}, ${hold.id}, ${hold.kind}, ${hold.effect}, ${hold.serviceId}, ${hold.invoiceId}, ${ts(hold.placedAt)},
      ${hold.placedBy}, ${hold.reason}, ${tsOrNull(hold.until)})`.execute(trx);
}

/** Lifts a standing hold that a person placed; false when there is none. */
export async function markHoldLifted(trx: Trx, customerId: Id, holdId: Id, by: string, at: Instant): Promise<boolean> {
  const done = await sql`
    UPDATE hold SET lifted_at = ${ts(at)}, lifted_by = ${by}
    WHERE customer_id = ${customerId} AND hold_id = ${holdId} AND kind <> 'overdue' AND lifted_at IS NULL`.execute(trx);
  return Number(done.numAffectedRows) === 1;
}
