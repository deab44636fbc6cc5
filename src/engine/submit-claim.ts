// A payment proof comes in: read apart, judged beside what we know, and kept as a claim. Nothing of it marks anything as paid.
import { findIn, type Findings } from "../proofs/findings.ts";
import { checkProof, recommend, type Recommendation } from "../proofs/judge.ts";
import type { Check } from "../proofs/proof.ts";
import { assert } from "../kernel/assert.ts";
import { deadline } from "../kernel/clock.ts";
import { alike, inEach, ReguaError } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatDay, type Day, type Instant } from "../kernel/time.ts";
import { CLAIMS_OF_INVOICE_MAX, claimTerms, clearingUntil, orderSpeaksAt, type PaymentMeans } from "../policy/clearing.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { CallContext } from "../ports/outcome.ts";
import type { ProofReader, Reading } from "../ports/proof-reader.ts";
import type { VirusScan } from "../ports/virus-scan.ts";
import { contradictedBefore, insertDocument, takeClaimTurn, type NewDocument } from "../store/claim-proofs.ts";
import { claimsBarred, claimsOf, releasedByClaim } from "../store/claims.ts";
import { changeCustomer, type Unit } from "./change.ts";
import { contextOf, marksOf } from "./claim-context.ts";
import type { Engine } from "./engine.ts";
import { withCase, type OneCase } from "./one-case.ts";
import { claimable, enterClaim } from "./open-claim.ts";
import { whoIs, type Who } from "./who.ts";

/** What reads and keeps files. */
export interface ProofTools {
  reader: ProofReader;
  files: BlobStore;
  /** Null: none is set up. */
  scan: VirusScan | null;
}

export interface Submission {
  customer: Who;
  /** By the provider's number. */
  invoice: string;
  bytes: Uint8Array;
  by: string;
}

export interface Submitted {
  claimId: Id;
  recommendation: Recommendation;
  releaseUntil: Instant | null;
  reviewUntil: Instant;
  checks: readonly Check[];
  found: Json;
}

/** The reader's own limit for one file is a minute; another may be before it in the queue. */
const READ_MS = 120_000;

/**
 * Takes a payment proof for an invoice. `reads`: the engine for what is only read, where what the other commits is a request's own mark.
 * @throws ReguaError `proof_refused`, `proof_unread`, `proof_infected`, `claims_spent`, and those of {@link enterClaim}
 */
export async function submitClaim(engine: Engine, tools: ProofTools, ask: Submission, reads: Engine = engine): Promise<Submitted> {
  // Refused before anything is read: reading costs seconds, and a claim that is open already is open after them too.
  await withCase(reads, ask.customer, (one) => mayClaim(one, ask.invoice));
  const context = { signal: deadline(READ_MS) };
  await refuseInfected(tools.scan, ask.bytes, context);
  const reading = await readProof(tools.reader, ask.bytes, context);
  // The files are safe before the claim is: a claim without its file would be a proof that nobody can look at.
  const sha256 = await tools.files.put(ask.bytes);
  assert(sha256 === reading.proof.sha256, "the file read is not the file kept");
  const picture = reading.picture ? { sha256: await tools.files.put(reading.picture.bytes), type: reading.picture.type } : null;
  const customerId = await whoIs(reads.db, ask.customer);
  return changeCustomer(engine, customerId, async (unit, found) => {
    // Judged when it is its turn, with all that was entered before it: sent by two customers in the same second, a proof is the first's only.
    await takeClaimTurn(unit.trx);
    const judged = await judge({ trx: unit.trx, found, setting: unit.setting, now: unit.now }, ask.invoice, reading);
    return enterJudged(engine, unit, found.facts, { ask, reading, judged, picture });
  });
}

interface Judged {
  customerId: Id;
  checks: readonly Check[];
  recommendation: Recommendation;
  releaseUntil: Instant | null;
  expectedBy: Instant | null;
  keepUntil: Day;
  findings: Findings;
  found: Json;
}

async function mayClaim({ trx, found: { facts }, setting }: OneCase, ref: string): Promise<{ id: Id }> {
  const invoice = claimable(setting.policy, facts, ref);
  if ((await claimsBarred(trx, facts.id)) !== null) throw new ReguaError("claims_closed");
  const count = await claimsOf(trx, facts.id, invoice.id);
  if (count >= CLAIMS_OF_INVOICE_MAX) throw new ReguaError("claims_spent", { value: ref, count });
  return invoice;
}

