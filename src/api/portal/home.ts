// The first page and what is paid from it: the whole customer read at one moment, and put the way the page shows it.
import { takesClaimsOf } from "../../engine/open-claim.ts";
import { pulseOf } from "../../engine/pulse.ts";
import { reportReceipts } from "../../engine/report-receipts.ts";
import { invoiceNamed } from "../../engine/save-invoice.ts";
import { showCustomer, type InvoiceShown, type Shown } from "../../engine/show-customer.ts";
import { waysToPay, type SlipToPay, type WaysToPay } from "../../engine/ways-to-pay.ts";
import { ReguaError } from "../../kernel/errors.ts";
import type { Id } from "../../kernel/ids.ts";
import { MINUTE_MS, type Instant } from "../../kernel/time.ts";
import { BASE } from "../../pages/frame.ts";
import { homePage, type HomeView, type ServiceLine } from "../../pages/home.ts";
import type { OpenInvoiceView } from "../../pages/invoice.ts";
import { payPage, type PayView, type SlipDocument } from "../../pages/pay.ts";
import { formatMoney, type Cents } from "../../kernel/money.ts";
import { customerOf, type Answer, type Desk, type PortalRoute, type Visit } from "./desk.ts";
import { qrOf } from "./qr.ts";
import { drawSlip } from "./slip.ts";

/** A payment is news for this long. */
const NEWS_MS = 15 * MINUTE_MS;
/** A year of the ruler is more than it draws. */
const CLOSED_MAX = 400;

export const HOME_ROUTES: readonly PortalRoute[] = [
  { method: "GET", path: "/", who: "customer", run: async (desk, visit) => ({ page: await home(desk, visit) }) },
  { method: "GET", path: "/invoices/:ref", who: "customer", run: oneInvoice },
  { method: "GET", path: "/invoices/:ref/boleto.pdf", who: "customer", limit: { max: 30, minutes: 10 }, run: slipFile },
  {
    method: "GET",
    path: "/pulse",
    who: "customer",
    run: async ({ engine }, visit) => ({ text: await pulseOf(engine, customerOf(visit)) }),
  },
  { method: "POST", path: "/sandbox/pay", who: "customer", limit: { max: 30, minutes: 10 }, run: pretendPayment },
];

async function home(desk: Desk, visit: Visit): Promise<string> {
  const customerId = customerOf(visit);
  // Before the facts: what changes between the two is then noticed.
  const pulse = await pulseOf(desk.engine, customerId);
  const shown = await showCustomer(desk.engine, customerId);
  const { customer, setting, now } = shown;
  const { zone } = setting;
  const invoices = customer.invoices.map((invoice) => openInvoice(shown, invoice));
  const [running] = customer.promises.filter((promise) => promise.state === "running");
  const next = customer.coming.find(({ kind }) => kind !== "person" && kind !== "claim") ?? null;
  const view: HomeView = {
    zone,
    today: zone.dayOf(now),
    currency: customer.currency,
    creditCents: customer.creditCents,
    invoices,
    services: servicesOf(shown),
    promise: running ? { until: running.untilAt, protocol: running.protocol } : null,
    next: next && { kind: next.kind, at: next.at, service: next.service },
    closed: closedDays(shown, invoices[0], next?.at ?? null),
    pay: invoices[0] ? await payOf(desk, shown, invoices[0], pulse) : null,
    proofs: proofsTaken(desk, shown),
    paid: customer.receipts.some((receipt) => isNews(receipt.recordedAt, now)),
    backUp: customer.services.some((service) => service.actual === "active" && isNews(service.actualSinceAt, now)),
    pulse,
  };
  return homePage(visit.frame, view);
}

const isNews = (at: Instant | null, now: Instant): boolean => at !== null && at > now - NEWS_MS;

async function oneInvoice(desk: Desk, visit: Visit): Promise<Answer> {
  const { ref } = visit.request.params as { ref: string };
  const customerId = customerOf(visit);
  const pulse = await pulseOf(desk.engine, customerId);
  const shown = await showCustomer(desk.engine, customerId);
  const invoice = openOf(shown, ref);
  // Paid while the page lay open: the first page says so.
  if (!invoice) return { to: `${BASE}/` };
  const view = openInvoice(shown, invoice);
  const amount = formatMoney(view.askedCents, shown.customer.currency, visit.lang);
  const why = view.service === null ? amount : view.service;
  return { page: payPage(visit.frame, shown.customer.currency, await payOf(desk, shown, view, pulse), why) };
}

/** The boleto drawn from its own digits, where the gateway gives no document of it. */
async function slipFile(desk: Desk, visit: Visit): Promise<Answer> {
  const { ref } = visit.request.params as { ref: string };
  const shown = await showCustomer(desk.engine, customerOf(visit));
  const invoice = openOf(shown, ref);
  const ways = invoice && (await waysOf(desk, shown, openInvoice(shown, invoice)));
  if (!invoice || !ways?.slip?.sheet) return { to: `${BASE}/` };
  const { identity } = shown.customer;
  const { provider, currency } = shown.setting;
  const pdf = await drawSlip({
    sheet: ways.slip.sheet,
    digitLine: ways.slip.digitLine,
    invoice: { ref, dueOn: invoice.dueOn, openCents: invoice.openCents, currency },
    payer: { name: identity.name, taxId: identity.taxId },
    provider,
    lang: visit.lang,
    at: shown.now,
    sandbox: desk.mode === "sandbox",
  });
  return { pdf, name: `boleto-${ref.replace(/[^A-Za-z0-9-]+/gu, "-")}.pdf` };
}

