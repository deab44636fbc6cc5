// Payment proofs as pages for a terminal: the queue, and one claim with all that helps to judge it.
import type { ClaimShown } from "../engine/claim-view.ts";
import type { ClaimPage } from "../engine/read-claims.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney } from "../kernel/money.ts";
import { formatDay } from "../kernel/time.ts";
import { oneLine } from "../words/clean.ts";
import { claimState } from "../words/claims.ts";
import { proofTexts } from "../words/proofs.ts";
import { joined, table, wrap } from "./table.ts";

const TEXTS = {
  "pt-BR": {
    none: "Nenhum comprovante em análise.",
    noneOf: "Nenhum comprovante deste cliente.",
    heads: ["Nº", "Cliente", "Fatura", "Recebido em", "Situação", "Recomendação"],
    claim: (id: number, state: string) => `Comprovante ${id}: ${state}`,
    customer: "Cliente",
    invoice: (ref: string, open: string) => `Fatura ${ref}, em aberto ${open}`,
    received: "Recebido em",
    release: "Acesso liberado até",
    review: "A análise termina em",
    ended: (at: string, by: string, reason: string) => joined(`Encerrado em ${at}`, by, reason),
    recommendation: "Recomendação",
    found: "O que foi lido",
    checks: "Conferências",
    look: "conferir",
    receipts: "Últimos recebimentos do cliente",
    waiting: "Dinheiro sem dono que pode ser deste cliente",
    noMoney: "nenhum",
    notes: "Não foi possível ler nesta máquina",
    message: "Para o cliente",
    removed: (at: string) => `O arquivo foi apagado em ${at}; o que foi lido permanece.`,
    noFile: "Sem arquivo: alguém informou que pagou.",
    barred: (customer: string) => `Do cliente ${customer} não se aceitam mais comprovantes. Os que estão em análise seguem.`,
    unbarred: (customer: string) => `Do cliente ${customer} se aceitam comprovantes, como a política diz.`,
    sure: { code: "código conferido", text: "texto", ocr: "lido da imagem" },
    fields: {
      digit_lines: "Linha digitável",
      pix_codes: "Código Pix",
      end_to_end_ids: "EndToEndId",
      authentications: "Autenticação",
      amounts_cents: "Valor",
      dates: "Data",
      tax_ids: "CPF/CNPJ",
      scheduling: "Agendamento",
    } as Readonly<Record<string, string>>,
  },
  en: {
    none: "No payment proof is under review.",
    noneOf: "This customer sent no payment proof.",
    heads: ["No.", "Customer", "Invoice", "Received", "State", "Recommendation"],
    claim: (id: number, state: string) => `Payment proof ${id}: ${state}`,
    customer: "Customer",
    invoice: (ref: string, open: string) => `Invoice ${ref}, open ${open}`,
    received: "Received",
    release: "Access given until",
    review: "The review ends",
    ended: (at: string, by: string, reason: string) => joined(`Ended ${at}`, by, reason),
    recommendation: "Recommendation",
    found: "What was read",
    checks: "Checks",
    look: "look",
    receipts: "The customer's last payments",
    waiting: "Money without an owner that could be this customer's",
    noMoney: "none",
    notes: "Could not be read on this machine",
    message: "For the customer",
    removed: (at: string) => `The file was deleted on ${at}; what was read from it stays.`,
    noFile: "No file: somebody said that it was paid.",
    barred: (customer: string) => `No more payment proofs are taken from customer ${customer}. Those under review go on.`,
    unbarred: (customer: string) => `Payment proofs are taken from customer ${customer}, as the policy says.`,
    sure: { code: "checked code", text: "text", ocr: "read from the picture" },
    fields: {
      digit_lines: "Digit line",
      pix_codes: "Pix code",
      end_to_end_ids: "EndToEndId",
      authentications: "Authentication",
      amounts_cents: "Amount",
      dates: "Date",
      tax_ids: "CPF/CNPJ",
      scheduling: "Scheduling",
    } as Readonly<Record<string, string>>,
  },
} as const;

