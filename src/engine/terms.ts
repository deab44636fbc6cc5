// Terms of service: published in versions, and accepted by customers with the hash of what they read (P1).
import { inEach, ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import { currentTerms, insertAcceptance, insertTerms, lastAcceptance, type AcceptanceRow, type TermsRow } from "../store/portal-matters.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

/** Long terms are twenty pages. */
const CHARS_MAX = 200_000;

/**
 * Puts a text in force from now on; the same text again changes nothing.
 * @throws ReguaError `words_missing`, `field_invalid`
 */
export async function publishTerms(engine: Engine, ask: { text: string; by: string }): Promise<{ version: number; sha256: string }> {
  const text = required("text", ask.text.replaceAll("\r\n", "\n"));
  if (text.length > CHARS_MAX)
    throw new ReguaError("field_invalid", {
      field: "text",
      problem: inEach(`it has more than ${CHARS_MAX} characters`, `tem mais de ${CHARS_MAX} caracteres`),
    });
  const hash = sha256(text);
  for (;;) {
    const now = await currentTerms(engine.db);
    if (now?.sha256 === hash) return { version: now.version, sha256: hash };
    const version = (now?.version ?? 0) + 1;
    const row = { version, sha256: hash, text, publishedAt: engine.clock.now(), by: required("by", ask.by) };
    // Another command may have published meanwhile: then this one is the version after it.
    if (await insertTerms(engine.db, row)) return { version, sha256: hash };
  }
}

/** The terms in force and what the customer accepted last. */
export async function termsOf(engine: Engine, who: Who): Promise<{ terms: TermsRow | null; accepted: AcceptanceRow | null }> {
  const customerId = await whoIs(engine.db, who);
  return { terms: await currentTerms(engine.db), accepted: await lastAcceptance(engine.db, customerId) };
}

export interface Acceptance {
  customer: Who;
  /** What was read. */
  version: number;
  by: string;
  /** The network address, and the browser's own name: kept as evidence of who accepted. */
  address: string | null;
  userAgent: string | null;
}

const AGENT_MAX = 400;

/** Again for the same version it changes nothing. @throws ReguaError `terms_missing`, `terms_changed`, `customer_unknown` */
export async function acceptTerms(engine: Engine, ask: Acceptance): Promise<void> {
  const customerId = await whoIs(engine.db, ask.customer);
  await changeCustomer(engine, customerId, async (unit) => {
    const terms = await currentTerms(unit.trx);
    if (!terms) throw new ReguaError("terms_missing");
    if (terms.version !== ask.version) throw new ReguaError("terms_changed");
    const { version, sha256: hash } = terms;
    const userAgent = ask.userAgent?.replace(/\p{Cc}/gu, "").slice(0, AGENT_MAX) ?? null;
    const row = { customerId, version, sha256: hash, acceptedAt: unit.now, by: ask.by, address: ask.address, userAgent };
    if (!(await insertAcceptance(unit.trx, row))) return;
    unit.record(customerId, "terms.accepted", ask.by, { version, terms_sha256: hash, address: ask.address, user_agent: userAgent });
  });
}
