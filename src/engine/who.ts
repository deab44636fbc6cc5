// Which customer a use case is about: our own id, or the provider's number.
import { ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { findRef } from "../store/customers.ts";
import type { Db } from "../store/database.ts";

/** A number is our id, text is the provider's own number for the customer. */
export type Who = Id | string;

/** @throws ReguaError `customer_unknown` */
export async function whoIs(db: Db, who: Who): Promise<Id> {
  if (typeof who === "number") return who;
  const found = await findRef(db, "customer", who);
  if (!found) throw new ReguaError("customer_unknown", { value: who });
  return found.id;
}

/**
 * Words that a person must have written: who and why. Stored as written, without the white space around.
 * @throws ReguaError `words_missing`
 */
export function required(field: string, text: string): string {
  const words = text.trim();
  if (words === "") throw new ReguaError("words_missing", { field });
  return words;
}
