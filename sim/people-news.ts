// News at the worst moment, while a worker is at it: a dispute, a promise, a proof, or an invoice that should not have been.
import { linkService } from "../src/engine/save-service.ts";
import { voidInvoice } from "../src/engine/void-invoice.ts";
import { HOUR_MS, type Instant } from "../src/kernel/time.ts";
import type { History } from "./history.ts";
import type { KnownInvoice } from "./known.ts";
import { claim, dispute, promise } from "./people-deeds.ts";
import { PANEL } from "./ports.ts";
import { drawn, stream } from "./random.ts";
import { mayRefuse } from "./refusal.ts";

/** Somebody who owes says so, or staff does for them. */
export async function news(history: History, calmAt: Instant, about: string): Promise<void> {
  const { known, seed, now, zone } = history;
  const owed = [...known.invoices.values()].filter((i) => i.settledAt === null && i.dueOn < zone.dayOf(now));
  const invoice = drawn(seed, `news ${about} ${now}`, owed, ({ ref }) => ref);
  if (!invoice) return;
  const random = stream(seed, `news of ${invoice.ref} ${now}`);
  const person = { ref: invoice.customer, random };
  switch (random.pick(["dispute", "promise", "claim", "void"] as const)) {
    case "dispute":
      return await dispute(history, calmAt, person, invoice.ref);
    case "promise":
      return await promise(history, person, invoice.ref, random.between(1, 5));
    case "claim":
      return await claim(history, person, invoice.ref, "honest");
    case "void":
      return await takeBack(history, invoice);
  }
}

/** An invoice on which nothing was paid is void. */
export async function takeBack(history: History, invoice: KnownInvoice): Promise<void> {
  if (invoice.open !== invoice.amount) return;
  await history.ask(({ engine }) => voidInvoice(engine, { invoice: invoice.ref, reason: "emitida por engano", by: "staff" }));
  history.known.voided(invoice.ref);
  history.oracle.told(invoice.customer);
  history.world.say(`invoice ${invoice.ref} is void`);
  // The charge that the customer holds in hand can be paid all the same.
  const { bank, faults, now, seed } = history;
  if (bank.way(invoice.customer) === "told" || !faults.hit("paid_though_void", invoice.customer)) return;
  history.at(now + stream(seed, `void ${invoice.ref}`).between(1, 72) * HOUR_MS, () => {
    bank.pays(invoice.customer, invoice.ref, invoice.amount);
    return Promise.resolve();
  });
}

/** Staff ties a service to a new account, or to none; while a call is under way for it that is refused. */
export async function relink(history: History, today: string): Promise<void> {
  const { known, world, seed } = history;
  const service = drawn(seed, `relink ${today}`, [...known.owners.keys()], (ref) => ref);
  if (service === undefined) return;
  const account = `${service.toLowerCase()}-${today}`;
  const link = stream(seed, `relink ${service} ${today}`).chance(0.3) ? null : { panel: PANEL, account };
  world.open(account);
  const done = await mayRefuse(() =>
    history.ask(({ engine }) => linkService(engine, { service, link, by: "staff" }, [PANEL]).then(() => true)),
  );
  if (!done) return;
  if (link === null) known.accounts.delete(service);
  else known.accounts.set(service, account);
  history.oracle.told(known.owners.get(service) ?? "");
  world.say(`${service} is tied to ${link === null ? "no account" : account}`);
}
