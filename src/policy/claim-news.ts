// What a customer is told of payment proofs: that one came, and how its review ended. Once each, and only while it is true.
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import type { Policy } from "./compile.ts";
import type { MessageContent, MessageIntent, StepAct, Wait } from "./decision.ts";
import type { ClaimFacts, CustomerFacts, EndedClaimFacts } from "./facts.ts";
import { claimMessage, noticeKey, type ToldClaim } from "./messages.ts";

export interface ClaimNews {
  messages: MessageIntent[];
  /** Ended claims of which there is nothing (more) to tell. */
  told: Id[];
  waits: Wait[];
}

interface Moment {
  /** With the claims that still run only. */
  facts: CustomerFacts;
  policy: Policy;
  now: Instant;
  /** What each unpaid invoice leads to next. */
  ahead: readonly { invoiceId: Id; act: StepAct; at: Instant }[];
}

/** `ending`: claims whose review time is over with this decision. */
export function claimNews(moment: Moment, ending: readonly ClaimFacts[]): ClaimNews {
  const { facts, policy, now } = moment;
  const news: ClaimNews = { messages: [], told: [], waits: [] };
  const ends = [...facts.endedClaims, ...expired(facts, ending)];
  if (policy.doc.announce.claims === false) return { ...news, told: ends.map((claim) => claim.id) };
  for (const claim of facts.claims) {
    const receipt = claim.announce === true ? receiptOf(facts, claim, now) : null;
    const message = receipt && claimMessage(facts, policy, now, receipt, "received");
    if (message) news.messages.push(message);
  }
  for (const claim of ends) tellEnd(moment, claim, news);
  return news;
}

/** Claims that end by time, as the decision after this one reads them. */
export function expired(facts: CustomerFacts, ending: readonly ClaimFacts[]): EndedClaimFacts[] {
  return ending
    .filter((claim) => claim.announce === true)
    .map(({ id, invoiceId, receivedAt }) => {
      const invoiceRef = facts.invoices.find((invoice) => invoice.id === invoiceId)?.ref ?? "";
      return { id, invoiceId, invoiceRef, receivedAt, end: "expired" };
    });
}

/** What is said of a proof under review; null where its invoice is not owed any more. */
function receiptOf(facts: CustomerFacts, claim: ClaimFacts, now: Instant): ToldClaim | null {
  const invoice = facts.invoices.find((each) => each.id === claim.invoiceId);
  if (!invoice) return null;
  const released = claim.releaseUntil !== null && now < claim.releaseUntil;
  const until = released ? (claim.releaseUntil ?? claim.reviewUntil) : claim.reviewUntil;
  return {
    id: claim.id,
    invoiceId: invoice.id,
    invoiceRef: invoice.ref,
    template: released ? "claim_released" : claim.scheduled === true ? "claim_scheduled" : "claim_in_review",
    until,
    because: { rule: released ? "claim_release" : "claim_under_review", invoice: invoice.ref, until },
    next: null,
  };
}

function tellEnd({ facts, policy, now, ahead }: Moment, claim: EndedClaimFacts, news: ClaimNews): void {
  const open = facts.invoices.some((invoice) => invoice.id === claim.invoiceId);
  // A person's word books no money: the thanks go out when it is there.
  if (claim.end === "confirmed" && open) return;
  const { id, invoiceId, invoiceRef, end } = claim;
  if (end !== "confirmed" && !open) {
    news.told.push(id);
    return;
  }
  const template = `claim_${end}` as const;
  const told = {
    id,
    invoiceId,
    invoiceRef,
    template,
    until: null,
    because: { rule: template, invoice: invoiceRef },
    next: nextOf(ahead, invoiceId),
  };
  const message = claimMessage(facts, policy, now, told, end);
  if (!message) {
    const pending = facts.notices.some((notice) => notice.state === "pending" && notice.key === noticeKey.claim(id, end, notice.channel));
    if (!pending) news.told.push(id);
    return;
  }
  // The others answer the bank or a person; this one is our own clock's, which may strike at night.
  const speak = end === "expired" ? policy.calendar.nextSpeakable(now) : now;
  if (speak <= now) news.messages.push(message);
  else
    news.waits.push({
      invoice: invoiceRef,
      service: null,
      step: `claim-${end}`,
      until: speak,
      because: { rule: "quiet_hours", invoice: invoiceRef, until: speak },
    });
}

function nextOf(ahead: Moment["ahead"], invoiceId: Id): MessageContent["next"] {
  const next = ahead.find((each) => each.invoiceId === invoiceId);
  return next ? { act: next.act, at: next.at } : null;
}
