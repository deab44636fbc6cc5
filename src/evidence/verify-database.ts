// Verifies every chain, every anchor and the record of the house in the database, in batches: for `regua doctor` and for the simulator's oracle.
import { formatDay, formatInstant, type Day } from "../kernel/time.ts";
import type { Db, Trx } from "../store/database.ts";
import { ANCHOR_GENESIS, anchorHash, leafOf, Tree, type Anchor } from "../kernel/anchors.ts";
import {
  anchorsFrom,
  chainHeads,
  entriesAfter,
  inOneMoment,
  leavesAfter,
  leavesOf,
  type ChainHead,
  type EvidenceRow,
  type LeafPlace,
  type LeafRow,
} from "../store/evidence.ts";
import { checkChain } from "./chain.ts";
import type { Finding } from "./finding.ts";
import { verifyHouse } from "./house.ts";

/** Customers read at one moment; a long transaction would keep the database from clearing up behind itself. */
const CUSTOMERS = 500;
const ENTRIES = 5000;
const LEAVES = 50_000;

/** A finding, and where it is: a customer's chain, the anchors, or the record of the house. */
export interface DatabaseFinding {
  of: "customer" | "anchors" | "house";
  customer: string | null;
  finding: Finding;
}

export interface DatabaseReport {
  intact: boolean;
  customers: number;
  entries: number;
  anchors: number;
  /** Rows of the record of the house. */
  house: number;
  /** Entries that no anchor covers yet: those of today, as a rule. */
  notAnchored: number;
  faults: number;
  /** The first of them. */
  findings: DatabaseFinding[];
}

export interface VerifyOptions {
  /** Findings kept; the rest is only counted. */
  keep?: number;
  /** Called after each batch with the customers checked so far. */
  progress?: (customers: number) => void;
}

/**
 * Checks every customer's chain against its row and its anchors, and every anchor against its leaves. Memory does not grow with the
 * number of customers, only with the entries of the one that has most.
 */
export async function verifyDatabase(db: Db, options: VerifyOptions = {}): Promise<DatabaseReport> {
  const report: DatabaseReport = { intact: true, customers: 0, entries: 0, anchors: 0, house: 0, notAnchored: 0, faults: 0, findings: [] };
  const add = (customer: string | null, findings: readonly Finding[], of: DatabaseFinding["of"] = "customer"): void => {
    report.faults += findings.length;
    const room = Math.max(0, (options.keep ?? 100) - report.findings.length);
    report.findings.push(...findings.slice(0, room).map((finding) => ({ of, customer, finding })));
  };
  for (let after = 0; ;) {
    const last = await inOneMoment(db, (trx) => verifyBatch(trx, after, report, add));
    if (last === null) break;
    after = last;
    options.progress?.(report.customers);
  }
  await verifyAnchors(db, report, add);
  const house = await verifyHouse(db);
  report.house = house.rows;
  add(null, house.findings, "house");
  report.intact = report.faults === 0;
  return report;
}

type Add = (customer: string | null, findings: readonly Finding[], of?: DatabaseFinding["of"]) => void;

/** Checks the customers after an id; answers the last of them, or null when there are none. */
async function verifyBatch(trx: Trx, after: number, report: DatabaseReport, add: Add): Promise<number | null> {
  const heads = await chainHeads(trx, after, CUSTOMERS);
  const last = heads[heads.length - 1];
  if (!last) return null;
  const ids = heads.map((head) => head.customerId);
  const leaves = Map.groupBy(await leavesOf(trx, ids), (leaf) => leaf.customerId);
  const byId = new Map(heads.map((head) => [head.customerId, head]));
  for await (const rows of chains(trx, ids)) {
    const id = rows[0]?.customerId ?? 0;
    const head = byId.get(id);
    if (!head) continue;
    byId.delete(id);
    add(head.ref, checkCustomer(head, rows, leaves.get(id) ?? [], report));
  }
  for (const head of byId.values()) add(head.ref, checkCustomer(head, [], leaves.get(head.customerId) ?? [], report));
  report.customers += heads.length;
  return last.customerId;
}

