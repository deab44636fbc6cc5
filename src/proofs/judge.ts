// All checks of a proof, and what they recommend. The recommendation opens or holds back a release; it never marks anything paid.
import { amount, endToEndId, institution, paymentDate, pixCode, receiver, scheduled, slipCode } from "./checks-codes.ts";
import { bankMail, edited, sameCodes, sameFile, sameLook } from "./checks-origin.ts";
import type { ProofContext } from "./context.ts";
import type { Findings } from "./findings.ts";
import type { Check, Proof, Rule } from "./proof.ts";

/** Every rule once, in the order in which people read them. */
export function checkProof(proof: Proof, findings: Findings, context: ProofContext): readonly Check[] {
  return [
    slipCode(findings, context),
    pixCode(findings, context),
    receiver(findings, context),
    amount(findings, context),
    endToEndId(findings, context),
    paymentDate(findings, context),
    institution(findings),
    scheduled(findings),
    sameFile(proof, context),
    sameLook(findings, context),
    sameCodes(findings, context),
    bankMail(proof),
    edited(proof),
  ];
}

/** `release`: access while the bank speaks; `wait`: an order for later, nothing is wrong with it; `person`: somebody looks first. */
export type Recommendation = "release" | "wait" | "person";

export interface Leniency {
  /** What a proof gets that nothing supports and nothing contradicts: a screenshot, as a rule. */
  neutral: "release" | "person";
  scheduled: "wait" | "person";
  /** A proof of this customer was contradicted by the bank before. */
  forgedBefore: boolean;
}

/** What alone is reason enough to expect the money. */
const STRONG: ReadonlySet<Rule> = new Set(["slip_code", "pix_code", "end_to_end_id", "same_codes", "bank_mail"]);

export function recommend(checks: readonly Check[], leniency: Leniency): Recommendation {
  const contradicted = checks.filter(({ verdict }) => verdict === "contradicts");
  if (leniency.forgedBefore) return "person";
  if (contradicted.length > 0 && contradicted.every(({ rule }) => rule === "scheduled") && !checks.some(({ look }) => look))
    return leniency.scheduled;
  if (contradicted.length > 0 || checks.some(({ look }) => look)) return "person";
  return checks.some(({ rule, verdict }) => verdict === "supports" && STRONG.has(rule)) ? "release" : leniency.neutral;
}
