// Judges what a history left behind, apart from money and access: messages, rungs, warnings, ends of services, and that nothing hangs.
import { DAY_MS, HOUR_MS, type Instant } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import { END_TERMS, GAP_MS, NEVER_SKIPPED, RESTING, RUNG_DAYS, RUNG_MINUTE, RUNGS } from "./oracle-ladder.ts";
import type { HoldSeen, NoticeSeen, View } from "./support/view.ts";

/** S4, S6 and L4: what the books call accepted a server took, nothing hangs, and reminders rest at night. */
export function checkMessages({ oracle, world }: History, notices: readonly NoticeSeen[]): void {
  const accepted = new Set(world.wire.filter((w) => w.accepted).map((w) => w.messageId));
  const refused = new Set(world.wire.filter((w) => w.refused).map((w) => w.messageId));
  const steps = new Map<string, string[]>();
  for (const n of notices) {
    const about = `${n.step} of ${n.invoice ?? n.customer}`;
    const id = n.messageId ?? "";
    if (n.state === "pending") oracle.fault("L4", `${about} never ended`);
    if (n.state === "accepted" && !accepted.has(id)) oracle.fault("S4", `${about} is called accepted, and no server took it`);
    if (n.state === "undeliverable" && !refused.has(id)) oracle.fault("L4", `${about} was given up, and no server refused it for good`);
    steps.set(id, [...(steps.get(id) ?? []), n.step]);
  }
  for (const { messageId, claimedOn, to } of world.wire) {
    const said = steps.get(messageId) ?? [];
    if (oracle.hours.quiet(claimedOn) && said.some((step) => RESTING.has(step)))
      oracle.fault("S6", `${said.join(", ")} was sent to ${to} at night`);
  }
}

/** S6: rungs in order, none skipped, none early or too close to the one before, none after the settlement was known. */
export function checkRungs({ oracle, known, world }: History, notices: readonly NoticeSeen[], holds: readonly HoldSeen[]): void {
  const sent = Map.groupBy(world.wire, (w) => w.messageId);
  for (const invoice of known.invoices.values()) {
    const mine = notices.filter((n) => n.invoice === invoice.ref && n.state !== "superseded" && RUNGS.includes(n.step));
    const climbed = [
      ...mine.map((n) => ({ rung: n.step, at: n.decidedAt })),
      // One that was settled and opened again goes on from where it stood, and is suspended for once more.
      ...holds
        .filter((h) => h.invoice === invoice.ref)
        .slice(0, known.reopened.has(invoice.ref) ? 1 : undefined)
        .map((h) => ({ rung: "suspend", at: h.placedAt })),
    ].sort((a, b) => a.at - b.at || RUNGS.indexOf(a.rung) - RUNGS.indexOf(b.rung));
    for (const [i, step] of climbed.entries()) {
      const before = climbed[i - 1];
      if (before && RUNGS.indexOf(before.rung) >= RUNGS.indexOf(step.rung))
        oracle.fault("S6", `${invoice.ref}: ${step.rung} came after ${before.rung}`);
      if (before && step.at < before.at + GAP_MS)
        oracle.fault("S6", `${invoice.ref}: ${step.rung} came ${Math.round((step.at - before.at) / HOUR_MS)} hours after ${before.rung}`);
      const day = RUNG_DAYS[step.rung];
      const least = day === undefined ? null : day > 0 ? day - oracle.earlier : day;
      if (least !== null && step.at < known.zone.at(invoice.dueOn + least, RUNG_MINUTE))
        oracle.fault("S6", `${invoice.ref}: ${step.rung} came before its day and hour`);
      for (const needed of NEVER_SKIPPED)
        if (RUNGS.indexOf(needed) < RUNGS.indexOf(step.rung) && !climbed.slice(0, i).some((c) => c.rung === needed))
          oracle.fault("S6", `${invoice.ref}: ${step.rung} without ${needed}`);
    }
    for (const n of mine)
      for (const wire of sent.get(n.messageId ?? "") ?? [])
        if (invoice.settledAt !== null && invoice.settledAt < wire.claimedAt)
          oracle.fault("S6", `${invoice.ref}: ${n.step} was sent although it was known to be settled`);
  }
}

