// Checks of where a proof comes from: sent before, told of by the bank, signed by it, edited after it was made.
import { MINUTE_MS } from "../kernel/time.ts";
import { against, says } from "./checks-codes.ts";
import type { ProofContext } from "./context.ts";
import type { Findings } from "./findings.ts";
import type { Check, Proof } from "./proof.ts";

export function sameFile({ sha256 }: Proof, { seen }: ProofContext): Check {
  const before = seen.filter(({ kind, value }) => kind === "file" && value === sha256).map(({ whose }) => whose);
  if (before.includes("other_customer")) return says("same_file", "contradicts", "other_customer");
  if (before.includes("other_invoice")) return says("same_file", "contradicts", "other_invoice");
  return says("same_file", "neutral", before.length > 0 ? "this_invoice" : "first");
}

/** Two pictures of one receipt differ by up to this many of 64 bits; so do two receipts of one bank (2 were measured). */
const ALIKE = 4;

export function sameLook(findings: Findings, { seen }: ProofContext): Check {
  const alike = seen.filter(({ kind, distance, whose }) => kind === "look" && distance <= ALIKE && whose !== "this_invoice");
  if (alike.length === 0) return says("same_look", "neutral", "first");
  const told = findings.endToEnds.length + findings.authentications.length + findings.boletos.length > 0;
  return told ? says("same_look", "neutral", "told_apart") : says("same_look", "neutral", "alike", { count: alike.length }, true);
}

export function sameCodes(findings: Findings, { seen, booked }: ProofContext): Check {
  for (const { id, ground } of findings.endToEnds) {
    const receipt = booked.find(({ endToEndId }) => endToEndId === id.id);
    if (receipt?.whose === "this_invoice") return says("same_codes", "supports", "booked", { id: id.id });
    if (receipt?.whose === "other_customer") return against(ground, "same_codes", "booked_for_another", { id: id.id });
    if (receipt) return says("same_codes", "neutral", "booked_for_other_invoice", { id: id.id }, true);
  }
  const codes = [
    ...findings.endToEnds.map(({ id, ground }) => ({ kind: "end_to_end", value: id.id, ground })),
    ...findings.authentications.map(({ code, ground }) => ({ kind: "authentication", value: code, ground })),
  ];
  for (const { kind, value, ground } of codes) {
    const before = seen.filter((each) => each.kind === kind && each.value === value).map(({ whose }) => whose);
    if (before.includes("other_customer")) return against(ground, "same_codes", "other_customer", { id: value });
    if (before.includes("other_invoice")) return against(ground, "same_codes", "other_invoice", { id: value });
  }
  return says("same_codes", "neutral", codes.length === 0 ? "none" : "first");
}

/** Domains that banks and payment institutions of Brazil send receipts from: their own, under .com.br and .b.br. */
const BANK_DOMAINS = new Set([
  "bb.com.br",
  "bradesco.com.br",
  "btgpactual.com",
  "c6bank.com.br",
  "caixa.gov.br",
  "efipay.com.br",
  "inter.co",
  "bancointer.com.br",
  "itau.com.br",
  "itau-unibanco.com.br",
  "mercadopago.com",
  "mercadopago.com.br",
  "nubank.com.br",
  "pagseguro.com.br",
  "picpay.com",
  "safra.com.br",
  "santander.com.br",
  "sicoob.com.br",
  "sicredi.com.br",
  "stone.com.br",
]);

/** A bank's domain, or one below it. `.b.br` is registered to banks only (Registro.br). */
function isBank(domain: string): boolean {
  if (domain === "b.br" || domain.endsWith(".b.br")) return true;
  const parts = domain.split(".");
  return parts.some((_, i) => BANK_DOMAINS.has(parts.slice(i).join(".")));
}

/** Whether one is the other, or below it (relaxed alignment of DMARC, RFC 7489 3.1). */
function aligned(signing: string, from: string): boolean {
  return from === signing || from.endsWith(`.${signing}`) || signing.endsWith(`.${from}`);
}

export function bankMail({ mail }: Proof): Check {
  if (!mail) return says("bank_mail", "neutral", "none");
  const { from } = mail;
  if (from === null || !isBank(from)) return says("bank_mail", "neutral", "not_a_bank", { domain: from ?? "" });
  const own = mail.signatures.filter(({ domain }) => aligned(domain, from));
  if (own.some(({ result }) => result === "pass")) return says("bank_mail", "supports", "signed", { domain: from });
  // Gateways that add a line to every mail break the signatures of honest ones.
  if (own.some(({ result }) => result === "fail")) return says("bank_mail", "neutral", "altered", { domain: from }, true);
  return says("bank_mail", "neutral", "unsigned", { domain: from }, true);
}

/** Programs that change what is on a page or a picture. Those that merely print, scan, compress or send are not here. */
const EDITORS =
  /photoshop|gimp|illustrator|coreldraw|inkscape|affinity|canva|pixlr|paint\.net|adobe acrobat (?:pro|dc|\d+ paper)|pdfescape|sejda|smallpdf|ilovepdf|pdf-?xchange|foxit|nitro|pdffiller|libreoffice draw|pdf editor|snapseed|picsart/iu;

export function edited({ made, form }: Proof): Check {
  const editor = made.programs.find((program) => EDITORS.test(program));
  if (editor !== undefined) return says("edited", "neutral", "editor", { program: editor.slice(0, 60) }, true);
  const later = made.createdAt !== null && made.modifiedAt !== null && made.modifiedAt > made.createdAt + MINUTE_MS;
  if (form === "pdf" && (later || made.updates > 0)) return says("edited", "neutral", "changed_later", {}, true);
  return says("edited", "neutral", "no_sign");
}
