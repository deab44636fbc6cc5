// Exports one customer's evidence as a bundle: everything read at one moment, nothing written.
import { ReguaError } from "../kernel/errors.ts";
import { sha256 } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import { findRef } from "../store/customers.ts";
import type { Db } from "../store/database.ts";
import {
  chainHeads,
  entriesAfter,
  identitiesOf,
  inOneMoment,
  leavesOf,
  messagesOf,
  policyVersions,
  stateOf,
  type EvidenceRow,
} from "../store/evidence.ts";
import { checkChain } from "./chain.ts";
import { FORMAT, shapeBundle, type Bundle } from "./format.ts";
import { tieMessages } from "./messages.ts";
import { hashedText, versionsNamed } from "./policies.ts";
import { anchorsOf } from "./proof.ts";
import { HOW_TO_VERIFY } from "./statement.ts";

const BATCH = 5000;

/**
 * One customer's evidence, whole, as it stands. It holds the customer's personal data: give it to the customer, or to who may see it.
 * A chain that was tampered with in the database is exported as it is, so that {@link file://./verify.ts verifyBundle} can show where.
 * @throws ReguaError `customer_unknown`
 */
export async function exportBundle(db: Db, customerRef: string, options: { now: Instant }): Promise<Bundle> {
  return inOneMoment(db, async (trx) => {
    const found = await findRef(trx, "customer", customerRef);
    const [row] = found ? await chainHeads(trx, found.customerId - 1, 1) : [];
    if (!found || row?.customerId !== found.customerId) throw new ReguaError("customer_unknown", { value: customerRef });
    const id = found.customerId;
    const texts = (await entriesOf(trx, id)).map((entry) => entry.entry);
    const hashes = texts.map((text) => sha256(text));
    const { entries } = checkChain(
      row.ref,
      texts.map((text, i) => ({ seq: i + 1, text, stated: null })),
      null,
    );
    const policies = await policyVersions(trx, [...versionsNamed(entries).keys()]);
    const { customer, provider } = await identitiesOf(trx, id);
    return shapeBundle({
      format: FORMAT,
      how_to_verify: HOW_TO_VERIFY,
      exported_at: formatInstant(options.now),
      provider,
      customer,
      head: { seq: row.seq, hash: row.hash },
      entries: texts,
      hashes,
      messages: tieMessages(await messagesOf(trx, id), entries),
      policies: policies.map(({ doc, ...policy }) => ({ ...policy, document: hashedText(doc) })),
      state: await stateOf(trx, id),
      anchors: await anchorsOf(trx, await leavesOf(trx, [id])),
    });
  });
}

async function entriesOf(db: Db, id: Id): Promise<EvidenceRow[]> {
  const all: EvidenceRow[] = [];
  for (let seq = 0; ;) {
    const rows = await entriesAfter(db, [id], { customerId: id, seq }, BATCH);
    all.push(...rows);
    const last = rows[rows.length - 1];
    if (!last || rows.length < BATCH) return all;
    seq = last.seq;
  }
}
