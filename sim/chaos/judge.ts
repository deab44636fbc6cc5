// Judges what a chaos run left: the panel's and the mail server's own records, what was told, and the program's books.
import { verifyDatabase } from "../../src/evidence/verify-database.ts";
import type { Instant } from "../../src/kernel/time.ts";
import type { Database } from "../../src/store/database.ts";
import type { Known } from "../known.ts";
import type { Violation } from "../oracle.ts";
import { View } from "../support/view.ts";
import type { Acts } from "./acts.ts";
import type { Crowd } from "./crowd.ts";
import type { Fleet } from "./fleet.ts";
import { judgeMail } from "./judge-mail.ts";
import type { MailServer } from "./mail.ts";
import type { Panel } from "./panel.ts";
import { Books, type NoticeAnswer } from "./support/books.ts";
import type { Mark } from "./tape.ts";
import { GAP_MS } from "./times.ts";

/** The rungs of the ladder of `base.ts`, in order. */
const RUNGS = ["reminder", "warning"];

export interface Records {
  known: Known;
  acts: Acts;
  crowd: Crowd;
  panel: Panel;
  mail: MailServer;
  fleet: Fleet;
  cuts: readonly Mark[];
  now: Instant;
}

export interface Judged {
  violations: Violation[];
  mailsAccepted: number;
  mailsRepeated: number;
  notices: number;
  holds: number;
}

type Fault = (invariant: string, text: string) => void;

/** Everything of docs/PROMISE.md that can be seen from outside and in the books once all is at rest. */
export async function judge(records: Records, database: Database): Promise<Judged> {
  const { acts, crowd, fleet } = records;
  const view = new View(database.pool);
  const books = new Books(database.pool);
  const notices = await books.notices();
  const unknowns = new Map((await books.unknowns()).map((row) => [row.messageId, row.unknowns]));
  const mail = judgeMail({
    deliveries: records.mail.deliveries,
    notices,
    said: await books.accepted(),
    unknowns,
    lives: fleet.lives,
    cuts: records.cuts,
  });
  const violations = [...acts.violations, ...mail.violations];
  const fault: Fault = (invariant, text) => void violations.push({ invariant, text });
  for (const text of crowd.faults) fault("S8", text);
  for (const text of fleet.ownEnds) fault("fault", text);
  for (const { ref, fault: text } of await view.faults()) fault("fault", `${ref} was set aside: ${text}`);
  checkWarnings(records, notices, fault);
  const holds = await checkRungs(records, view, notices, fault);
  await checkMoney(records, view, fault);
  await checkAccess(records, view, notices, fault);
  await checkEnds(records, view, fault);
  const report = await verifyDatabase(database.db);
  if (!report.intact) fault("S7", `the evidence is broken: ${JSON.stringify(report.findings[0])}`);
  return { violations, mailsAccepted: mail.accepted, mailsRepeated: mail.repeated, notices: notices.length, holds };
}

/** S5: behind each suspension asked of the panel stands a warning that the server took at least the gap before. */
function checkWarnings({ acts, mail }: Records, notices: readonly NoticeAnswer[], fault: Fault): void {
  const firstTaken = new Map<string, Instant>();
  for (const d of mail.deliveries) if (d.accepted && !firstTaken.has(d.messageId)) firstTaken.set(d.messageId, d.ended.at);
  for (const { service, because, at } of acts.asked) {
    const warned = notices.some((n) => {
      const taken = firstTaken.get(n.messageId);
      return n.step === "warning" && n.invoice !== null && because.includes(n.invoice) && taken !== undefined && taken <= at - GAP_MS;
    });
    if (!warned && because.length > 0) fault("S5", `${service} was suspended for ${because.join(", ")} without a warning in time`);
  }
}

