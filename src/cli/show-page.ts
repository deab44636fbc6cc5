// The page of one customer, for a terminal.
import type { InvoiceShown, ServiceShown, Shown } from "../engine/show-customer.ts";
import { drawRuler } from "../policy/ruler.ts";
import type { ClaimView, HoldView, NoticeView, PromiseView, ReceiptView } from "../store/views.ts";
import { sayDay, sayMoment } from "../words/dates.ts";
import { sayHold } from "./say-hold.ts";
import type { Voice } from "./say.ts";
import { joined, wrap } from "./table.ts";

const INDENT = "  ";
const BELOW = "      ";

/** The lines of the page. */
export function showPage(shown: Shown, voice: Voice): string[] {
  const { customer } = shown;
  const { texts } = voice;
  const part = (head: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ["", head, ...lines]);
  return [
    ...identity(shown, voice),
    ...part(
      texts.head.services,
      customer.services.flatMap((service) => serviceLines(service, voice)),
    ),
    ...part(
      texts.head.openInvoices,
      customer.invoices.flatMap((invoice) => invoiceLines(invoice, voice)),
    ),
    ...part(
      texts.head.comes,
      customer.coming.map(
        (each) => INDENT + joined(`${voice.when(each.at).padEnd(16)}  ${voice.coming(each)}`, each.invoices.join(", "), each.service),
      ),
    ),
    ...part(
      texts.head.attention,
      customer.attention.flatMap(({ because }) => voice.reasons(because).flatMap((text) => wrap(text, INDENT))),
    ),
    ...ruler(shown, voice),
    ...part(
      texts.head.notices,
      customer.notices.flatMap((notice) => noticeLines(notice, voice)),
    ),
    ...part(
      texts.head.promises,
      customer.promises.flatMap((promise) => promiseLines(promise, voice)),
    ),
    ...part(
      texts.head.claims,
      customer.claims.flatMap((claim) => claimLines(claim, voice)),
    ),
    ...part(
      texts.head.holds,
      customer.holds.flatMap((hold) => holdLines(hold, voice)),
    ),
    ...part(
      texts.head.receipts,
      customer.receipts.flatMap((receipt) => receiptLines(receipt, voice)),
    ),
    ...part(
      texts.head.terminations,
      customer.proposals.flatMap((p) => wrap(texts.proposal(p.id, p.service, p.invoice, p.firstBy), INDENT)),
    ),
  ];
}

function identity({ customer }: Shown, voice: Voice): string[] {
  const { identity: who, owedCents, currency, invoices, creditCents, invoicesSettled } = customer;
  const { texts } = voice;
  const money = [
    invoices.length === 0 ? texts.nothingOpen : texts.owes(voice.money(owedCents, currency), invoices.length),
    ...(creditCents > 0 ? [texts.credit(voice.money(creditCents, currency))] : []),
    ...(invoicesSettled > 0 ? [texts.settledInvoices(invoicesSettled)] : []),
  ];
  return [
    `${voice.line(who.name)} (${voice.line(who.ref)})`,
    ...wrap(joined(texts.since(voice.day(who.sinceOn)), who.email, who.phone, who.taxId, who.lang, who.tags.join(", ")), ""),
    money.join(" "),
    ...(who.releaseBarred === null ? [] : wrap(texts.barred(voice.line(who.releaseBarred)), "")),
    ...(who.claimsBarred === null ? [] : wrap(texts.claimsBarred(voice.line(who.claimsBarred)), "")),
    ...(who.fault === null ? [] : wrap(texts.fault(voice.line(who.fault)), "")),
  ];
}

function serviceLines(service: ServiceShown, voice: Voice): string[] {
  const { texts } = voice;
  const { panel, account, actual, actualSinceAt, suspendedByUs, desired, priceCents } = service;
  const about = joined(
    `${voice.line(service.ref)}  ${voice.line(service.name)}`,
    service.plan === null ? null : voice.line(service.plan),
    priceCents === null ? null : voice.money(priceCents),
    panel === null || account === null ? texts.notLinked : texts.linked(voice.line(account), panel),
  );
  if (service.terminatedAt !== null) return [INDENT + about, BELOW + texts.terminated(voice.moment(service.terminatedAt))];
  const other = actual === "suspended" && !suspendedByUs;
  const state = joined(
    other ? texts.byOther : texts.accessSince(texts.access[actual], actualSinceAt === null ? null : voice.moment(actualSinceAt)),
    texts.shouldBe(texts.access[desired]),
    service.callOpen ? texts.callOpen : null,
    service.cancelOn === null ? null : texts.leaves(voice.day(service.cancelOn)),
  );
  return [
    INDENT + about,
    ...(panel === null ? [] : [BELOW + state]),
    ...voice.reasons(service.because).flatMap((text) => wrap(text, BELOW)),
  ];
}

