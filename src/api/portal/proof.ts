// "I have paid": what was sent goes the way of every payment proof, and the page says what comes of it.
import { showCustomer, type Shown } from "../../engine/show-customer.ts";
import { submitClaim } from "../../engine/submit-claim.ts";
import { ReguaError, type ErrorCode } from "../../kernel/errors.ts";
import { BASE } from "../../pages/frame.ts";
import { proofPage, proofSentPage, type ProofView } from "../../pages/proof.ts";
import { claimMessage } from "../../words/claims.ts";
import { customerOf, type Answer, type Desk, type PortalRoute, type Visit } from "./desk.ts";
import { askedOf, proofsTaken } from "./home.ts";

export const PROOF_ROUTES: readonly PortalRoute[] = [
  { method: "GET", path: "/proof", who: "customer", run: (desk, visit) => show(desk, visit, null) },
  { method: "POST", path: "/proof", who: "customer", limit: { max: 12, minutes: 60 }, upload: true, run: send },
];

async function show(desk: Desk, visit: Visit, problem: ProofView["problem"]): Promise<Answer> {
  const shown = await showCustomer(desk.engine, customerOf(visit));
  const { customer } = shown;
  const underReview = new Set(customer.claims.filter((claim) => claim.state === "under_review").map((claim) => claim.invoice));
  const page = proofPage(visit.frame, {
    currency: customer.currency,
    closed: !proofsTaken(desk, shown),
    invoices: customer.invoices.map((invoice) => ({
      ref: invoice.ref,
      askedCents: askedOf(shown.setting, invoice),
      underReview: underReview.has(invoice.ref),
    })),
    problem,
    told: told(shown, visit),
  });
  return { page, ...(problem === null ? {} : { code: 422 }) };
}

/** Of each open invoice the newest proof, as it stands. */
function told({ customer, setting }: Shown, { lang }: Visit): string[] {
  return customer.invoices.flatMap(({ ref }) => {
    const claim = customer.claims.find((each) => each.invoice === ref);
    if (!claim) return [];
    const { state, releaseUntilAt, reviewUntilAt } = claim;
    const about = { invoice: ref, state, recommendation: null, releaseUntil: releaseUntilAt, reviewUntil: reviewUntilAt };
    return [claimMessage(about, lang, setting.zone)];
  });
}

async function send(desk: Desk, visit: Visit): Promise<Answer> {
  const { file } = visit;
  const customer = customerOf(visit);
  if (!desk.proofs) return show(desk, visit, null);
  if (visit.tooLarge) return show(desk, visit, "too_large");
  if (file === null || file.length === 0) return show(desk, visit, "none");
  const invoice = visit.field("invoice");
  try {
    const made = await submitClaim(desk.engine, desk.proofs(), { customer, invoice, bytes: file, by: "portal" });
    const { zone } = await desk.engine.settings.load(desk.engine.db, desk.engine.clock.now());
    const { recommendation, releaseUntil, reviewUntil } = made;
    const sentence = claimMessage({ invoice, state: "under_review", recommendation, releaseUntil, reviewUntil }, visit.lang, zone);
    return { page: proofSentPage(visit.frame, { sentence }) };
  } catch (error) {
    const problem = error instanceof ReguaError ? problemOf(error) : null;
    if (problem !== null) return show(desk, visit, problem);
    // Switched off meanwhile: the page says so.
    if (error instanceof ReguaError && error.code === "claims_closed") return { to: `${BASE}/proof` };
    throw error;
  }
}

const PROBLEMS: Partial<Record<ErrorCode, ProofView["problem"]>> = {
  proof_unread: "unread",
  proof_infected: "infected",
  claims_spent: "spent",
  claim_open: "open",
};

/** The sentence that the page has for what the engine refused. */
function problemOf(error: ReguaError): ProofView["problem"] {
  if (error.code !== "proof_refused") return PROBLEMS[error.code] ?? null;
  const { reason } = error.details;
  return typeof reason === "string" ? (reason as ProofView["problem"]) : "unreadable";
}