/** S3 and S6: one hold a cause; rungs in order and apart; none decided after the program had said that it knew of the settlement. */
async function checkRungs({ known, crowd }: Records, view: View, notices: readonly NoticeAnswer[], fault: Fault): Promise<number> {
  const holds = await view.holds();
  const placed = new Map<string, Instant>();
  for (const { service, invoice, placedAt } of holds) {
    const key = `${service} for ${invoice}`;
    if (placed.has(key)) fault("S3", `suspended twice: ${key}`);
    placed.set(key, placedAt);
  }
  const alive = notices.filter((n) => n.invoice !== null && n.state !== "superseded");
  for (const invoice of known.invoices.values()) {
    const mine = alive.filter((n) => n.invoice === invoice.ref);
    const at = (rung: string): Instant | undefined => mine.find((n) => n.step === rung)?.decidedAt;
    const climbed = [...RUNGS.map(at), placed.get(`${invoice.service} for ${invoice.ref}`)];
    for (const [i, here] of climbed.entries()) {
      if (i === 0 || here === undefined) continue;
      const below = climbed[i - 1];
      if (below === undefined) fault("S6", `${invoice.ref}: rung ${i + 1} without the one below`);
      else if (here < below + GAP_MS) fault("S6", `${invoice.ref}: rung ${i + 1} only ${here - below} ms after the one below`);
    }
    const settled = crowd.settled.get(invoice.ref);
    for (const n of mine)
      if (settled && RUNGS.includes(n.step) && n.decidedAt > settled.at)
        fault(
          "S6",
          `${invoice.ref}: ${n.step} was decided ${n.decidedAt - settled.at} ms after the program had answered that it was settled`,
        );
  }
  return holds.length;
}

/** S8 and L3: every payment told is in the books once, and applied as the law has it. */
async function checkMoney({ known, crowd }: Records, view: View, fault: Fault): Promise<void> {
  const booked = await view.receipts();
  const seen = new Set<string>();
  for (const { id, amount, applied } of booked) {
    if (seen.has(id)) fault("S8", `payment ${id} is booked twice`);
    seen.add(id);
    if (amount !== applied) fault("S8", `payment ${id}: ${amount} received, ${applied} applied`);
    if (crowd.payments.get(id)?.amount !== amount) fault("S8", `payment ${id} is booked with ${amount}`);
  }
  for (const id of crowd.payments.keys()) if (!seen.has(id)) fault("L3", `payment ${id} was acknowledged and is not in the books`);
  for (const row of await view.invoices()) {
    const invoice = known.invoices.get(row.ref);
    const open = row.state === "void" ? 0 : row.open;
    const expected = invoice?.settledAt === null ? invoice.open : 0;
    if (open !== expected) fault("S8", `${row.ref}: ${open} owed in the books, ${expected} in truth`);
  }
}

/** L1 and L2: the panel has what it should, and each unprotected debt has climbed the whole ladder. */
async function checkAccess({ known, panel, now }: Records, view: View, notices: readonly NoticeAnswer[], fault: Fault): Promise<void> {
  const ended = new Map(notices.filter((n) => n.state !== "superseded").map((n) => [`${n.invoice ?? ""} ${n.step}`, n.state]));
  for (const service of await view.services()) {
    const down = panel.isDown(service.account ?? "");
    const debts = known.debts(service.ref, now);
    if ((service.desired === "suspended") !== down)
      fault("L2", `${service.ref} should be ${service.desired} and is ${down ? "suspended" : "active"}`);
    if (debts.free.length === 0 && down) fault("L2", `${service.ref} is down and owes nothing unprotected`);
    for (const { ref } of debts.free) {
      for (const rung of RUNGS) if (!ended.has(`${ref} ${rung}`)) fault("L4", `${ref} is owed, and its ${rung} was never sent`);
      if (ended.get(`${ref} warning`) === "accepted" && !down) fault("L1", `${service.ref} is up with ${ref} unpaid and warned of`);
    }
  }
}

/** L6 and S10: nothing hangs. */
async function checkEnds({ now }: Records, view: View, fault: Fault): Promise<void> {
  for (const p of await view.promises())
    if (p.state === "running" && p.until <= now - GAP_MS) fault("L6", `promise ${p.protocol} of ${p.customer} never ended`);
  for (const row of await view.outbox()) fault("S10", `${row.key} is still open (${row.answer ?? "never tried"})`);
  for (const service of await view.services())
    if (service.call !== null || service.callGone) fault("S10", `${service.ref} waits for a call that is ${service.call ?? "gone"}`);
}
