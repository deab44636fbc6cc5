// Proofs and contexts as tests need them: an honest Pix receipt for an invoice of R$ 29,90, and what differs from it.
import { civil, DAY_MS, formatDay, HOUR_MS, type Instant } from "../../kernel/time.ts";
import type { ProofContext } from "../context.ts";
import { findIn } from "../findings.ts";
import { checkProof, recommend, type Leniency, type Recommendation } from "../judge.ts";
import type { Check, Proof, Rule, TextSource } from "../proof.ts";

/** 22 November 2026, 15:00 in UTC, noon in São Paulo. */
export const NOW = 20_779 * DAY_MS + 15 * HOUR_MS;
export const TODAY = 20_779;
const OFFSET_MS = 3 * HOUR_MS;

/** `E` + Nubank + the minute in UTC + eleven letters. */
export function endToEnd(at: Instant, rest = "s0326120V4K"): string {
  const { year, month, day } = civil(Math.floor(at / DAY_MS));
  const minutes = Math.floor((at % DAY_MS) / 60_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `E18236120${year}${two(month)}${two(day)}${two(Math.floor(minutes / 60))}${two(minutes % 60)}${rest}`;
}

export interface Receipt {
  at?: Instant;
  id?: string | null;
  amount?: string;
  title?: string;
  receiver?: string;
  more?: string;
}

/** The text of a Pix receipt as banks print it, half an hour old. */
export function receiptText({ at = NOW - HOUR_MS / 2, id, amount = "R$ 29,90", title, receiver, more }: Receipt = {}): string {
  const local = at - OFFSET_MS;
  const [, month = "", day = ""] = formatDay(Math.floor(local / DAY_MS)).split("-");
  const time = new Date(local).toISOString().slice(11, 16);
  return [
    title ?? "Comprovante de Pix",
    `${day}/${month}/2026 às ${time}`,
    `Valor ${amount}`,
    `Recebedor ${receiver ?? "HOSPEDAGEM EXEMPLO LTDA"}`,
    "CNPJ 12.345.678/0001-95",
    ...(id === null ? [] : [`ID da transação: ${id ?? endToEnd(at)}`]),
    more ?? "",
  ].join("\n");
}

export function proof(text: string, source: TextSource = "pdf_text", other: Partial<Proof> = {}): Proof {
  return {
    form: source === "ocr" ? "png" : source === "mail" ? "mail" : "pdf",
    sha256: "a".repeat(64),
    bytes: 40_000,
    pages: 1,
    texts: [{ source, text }],
    codes: [],
    look: "0f0f0f0f0f0f0f0f",
    made: { programs: ["iText 7"], createdAt: null, modifiedAt: null, updates: 0 },
    mail: null,
    ...other,
  };
}

export function context(other: Partial<ProofContext> = {}): ProofContext {
  return {
    now: NOW,
    local: (at) => ({ day: Math.floor((at - OFFSET_MS) / DAY_MS), minute: Math.floor(((at - OFFSET_MS) % DAY_MS) / 60_000) }),
    invoice: { ref: "F-1042", issuedOn: TODAY - 15, amounts: [2990, 3050], open: 2990 },
    receiver: { taxIds: ["12345678000195"], names: ["Hospedagem Exemplo Ltda"], pixKeys: ["pix@hospedagem.example"] },
    issued: [],
    seen: [],
    booked: [],
    ...other,
  };
}

/** The check of one rule. */
export function checkOf(rule: Rule, sent: Proof, known: ProofContext = context()): Check {
  const check = checkProof(sent, findIn(sent, TODAY), known).find((each) => each.rule === rule);
  if (!check) throw new Error(`no check ${rule}`);
  return check;
}

export function recommended(sent: Proof, known: ProofContext = context(), leniency: Partial<Leniency> = {}): Recommendation {
  return recommend(checkProof(sent, findIn(sent, TODAY), known), {
    neutral: "release",
    scheduled: "wait",
    forgedBefore: false,
    ...leniency,
  });
}
