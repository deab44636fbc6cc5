// Payment proofs as banks issue them and people send them: receipts of a Pix and of a boleto, as PDF, photo or screenshot.
//
// `pixReceipt({ amount, at, endToEndId, payer, receiver, scheduled?, as })`, `slipReceipt({ amount, paidAt, digitLine, …, as })` here;
// `photograph`, `recompress`, `withSoftware` (proof-pictures.ts) treat a picture as telephones and messengers do;
// `bankMail({ domain, attachment?, altered?, … })` with its keys (proof-mail.ts); `editedPdf`, `encryptedPdf` and files that
// are made to hurt (proof-edits.ts). The same arguments give the same bytes; mails apart, whose keys are made anew in each process.
import { formatDigitLine } from "../../src/codes/boleto.ts";
import { formatMoney } from "../../src/kernel/money.ts";
import { Zone, civil, type Day, type Instant } from "../../src/kernel/time.ts";
import { pagePdf, pagePng, symbol, type Mark, type Page } from "./proof-drawing.ts";
import { photograph, type PhotoOptions } from "./proof-pictures.ts";

export type DocumentForm = "pdf" | "photo" | "screenshot";

export interface Party {
  name: string;
  /** As it is printed: `12.345.678/0001-95`, `***.982.247-**`. */
  taxId: string;
  institution?: string;
  /** A Pix key, printed. */
  key?: string;
}

/** What a PDF says of its making. Default: the bank's own program, a minute after `at`, never changed. */
export interface PdfMade {
  producer?: string;
  creator?: string;
  createdAt?: Instant;
  modifiedAt?: Instant;
}

/** How banks lay out the same facts: labels beside values, above them, or in small print below one another. */
export type BankStyle = "beside" | "above" | "small";

interface Common {
  /** Cents. */
  amount: number;
  payer: Party;
  receiver: Party;
  /** Prints it as an order for that day. */
  scheduled?: Day;
  /** Printed as the bank's authentication code. */
  authentication?: string;
  /** Default `beside`. */
  style?: BankStyle;
  /** The bank in the heading. Default `Banco Exemplo`. */
  bank?: string;
  /** More lines at the end, for example a remark that mentions a scheduling. */
  remarks?: readonly string[];
  as: DocumentForm;
  made?: PdfMade;
  photo?: PhotoOptions;
}

export interface PixReceipt extends Common {
  at: Instant;
  /** Null: the bank prints none. */
  endToEndId: string | null;
  /** The paid BR Code, printed as text. */
  brCode?: string;
  /** Draws this text as a QR code. */
  qr?: string;
}

export interface SlipReceipt extends Common {
  paidAt: Instant;
  /** 47 digits; printed in groups. */
  digitLine: string;
  /** 44 digits: draws the bar code. */
  barCode?: string;
  due?: Day;
}

const ZONE = new Zone("America/Sao_Paulo");
const two = (number: number): string => String(number).padStart(2, "0");

/** `22/11/2026`. */
export function printedDay(day: Day): string {
  const { year, month, day: dayOfMonth } = civil(day);
  return `${two(dayOfMonth)}/${two(month)}/${year}`;
}

/** `22/11/2026 às 14:33:21`, in São Paulo. */
export function printedInstant(at: Instant): string {
  const { day, minute } = ZONE.local(at);
  return `${printedDay(day)} às ${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(Math.floor(at / 1000) % 60)}`;
}

/** A receipt of a Pix, or with `scheduled` the receipt of its scheduling. */
export async function pixReceipt(receipt: PixReceipt): Promise<Uint8Array> {
  const { amount, at, endToEndId, payer, receiver, scheduled, brCode, qr } = receipt;
  const rows: [string, string][] = [
    [scheduled === undefined ? "Valor do Pix" : "Valor agendado", formatMoney(amount, "BRL", "pt-BR")],
    ...(scheduled === undefined
      ? ([["Data e hora", printedInstant(at)]] as [string, string][])
      : ([
          ["Agendado para", printedDay(scheduled)],
          ["Agendamento feito em", printedInstant(at)],
        ] as [string, string][])),
    ["Tipo de transferência", "Pix"],
    ...party("Quem recebeu", receiver),
    ...party("Quem pagou", payer),
    ...(endToEndId === null ? [] : ([["ID da transação", endToEndId]] as [string, string][])),
    ...authentication(receipt),
  ];
  const heading = scheduled === undefined ? "Comprovante de transferência" : "Comprovante de agendamento";
  const more: Mark[] = [];
  if (brCode !== undefined) more.push(...wrapped("Pix copia e cola", brCode));
  if (qr !== undefined) more.push({ symbol: await symbol("QRCode", qr), width: 150 });
  return document(receipt, at, heading, rows, more);
}

