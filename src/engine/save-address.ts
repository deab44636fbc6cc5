// A customer's postal address, entered by a person or another system: kept, with the evidence of who said what.
import type { Json } from "../kernel/hash.ts";
import { readAddress, saveAddress, type AddressRecord } from "../store/addresses.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";

/** The same address again changes nothing. @throws ReguaError `customer_unknown`, `words_missing` */
export async function setAddress(engine: Engine, request: { customer: Who; address: AddressRecord; by: string }): Promise<void> {
  const by = required("by", request.by);
  const { address } = request;
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit) => {
    const was = await readAddress(unit.trx, customerId);
    const [before, after] = [was && say(was), say(address)];
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    await saveAddress(unit.trx, customerId, address, unit.now);
    unit.record(customerId, "customer.changed", by, { changed: { address: { from: before, to: after } } });
  });
}

/** Null: none is known. @throws ReguaError `customer_unknown` */
export async function addressOf(engine: Engine, customer: Who): Promise<AddressRecord | null> {
  return readAddress(engine.db, await whoIs(engine.db, customer));
}

const say = ({ street, number, neighborhood, city, state, postalCode }: AddressRecord): Record<string, Json> => ({
  street,
  number,
  neighborhood,
  city,
  state,
  postal_code: postalCode,
});
