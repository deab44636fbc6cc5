// S13: somebody reaches for what is another's, and everybody looks at their own. Every reach must be refused, and no look show a stranger.
import { cancelPromise } from "../src/engine/cancel-promise.ts";
import { endClaim } from "../src/engine/end-claim.ts";
import { grantPromise, offerPromise } from "../src/engine/grant-promise.ts";
import { openClaim } from "../src/engine/open-claim.ts";
import { placeHold } from "../src/engine/place-hold.ts";
import { releaseHold } from "../src/engine/release-hold.ts";
import { reportReceipts } from "../src/engine/report-receipts.ts";
import { showCustomer } from "../src/engine/show-customer.ts";
import { askCancellation } from "../src/engine/ask-cancellation.ts";
import type { Engine } from "../src/engine/engine.ts";
import { DAY_MS, HOUR_MS } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import { strangerIn } from "./oracle-strangers.ts";
import { drawn, stream } from "./random.ts";
import { mayRefuse } from "./refusal.ts";
import type { Theirs } from "./support/view.ts";

/** What is tried with another's things, by name. */
function reaches(
  history: History,
  customer: string,
  their: Theirs,
): Readonly<Record<string, ((engine: Engine) => Promise<unknown>) | null>> {
  const { now, zone } = history;
  const { invoice, service, protocol, claimId, holdId } = their;
  const today = zone.dayOf(now);
  const promise = {
    customer,
    invoices: [invoice],
    reason: "semana que vem",
    askedBy: "customer",
    owner: "portal",
    acceptedConditions: true,
  } as const;
  const receipt = { source: "bank", externalId: `stranger-${now}`, customer, invoice, amount: 1000, currency: "BRL" };
  return {
    "an offer for the invoice": (engine) => offerPromise(engine, { customer, invoices: [invoice] }),
    "a promise for the invoice": (engine) => grantPromise(engine, promise),
    "a claim for the invoice": (engine) => openClaim(engine, { customer, invoice, releaseUntil: now + HOUR_MS, by: "portal" }),
    "a dispute of the invoice": (engine) =>
      placeHold(engine, { customer, invoice, kind: "dispute", until: now + DAY_MS, reason: "não é meu", by: "portal" }),
    "a receipt for the invoice": (engine) => reportReceipts(engine, [receipt], "bank"),
    "a cancellation of the service": (engine) => askCancellation(engine, { customer, service, on: today, by: "customer" }),
    "an end of the promise":
      protocol === null ? null : (engine) => cancelPromise(engine, { customer, protocol, by: "portal", reason: "é meu" }),
    "an end of the claim":
      claimId === null ? null : (engine) => endClaim(engine, { customer, claimId, end: "confirmed", reason: "é meu", by: "portal" }),
    "an end of the hold": holdId === null ? null : (engine) => releaseHold(engine, { customer, holdId, by: "portal", reason: "é meu" }),
  };
}

/** A customer names something of another in a request. `today`: the day it happens. */
export async function trespass(history: History, today: string): Promise<void> {
  const { known, seed } = history;
  const open = [...known.invoices.values()].filter((i) => i.settledAt === null);
  const invoice = drawn(seed, `trespass ${today}`, open, ({ ref }) => ref);
  const others = [...known.customers.keys()].filter((ref) => ref !== invoice?.customer);
  const customer = drawn(seed, `trespasser ${today}`, others, (ref) => ref);
  if (!invoice || customer === undefined) return;
  const their = await history.view.theirs(invoice.customer, { invoice: invoice.ref, service: invoice.service });
  const [what, reach] = stream(seed, `reach ${today}`).pick(Object.entries(reaches(history, customer, their)));
  if (reach === null) return;
  const done = await mayRefuse(() => history.ask(({ engine }) => reach(engine).then(() => true)));
  history.world.say(`${customer} tries ${what} of ${invoice.customer}`);
  if (done) history.oracle.fault("S13", `${customer} was given ${what} of ${invoice.customer}`);
}

/** A customer's page names nobody else. */
export async function lookAtPage(history: History, customer: string): Promise<void> {
  const { customer: page, story } = await history.ask(({ engine }) => showCustomer(engine, customer));
  const stranger = strangerIn(JSON.stringify({ page, story }), customer);
  if (stranger !== null) history.oracle.fault("S13", `the page of ${customer} names ${stranger}`);
}