function openOf({ customer }: Shown, ref: string): InvoiceShown | undefined {
  return customer.invoices.find((invoice) => invoice.ref === ref);
}

/** What is asked for today: where the policy does not collect fine and interest, who pays the amount of the invoice owes nothing more. */
export function askedOf({ policy }: Shown["setting"], { openCents, totalTodayCents }: InvoiceShown): Cents {
  return policy.doc.late_fee.collect === true ? totalTodayCents : openCents;
}

function openInvoice({ customer, setting }: Shown, invoice: InvoiceShown): OpenInvoiceView {
  const { ref, service, dueOn, effectiveDueOn, openCents, fineCents, interestCents, clearingUntilAt } = invoice;
  return {
    ref,
    service: customer.services.find((each) => each.ref === service)?.name ?? null,
    dueOn,
    effectiveDueOn,
    openCents,
    fineCents,
    interestCents,
    askedCents: askedOf(setting, invoice),
    clearingUntil: clearingUntilAt,
  };
}

async function waysOf(desk: Desk, { customer, setting }: Shown, invoice: OpenInvoiceView): Promise<WaysToPay> {
  const row = await invoiceNamed(desk.engine, invoice.ref);
  return waysToPay(desk.engine, setting, {
    customerId: customer.identity.id,
    invoiceId: row.id,
    customer: customer.identity.ref,
    invoice: invoice.ref,
    amountCents: invoice.askedCents,
    withoutFees: invoice.askedCents === invoice.openCents,
  });
}

async function payOf(desk: Desk, shown: Shown, invoice: OpenInvoiceView, pulse: string): Promise<PayView> {
  const { customer, setting } = shown;
  const ways = await waysOf(desk, shown, invoice);
  const { fine_percent: finePercent, interest_percent_month: interestPercent } = setting.policy.doc.late_fee;
  return {
    invoice,
    pix: ways.pix === null ? null : { text: ways.pix, qr: await qrOf(ways.pix) },
    page: ways.page && { href: ways.page.url, host: new URL(ways.page.url).hostname, card: ways.page.card },
    slip: ways.slip && { digitLine: ways.slip.digitLine, document: documentOf(ways.slip, invoice.ref) },
    finePercent,
    interestPercent,
    sandbox: desk.mode === "sandbox",
    of: customer.invoices.length,
    pulse,
  };
}

function documentOf({ page, sheet }: SlipToPay, ref: string): SlipDocument | null {
  if (page !== null) return { href: page, host: new URL(page).hostname };
  return sheet && { href: `${BASE}/invoices/${encodeURIComponent(ref)}/boleto.pdf`, host: null };
}

/** By switch of the policy, for some customers only, or because nothing reads them here. */
export function proofsTaken({ proofs }: Desk, { customer, setting }: Shown): boolean {
  const { tags, claimsBarred } = customer.identity;
  return proofs !== null && claimsBarred === null && takesClaimsOf(setting.policy, tags);
}

function servicesOf({ customer }: Shown): ServiceLine[] {
  const other = new Set(
    customer.holds.filter(({ kind, effect }) => kind !== "overdue" && effect === "access").map(({ service }) => service),
  );
  return customer.services
    .filter((service) => service.terminatedAt === null)
    .map((service) => ({
      name: service.name,
      access: accessOf(service, other.has(service.ref) || other.has(null)),
      since: service.actualSinceAt,
      cancelOn: service.cancelOn,
    }));
}

function accessOf(service: Shown["customer"]["services"][number], heldOtherwise: boolean): ServiceLine["access"] {
  const { actual, desired, suspendedByUs, panel, cancelOn } = service;
  if (actual === "absent") return "ended";
  if (panel === null) return null;
  if (actual === "suspended") {
    if (!suspendedByUs || heldOtherwise) return "other";
    return desired === "active" ? "coming_back" : "suspended";
  }
  if (desired === "suspended") return "going_down";
  return cancelOn === null ? "active" : "ending";
}

function closedDays({ setting, now }: Shown, oldest: OpenInvoiceView | undefined, nextAt: number | null): number[] {
  if (!oldest) return [];
  const { zone, policy } = setting;
  const ends = [oldest.effectiveDueOn, zone.dayOf(now), ...(nextAt === null ? [] : [zone.dayOf(nextAt)])];
  const [first, last] = [Math.min(...ends), Math.max(...ends)];
  const length = Math.min(CLOSED_MAX, last - first + 8);
  return Array.from({ length }, (_, i) => first + i).filter((day) => !policy.calendar.isBankingDay(day));
}

/** The sandbox's money: booked as any other, so that all that follows is real. */
async function pretendPayment(desk: Desk, visit: Visit): Promise<Answer> {
  if (desk.mode !== "sandbox") throw new ReguaError("sandbox_only");
  const ref = visit.field("invoice");
  const shown = await showCustomer(desk.engine, customerOf(visit));
  const invoice = openOf(shown, ref);
  if (!invoice) throw new ReguaError("invoice_unknown", { value: ref });
  const { askedCents } = openInvoice(shown, invoice);
  await reportReceipts(
    desk.engine,
    [
      {
        source: "portal-sandbox",
        externalId: payNumber(shown.customer.identity.id, invoice),
        customer: shown.customer.identity.ref,
        invoice: ref,
        amount: askedCents,
        currency: shown.customer.currency,
        settledOn: shown.setting.zone.dayOf(shown.now),
      },
    ],
    "portal",
  );
  return { to: `${BASE}/` };
}

/** Pressed twice it is one payment; what is open again later is another. */
function payNumber(customerId: Id, { ref, amountCents, openCents }: InvoiceShown): string {
  return `${customerId}-${ref}-${amountCents - openCents}`;
}
