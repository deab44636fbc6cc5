// Termination by two persons: the first confirms the proposal, another one approves it, and only then is the panel called.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { insertCall, readProposal, signProposal } from "../store/terminations.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";

/**
 * Signs a proposal. The first signature waits for a second one by somebody else; with it the termination is queued, and judged
 * by the rules once more when its turn comes.
 * @throws ReguaError `termination_unknown`, `second_person_needed`, `termination_withdrawn`
 */
export async function approveTermination(
  engine: Engine,
  request: { customerId: Id; terminationId: Id; by: string },
): Promise<{ signatures: 1 | 2 }> {
  return changeCustomer(engine, request.customerId, async (unit, found) => {
    const proposal = await readProposal(unit.trx, request.customerId, request.terminationId);
    if (proposal?.state !== "proposed") throw new ReguaError("termination_unknown", { value: request.terminationId });
    if (proposal.firstBy === request.by) throw new ReguaError("second_person_needed", { by: request.by });
    const second = proposal.firstBy !== null;
    await signProposal(unit.trx, request.customerId, request.terminationId, { by: request.by, at: unit.now, second });
    const service = found.facts.services.find((s) => s.id === proposal.serviceId);
    unit.record(request.customerId, second ? "termination.approved" : "termination.confirmed", request.by, {
      service: service?.ref ?? String(proposal.serviceId),
    });
    if (second) {
      const outboxId = (await engine.ids.take(1)).next();
      await insertCall(unit.trx, { customerId: request.customerId, serviceId: proposal.serviceId, outboxId, at: unit.now });
      await engine.wake?.(unit.trx, { from: outboxId, to: outboxId });
    }
    return { signatures: second ? 2 : 1 };
  });
}
