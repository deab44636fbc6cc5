// What a customer is told of a payment proof: received, released, waited for, looked at by a person, and how it ended.
import type { Lang } from "../kernel/lang.ts";
import type { Instant, Zone } from "../kernel/time.ts";
import { CLAIMS_EN } from "./claims.en.ts";
import { CLAIMS_PT_BR } from "./claims.pt-BR.ts";
import type { ClaimWords } from "./claims-texts.ts";
import { oneLine } from "./clean.ts";
import { sayMoment } from "./dates.ts";

const TEXTS: Readonly<Record<Lang, ClaimWords>> = { "pt-BR": CLAIMS_PT_BR, en: CLAIMS_EN };

export interface ToldClaim {
  invoice: string;
  state: keyof ClaimWords["state"];
  recommendation: "release" | "wait" | "person" | null;
  releaseUntil: Instant | null;
  reviewUntil: Instant;
}

const REF_MAX = 64;

/** For the customer: what happens next, and until when. Nobody is accused in it. */
export function claimMessage(claim: ToldClaim, lang: Lang, zone: Zone): string {
  const texts = TEXTS[lang];
  const invoice = oneLine(claim.invoice, REF_MAX);
  if (claim.state !== "under_review") return texts[claim.state](invoice);
  const until = (at: Instant): string => sayMoment(at, lang, zone, null);
  if (claim.releaseUntil !== null) return texts.released(invoice, until(claim.releaseUntil));
  const review = until(claim.reviewUntil);
  return claim.recommendation === "wait" ? texts.wait(invoice, review) : texts.person(invoice, review);
}

export function claimState(state: ToldClaim["state"], lang: Lang): string {
  return TEXTS[lang].state[state];
}
