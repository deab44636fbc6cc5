// How what the engine answers looks as JSON: days and instants as text, amounts in cents, reasons with their sentence.
import { z } from "zod";
import type { Coming } from "../engine/outlook.ts";
import type { Setting } from "../engine/setting.ts";
import { formatDay, formatInstant, type Instant } from "../kernel/time.ts";
import type { Because } from "../policy/decision.ts";
import type { Condition, Reason } from "../policy/offer.ts";
import type { CustomerRecord, InvoiceRecord, ServiceRecord } from "../store/records.ts";
import { sayChange, sayCondition, sayReason, type Tongue } from "../words/promise.ts";
import { sayBecause } from "../words/reasons.ts";
import { cents, count, currency, day, instant, lang } from "./schemas.ts";

export const iso = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

export const becauseShape = z.object({
  rule: z.string().describe("The rule behind it; a stable name."),
  text: z.string().describe("The same in one sentence, in the provider's language."),
  invoice: z.string().optional(),
  service: z.string().optional(),
  step: z.string().optional(),
  promise: z.string().optional(),
  hold: z.string().optional(),
  days: count.optional(),
  amountCents: cents.optional(),
  at: instant.optional(),
  until: instant.optional(),
  detail: z.string().optional(),
});

export function viewBecause(because: Because, { provider, zone, currency: paidIn }: Setting): z.infer<typeof becauseShape> {
  const { cents: amount, at, until, ...rest } = because;
  return {
    ...rest,
    text: sayBecause(because, provider.lang, zone, paidIn),
    ...(amount === undefined ? {} : { amountCents: amount }),
    ...(at === undefined ? {} : { at: formatInstant(at) }),
    ...(until === undefined ? {} : { until: formatInstant(until) }),
  };
}

export const comingShape = z.object({
  at: instant,
  kind: z.enum(["message", "suspension", "release", "promise", "claim", "termination", "person"]),
  steps: z.array(z.string()),
  template: z.string().nullable(),
  channel: z.string().nullable(),
  to: z.string().nullable(),
  invoices: z.array(z.string()),
  service: z.string().nullable(),
  detail: z.string().nullable(),
  because: z.array(becauseShape),
});

export function viewComing(coming: Coming, setting: Setting): z.infer<typeof comingShape> {
  return { ...coming, at: formatInstant(coming.at), because: coming.because.map((each) => viewBecause(each, setting)) };
}

export const recordShape = z.object({
  ref: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  taxId: z.string().nullable(),
  lang,
  since: day,
  tags: z.array(z.string()),
});

export function viewRecord(row: CustomerRecord): z.infer<typeof recordShape> {
  const { ref, name, email, phone, taxId, lang: tongue, since, tags } = row;
  return { ref, name, email, phone, taxId, lang: tongue, since: formatDay(since), tags: [...tags] };
}

export const serviceShape = z.object({
  ref: z.string(),
  customer: z.string(),
  name: z.string(),
  plan: z.string().nullable(),
  priceCents: cents.nullable(),
  panel: z.string().nullable(),
  account: z.string().nullable(),
  desired: z.enum(["active", "suspended"]).describe("The access it should have."),
  actual: z.enum(["active", "suspended", "absent", "unknown"]).describe("What the panel was last seen to say."),
  suspendedByUs: z.boolean(),
  terminatedAt: instant.nullable(),
});

export function viewService(row: ServiceRecord): z.infer<typeof serviceShape> {
  const { ref, customerRef, name, plan, price, panel, account, desired, actual, suspendedByUs, terminatedAt } = row;
  const access = { desired, actual, suspendedByUs, terminatedAt: iso(terminatedAt) };
  return { ref, customer: customerRef, name, plan, priceCents: price, panel, account, ...access };
}

export const invoiceShape = z.object({
  ref: z.string(),
  customer: z.string(),
  service: z.string().nullable(),
  issuedOn: day,
  dueOn: day,
  amountCents: cents,
  paidCents: cents,
  openCents: cents.describe("What is still owed; nothing once it is paid, void or written off."),
  currency,
  state: z.enum(["open", "paid", "void", "written_off"]),
  settledAt: instant.nullable(),
  payWith: z
    .object({
      pixCode: z.string().nullable().describe("The text of its Pix QR code, to be copied or drawn."),
      boletoLine: z.string().nullable().describe("The 47 digits of its boleto."),
      url: z.string().nullable().describe("Page where it is paid."),
    })
    .describe("Its one charge at the gateway; all null where none stands."),
});

export function viewInvoice(row: InvoiceRecord): z.infer<typeof invoiceShape> {
  const { ref, customerRef, serviceRef, issuedOn, dueOn, amount, paid, currency: paidIn, state, settledAt } = row;
  const payWith = { pixCode: row.pixCode, boletoLine: row.boletoLine, url: row.payUrl };
  const owed = { amountCents: amount, paidCents: paid, openCents: state === "open" ? amount - paid : 0, currency: paidIn };
  const days = { issuedOn: formatDay(issuedOn), dueOn: formatDay(dueOn) };
  return { ref, customer: customerRef, service: serviceRef, ...days, ...owed, state, settledAt: iso(settledAt), payWith };
}

export const reasonShape = z.object({
  rule: z.string(),
  text: z.string().describe("As the customer reads it, in the customer's language."),
  wouldChange: z.object({ what: z.string(), text: z.string() }).nullable(),
});

export function viewReason(reason: Reason, tongue: Tongue): z.infer<typeof reasonShape> {
  const change = reason.wouldChange;
  return {
    rule: reason.rule,
    text: sayReason(reason, tongue),
    wouldChange: change === null ? null : { what: change.what, text: sayChange(change, tongue) },
  };
}

export const conditionShape = z.object({ condition: z.string(), text: z.string() });

export function viewCondition(condition: Condition, tongue: Tongue): z.infer<typeof conditionShape> {
  return { condition: condition.condition, text: sayCondition(condition, tongue) };
}
