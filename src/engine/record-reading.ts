// A reading of one account becomes fact, outside any task of the outbox: the record follows the panel, and the rules repair what they may.
import type { AccountState } from "../ports/control-panel.ts";
import { linkedService, noteDifference, recordReading as store, type LinkedService } from "../store/panel-rounds.ts";
import { changeCustomers } from "./change.ts";
import { compareAccess, type Comparison } from "./compare-access.ts";
import type { Engine } from "./engine.ts";

/**
 * Takes a reading in. Null: a call about the service was decided or made meanwhile, whose own readings count; nothing was written.
 * The decision that follows puts a suspension or release on the outbox where the rules want one: never against another party's suspension.
 */
export async function takeReading(engine: Engine, before: LinkedService, state: AccountState): Promise<Comparison | null> {
  return changeCustomers(engine, [before.customerId], async (unit) => {
    const service = await linkedService(unit.trx, before);
    if (!service || !sameRecord(service, before)) return null;
    const found = compareAccess(service, state);
    await noteDifference(unit.trx, service, found.difference, unit.now);
    const known = service.actual === state.access && service.suspendedByUs === found.ours;
    if (known) return found;
    await store(unit.trx, service, { actual: state.access, suspendedByUs: found.ours, at: unit.now });
    unit.record(service.customerId, `access.${state.access}`, `panel:${service.panel}`, {
      service: service.ref,
      panel: service.panel,
      account: service.account,
      desired: service.desired,
      cause: found.difference?.cause ?? null,
      attempt: 0,
      ours: state.access === "suspended" ? found.ours : null,
      changed: false,
    });
    return found;
  });
}

/** The panel did not tell about this account, though it told about others. */
export async function takeSilence(engine: Engine, before: LinkedService, why: string): Promise<void> {
  await changeCustomers(engine, [before.customerId], async (unit) => {
    const service = await linkedService(unit.trx, before);
    if (service && sameRecord(service, before)) await noteDifference(unit.trx, service, { kind: "unread", cause: why }, unit.now);
  });
}

/** Nothing was decided or done about the account while it was read: a reading from before a call says nothing about after it. */
function sameRecord(now: LinkedService, before: LinkedService): boolean {
  return (
    !now.busy &&
    !before.busy &&
    now.desired === before.desired &&
    now.actual === before.actual &&
    now.confirmed === before.confirmed &&
    now.suspendedByUs === before.suspendedByUs &&
    now.accessSeq === before.accessSeq
  );
}
