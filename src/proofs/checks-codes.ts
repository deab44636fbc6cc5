// Checks of the codes in a proof: does it pay this invoice, does it pay us, can its payment exist.
import type { Findings, Ground } from "./findings.ts";
import { fitsTaxId } from "../codes/find-tax-ids.ts";
import { datePlausible } from "../codes/end-to-end.ts";
import { NO_TXID } from "../codes/txid.ts";
import { formatDay, MINUTE_MS } from "../kernel/time.ts";
import type { ProofContext } from "./context.ts";
import type { Check, Rule, Sentence, Verdict } from "./proof.ts";

export function says<R extends Rule>(rule: R, verdict: Verdict, because: Sentence<R>, details: Check["details"] = {}, look = false): Check {
  return { rule, verdict, because, unsure: false, details, look };
}

/** Recognised letters may be wrong: what they contradict, a person looks at. */
export function against<R extends Rule>(ground: Ground, rule: R, because: Sentence<R>, details: Check["details"] = {}): Check {
  if (ground !== "ocr") return says(rule, "contradicts", because, details);
  return { ...says(rule, "neutral", because, details, true), unsure: true };
}

export function slipCode({ boletos }: Findings, context: ProofContext): Check {
  if (boletos.length === 0) return says("slip_code", "neutral", "none");
  for (const whose of ["this_invoice", "other_customer", "other_invoice"] as const)
    for (const { barCode, digitLine, ground } of boletos) {
      const issued = context.issued.find((code) => code.kind === "bar_code" && code.value === barCode && code.whose === whose);
      if (!issued) continue;
      if (whose === "this_invoice") return says("slip_code", "supports", "this_invoice", { line: digitLine, invoice: context.invoice.ref });
      if (whose === "other_customer") return against(ground, "slip_code", "other_customer", { line: digitLine });
      return says("slip_code", "neutral", "other_invoice", { line: digitLine, invoice: issued.invoice ?? "" }, true);
    }
  const [first] = boletos;
  return says("slip_code", "neutral", "unknown", { line: first?.digitLine ?? "" });
}

export function pixCode({ brCodes }: Findings, context: ProofContext): Check {
  if (brCodes.length === 0) return says("pix_code", "neutral", "none");
  for (const { code, ground } of brCodes) {
    const issued = context.issued.find(({ kind, value }) => kind === "txid" && value === code.txid && value !== NO_TXID);
    if (issued?.whose === "this_invoice") return says("pix_code", "supports", "this_invoice", { invoice: context.invoice.ref });
    if (issued?.whose === "other_customer") return against(ground, "pix_code", "other_customer");
    if (issued) return says("pix_code", "neutral", "other_invoice", { invoice: issued.invoice ?? "" }, true);
    if (code.key !== null && context.receiver.pixKeys.length > 0 && !context.receiver.pixKeys.includes(code.key))
      return against(ground, "pix_code", "other_key", { key: code.key });
    if (code.key !== null && context.receiver.pixKeys.includes(code.key)) return says("pix_code", "supports", "our_key", { key: code.key });
  }
  return says("pix_code", "neutral", "unknown");
}

/** Letters without accents, marks and spaces: `Régua Hosp. Ltda` and `REGUA HOSP LTDA` are one. */
function bare(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .toUpperCase();
}

export function receiver(findings: Findings, { receiver: ours }: ProofContext): Check {
  const taxId = ours.taxIds.find((id) => findings.taxIds.some((found) => fitsTaxId(found, id)));
  if (taxId !== undefined) return says("receiver", "supports", "tax_id", { value: taxId });
  const letters = findings.letters.map(({ text }) => bare(text));
  const named = [...ours.names, ...ours.pixKeys].find(
    (name) => bare(name).length >= 6 && letters.some((text) => text.includes(bare(name))),
  );
  return named === undefined ? says("receiver", "neutral", "not_found") : says("receiver", "supports", "name", { value: named });
}

