// Compares the state a bundle shows with what its entries say: each event that both tell of must stand in both.
import { z } from "zod";
import type { CheckedEntry, ReadEntry } from "./chain.ts";
import type { Finding, Place, Table } from "./finding.ts";
import type { Bundle } from "./format.ts";

type Tables = Pick<Bundle, "state" | "messages">;

const decisionBody = z.looseObject({
  holds: z.array(z.looseObject({ service: z.string(), invoice: z.string() })).default([]),
  lifted: z.array(z.unknown()).default([]),
  access: z.array(z.looseObject({ service: z.string(), desired: z.string() })).default([]),
  promises: z.array(z.looseObject({ promise: z.string(), end: z.string() })).default([]),
  claims: z.array(z.looseObject({ end: z.string() })).default([]),
  terminations: z.array(z.looseObject({ service: z.string(), invoice: z.string() })).default([]),
});

const part = z.looseObject({ invoice: z.string(), kind: z.string().optional(), amount_cents: z.int() });
const receiptBody = z.looseObject({
  source: z.string(),
  external_id: z.string(),
  amount_cents: z.int(),
  currency: z.string(),
  paid_on: z.string(),
  // Entries of schema 1 know no phases: what they tell was seen in the account.
  settled_on: z.string().nullable().optional(),
  returned_cents: z.int().default(0),
  allocations: z.array(part),
});
const receiptSettled = z.looseObject({ source: z.string(), external_id: z.string(), settled_on: z.string() });
const receiptMoved = z.looseObject({ source: z.string(), external_id: z.string(), returned_cents: z.int(), allocations: z.array(part) });
const creditApplied = z.looseObject({
  receipts: z.array(z.looseObject({ source: z.string(), external_id: z.string(), allocations: z.array(part) })),
});

const holdPlaced = z.looseObject({ kind: z.string(), service: z.string().nullable(), invoice: z.string().nullable() });
const holdReleased = z.looseObject({ kind: z.string(), placed_at: z.string() });
const promiseGranted = z.looseObject({ protocol: z.string(), kind: z.string(), until: z.string(), owed_cents: z.int() });
const promiseCancelled = z.looseObject({ protocol: z.string() });
const claimOpened = z.looseObject({ invoice: z.string(), proof: z.looseObject({ sha256: z.string() }).optional() });
const messageBody = z.looseObject({ message_id: z.string(), answer: z.string() });

/** What only the last entry about it says: the access of a service, and how much of a receipt went back. */
interface Last {
  desired: Map<string, { desired: string; entry: Place }>;
  returned: Map<string, { cents: number; entry: Place }>;
}

/** Events by table, each as one line that reads the same whether it comes from an entry or from a row. */
class Events {
  readonly #said = new Map<Table, { row: string; entry: Place }[]>();

  say(table: Table, row: string, entry: Place): void {
    const list = this.#said.get(table);
    if (list) list.push({ row, entry });
    else this.#said.set(table, [{ row, entry }]);
  }

  compare(table: Table, rows: readonly string[]): Finding[] {
    const left = new Map<string, number>();
    for (const row of rows) left.set(row, (left.get(row) ?? 0) + 1);
    const findings: Finding[] = [];
    for (const { row, entry } of this.#said.get(table) ?? []) {
      const count = left.get(row) ?? 0;
      if (count === 0) findings.push({ code: "row_missing", table, row, entry });
      else left.set(row, count - 1);
    }
    for (const [row, count] of left) if (count > 0) findings.push({ code: "row_without_entry", table, row });
    return findings;
  }
}

type ReceiptName = { source: string; external_id: string };
const name = (receipt: ReceiptName): string => `${receipt.source} ${receipt.external_id}`;

const line = {
  receipt: (r: { source: string; external_id: string; amount_cents: number; currency: string; paid_on: string }): string =>
    `${r.source} ${r.external_id}: ${r.amount_cents} ${r.currency} ${r.paid_on}`,
  allocation: (receipt: ReceiptName, { invoice, kind, amount_cents }: z.infer<typeof part>): string =>
    `${name(receipt)} → ${invoice}: ${amount_cents}${kind === undefined || kind === "principal" ? "" : ` ${kind}`}`,
  settled: (receipt: ReceiptName, on: string): string => `${name(receipt)} ${on}`,
  about: (service: string | null, invoice: string | null, at: string): string => `${service ?? "–"} / ${invoice ?? "–"} ${at}`,
  lifted: (kind: string, placedAt: string, at: string | null): string => `${kind} ${placedAt} → ${at ?? "–"}`,
  granted: (p: { protocol: string; kind: string; until: string; owed_cents: number }, at: string): string =>
    `${p.protocol} ${p.kind} ${at} → ${p.until}: ${p.owed_cents}`,
  ended: (protocol: string, end: string, at: string | null): string => `${protocol} ${end} ${at ?? "–"}`,
  claimed: (invoice: string, at: string, file: string | null | undefined): string => `${invoice} ${at}: ${file ?? "–"}`,
  claimEnded: (end: string, at: string | null): string => `${end} ${at ?? "–"}`,
  delivery: (messageId: string, end: string, at: string | null, answer: string | null): string =>
    `${messageId} ${end} ${at ?? "–"}: ${answer ?? "–"}`,
};

