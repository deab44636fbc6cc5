// A payment proof as staff are shown it, by the API and the command alike: what was read, each check with its sentence, what comes of it.
import type { Currency } from "../kernel/money.ts";
import type { Json } from "../kernel/hash.ts";
import { formatInstant, type Instant, type Zone } from "../kernel/time.ts";
import type { Check } from "../proofs/proof.ts";
import type { ClaimRow } from "../store/claim-proofs.ts";
import { claimMessage } from "../words/claims.ts";
import { checkSentence, proofTexts } from "../words/proofs.ts";

export interface Both {
  "pt-BR": string;
  en: string;
}

export interface ClaimShown {
  id: number;
  customer: string;
  customerName: string;
  invoice: string;
  openCents: number;
  currency: Currency;
  state: ClaimRow["state"];
  recommendation: ClaimRow["recommendation"];
  receivedAt: string;
  releaseUntil: string | null;
  reviewUntil: string;
  endedAt: string | null;
  endedBy: string | null;
  reason: string | null;
  /** Null: somebody only said that it was paid. */
  file: { sha256: string; form: string; bytes: number; picture: boolean; removedAt: string | null } | null;
  found: Json | null;
  checks: { rule: string; verdict: Check["verdict"]; look: boolean; title: Both; text: Both }[];
  notes: string[];
  /** What the customer can be told now. */
  message: Both;
}

const iso = (at: Instant | null): string | null => (at === null ? null : formatInstant(at));

export function viewClaim(row: ClaimRow, zone: Zone): ClaimShown {
  const { receivedAt, releaseUntil, reviewUntil, endedAt, sha256, form, bytes, picture, removedAt, notes } = row;
  const checks = (row.checks ?? []) as unknown as readonly Check[];
  return {
    id: row.id,
    customer: row.customer,
    customerName: row.customerName,
    invoice: row.invoice,
    openCents: row.openCents,
    currency: row.currency,
    state: row.state,
    recommendation: row.recommendation,
    receivedAt: formatInstant(receivedAt),
    releaseUntil: iso(releaseUntil),
    reviewUntil: formatInstant(reviewUntil),
    endedAt: iso(endedAt),
    endedBy: row.endedBy,
    reason: row.reason,
    file:
      sha256 === null
        ? null
        : { sha256, form: form ?? "", bytes: bytes ?? 0, picture: picture !== null && removedAt === null, removedAt: iso(removedAt) },
    found: row.found,
    checks: checks.map((check) => ({
      rule: check.rule,
      verdict: check.verdict,
      look: check.look,
      title: both((lang) => proofTexts(lang).rules[check.rule]?.title ?? check.rule),
      text: both((lang) => checkSentence(check, lang, row.currency)),
    })),
    notes: notes ?? [],
    message: both((lang) => claimMessage(row, lang, zone)),
  };
}

function both(say: (lang: "pt-BR" | "en") => string): Both {
  return { "pt-BR": say("pt-BR"), en: say("en") };
}