/** A receipt of a boleto's payment, or with `scheduled` the receipt of its scheduling. */
export async function slipReceipt(receipt: SlipReceipt): Promise<Uint8Array> {
  const { amount, paidAt, digitLine, barCode, payer, receiver, due, scheduled } = receipt;
  const rows: [string, string][] = [
    ["Linha digitável", digitLine.length === 47 ? formatDigitLine(digitLine) : digitLine],
    ...party("Beneficiário", receiver),
    ...party("Pagador", payer),
    ...(due === undefined ? [] : ([["Data de vencimento", printedDay(due)]] as [string, string][])),
    ...(scheduled === undefined
      ? ([["Data do pagamento", printedInstant(paidAt)]] as [string, string][])
      : ([["Será debitado em", printedDay(scheduled)]] as [string, string][])),
    [scheduled === undefined ? "Valor pago" : "Valor agendado", formatMoney(amount, "BRL", "pt-BR")],
    ...authentication(receipt),
  ];
  const heading = scheduled === undefined ? "Comprovante de pagamento de boleto" : "Agendamento de pagamento de boleto";
  const more: Mark[] = barCode === undefined ? [] : [{ symbol: await symbol("ITF", barCode), width: 420, height: 50 }];
  return document(receipt, paidAt, heading, rows, more);
}

function party(label: string, { name, taxId, institution, key }: Party): [string, string][] {
  const rows: [string, string][] = [
    [label, name],
    ["CPF/CNPJ", taxId],
  ];
  if (institution !== undefined) rows.push(["Instituição", institution]);
  if (key !== undefined) rows.push(["Chave Pix", key]);
  return rows;
}

function authentication({ authentication: code }: Common): [string, string][] {
  return code === undefined ? [] : [["Autenticação", code]];
}

/** A long code under its label, cut as pages cut it. */
function wrapped(label: string, code: string): Mark[] {
  return [{ text: label, size: 9 }, ...(code.match(/.{1,64}/gsu) ?? []).map((text) => ({ text, size: 9 }))];
}

async function document(
  receipt: Common,
  at: Instant,
  heading: string,
  rows: readonly [string, string][],
  more: readonly Mark[],
): Promise<Uint8Array> {
  const { style = "beside", bank = "Banco Exemplo", remarks = [], made = {} } = receipt;
  const size = style === "small" ? 9 : 11;
  const marks: Mark[] = [{ text: bank, size: 16, bold: true }, { text: heading, size: 14, bold: true }, { gap: 10 }];
  for (const [label, value] of rows) {
    if (style === "above") marks.push({ text: label, size: 9 }, { text: value, size: 12, bold: true });
    else if (style === "beside" && value.length < 36) marks.push({ text: label, beside: value, size });
    else marks.push({ text: `${label}: ${value}`, size });
  }
  marks.push({ gap: 10 }, ...remarks.map((text) => ({ text, size: 9 })), ...more);
  const page: Page = { width: 480, marks };
  if (receipt.as === "pdf")
    return pagePdf([page], {
      producer: made.producer ?? "BancoExemplo PDF Service 4.2",
      creator: made.creator ?? bank,
      createdAt: made.createdAt ?? at + 60_000,
      modifiedAt: made.modifiedAt ?? null,
    });
  const png = await pagePng(page, receipt.as === "photo" ? 3 : 2.25);
  return receipt.as === "photo" ? photograph(png, receipt.photo) : png;
}
