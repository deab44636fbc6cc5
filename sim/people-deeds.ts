// What people ask of the program besides paying: promises, disputes, claims, cancellations; and the oracle's memory of each.
import { askCancellation } from "../src/engine/ask-cancellation.ts";
import { cancelPromise } from "../src/engine/cancel-promise.ts";
import { endClaim } from "../src/engine/end-claim.ts";
import { grantPromise } from "../src/engine/grant-promise.ts";
import { openClaim } from "../src/engine/open-claim.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { releaseHold } from "../src/engine/release-hold.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import type { Protection } from "./known.ts";
import type { Random } from "./random.ts";
import { mayRefuse } from "./refusal.ts";

export interface Person {
  ref: string;
  random: Random;
}

function protect(history: History, protection: Omit<Protection, "ended">): Protection {
  const made = { ...protection, ended: false };
  history.known.protections.push(made);
  history.known.order += 1;
  history.world.say(`${made.kind} of ${made.customer} for ${made.invoices?.join(", ") ?? "everything"}`);
  return made;
}

export async function promise(history: History, person: Person, ref: string, days: number): Promise<void> {
  const ask = {
    customer: person.ref,
    until: history.zone.dayOf(history.now) + days,
    reason: "pago na semana que vem",
    askedBy: "customer",
    owner: "portal",
    acceptedConditions: true,
    ...(person.random.chance(0.5) ? { invoices: [ref] } : {}),
  } as const;
  const made = await mayRefuse(() => history.ask(({ engine }) => grantPromise(engine, ask)));
  if (made === null) return history.world.say(`promise of ${person.ref} refused`);
  history.known.life.set(person.ref, history.now);
  const kept = protect(history, { kind: "promise", customer: person.ref, invoices: made.invoices, until: made.until });
  if (!person.random.chance(0.1)) return;
  history.at(history.now + person.random.between(1, 48) * HOUR_MS, async () => {
    const end = { customer: person.ref, protocol: made.protocol, by: "staff", reason: "pedido do cliente" };
    const done = await mayRefuse(() => history.ask(({ engine }) => cancelPromise(engine, end).then(() => true)));
    if (done) kept.ended = true;
  });
}

export async function dispute(history: History, calmAt: Instant, person: Person, ref: string): Promise<void> {
  const until = Math.min(history.now + person.random.between(2, 20) * DAY_MS, calmAt);
  await hold(history, person.random, { customer: person.ref, invoice: ref, kind: "dispute", until });
}

/** Places a hold on collection, and now and then lifts it before its end. */
export async function hold(
  history: History,
  random: Random,
  request: { customer: string; invoice?: string; kind: "dispute" | "manual"; until: Instant },
): Promise<void> {
  if (request.until <= history.now) return;
  const ask = { ...request, reason: "em conversa", by: "staff", effect: "collection" } as const;
  const made = await mayRefuse(() => history.ask(({ engine }) => placeHold(engine, ask)));
  if (made === null) return;
  const { customer, invoice, until } = request;
  const kept = protect(history, { kind: "hold", customer, invoices: invoice === undefined ? null : [invoice], until });
  if (!random.chance(0.5)) return;
  const lift = history.now + Math.floor((until - history.now) * random.unit());
  history.at(lift, async () => {
    const end = { customer, holdId: made.holdId, by: "staff", reason: "resolvido" };
    const done = await mayRefuse(() => history.ask(({ engine }) => releaseHold(engine, end).then(() => true)));
    if (done) kept.ended = true;
  });
}

const REVIEW_MS = 5 * DAY_MS;

/** A proof is sent. Forged: the bank knows nothing of it, and staff finds out within a day. */
export async function claim(history: History, person: Person, ref: string, proof: "honest" | "forged"): Promise<void> {
  const { random } = person;
  const asked = proof === "forged" || random.chance(0.5);
  const releaseUntil = asked ? history.now + random.between(6, 48) * HOUR_MS : null;
  const made = await mayRefuse(() =>
    history.ask(({ engine }) => openClaim(engine, { customer: person.ref, invoice: ref, releaseUntil, by: "portal" })),
  );
  if (made === null) return;
  history.known.life.set(person.ref, history.now);
  if (proof === "forged") history.faults.note("proof_forged");
  if (asked && made.releaseUntil === null) history.faults.note("proof_again");
  if (made.releaseUntil !== null) {
    if (history.known.released.has(ref)) history.oracle.fault("L5", `a second proof of ${ref} gave access once more`);
    history.known.released.add(ref);
  }
  const kept = protect(history, { kind: "claim", customer: person.ref, invoices: [ref], until: history.now + REVIEW_MS });
  if (proof === "honest" && !random.chance(0.6)) return;
  history.at(history.now + random.between(1, proof === "forged" ? 24 : 96) * HOUR_MS, async () => {
    const end = proof === "forged" ? "contradicted" : random.pick(["confirmed", "contradicted", "refused"] as const);
    const ask = { customer: person.ref, claimId: made.claimId, end, reason: "conferido", by: "staff" };
    const done = await mayRefuse(() => history.ask(({ engine }) => endClaim(engine, ask).then(() => true)));
    if (!done) return;
    kept.ended = true;
    if (end === "contradicted") history.known.contradicted.add(person.ref);
  });
}

/** The service that an invoice bills is to be given up. */
export async function cancel(history: History, person: Person, ref: string, inDays: number): Promise<void> {
  const service = history.known.invoices.get(ref)?.service ?? "";
  const ask = { customer: person.ref, service, on: history.zone.dayOf(history.now) + inDays, by: "customer" };
  const done = await mayRefuse(() => history.ask(({ engine }) => askCancellation(engine, ask).then(() => true)));
  if (!done) return;
  history.faults.note("cancellation");
  history.world.say(`${person.ref} gives up ${service}`);
}
