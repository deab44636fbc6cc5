// Postal addresses of customers, and the charges that waited for one.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Instant } from "../kernel/time.ts";
import { ts, type Db, type Trx } from "./database.ts";

/** In Brazil: the state in two capital letters, the postal code (CEP) in eight digits. */
export interface AddressRecord {
  street: string;
  number: string;
  neighborhood: string;
  city: string;
  state: string;
  postalCode: string;
}

/** Null: none is known. */
export async function readAddress(db: Db, customerId: Id): Promise<AddressRecord | null> {
  const { rows } = await sql<AddressRecord>`
    SELECT street, number, neighborhood, city, state, postal_code AS "postalCode" FROM customer_address
    WHERE customer_id = ${customerId} -- one row`.execute(db);
  return rows[0] ?? null;
}

/** Keeps an address. Charges that a gateway refused are tried again at once: the address may be what was missing. */
export async function saveAddress(trx: Trx, customerId: Id, address: AddressRecord, now: Instant): Promise<void> {
  const { street, number, neighborhood, city, state, postalCode } = address;
  await sql`
    INSERT INTO customer_address (customer_id, street, number, neighborhood, city, state, postal_code, changed_at)
    VALUES (${customerId}, ${street}, ${number}, ${neighborhood}, ${city}, ${state}, ${postalCode}, ${ts(now)})
    ON CONFLICT (customer_id) DO UPDATE SET street = ${street}, number = ${number}, neighborhood = ${neighborhood}, city = ${city},
      state = ${state}, postal_code = ${postalCode}, changed_at = ${ts(now)}`.execute(trx);
  await sql`
    UPDATE charge SET not_before = ${ts(now)}
    WHERE customer_id = ${customerId} AND phase = 'wanted' AND NOT may_exist AND not_before > ${ts(now)}`.execute(trx);
}
