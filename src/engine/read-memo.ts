// What a bank says of a payment in free text only: its EndToEndId and the payer's tax number, taken where there is one and no doubt.
import { findEndToEndIds } from "../codes/find-codes.ts";
import { findTaxIds } from "../codes/find-tax-ids.ts";

/** Null where the text has none, or several. */
export function readMemo(memo: string): { endToEndId: string | null; payerTaxId: string | null } {
  const pix = new Set(findEndToEndIds(memo).flatMap(({ id }) => (id.kind === "payment" ? [id.id] : [])));
  const taxIds = new Set(findTaxIds(memo).flatMap(({ pattern, valid }) => (valid === false ? [] : [pattern])));
  return { endToEndId: only(pix), payerTaxId: only(taxIds) };
}

function only(found: ReadonlySet<string>): string | null {
  const [first] = found;
  return found.size === 1 && first !== undefined ? first : null;
}