function invoiceLines(invoice: InvoiceShown, voice: Voice): string[] {
  const { texts } = voice;
  const money = (amount: number): string => voice.money(amount, invoice.currency);
  const { fineCents, interestCents, step, stepAt, wait, clearingUntilAt } = invoice;
  return [
    INDENT +
      joined(
        `${voice.line(invoice.ref)}  ${money(invoice.openCents)}`,
        texts.dueLine(voice.day(invoice.dueOn), invoice.daysPastDue),
        invoice.service === null ? null : texts.service(voice.line(invoice.service)),
      ),
    ...(fineCents + interestCents === 0
      ? []
      : wrap(texts.paidToday(money(invoice.openCents), money(fineCents), money(interestCents), money(invoice.totalTodayCents)), BELOW)),
    ...(clearingUntilAt === null ? [] : wrap(texts.clearing(voice.moment(clearingUntilAt)), BELOW)),
    ...(step === null || stepAt === null ? [] : wrap(texts.stepReached(voice.step(step), voice.moment(stepAt)), BELOW)),
    ...(wait === null ? [] : voice.reasons([wait.because]).flatMap((text) => wrap(text, BELOW))),
  ];
}

/** The ruler as drawn for a policy, here with what happened and what comes; then where today is. */
function ruler({ story, setting, now, customer }: Shown, voice: Voice): string[] {
  if (story === null) return [];
  const { policy, zone } = setting;
  const invoice = customer.invoices.find((each) => each.ref === story.invoice);
  const drawn = drawRuler(policy, story.lines, {
    lang: voice.lang,
    day: (day) => sayDay(day, voice.lang, null),
    moment: (at) => sayMoment(at, voice.lang, zone, null),
    step: (name) => voice.step(name),
    because: (because) => voice.reasons([because])[0] ?? "",
  });
  const offset = zone.dayOf(now) - (invoice?.effectiveDueOn ?? zone.dayOf(now));
  const [title = "", ...rest] = drawn.trimEnd().split("\n");
  const where = voice.texts.today(`${offset > 0 ? "+" : offset < 0 ? "−" : ""}${Math.abs(offset)}`);
  return ["", joined(title, voice.texts.invoice(story.invoice), where), ...rest];
}

function noticeLines(notice: NoticeView, voice: Voice): string[] {
  const { texts } = voice;
  const { state, endedAt, answer } = notice;
  const about =
    notice.invoice !== null
      ? texts.invoice(voice.line(notice.invoice))
      : notice.service !== null
        ? texts.service(voice.line(notice.service))
        : notice.promise;
  return [
    INDENT +
      joined(
        `${voice.moment(notice.decidedAt)}  ${voice.step(notice.step)}`,
        about,
        `${voice.channel(notice.channel)}${notice.to === null ? "" : ` ${voice.line(notice.to)}`}`,
      ),
    ...wrap(
      joined(
        `${texts.notice[state]}${endedAt === null ? "" : ` ${voice.moment(endedAt)}`}`,
        answer === null ? null : texts.answer(voice.line(answer)),
      ),
      BELOW,
    ),
  ];
}

function promiseLines(promise: PromiseView, voice: Voice): string[] {
  const { texts } = voice;
  const { kind, state, endedAt, untilAt, owedCents } = promise;
  return [
    INDENT +
      joined(
        promise.protocol,
        texts.promiseLine(texts.promiseKind[kind], voice.moment(untilAt)),
        `${texts.promiseState[state]}${endedAt === null ? "" : ` ${voice.moment(endedAt)}`}`,
        voice.money(owedCents),
      ),
    ...wrap(joined(promise.invoices.join(", "), texts.by(voice.line(promise.owner)), voice.line(promise.reason)), BELOW),
  ];
}

function claimLines(claim: ClaimView, voice: Voice): string[] {
  const { texts } = voice;
  const running = claim.state === "under_review" ? texts.until(voice.moment(claim.reviewUntilAt)) : null;
  const ended = claim.endedAt === null ? null : voice.moment(claim.endedAt);
  return [
    INDENT +
      joined(
        `${claim.id}  ${voice.moment(claim.receivedAt)}  ${texts.invoice(voice.line(claim.invoice))}`,
        texts.claimState[claim.state],
        running ?? ended,
        claim.reason === null ? null : voice.line(claim.reason),
      ),
  ];
}

function holdLines(hold: HoldView, voice: Voice): string[] {
  const { texts } = voice;
  const { untilAt, kind } = hold;
  return [
    INDENT +
      joined(
        `${hold.id}  ${sayHold(kind, voice.lang)}`,
        texts.holdEffect[hold.effect],
        hold.service === null ? null : texts.service(voice.line(hold.service)),
        hold.invoice === null ? null : texts.invoice(voice.line(hold.invoice)),
        untilAt === null ? null : texts.until(voice.moment(untilAt)),
      ),
    ...wrap(
      joined(voice.moment(hold.placedAt), texts.by(voice.line(hold.placedBy)), kind === "overdue" ? null : voice.line(hold.reason)),
      BELOW,
    ),
  ];
}

function receiptLines(receipt: ReceiptView, voice: Voice): string[] {
  const { texts } = voice;
  const { currency, creditCents, allocations } = receipt;
  return [
    INDENT +
      joined(
        `${voice.day(receipt.paidOn)}  ${voice.money(receipt.amountCents, currency)}`,
        `${voice.line(receipt.source)} ${voice.line(receipt.externalId)}`,
        texts.by(voice.line(receipt.actor)),
      ),
    ...wrap(
      joined(
        ...allocations.map((each) => `${texts.invoice(voice.line(each.invoice))}: ${voice.money(each.amountCents, currency)}`),
        creditCents > 0 ? texts.toCredit(voice.money(creditCents, currency)) : null,
        receipt.reason === null ? null : voice.line(receipt.reason),
      ),
      BELOW,
    ),
  ];
}