/** What we know beside the proof, the checks, and what they come to by policy. Nothing is written. */
async function judge(one: OneCase, ref: string, reading: Reading): Promise<Judged> {
  const { found, setting, trx, now } = one;
  const { id: customerId } = found.facts;
  const invoice = await mayClaim(one, ref);
  const findings = findIn(reading.proof, setting.zone.dayOf(now));
  const checks = checkProof(reading.proof, findings, await contextOf(one, ref, reading, findings));
  const terms = claimTerms(setting.policy);
  const advised = recommend(checks, { ...terms, forgedBefore: await contradictedBefore(trx, customerId) });
  // There is one release without settlement: after it a person looks.
  const recommendation = advised === "release" && (await releasedByClaim(trx, customerId, invoice.id)) ? "person" : advised;
  const means = meansOf(findings);
  const order =
    findings.scheduling === null ? null : orderSpeaksAt(setting.policy, means, dayOrdered(findings, setting.zone.dayOf(now)), now);
  return {
    customerId,
    checks,
    recommendation,
    releaseUntil: recommendation === "release" ? clearingUntil(setting.policy, means, now) : null,
    expectedBy: recommendation === "wait" ? order : null,
    keepUntil: setting.zone.dayOf(now) + terms.keepFilesDays,
    findings,
    found: summaryOf(findings),
  };
}

/** The first day to come that the document names. */
function dayOrdered({ dates }: Findings, today: Day): Day | null {
  const ahead = dates.map(({ day }) => day).filter((day) => day > today);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

interface Entering {
  ask: Submission;
  reading: Reading;
  judged: Judged;
  picture: NewDocument["picture"];
}

async function enterJudged(
  engine: Engine,
  unit: Unit,
  facts: CustomerFacts,
  { ask, reading, judged, picture }: Entering,
): Promise<Submitted> {
  const { checks, recommendation, found, releaseUntil, expectedBy, keepUntil } = judged;
  const { sha256, form, bytes, pages, look } = reading.proof;
  const said = checks.map(({ rule, verdict, because, unsure, look: looks, details }) => ({
    rule,
    verdict,
    because,
    unsure,
    look: looks,
    details,
  }));
  const entered = await enterClaim(engine, unit, facts, {
    invoice: ask.invoice,
    releaseUntil,
    expectedBy,
    by: ask.by,
    proof: { sha256, form, recommendation, found, checks: said },
  });
  await insertDocument(unit.trx, {
    customerId: judged.customerId,
    claimId: entered.claimId,
    invoiceId: entered.invoiceId,
    recommendation,
    sha256,
    form,
    bytes,
    pages,
    picture,
    found,
    checks: said,
    notes: reading.notes,
    keepUntil,
    marks: [...marksOf(reading, judged.findings), ...(look === null ? [] : [{ kind: "look" as const, value: look }])],
  });
  return { claimId: entered.claimId, recommendation, releaseUntil: entered.releaseUntil, reviewUntil: entered.reviewUntil, checks, found };
}

async function refuseInfected(scan: VirusScan | null, bytes: Uint8Array, context: CallContext): Promise<void> {
  if (!scan) return;
  const outcome = await scan.scan(bytes, context);
  // A scanner that cannot answer stops no customer: the file is opened by our own reader only, apart and under limits.
  if (outcome.outcome === "done" && outcome.value.verdict === "found") throw new ReguaError("proof_infected", { name: outcome.value.name });
}

async function readProof(reader: ProofReader, bytes: Uint8Array, context: CallContext): Promise<Reading> {
  const outcome = await reader.read(bytes, context);
  if (outcome.outcome === "done") return outcome.value;
  if (outcome.outcome === "refused")
    throw new ReguaError("proof_refused", { problem: PROBLEMS[outcome.reason], reason: alike(outcome.reason) });
  throw new ReguaError("proof_unread");
}

const PROBLEMS = {
  form: inEach("it is no PDF, no JPEG, no PNG and no mail", "não é PDF, JPEG, PNG nem e-mail"),
  too_large: inEach("it is larger than 10 MB", "passa de 10 MB"),
  too_many_pages: inEach("it has more than 10 pages", "tem mais de 10 páginas"),
  too_many_pixels: inEach("its picture has more than 40 megapixels", "a imagem tem mais de 40 megapixels"),
  encrypted: inEach("it asks for a password", "pede uma senha"),
  unreadable: inEach("it is damaged", "está danificado"),
};

function meansOf(findings: Findings): PaymentMeans {
  if (findings.endToEnds.length + findings.brCodes.length > 0) return "pix";
  return findings.boletos.length > 0 ? "boleto" : "unknown";
}

/** What was read, as it is kept when the file is gone. */
function summaryOf(findings: Findings): Json {
  const grounded = <T extends { ground: string }>(all: readonly T[], value: (one: T) => string | number): Json =>
    all.slice(0, 20).map((one) => ({ value: value(one), ground: one.ground }));
  return {
    digit_lines: grounded(findings.boletos, ({ digitLine }) => digitLine),
    pix_codes: grounded(findings.brCodes, ({ code }) => code.text),
    end_to_end_ids: grounded(findings.endToEnds, ({ id }) => id.id),
    authentications: grounded(findings.authentications, ({ code }) => code),
    amounts_cents: grounded(findings.amounts, ({ cents }) => cents),
    dates: grounded(findings.dates, ({ day }) => formatDay(day)),
    tax_ids: grounded(findings.taxIds, ({ pattern }) => pattern),
    scheduling: findings.scheduling === null ? null : { value: findings.scheduling.words, ground: findings.scheduling.ground },
  };
}
