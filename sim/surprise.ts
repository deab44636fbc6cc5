// A payment that comes when it is least convenient: between two transactions, or while a call is on its way.
import { drawn, type Streams } from "./random.ts";
import type { Bank } from "./bank.ts";
import type { Town } from "./town.ts";

/** `about`: whose call or statement it comes in between. */
export async function surprisePayment(town: Town & { bank: Bank }, chance: Streams, about: string): Promise<void> {
  const { known, zone, now, seed, bank } = town;
  const owed = [...known.invoices.values()].filter((i) => i.settledAt === null && i.dueOn < zone.dayOf(now));
  // Half of the time it comes from the very customer whose call is on its way.
  const [own] = /^c\d+/u.exec(about) ?? [];
  const near = chance.of(`near ${about}`).chance(0.5) ? owed.filter((i) => i.customer.toLowerCase() === own) : [];
  const invoice = drawn(seed, `surprise ${about} ${now}`, near.length > 0 ? near : owed, ({ ref }) => ref);
  if (invoice) await bank.surprises(invoice);
}
