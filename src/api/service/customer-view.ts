// One customer, whole, as JSON: what is owed, the access of each service and why, what was said, promised and paid, what comes.
import { z } from "zod";
import type { Shown } from "../../engine/show-customer.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { cents, count, currency, day, instant } from "../schemas.ts";
import { becauseShape, comingShape, iso, recordShape, viewBecause, viewComing, viewRecord } from "../views.ts";

const service = z.object({
  ref: z.string(),
  name: z.string(),
  plan: z.string().nullable(),
  priceCents: cents.nullable(),
  panel: z.string().nullable(),
  account: z.string().nullable(),
  desired: z.enum(["active", "suspended"]).describe("The access it should have."),
  cause: z.string().nullable().describe("The invoice or hold behind a suspension."),
  actual: z.enum(["active", "suspended", "absent", "unknown"]).describe("What the panel was last seen to say."),
  actualSince: instant.nullable(),
  suspendedByUs: z.boolean(),
  callOpen: z.boolean().describe("The panel is about to be asked."),
  cancelOn: day.nullable(),
  terminatedAt: instant.nullable(),
  because: z.array(becauseShape),
});

const invoice = z.object({
  ref: z.string(),
  service: z.string().nullable(),
  issuedOn: day,
  dueOn: day,
  effectiveDueOn: day.describe("After moving to the next banking day."),
  daysPastDue: count.describe("Negative before it is due."),
  amountCents: cents,
  openCents: cents,
  currency,
  fineCents: cents,
  interestCents: cents,
  totalTodayCents: cents.describe("With fine and interest, if it is paid today."),
  clearingUntil: instant.nullable(),
  step: z.string().nullable().describe("The highest rung climbed."),
  stepAt: instant.nullable(),
  wait: z
    .object({ step: z.string().nullable(), until: instant.nullable(), because: becauseShape })
    .nullable()
    .describe("What the ladder waits for."),
});

const hold = z.object({
  id: count,
  kind: z.string(),
  effect: z.enum(["access", "collection"]),
  service: z.string().nullable(),
  invoice: z.string().nullable(),
  reason: z.string(),
  placedBy: z.string(),
  placedAt: instant,
  until: instant.nullable(),
});

const notice = z.object({
  step: z.string(),
  channel: z.string(),
  warning: z.boolean(),
  state: z.enum(["pending", "accepted", "undeliverable", "superseded"]),
  invoice: z.string().nullable(),
  service: z.string().nullable(),
  promise: z.string().nullable(),
  decidedAt: instant,
  endedAt: instant.nullable(),
  to: z.string().nullable(),
  answer: z.string().nullable().describe("What the receiving server answered last."),
});

export const promiseShape = z.object({
  protocol: z.string(),
  kind: z.enum(["release", "postponement", "courtesy"]),
  state: z.enum(["running", "kept", "broken", "cancelled"]),
  invoices: z.array(z.string()),
  owedCents: cents,
  reason: z.string(),
  askedBy: z.string(),
  owner: z.string(),
  grantedAt: instant,
  until: instant,
  endedAt: instant.nullable(),
});

const receipt = z.object({
  source: z.string(),
  externalId: z.string(),
  amountCents: cents,
  creditCents: cents,
  currency,
  returnedCents: cents.describe("Went back: refunds and chargebacks."),
  paidOn: day,
  settledOn: day.nullable().describe("The day it was in the account; null: declared or captured, and not seen there yet."),
  recordedAt: instant,
  reason: z.string().nullable(),
  actor: z.string(),
  allocations: z
    .array(z.object({ invoice: z.string(), kind: z.enum(["principal", "late_fee"]), amountCents: cents }))
    .describe("What of it stands on invoices."),
});

const proposal = z.object({
  id: count,
  service: z.string(),
  invoice: z.string(),
  state: z.enum(["proposed", "approved"]),
  proposedAt: instant,
  firstBy: z.string().nullable(),
});

