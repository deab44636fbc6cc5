// L1 and L2: who owes beyond the ladder is down, everybody else is up, in the books and on the panel.
import type { History } from "./history.ts";
import { PAST_LADDER_DAYS } from "./oracle-ladder.ts";
import type { NoticeSeen, ServiceSeen, View } from "./support/view.ts";

/**
 * What is exempt from L1, and why: an invoice whose warning no server took, or whose customer has no address, since nobody is suspended
 * unwarned; a service that is not tied to an account, or was ended. From L2, only as far as the panel's own state goes: an account that
 * somebody else changed since the program last read it, since nobody told the program; another party's suspension, which is not ours to
 * lift; an account that is not there.
 */
export async function checkAccess(history: History, view: View, notices: readonly NoticeSeen[]): Promise<void> {
  const { known, zone, now } = history;
  const warned = Map.groupBy(
    notices.filter((n) => n.warning && n.state !== "superseded"),
    (n) => n.invoice,
  );
  const unwarned = (ref: string): boolean => {
    const tries = warned.get(ref) ?? [];
    return tries.length > 0 && tries.every((n) => n.state === "undeliverable");
  };
  for (const service of await view.services()) {
    if (service.account === null || service.endedAt !== null) continue;
    const debts = known.debts(service.ref, now);
    const late = debts.free.filter(
      (i) => i.dueOn < zone.dayOf(now) - PAST_LADDER_DAYS && !unwarned(i.ref) && !known.unreachable.has(i.customer),
    );
    const down = known.takenDown(service.ref, now) || late.length > 0;
    const up = !known.takenDown(service.ref, now) && debts.free.length === 0;
    const why = late.map((i) => i.ref).join(", ") || "abuse";
    if (down && service.desired !== "suspended")
      history.oracle.fault("L1", `${service.ref} should be down for ${why}, and the books say ${service.desired}`);
    if (up && service.desired !== "active")
      history.oracle.fault("L2", `${service.ref} owes nothing unprotected, and the books say ${service.desired}`);
    onThePanel(history, service, { down, up });
  }
}

function onThePanel({ oracle, world }: History, service: ServiceSeen, wanted: { down: boolean; up: boolean }): void {
  const account = world.accounts.get(service.account ?? "");
  if (!account || account.gone !== null || account.touchedAt >= account.readAt) return;
  if (account.access === "suspended" && account.by === "other") return;
  if (service.desired !== account.access) oracle.fault("L2", `${service.ref} should be ${service.desired} and is ${account.access}`);
  if (wanted.down && account.access === "active") oracle.fault("L1", `${service.ref} is up with what it owes unpaid`);
  if (wanted.up && account.access === "suspended") oracle.fault("L2", `${service.ref} is down and owes nothing unprotected`);
}
