// Customers entered and corrected by a person or another system: the row and the evidence of who said what.
import { chain, genesis } from "../kernel/chain.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Json } from "../kernel/hash.ts";
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatDay, type Day } from "../kernel/time.ts";
import { insertCustomer, readCustomerRecord, takeRef, updateCustomer, type CustomerRecord } from "../store/records.ts";
import { inTransaction } from "../store/retry.ts";
import { changeCustomer } from "./change.ts";
import type { Engine } from "./engine.ts";
import { stampOf } from "./journal.ts";
import { required, whoIs, type Who } from "./who.ts";
import { kindIn } from "../words/inserts.ts";

export interface NewCustomer {
  /** The provider's own number. */
  ref: string;
  name: string;
  email?: string | null;
  phone?: string | null;
  taxId?: string | null;
  lang?: Lang;
  /** First day as a customer; absent: today. */
  since?: Day;
  tags?: readonly string[];
  by: string;
}

/** What may be corrected; an absent field stays as it is, null empties it. */
export type CustomerEdit = Partial<Omit<CustomerRecord, "ref">>;

/** Enters a customer. Nothing is owed yet, so nothing is decided. @throws ReguaError `ref_taken`, `words_missing`, `field_invalid` */
export async function createCustomer(engine: Engine, request: NewCustomer): Promise<{ id: Id }> {
  const ref = required("ref", request.ref);
  const by = required("by", request.by);
  const id = (await engine.ids.take(1)).next();
  return inTransaction(engine.db, async (trx) => {
    const now = engine.clock.now();
    const setting = await engine.settings.load(trx, now);
    const today = setting.zone.dayOf(now);
    const row: CustomerRecord = {
      ref,
      name: required("name", request.name),
      email: request.email ?? null,
      phone: request.phone ?? null,
      taxId: request.taxId ?? null,
      lang: request.lang ?? setting.provider.lang,
      since: request.since ?? today,
      tags: request.tags ?? [],
    };
    notAhead(row.since, today);
    if (!(await takeRef(trx, "customer", ref, { customerId: id, id })))
      throw new ReguaError("ref_taken", { kind: kindIn("customer"), value: ref });
    const content = { kind: "customer.created", ...stampOf(now, setting.zone), actor: by, body: { customer: say(row) } };
    await insertCustomer(trx, { ...row, id }, chain(ref, { seq: 0, hash: genesis(ref) }, content), now);
    return { id };
  });
}

/** Corrects what is known of a customer, and decides it anew: its language, tags and addresses bear on the ladder. */
export async function editCustomer(engine: Engine, request: { customer: Who; edit: CustomerEdit; by: string }): Promise<void> {
  const by = required("by", request.by);
  const customerId = await whoIs(engine.db, request.customer);
  await changeCustomer(engine, customerId, async (unit) => {
    const was = await readCustomerRecord(unit.trx, customerId);
    if (!was) throw new ReguaError("customer_unknown", { value: request.customer });
    const row: CustomerRecord = { ...was, ...present(request.edit) };
    required("name", row.name);
    if (row.since !== was.since) notAhead(row.since, unit.setting.zone.dayOf(unit.now));
    const [before, after] = [say(was), say(row)];
    const changed: Record<string, Json> = {};
    for (const key of Object.keys(after))
      if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changed[key] = { from: before[key] ?? null, to: after[key] ?? null };
    if (Object.keys(changed).length === 0) return;
    await updateCustomer(unit.trx, customerId, row);
    unit.record(customerId, "customer.changed", by, { changed });
  });
}

function present(edit: CustomerEdit): CustomerEdit {
  return Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined));
}

function notAhead(since: Day, today: Day): void {
  if (since > today)
    throw new ReguaError("field_invalid", {
      field: "since",
      problem: inEach(`${formatDay(since)} has not come yet`, `${formatDay(since)} ainda não chegou`),
    });
}

/** As the evidence of an import says it. */
function say({ ref, name, email, phone, taxId, lang, since, tags }: CustomerRecord): Record<string, Json> {
  return { ref, name, email, phone, tax_id: taxId, lang, since: formatDay(since), tags };
}
