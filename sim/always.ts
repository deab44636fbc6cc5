// Judges what a history left: the invariants that hold always or at rest, from the world's truth and what the program was told.
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../src/kernel/time.ts";
import type { Db } from "../src/store/database.ts";
import type { History } from "./history.ts";
import type { HoldSeen, NoticeSeen, View } from "./support/view.ts";

/** The rungs of the ladder that is simulated, in order. */
const RUNGS = ["issued", "before-due", "due", "reminder", "warning", "suspend", "termination-warning"];
const GAP_MS = 24 * HOUR_MS;
/** Steps of the ladder that inform may lapse; these never. */
const NEVER_SKIPPED = ["reminder", "warning"];
/** Due longer ago than this, an unpaid invoice has passed the ladder: eight days of steps, weekends, holidays, a promise. */
const PAST_LADDER_DAYS = 21;

/** What holds at every moment: looked at now and then, and at the end. */
export async function checkAlways(history: History, view: View): Promise<void> {
  const { oracle } = history;
  for (const service of await view.services())
    if (service.callGone || (service.call !== null && service.call !== "open"))
      oracle.fault("S10", `${service.ref} waits for a call that is ${service.call ?? "gone"}`);
  for (const { ref, fault } of await view.faults()) oracle.fault("fault", `${ref} was set aside: ${fault}`);
  const holds = new Map<string, number>();
  for (const { service, invoice } of await view.holds()) {
    const key = `${service} for ${invoice}`;
    holds.set(key, (holds.get(key) ?? 0) + 1);
    if (holds.get(key) === 2) oracle.fault("S3", `suspended twice: ${key}`);
  }
  for (const notice of await view.notices())
    if (notice.state === "pending" && notice.outbox !== "open")
      oracle.fault("S10", `notice ${notice.step} of ${notice.invoice ?? notice.customer} is pending, its row ${notice.outbox ?? "gone"}`);
}

/** What holds once the faults have stopped and everything had time. */
export async function checkRest(history: History, view: View, db: Db): Promise<void> {
  await checkAlways(history, view);
  const notices = await view.notices();
  const holds = await view.holds();
  checkWire(history, notices);
  checkRungs(history, notices, holds);
  checkWarnings(history, notices);
  await checkMoney(history, view);
  await checkEnds(history, view, notices);
  await checkAccess(history, view, notices);
  const report = await verifyDatabase(db);
  if (!report.intact) history.oracle.fault("S7", `the evidence is broken: ${JSON.stringify(report.findings[0])}`);
}

/** S4 and L4: one notice per step, and what the books call accepted is what a mail server accepted. */
function checkWire({ oracle, world }: History, notices: readonly NoticeSeen[]): void {
  const accepted = new Set(world.wire.filter((w) => w.accepted).map((w) => w.messageId));
  const seen = new Set<string>();
  for (const n of notices) {
    const about = `${n.step} of ${n.invoice ?? n.customer}`;
    if (n.state === "pending") oracle.fault("L4", `${about} never ended`);
    if (n.state === "accepted" && !accepted.has(n.messageId ?? ""))
      oracle.fault("S4", `${about} is called accepted, and no server took it`);
    if (n.invoice === null || n.state === "superseded") continue;
    const key = `${n.invoice} ${n.step} ${n.channel}`;
    if (seen.has(key)) oracle.fault("S4", `${about} was recorded twice`);
    seen.add(key);
  }
}

/** S6: rungs in order, none skipped, none after the settlement was known. */
function checkRungs({ oracle, known, world }: History, notices: readonly NoticeSeen[], holds: readonly HoldSeen[]): void {
  const sent = new Map(world.wire.map((w) => [w.messageId, w]));
  for (const invoice of known.invoices.values()) {
    const mine = notices.filter((n) => n.invoice === invoice.ref && n.state !== "superseded" && RUNGS.includes(n.step));
    const climbed = [
      ...mine.map((n) => ({ rung: n.step, at: n.decidedAt })),
      ...holds.filter((h) => h.invoice === invoice.ref).map((h) => ({ rung: "suspend", at: h.placedAt })),
    ].sort((a, b) => a.at - b.at || RUNGS.indexOf(a.rung) - RUNGS.indexOf(b.rung));
    for (const [i, step] of climbed.entries()) {
      const before = climbed[i - 1];
      if (before && RUNGS.indexOf(before.rung) >= RUNGS.indexOf(step.rung))
        oracle.fault("S6", `${invoice.ref}: ${step.rung} came after ${before.rung}`);
      for (const needed of NEVER_SKIPPED)
        if (RUNGS.indexOf(needed) < RUNGS.indexOf(step.rung) && !climbed.slice(0, i).some((c) => c.rung === needed))
          oracle.fault("S6", `${invoice.ref}: ${step.rung} without ${needed}`);
    }
    for (const n of mine) {
      const wire = sent.get(n.messageId ?? "");
      if (wire && invoice.settledAt !== null && invoice.settledAt < wire.claimedAt)
        oracle.fault("S6", `${invoice.ref}: ${n.step} was sent although it was known to be settled`);
    }
  }
}