/** Whether the books had, so long before an instant, the acceptance of a message that a server had taken by then. */
function heardBefore({ world }: History, notice: NoticeSeen, at: Instant): boolean {
  const { messageId, state, endedAt } = notice;
  if (state !== "accepted" || endedAt === null || endedAt > at) return false;
  return world.wire.some((w) => w.messageId === messageId && w.accepted && w.at <= endedAt);
}

/** S5 and S14: behind each suspension stands a warning of which the program knew, for the gap at least, that a server had accepted it. */
export function checkWarnings(history: History, notices: readonly NoticeSeen[]): void {
  for (const { service, because, at } of history.world.suspensions) {
    if (because.length === 0) continue;
    const warnings = notices.filter((n) => n.warning && n.invoice !== null && because.includes(n.invoice));
    if (!warnings.some((n) => heardBefore(history, n, at - GAP_MS)))
      history.oracle.fault("S5", `${service} went down for ${because.join(", ")} without a warning in time`);
  }
}

/** S11 beside what was judged at the act: the end was announced, and the books name the two persons who signed. */
export async function checkTerminations(history: History, view: View, notices: readonly NoticeSeen[]): Promise<void> {
  const { oracle, world, known } = history;
  if (known.signatures.size === 0 && world.terminations.length === 0) return;
  const { gapMs } = END_TERMS[oracle.ladder];
  for (const { service, because, at } of world.terminations) {
    const announced = notices.filter((n) => n.step === "termination-warning" && n.invoice !== null && because.includes(n.invoice));
    if (!announced.some((n) => heardBefore(history, n, at - gapMs)))
      oracle.fault("S5", `${service} was ended without its announcement in time`);
  }
  for (const { id, service, state, firstBy, secondBy } of await view.terminations()) {
    if (state !== "approved" && state !== "done") continue;
    const signed = known.signatures.get(service)?.get(id) ?? new Set();
    const two = firstBy !== null && secondBy !== null && firstBy !== secondBy && signed.has(firstBy) && signed.has(secondBy);
    if (!two)
      oracle.fault(
        "S11",
        `the end of ${service} names ${firstBy ?? "nobody"} and ${secondBy ?? "nobody"}, and ${[...signed].join(", ") || "nobody"} signed`,
      );
    if (state === "approved") oracle.fault("S10", `the end of ${service} was approved and never came`);
  }
}

/** L5, L6 and S10: nothing hangs. */
export async function checkEnds({ oracle, now }: History, view: View, notices: readonly NoticeSeen[]): Promise<void> {
  for (const p of await view.promises())
    if (p.state === "running" && p.until < now - 6 * DAY_MS) oracle.fault("L6", `promise ${p.protocol} of ${p.customer} never ended`);
  for (const c of await view.claims()) {
    if (c.state === "under_review" && c.until < now - HOUR_MS) oracle.fault("L5", `a claim of ${c.customer} never ended`);
    if (c.state !== "under_review" && c.state !== "expired" && (c.reason ?? "").trim() === "")
      oracle.fault("L5", `a claim of ${c.customer} was ${c.state} without a reason`);
  }
  for (const row of await view.outbox()) {
    if (row.leasedUntil !== null && row.leasedUntil < now - HOUR_MS) oracle.fault("S10", `${row.key}: its lease was never taken over`);
    if (row.notBefore < now - HOUR_MS) oracle.fault("S10", `${row.key} is due and nobody does it (${row.answer ?? "never tried"})`);
  }
  if (notices.length === 0) oracle.fault("L4", "nothing was ever said");
}