/** `2026-11-27 09:00` in UTC is said so: the page is for staff of several clocks. */
const moment = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** What a switch for one customer came to. */
export function switchedLine(customer: string, accept: boolean, lang: Lang): string {
  const texts = TEXTS[lang];
  return (accept ? texts.unbarred : texts.barred)(oneLine(customer, 40));
}

export function claimList(claims: readonly ClaimShown[], ofOne: boolean, lang: Lang): string[] {
  const texts = TEXTS[lang];
  if (claims.length === 0) return [ofOne ? texts.noneOf : texts.none];
  return table(
    texts.heads.map((head, i) => ({ head, shrinks: i === 1 })),
    claims.map(({ id, customer, customerName, invoice, receivedAt, state, recommendation }) => [
      String(id),
      oneLine(`${customer} ${customerName}`, 40),
      oneLine(invoice, 20),
      moment(receivedAt).slice(0, 16),
      claimState(state, lang),
      recommendation === null ? "–" : recommended(recommendation, lang),
    ]),
  );
}

function recommended(recommendation: NonNullable<ClaimShown["recommendation"]>, lang: Lang): string {
  return proofTexts(lang).recommendation[recommendation];
}

export function claimPage(claim: ClaimShown, { receipts, waiting }: Pick<ClaimPage, "receipts" | "waiting">, lang: Lang): string[] {
  const texts = TEXTS[lang];
  const { verdict } = proofTexts(lang);
  const money = (amount: number): string => formatMoney(amount, claim.currency, lang);
  const lines = (all: readonly string[]): string[] => (all.length === 0 ? [`  ${texts.noMoney}`] : all.flatMap((each) => wrap(each, "  ")));
  return [
    texts.claim(claim.id, claimState(claim.state, lang)),
    `${texts.customer} ${oneLine(`${claim.customer} ${claim.customerName}`, 80)}`,
    texts.invoice(oneLine(claim.invoice, 40), money(claim.openCents)),
    `${texts.received} ${moment(claim.receivedAt)}`,
    ...(claim.releaseUntil === null ? [] : [`${texts.release} ${moment(claim.releaseUntil)}`]),
    claim.endedAt === null
      ? `${texts.review} ${moment(claim.reviewUntil)}`
      : texts.ended(moment(claim.endedAt), claim.endedBy ?? "", claim.reason ?? ""),
    ...(claim.recommendation === null ? [] : [`${texts.recommendation}: ${recommended(claim.recommendation, lang)}`]),
    ...(claim.file === null ? [texts.noFile] : claim.file.removedAt === null ? [] : [texts.removed(moment(claim.file.removedAt))]),
    "",
    texts.found,
    ...lines(found(claim, lang)),
    "",
    texts.checks,
    ...claim.checks.flatMap((check) =>
      wrap(joined(`${check.title[lang]}: ${verdict[check.verdict]}${check.look ? ` (${texts.look})` : ""}`, check.text[lang]), "  "),
    ),
    ...(claim.notes.length === 0 ? [] : ["", `${texts.notes}: ${claim.notes.join(", ")}`]),
    "",
    texts.receipts,
    ...lines(receipts.map((each) => joined(formatDay(each.paidOn), money(each.amount), each.source, each.namedInvoice))),
    texts.waiting,
    ...lines(waiting.map((each) => joined(String(each.id), formatDay(each.paidOn), money(each.amount), oneLine(each.memo, 60)))),
    "",
    texts.message,
    ...wrap(claim.message[lang], "  "),
  ];
}

/** What was read, each with how sure it is. */
function found(claim: ClaimShown, lang: Lang): string[] {
  const { fields, sure } = TEXTS[lang];
  if (claim.found === null || typeof claim.found !== "object" || Array.isArray(claim.found)) return [];
  return Object.entries(claim.found).flatMap(([name, member]) =>
    [member].flat().flatMap((each) => {
      if (each === null || typeof each !== "object" || Array.isArray(each)) return [];
      const { value, ground } = each as { value: string | number; ground: keyof typeof sure };
      const text = name === "amounts_cents" ? formatMoney(Number(value), claim.currency, lang) : oneLine(String(value), 200);
      return [`${fields[name] ?? name}: ${text} (${sure[ground]})`];
    }),
  );
}
