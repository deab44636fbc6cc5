// Customers who send payment proofs, true and false: each through the real reading, checks and verdict; none of them is money.
import { endClaim } from "../src/engine/end-claim.ts";
import { submitClaim } from "../src/engine/submit-claim.ts";
import { HOUR_MS } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import type { KnownInvoice } from "./known.ts";
import { NEVER_RELEASES, SimReader, write, type Paper, type PaperKind } from "./papers.ts";
import { drawn, type Random } from "./random.ts";
import { mayRefuse } from "./refusal.ts";
import { endToEndOf } from "./till.ts";

const HONEST = ["paid", "paid", "scheduled", "picture"] as const;
const FALSE = ["malformed", "plausible", "reused", "reused", "reused_id", "scheduled"] as const;

/** A paper is sent for an invoice. An honest customer pays at the same time, or has ordered it; of the others' the bank knows nothing. */
export async function proves(history: History, person: { ref: string; random: Random }, ref: string, honest: boolean): Promise<void> {
  const { known, oracle, faults, world } = history;
  const invoice = known.invoices.get(ref);
  if (!invoice || invoice.settledAt !== null) return;
  const paper = paperOf(history, person, invoice, person.random.pick(honest ? HONEST : FALSE));
  const tools = { reader: new SimReader(() => faults.hit("reader_fails", person.ref)), files: history.drawer, scan: null };
  const before = known.contradicted.has(person.ref);
  const ask = { customer: person.ref, invoice: ref, bytes: paper.bytes, by: "portal" };
  const made = await mayRefuse(() => history.ask(({ engine }) => submitClaim(engine, tools, ask)));
  world.say(`${person.ref} sends a proof of ${ref} (${paper.kind}): ${made?.recommendation ?? "refused"}`);
  if (made === null) return;
  faults.note(`proof_${paper.kind}`);
  history.papers.push(paper);
  known.life.set(person.ref, history.now);
  const { releaseUntil } = made;
  if (releaseUntil !== null) {
    if (NEVER_RELEASES.has(paper.kind)) oracle.fault("L5", `a proof of ${ref} gave access, and it was ${paper.kind}`);
    if (before) oracle.fault("L5", `a proof of ${ref} gave access to ${person.ref}, whose earlier one was contradicted`);
    if (known.released.has(ref)) oracle.fault("L5", `a second proof of ${ref} gave access once more`);
    known.released.add(ref);
  }
  const kept = { kind: "claim" as const, customer: person.ref, invoices: [ref], until: made.reviewUntil, ended: false };
  known.protections.push(kept);
  known.order += 1;
  if (honest && !person.random.chance(0.4)) return;
  history.at(history.now + person.random.between(1, honest ? 96 : 24) * HOUR_MS, async () => {
    const end = honest ? ("confirmed" as const) : ("contradicted" as const);
    const word = { customer: person.ref, claimId: made.claimId, end, reason: "conferido", by: "staff" };
    const ended = await mayRefuse(() => history.ask(({ engine }) => endClaim(engine, word).then(() => true)));
    if (!ended) return;
    kept.ended = true;
    if (end === "contradicted") known.contradicted.add(person.ref);
    world.say(`staff calls the proof of ${ref} ${end}`);
  });
}

function paperOf(
  history: History,
  { ref: customer, random }: { ref: string; random: Random },
  invoice: KnownInvoice,
  wanted: PaperKind,
): Paper {
  const { now, zone, seed, papers, bank } = history;
  const name = `${invoice.ref} ${now}`;
  const other = drawn(
    seed,
    `paper ${name}`,
    papers.filter(
      (paper) => paper.customer !== customer && (wanted === "reused" || paper.endToEndId !== null) && paper.kind !== "malformed",
    ),
    (paper) => `${paper.customer} ${paper.name}`,
  );
  const kind = wanted.startsWith("reused") && !other ? "malformed" : wanted;
  if (kind === "reused" && other) return { ...other, kind, customer };
  const paid = kind === "paid" ? bank.pays(customer, invoice.ref, invoice.open) : null;
  const invented = kind === "plausible" || (kind === "paid" && random.chance(0.5)) ? endToEndOf(name, now) : null;
  const endToEndId = kind === "reused_id" ? (other?.endToEndId ?? null) : (paid ?? invented);
  return write({ kind, customer, name, amount: invoice.open, now, today: zone.dayOf(now), endToEndId });
}