/** S5: behind each suspension stands a warning that a server accepted at least the gap before. */
function checkWarnings({ oracle, world }: History, notices: readonly NoticeSeen[]): void {
  const firstAccepted = new Map<string, Instant>();
  for (const w of world.wire) if (w.accepted && !firstAccepted.has(w.messageId)) firstAccepted.set(w.messageId, w.at);
  for (const { service, because, at } of world.suspensions) {
    const warned = notices.some((n) => {
      const accepted = firstAccepted.get(n.messageId ?? "");
      return n.warning && n.invoice !== null && because.includes(n.invoice) && accepted !== undefined && accepted <= at - GAP_MS;
    });
    if (!warned && because.length > 0) oracle.fault("S5", `${service} went down for ${because.join(", ")} without a warning in time`);
  }
}

/** S8 and L3: every cent that was told is in the books once, and applied as the law has it. */
async function checkMoney({ oracle, known, world }: History, view: View): Promise<void> {
  const booked = await view.receipts();
  for (const { id, amount, applied } of booked) {
    if (amount !== applied) oracle.fault("S8", `receipt ${id}: ${amount} received, ${applied} applied`);
    if (world.paid.get(id) !== amount) oracle.fault("S8", `receipt ${id} is not what the bank has`);
  }
  if (booked.length !== world.paid.size) oracle.fault("L3", `${world.paid.size} payments at the bank, ${booked.length} in the books`);
  for (const row of await view.invoices()) {
    const invoice = known.invoices.get(row.ref);
    const open = row.state === "void" ? 0 : row.open;
    const expected = invoice?.settledAt === null ? invoice.open : 0;
    if (open !== expected) oracle.fault("S8", `${row.ref}: ${open} owed in the books, ${expected} in truth`);
  }
}

/** L5, L6 and S10: nothing hangs. */
async function checkEnds({ oracle, now }: History, view: View, notices: readonly NoticeSeen[]): Promise<void> {
  for (const p of await view.promises())
    if (p.state === "running" && p.until < now - 6 * DAY_MS) oracle.fault("L6", `promise ${p.protocol} of ${p.customer} never ended`);
  for (const c of await view.claims())
    if (c.state === "under_review" && c.until < now - HOUR_MS) oracle.fault("L5", `a claim of ${c.customer} never ended`);
  for (const row of await view.outbox()) {
    if (row.leasedUntil !== null && row.leasedUntil < now - HOUR_MS) oracle.fault("S10", `${row.key}: its lease was never taken over`);
    if (row.notBefore < now - HOUR_MS) oracle.fault("S10", `${row.key} is due and nobody does it (${row.answer ?? "never tried"})`);
  }
  if (notices.length === 0) oracle.fault("L4", "nothing was ever said");
}

/** L1 and L2: the panel is what it should be, and who owes beyond the ladder is down. */
async function checkAccess(history: History, view: View, notices: readonly NoticeSeen[]): Promise<void> {
  const { oracle, known, world, now, zone } = history;
  const undeliverable = new Set(notices.filter((n) => n.state === "undeliverable").map((n) => n.invoice));
  for (const service of await view.services()) {
    const account = world.accounts.get(service.account);
    if (!account) continue;
    const debts = known.debts(service.ref, now);
    // What a person did by hand since the program last looked, nobody told it; another party's suspension is not ours to lift.
    const strange = account.touchedAt >= account.readAt || (account.access === "suspended" && account.by === "other");
    if (strange) continue;
    if (service.desired !== account.access) oracle.fault("L2", `${service.ref} should be ${service.desired} and is ${account.access}`);
    const late = debts.free.filter((i) => i.dueOn < zone.dayOf(now) - PAST_LADDER_DAYS && !undeliverable.has(i.ref));
    if (late.length > 0 && account.access === "active")
      oracle.fault("L1", `${service.ref} is up with ${late.map((i) => i.ref).join(", ")} unpaid`);
    if (debts.free.length === 0 && account.access === "suspended")
      oracle.fault("L2", `${service.ref} is down and owes nothing unprotected`);
  }
}