/** The chains of customers, one after the other, read in batches of entries. */
async function* chains(trx: Trx, ids: readonly number[]): AsyncIterable<EvidenceRow[]> {
  let chain: EvidenceRow[] = [];
  for (let place = { customerId: 0, seq: 0 }; ;) {
    const rows = await entriesAfter(trx, ids, place, ENTRIES);
    for (const row of rows) {
      if (chain.length > 0 && chain[0]?.customerId !== row.customerId) {
        yield chain;
        chain = [];
      }
      chain.push(row);
    }
    const last = rows[rows.length - 1];
    if (!last || rows.length < ENTRIES) break;
    place = last;
  }
  if (chain.length > 0) yield chain;
}

function checkCustomer(head: ChainHead, rows: readonly EvidenceRow[], leaves: readonly LeafRow[], report: DatabaseReport): Finding[] {
  const items = rows.map((row) => ({ seq: row.seq, text: row.entry, stated: null }));
  const { entries, findings } = checkChain(head.ref, items, head);
  for (const [i, { entry, place }] of entries.entries()) {
    const row = rows[i];
    if (!row || entry === null) continue;
    // The columns beside the text are for indexes; what they say must be what the text says.
    if (formatInstant(row.at) !== entry.at) findings.push({ code: "entry_field", entry: place, field: "at" });
    if (row.kind !== entry.kind) findings.push({ code: "entry_field", entry: place, field: "kind" });
  }
  const bySeq = new Map(entries.map((each) => [each.place.seq, each]));
  let after = 0;
  for (const leaf of leaves) {
    const day = formatDay(leaf.day);
    const entry = bySeq.get(leaf.seq);
    const hash = entry?.hash ?? null;
    if (leaf.seq <= after) findings.push({ code: "leaf_gap", day });
    else if (!entry || hash === null) findings.push({ code: "anchored_entry_missing", day, seq: leaf.seq });
    else if (leafOf({ ref: head.ref, after, seq: leaf.seq, hash }) !== leaf.leaf)
      findings.push({ code: "leaf_differs", day, entry: entry.place });
    after = leaf.seq;
  }
  report.entries += rows.length;
  report.notAnchored += Math.max(0, head.seq - after);
  return findings;
}

async function verifyAnchors(db: Db, report: DatabaseReport, add: Add): Promise<void> {
  let before: Anchor | null = null;
  const leaves = allLeaves(db);
  let next = await leaves.next();
  for (const anchor of await anchorsFrom(db, 0)) {
    const tree = new Tree();
    for (; !next.done && next.value.day <= anchor.day; next = await leaves.next())
      if (next.value.day === anchor.day) tree.add(next.value.leaf);
    const day = formatDay(anchor.day);
    const findings: Finding[] = [];
    if (before !== null && before.day + 1 !== anchor.day) findings.push({ code: "anchor_missing", day: formatDay(anchor.day - 1) });
    const chained: boolean = anchor.previous === (before?.hash ?? ANCHOR_GENESIS) && anchorHash(anchor) === anchor.hash;
    if (!chained || tree.size !== anchor.leaves || tree.root() !== anchor.root) findings.push({ code: "anchor_differs", day });
    add(null, findings, "anchors");
    report.anchors += 1;
    before = anchor;
  }
}

/** Every leaf, in the order of days and trees, read in batches that days do not bound: most have a handful. */
async function* allLeaves(db: Db): AsyncGenerator<{ day: Day; leaf: string }, void> {
  for (let place: LeafPlace = { day: 0, position: -1, customerId: 0 }; ;) {
    const rows = await leavesAfter(db, place, LEAVES);
    yield* rows;
    const last = rows[rows.length - 1];
    if (!last || rows.length < LEAVES) return;
    place = last;
  }
}