/** Needs every entry: with one of them damaged what is missing here could be what it said. */
export function compareState({ state, messages }: Tables, entries: readonly CheckedEntry[]): Finding[] {
  const events = new Events();
  const last: Last = { desired: new Map(), returned: new Map() };
  for (const { entry, place } of entries) if (entry !== null) sayEntry(events, entry, place, last);
  const shown = rowsShown(state, messages);
  // A bundle of schema 1 shows no settlements.
  const tables = (Object.keys(shown) as (keyof typeof shown)[]).filter(
    (table) => table !== "settlements" || state.receipts.every((receipt) => receipt.settled_on !== undefined),
  );
  return [
    ...tables.flatMap((table) => events.compare(table, shown[table])),
    ...compareDesired(state, last.desired),
    ...compareReturned(state, last.returned),
  ];
}

/** The same lines from the rows. */
function rowsShown(state: Bundle["state"], messages: Bundle["messages"]) {
  const receipts = new Map(state.receipts.map((receipt) => [receipt.id, receipt]));
  const ends: Readonly<Record<string, string>> = { done: "accepted", refused: "undeliverable" };
  return {
    receipts: state.receipts.map(line.receipt),
    allocations: state.allocations.map((a) => line.allocation(receipts.get(a.receipt) ?? { source: "", external_id: "" }, a)),
    settlements: state.receipts.flatMap((r) => (typeof r.settled_on === "string" ? [line.settled(r, r.settled_on)] : [])),
    holds: state.holds.map((h) => `${h.kind} ${line.about(h.service, h.invoice, h.placed_at)}`),
    // The rules lift holds of an invoice or a date, and say how many; a person lifts one, and says which.
    lifted_holds: state.holds
      .filter((h) => h.lifted_by !== null)
      .map((h) => (h.lifted_by === "policy" ? (h.lifted_at ?? "–") : line.lifted(h.kind, h.placed_at, h.lifted_at))),
    promises: state.promises.flatMap((p) => [
      line.granted(p, p.granted_at),
      ...(p.state === "running" ? [] : [line.ended(p.protocol, p.state, p.ended_at)]),
    ]),
    claims: state.claims.flatMap((c) => [
      line.claimed(c.invoice, c.received_at, c.file),
      ...(c.state === "under_review" ? [] : [line.claimEnded(c.state, c.ended_at)]),
    ]),
    terminations: state.terminations.map((t) => line.about(t.service, t.invoice, t.proposed_at)),
    deliveries: messages.flatMap(({ message_id, delivery: d }) => {
      const end = ends[d.state];
      return end === undefined ? [] : [line.delivery(message_id, end, d.ended_at, d.answer)];
    }),
  } satisfies Partial<Record<Table, string[]>>;
}

function sayEntry(events: Events, entry: ReadEntry, place: Place, last: Last): void {
  const { at, body } = entry;
  const read = <T>(schema: z.ZodType<T>, say: (data: T) => void): void => {
    const result = schema.safeParse(body);
    if (result.success) say(result.data);
  };
  switch (entry.kind) {
    case "decision":
      return read(decisionBody, (data) => sayDecision(events, data, at, place, last));
    case "receipt":
      return read(receiptBody, (data) => sayReceipt(events, data, place, last));
    case "receipt.settled":
      return read(receiptSettled, (data) => events.say("settlements", line.settled(data, data.settled_on), place));
    case "receipt.returned":
    case "receipt.reinstated":
      return read(receiptMoved, (data) => {
        sayParts(events, data, data.allocations, place);
        last.returned.set(name(data), { cents: data.returned_cents, entry: place });
      });
    case "credit.applied":
      return read(creditApplied, (data) => {
        for (const receipt of data.receipts) sayParts(events, receipt, receipt.allocations, place);
      });
    case "hold.placed":
      return read(holdPlaced, (data) => events.say("holds", `${data.kind} ${line.about(data.service, data.invoice, at)}`, place));
    case "hold.released":
      return read(holdReleased, (data) => events.say("lifted_holds", line.lifted(data.kind, data.placed_at, at), place));
    case "promise.granted":
      return read(promiseGranted, (data) => events.say("promises", line.granted(data, at), place));
    case "promise.cancelled":
      return read(promiseCancelled, (data) => events.say("promises", line.ended(data.protocol, "cancelled", at), place));
    case "claim.opened":
      return read(claimOpened, (data) => events.say("claims", line.claimed(data.invoice, at, data.proof?.sha256), place));
    case "claim.confirmed":
    case "claim.contradicted":
    case "claim.refused":
      return events.say("claims", line.claimEnded(entry.kind.slice("claim.".length), at), place);
    case "message.accepted":
    case "message.undeliverable":
      return read(messageBody, ({ message_id, answer }) =>
        events.say("deliveries", line.delivery(message_id, entry.kind.slice("message.".length), at, answer), place),
      );
  }
}

