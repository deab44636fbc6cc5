// How running promises and claims end, and the reminder before a promise's deadline.
import type { Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { Because, ClaimEnd, PromiseEnd, Wait } from "./decision.ts";
import type { ClaimFacts, CustomerFacts, PromiseFacts } from "./facts.ts";

export interface Judged {
  running: PromiseFacts[];
  ended: PromiseEnd[];
  waits: Wait[];
}

/**
 * Kept: every invoice it names is settled. Broken: the deadline passed with one of them open, and no money known to be
 * on its way and no claim under review for that one. No promise is broken while payments may still explain every invoice left.
 */
export function judgePromises(facts: CustomerFacts, now: Instant): Judged {
  const judged: Judged = { running: [], ended: [], waits: [] };
  for (const promise of facts.promises) {
    const open = facts.invoices.filter((invoice) => promise.invoiceIds.includes(invoice.id));
    const about: Because = { rule: "promise_running", promise: promise.protocol };
    if (open.length === 0) {
      judged.ended.push({ promiseId: promise.id, protocol: promise.protocol, end: "kept", because: [{ ...about, rule: "promise_kept" }] });
      continue;
    }
    if (now < promise.until) {
      judged.running.push(promise);
      judged.waits.push(waitFor(promise, promise.until, { ...about, until: promise.until }));
      continue;
    }
    const doubt = Math.min(...open.map((invoice) => Math.max(invoice.clearingUntil ?? 0, ...reviewsOf(facts, invoice.id))));
    if (now < doubt) {
      judged.waits.push(waitFor(promise, doubt, { ...about, rule: "clearing", until: doubt }));
      judged.running.push(promise);
      continue;
    }
    const because: Because[] = [{ ...about, rule: "promise_broken", until: promise.until, invoice: open.map((i) => i.ref).join(", ") }];
    judged.ended.push({ promiseId: promise.id, protocol: promise.protocol, end: "broken", because });
  }
  return judged;
}

function reviewsOf(facts: CustomerFacts, invoiceId: number): Instant[] {
  return facts.claims.filter((claim) => claim.invoiceId === invoiceId).map((claim) => claim.reviewUntil);
}

function waitFor(promise: PromiseFacts, until: Instant, because: Because): Wait {
  return { invoice: null, service: null, step: `promise ${promise.protocol}`, until, because };
}

/** Claims whose review time is over without a bank's word. */
export function judgeClaims(facts: CustomerFacts, now: Instant): { running: ClaimFacts[]; ended: ClaimEnd[] } {
  const running = facts.claims.filter((claim) => now < claim.reviewUntil);
  const ended = facts.claims
    .filter((claim) => now >= claim.reviewUntil)
    .map((claim): ClaimEnd => {
      const invoice = facts.invoices.find((i) => i.id === claim.invoiceId);
      const because: Because = { rule: "claim_expired", until: claim.reviewUntil, ...(invoice ? { invoice: invoice.ref } : {}) };
      return { claimId: claim.id, end: "expired", because: [because] };
    });
  return { running, ended };
}

/** Local time at which the reminder before a deadline goes out. */
const REMIND_MINUTE = 9 * 60;

/** The reminder goes out the day before the deadline at 09:00; none for a promise that was granted after that. Null: not (or not yet) due. */
export function promiseReminder(policy: Policy, promise: PromiseFacts, now: Instant): { due: boolean; at: Instant } | null {
  if (!policy.doc.promises.remind || now >= promise.until) return null;
  const at = policy.calendar.nextSpeakable(policy.zone.at(policy.zone.dayOf(promise.until) - 1, REMIND_MINUTE));
  if (at <= promise.grantedAt || at >= promise.until) return null;
  if (now < at) return { due: false, at };
  const speak = policy.calendar.nextSpeakable(now);
  return speak > now ? { due: false, at: speak } : { due: true, at };
}