export const customerShape = recordShape.extend({
  owedCents: cents,
  creditCents: cents,
  currency,
  releaseBarred: z.string().nullable().describe("Staff's written reason against releases on trust."),
  claimsBarred: z.string().nullable().describe("Staff's written reason against payment proofs."),
  fault: z.string().nullable().describe("Why the customer could not be decided."),
  nextCheckAt: instant.nullable(),
  services: z.array(service),
  invoices: z.array(invoice).describe("Open ones."),
  invoicesSettled: count,
  holds: z.array(hold),
  notices: z.array(notice).describe("The newest."),
  promises: z.array(promiseShape).describe("The newest."),
  receipts: z.array(receipt).describe("The newest."),
  terminations: z.array(proposal).describe("Proposals that wait."),
  attention: z.array(z.object({ kind: z.string(), because: z.array(becauseShape) })),
  coming: z.array(comingShape).describe("What comes if nobody pays, soonest first."),
});

export function viewCustomer({ customer, setting }: Shown): z.infer<typeof customerShape> {
  const { identity, ...rest } = customer;
  return {
    ...viewRecord({ ...identity, since: identity.sinceOn }),
    owedCents: rest.owedCents,
    creditCents: rest.creditCents,
    currency: rest.currency,
    releaseBarred: identity.releaseBarred,
    claimsBarred: identity.claimsBarred,
    fault: identity.fault,
    nextCheckAt: iso(identity.nextCheckAt),
    services: rest.services.map((each) => viewServiceShown(each, setting)),
    invoices: rest.invoices.map((each) => viewInvoiceShown(each, setting)),
    invoicesSettled: rest.invoicesSettled,
    holds: rest.holds.map(({ placedAt, untilAt, ...each }) => ({ ...each, placedAt: formatInstant(placedAt), until: iso(untilAt) })),
    notices: rest.notices.map((each) => ({ ...each, decidedAt: formatInstant(each.decidedAt), endedAt: iso(each.endedAt) })),
    promises: rest.promises.map(viewPromiseShown),
    receipts: rest.receipts.map((each) => ({
      ...each,
      paidOn: formatDay(each.paidOn),
      settledOn: each.settledOn === null ? null : formatDay(each.settledOn),
      recordedAt: formatInstant(each.recordedAt),
    })),
    terminations: rest.proposals.map((each) => ({ ...each, proposedAt: formatInstant(each.proposedAt) })),
    attention: rest.attention.map(({ kind, because }) => ({ kind, because: because.map((each) => viewBecause(each, setting)) })),
    coming: rest.coming.map((each) => viewComing(each, setting)),
  };
}

type Customer = Shown["customer"];
type Setting = Shown["setting"];

function viewServiceShown(each: Customer["services"][number], setting: Setting): z.infer<typeof service> {
  return {
    ...each,
    cause: each.desiredCause,
    actualSince: iso(each.actualSinceAt),
    cancelOn: each.cancelOn === null ? null : formatDay(each.cancelOn),
    terminatedAt: iso(each.terminatedAt),
    because: each.because.map((reason) => viewBecause(reason, setting)),
  };
}

function viewInvoiceShown(each: Customer["invoices"][number], setting: Setting): z.infer<typeof invoice> {
  const { wait } = each;
  return {
    ...each,
    issuedOn: formatDay(each.issuedOn),
    dueOn: formatDay(each.dueOn),
    effectiveDueOn: formatDay(each.effectiveDueOn),
    clearingUntil: iso(each.clearingUntilAt),
    stepAt: iso(each.stepAt),
    wait: wait && { step: wait.step, until: iso(wait.untilAt), because: viewBecause(wait.because, setting) },
  };
}

function viewPromiseShown(each: Customer["promises"][number]): z.infer<typeof promiseShape> {
  return { ...each, grantedAt: formatInstant(each.grantedAt), until: formatInstant(each.untilAt), endedAt: iso(each.endedAt) };
}