function sayDecision(events: Events, data: z.infer<typeof decisionBody>, at: string, place: Place, last: Last): void {
  for (const hold of data.holds) events.say("holds", `overdue ${line.about(hold.service, hold.invoice, at)}`, place);
  for (const _ of data.lifted) events.say("lifted_holds", at, place);
  for (const promise of data.promises) events.say("promises", line.ended(promise.promise, promise.end, at), place);
  for (const claim of data.claims) events.say("claims", line.claimEnded(claim.end, at), place);
  for (const t of data.terminations) events.say("terminations", line.about(t.service, t.invoice, at), place);
  for (const access of data.access) last.desired.set(access.service, { desired: access.desired, entry: place });
}

function sayReceipt(events: Events, data: z.infer<typeof receiptBody>, place: Place, last: Last): void {
  events.say("receipts", line.receipt(data), place);
  sayParts(events, data, data.allocations, place);
  const settled = data.settled_on === undefined ? data.paid_on : data.settled_on;
  if (settled !== null) events.say("settlements", line.settled(data, settled), place);
  if (data.returned_cents > 0) last.returned.set(name(data), { cents: data.returned_cents, entry: place });
}

function sayParts(events: Events, receipt: ReceiptName, parts: readonly z.infer<typeof part>[], place: Place): void {
  for (const each of parts) events.say("allocations", line.allocation(receipt, each), place);
}

/** The access a service should have is what the last decision about it said. */
function compareDesired(state: Bundle["state"], desired: Last["desired"]): Finding[] {
  const findings: Finding[] = [];
  for (const service of state.services) {
    const said = desired.get(service.ref);
    if (said && said.desired !== service.desired)
      findings.push({ code: "row_missing", table: "services", row: `${service.ref} ${said.desired}`, entry: said.entry });
  }
  return findings;
}

/** What of a receipt went back is what the last entry about it said; nothing, where none did. */
function compareReturned(state: Bundle["state"], returned: Last["returned"]): Finding[] {
  return state.receipts.flatMap((receipt): Finding[] => {
    const said = returned.get(name(receipt));
    const row = (cents: number): string => `${name(receipt)}: ${cents}`;
    if ((said?.cents ?? 0) === receipt.refunded_cents) return [];
    if (said) return [{ code: "row_missing", table: "returns", row: row(said.cents), entry: said.entry }];
    return [{ code: "row_without_entry", table: "returns", row: row(receipt.refunded_cents) }];
  });
}

/** receipts = allocations + credit + refunds, receipt by receipt; and no invoice with more allocated than it counts as paid. */
export function checkSums(state: Bundle["state"]): Finding[] {
  const findings: Finding[] = [];
  const check = (table: Table, row: string, sum: number, shown: number): void => {
    if (sum !== shown) findings.push({ code: "sum_differs", table, row, sum, shown });
  };
  const byReceipt = new Map<number, number>();
  const byInvoice = new Map<string, number>();
  const fees = new Map<string, number>();
  for (const a of state.allocations) {
    byReceipt.set(a.receipt, (byReceipt.get(a.receipt) ?? 0) + a.amount_cents);
    const sums = a.kind === "late_fee" ? fees : byInvoice;
    sums.set(a.invoice, (sums.get(a.invoice) ?? 0) + a.amount_cents);
  }
  for (const r of state.receipts) {
    const row = `${r.source} ${r.external_id}`;
    check("receipts", row, r.allocated_cents + r.credit_cents + r.refunded_cents, r.amount_cents);
    check("allocations", row, byReceipt.get(r.id) ?? 0, r.allocated_cents);
  }
  // An invoice taken over from another system may come partly paid, so only more than what it counts as paid is wrong.
  for (const i of state.invoices) {
    check("invoices", i.ref, Math.max(byInvoice.get(i.ref) ?? 0, i.paid_cents), i.paid_cents);
    check("invoices", i.ref, fees.get(i.ref) ?? 0, i.fee_paid_cents ?? 0);
  }
  return findings;
}
