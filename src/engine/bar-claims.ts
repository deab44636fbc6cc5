// Staff's word that one customer sends no payment proofs, or may again: with a reason, in the evidence. Claims under review go on.
import { barClaims, claimsBarred } from "../store/claims.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

/**
 * Takes no more proofs from a customer, or takes them again. Said twice it changes nothing.
 * @throws ReguaError `words_missing`, `customer_unknown`
 */
export async function switchClaims(
  engine: Engine,
  request: { customer: Who; accept: boolean; reason: string; by: string },
): Promise<{ changed: boolean }> {
  const reason = required("reason", request.reason);
  const customerId = await whoIs(engine.db, request.customer);
  return changeCustomer(engine, customerId, async (unit) => {
    const barred = (await claimsBarred(unit.trx, customerId)) !== null;
    if (barred !== request.accept) return { changed: false };
    await barClaims(unit.trx, customerId, request.accept ? null : reason);
    unit.record(customerId, request.accept ? "claims.accepted" : "claims.barred", request.by, { reason });
    return { changed: true };
  });
}
