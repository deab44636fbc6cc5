// Proofs that a customer's entries are under the daily anchors: made from the leaves of a day, checked with nothing but hashes.
import { formatDay, parseDay } from "../kernel/time.ts";
import type { Db } from "../store/database.ts";
import { anchorHash, leafOf, rootOfPath, Tree } from "../kernel/anchors.ts";
import { anchorsFrom, leavesOfDay, type LeafRow } from "../store/evidence.ts";
import type { CheckedEntry } from "./chain.ts";
import type { Finding, Note } from "./finding.ts";
import type { Bundle } from "./format.ts";

type Anchors = Bundle["anchors"];

/** Anchors kept outside the database, by day: their hashes as they were published. */
export type Published = ReadonlyMap<string, string>;

/** Leaves per statement: about 10 MB of rows at a time. */
const BATCH = 50_000;

interface Range {
  from: number;
  to: number;
}

/** The subtrees beside the way from a leaf to the root, from the leaf upwards (RFC 6962, 2.1.1). */
function besides(position: number, size: number): Range[] {
  const ranges: Range[] = [];
  for (let [from, to] = [0, size]; to - from > 1;) {
    let left = 1;
    while (left * 2 < to - from) left *= 2;
    const middle = from + left;
    ranges.push(position < middle ? { from: middle, to } : { from, to: middle });
    [from, to] = position < middle ? [from, middle] : [middle, to];
  }
  return ranges.reverse();
}

/** Reads at most so many leaves from a place on, in the order of the tree. */
type ReadLeaves = (from: number, limit: number) => Promise<readonly string[]>;

/** The path of one of `size` leaves: every other leaf is read once, none is kept. */
export async function pathOf(read: ReadLeaves, position: number, size: number): Promise<string[]> {
  const path: string[] = [];
  for (const { from, to } of besides(position, size)) {
    const tree = new Tree();
    while (from + tree.size < to) {
      const leaves = await read(from + tree.size, Math.min(BATCH, to - from - tree.size));
      // Leaves that are gone leave the proof wrong, and the check says so.
      if (leaves.length === 0) break;
      for (const leaf of leaves) tree.add(leaf);
    }
    path.push(tree.root());
  }
  return path;
}

/** The anchors from the first that covers the customer to the newest, and the proof of each leaf. */
export async function anchorsOf(db: Db, leaves: readonly LeafRow[]): Promise<Pick<Anchors, "proofs"> & { days: unknown[] }> {
  const [first] = leaves;
  if (!first) return { days: [], proofs: [] };
  const days = await anchorsFrom(db, first.day);
  const sizes = new Map(days.map((anchor) => [anchor.day, anchor.leaves]));
  const proofs: Anchors["proofs"] = [];
  let after = 0;
  for (const leaf of leaves) {
    const path = await pathOf((from, limit) => leavesOfDay(db, leaf.day, from, limit), leaf.position, sizes.get(leaf.day) ?? 0);
    proofs.push({ day: formatDay(leaf.day), after, seq: leaf.seq, position: leaf.position, path });
    after = leaf.seq;
  }
  return { days: days.map((anchor) => ({ ...anchor, day: formatDay(anchor.day) })), proofs };
}

/** Checks the anchors' own chain, each leaf's way to its root, and that the leaves leave no entry out. */
export function checkAnchors(
  ref: string,
  { days, proofs }: Anchors,
  entries: readonly CheckedEntry[],
  published: Published,
): { findings: Finding[]; notes: Note[]; compared: number } {
  const findings = checkAnchorChain(days, published);
  const bySeq = new Map(entries.map((each) => [each.place.seq, each]));
  const byDay = new Map(days.map((anchor) => [anchor.day, anchor]));
  let through = 0;
  for (const proof of proofs) {
    const anchor = byDay.get(proof.day);
    const entry = bySeq.get(proof.seq);
    if (proof.after !== through || proof.seq <= through) findings.push({ code: "leaf_gap", day: proof.day });
    through = proof.seq;
    if (!anchor) findings.push({ code: "anchor_missing", day: proof.day });
    else if (!entry) findings.push({ code: "anchored_entry_missing", day: proof.day, seq: proof.seq });
    else if (entry.hash !== null) {
      const leaf = leafOf({ ref, after: proof.after, seq: proof.seq, hash: entry.hash });
      if (rootOfPath(leaf, proof.position, anchor.leaves, proof.path) !== anchor.root)
        findings.push({ code: "leaf_differs", day: proof.day, entry: entry.place });
    }
  }
  const last = entries[entries.length - 1]?.place.seq ?? 0;
  const notes: Note[] = last > through ? [{ code: "not_anchored", from: through + 1, through: last }] : [];
  for (const day of published.keys()) if (!byDay.has(day)) notes.push({ code: "published_not_here", day });
  return { findings, notes, compared: days.filter((anchor) => published.has(anchor.day)).length };
}

function checkAnchorChain(days: Anchors["days"], published: Published): Finding[] {
  const findings: Finding[] = [];
  for (const [i, anchor] of days.entries()) {
    const before = days[i - 1];
    const day = parseDay(anchor.day);
    if (before && parseDay(before.day) + 1 !== day) findings.push({ code: "anchor_missing", day: formatDay(day - 1) });
    const made = anchorHash({ ...anchor, day });
    const chained = before === undefined || before.hash === anchor.previous;
    if (made !== anchor.hash || !chained) findings.push({ code: "anchor_differs", day: anchor.day });
    const known = published.get(anchor.day);
    if (known !== undefined && known !== anchor.hash) findings.push({ code: "anchor_not_as_published", day: anchor.day });
  }
  return findings;
}