export function amount({ amounts }: Findings, { invoice }: ProofContext): Check {
  if (amounts.length === 0) return says("amount", "neutral", "none");
  const fits = amounts.find(({ cents }) => invoice.amounts.includes(cents));
  if (fits) return says("amount", "supports", "fits", { cents: fits.cents });
  const printed = amounts.filter(({ ground }) => ground !== "ocr");
  const largest = Math.max(...amounts.map(({ cents }) => cents));
  // A receipt prints its amount: where all that it prints is less than owed, somebody looks. Letters from a picture may have lost a digit.
  if (printed.length > 0 && largest < invoice.open) return says("amount", "neutral", "less", { cents: largest, open: invoice.open }, true);
  return says("amount", "neutral", "other", { cents: largest, open: invoice.open });
}

export function endToEndId({ endToEnds, falseEndToEnds }: Findings, { now }: ProofContext): Check {
  const [found] = endToEnds;
  if (found) {
    const details = { id: found.id.id };
    const when = datePlausible(found.id.at, now);
    if (found.id.kind === "return") return against(found.ground, "end_to_end_id", "returned", details);
    if (when === "before_pix") return against(found.ground, "end_to_end_id", "before_pix", details);
    return says("end_to_end_id", when === "plausible" ? "supports" : "neutral", when === "plausible" ? "well_formed" : "ahead", details);
  }
  const [malformed] = falseEndToEnds;
  if (malformed) return against(malformed.ground, "end_to_end_id", "malformed", { id: malformed.text });
  return says("end_to_end_id", "neutral", "none");
}

/** What the payer's bank prints may be an hour or a time zone off; a day and more is another payment. */
const PRINTED_TOLERANCE_MINUTES = 24 * 60;
/** Clocks of phones and servers. */
const AHEAD_TOLERANCE_MS = 30 * MINUTE_MS;

export function paymentDate(findings: Findings, { now, local, invoice }: ProofContext): Check {
  const [id] = findings.endToEnds;
  const today = local(now).day;
  if (id) {
    const at = local(id.id.at);
    const details = { day: formatDay(at.day) };
    if (id.id.at > now + AHEAD_TOLERANCE_MS && findings.scheduling === null) return against(id.ground, "payment_date", "future", details);
    const printed = findings.dates.filter(({ day }) => Math.abs(day - today) < 400);
    const near = printed.some(({ day }) => Math.abs(day - at.day) * 24 * 60 <= PRINTED_TOLERANCE_MINUTES);
    if (printed.length > 0 && !near)
      return against(worst([id.ground, ...printed.map(({ ground }) => ground)]), "payment_date", "disagrees", details);
    if (at.day < invoice.issuedOn) return says("payment_date", "neutral", "before_invoice", details, true);
    return printed.length > 0 ? says("payment_date", "supports", "agrees", details) : says("payment_date", "neutral", "only_id", details);
  }
  const latest = findings.dates.filter(({ day }) => day <= today).sort((a, b) => b.day - a.day)[0];
  if (!latest) return says("payment_date", "neutral", "none");
  const details = { day: formatDay(latest.day) };
  // Only what a file prints itself is old for sure: recognised dates lose a digit easily.
  if (latest.day < invoice.issuedOn) return says("payment_date", "neutral", "before_invoice", details, latest.ground !== "ocr");
  return says("payment_date", "supports", "recent", details);
}

/** The weakest of some grounds. */
function worst(grounds: readonly Ground[]): Ground {
  return grounds.includes("ocr") ? "ocr" : grounds.includes("text") ? "text" : "code";
}

export function institution({ endToEnds }: Findings): Check {
  const [found] = endToEnds;
  if (!found) return says("institution", "neutral", "none");
  const { institution: name, ispb } = found.id;
  return name === null ? says("institution", "neutral", "unknown", { ispb }) : says("institution", "supports", "known", { ispb, name });
}

export function scheduled({ scheduling }: Findings): Check {
  if (!scheduling) return says("scheduled", "neutral", "no_sign");
  return against(scheduling.ground, "scheduled", "order", { words: scheduling.words });
}
