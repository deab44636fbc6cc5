// Checks a customer's chain: every entry's form, its place, and that the next one names its hash. Says which entry was changed.
import { z } from "zod";
import { genesis } from "../kernel/chain.ts";
import { canonicalJson, sha256 } from "../kernel/hash.ts";
import type { Finding, Note, Place } from "./finding.ts";

const entrySchema = z.strictObject({
  customer: z.string(),
  seq: z.int().min(1),
  prev: z.string().regex(/^[0-9a-f]{64}$/u),
  kind: z.string().min(1),
  at: z.iso.datetime({ precision: 3 }),
  local: z.iso.datetime({ offset: true, precision: 3 }),
  actor: z.string().min(1),
  body: z.json(),
});

/** An entry as read from its text. */
export type ReadEntry = z.infer<typeof entrySchema>;

/** An entry as it came: its place, its text where there is one, and the hash a list beside it states. */
export interface Item {
  seq: number;
  text: string | null;
  stated: string | null;
}

export interface CheckedEntry {
  place: Place;
  hash: string | null;
  /** Null when it cannot be read, or is not what was written. */
  entry: ReadEntry | null;
}

export interface CheckedChain {
  entries: CheckedEntry[];
  findings: Finding[];
  notes: Note[];
}

interface Link {
  item: Item;
  place: Place;
  hash: string | null;
  entry: ReadEntry | null;
  /** A member that contradicts where the entry stands. */
  field: string | null;
  damaged: boolean;
}

/**
 * Checks the entries of one customer. `items` stand in the order of their places. `ref` null: the file did not say whose they are.
 * With a list of hashes a change is pinned to one entry by two witnesses against one; without it the entry is named whose text does
 * not give the hash that the next one, or the head, names.
 */
export function checkChain(ref: string | null, items: readonly Item[], head: { seq: number; hash: string } | null): CheckedChain {
  const findings: Finding[] = [];
  const links = items.map((item) => readLink(ref, item));
  let expected = 1;
  for (const [i, link] of links.entries()) {
    if (link.item.seq > expected) findings.push({ code: "entries_missing", from: expected, through: link.item.seq - 1 });
    expected = link.item.seq + 1;
    const next = links[i + 1];
    const adjacent = next?.item.seq === expected ? next : null;
    findings.push(...judge(link, adjacent, links[i + 2] ?? null, head));
  }
  if (head) findings.push(...checkEnd(ref, links[links.length - 1] ?? null, head));
  const entries = links.map(({ place, hash, entry, damaged }) => ({ place, hash, entry: damaged ? null : entry }));
  return { entries, findings, notes: clockNotes(entries) };
}

/** Where the chain ends against where the head says it does; that the last hash is the one named is judged with its entry. */
function checkEnd(ref: string | null, last: Link | null, head: { seq: number; hash: string }): Finding[] {
  const seq = last?.item.seq ?? 0;
  if (head.seq === seq) return seq === 0 && ref !== null && head.hash !== genesis(ref) ? [{ code: "head_differs", seq }] : [];
  // The right hash beside another number: the number was changed, and no entry is gone.
  if (head.seq < seq || head.hash === last?.hash) return [{ code: "head_differs", seq }];
  return [{ code: "entries_missing", from: seq + 1, through: head.seq }];
}

function readLink(ref: string | null, item: Item): Link {
  const place: Place = { seq: item.seq, at: null, kind: null };
  const link: Link = { item, place, hash: null, entry: null, field: null, damaged: false };
  if (item.text === null) return link;
  link.hash = sha256(item.text);
  const entry = readEntry(item.text);
  if (entry === null) return link;
  link.entry = entry;
  place.at = entry.at;
  place.kind = entry.kind;
  link.field = oddField(ref, item, entry);
  return link;
}

function readEntry(text: string): ReadEntry | null {
  try {
    return entrySchema.parse(JSON.parse(text));
  } catch {
    // No JSON, not an entry's shape, or nested deeper than the stack: a stranger's file may hold anything.
    return null;
  }
}

/** The member by which an entry contradicts its own place or form. */
function oddField(ref: string | null, item: Item, entry: ReadEntry): string | null {
  if (ref !== null && entry.customer !== ref) return "customer";
  if (entry.seq !== item.seq) return "seq";
  if (entry.seq === 1 && entry.prev !== genesis(entry.customer)) return "prev";
  if (Date.parse(entry.local) !== Date.parse(entry.at)) return "local";
  return canonicalText(entry) === item.text ? null : "form";
}

function canonicalText(entry: ReadEntry): string | null {
  try {
    return canonicalJson(entry);
  } catch {
    // A number that is not whole: canonical JSON has none.
    return null;
  }
}

function judge(link: Link, next: Link | null, afterNext: Link | null, head: { seq: number; hash: string } | null): Finding[] {
  const { item, place, hash, entry, field } = link;
  const last = head !== null && head.seq === item.seq;
  const named = next ? (next.entry?.prev ?? null) : last ? head.hash : null;
  if (hash === null) {
    link.damaged = true;
    return [{ code: "entry_unreadable", entry: place }];
  }
  const listOk = item.stated === null || item.stated === hash;
  if (link.damaged) return [{ code: "entry_differs", entry: place, witness: "next", field: "prev" }];
  if (!listOk && named !== hash) {
    link.damaged = true;
    if (entry === null) return [{ code: "entry_unreadable", entry: place }];
    return [{ code: "entry_differs", entry: place, witness: "list", field }];
  }
  const findings: Finding[] = listOk ? [] : [{ code: "hash_list_differs", entry: place }];
  if (named !== null && named !== hash && !changedSince(next)) findings.push(...brokenLink(link, next, afterNext, head));
  else if (entry === null) findings.push({ code: "entry_unreadable", entry: place });
  else if (field !== null) findings.push({ code: "entry_field", entry: place, field });
  if (entry === null || field !== null) link.damaged = true;
  return findings;
}

/** An entry that the list of hashes already shows to be changed is no witness about the one before it. */
function changedSince(link: Link | null): boolean {
  return link !== null && link.item.stated !== null && link.item.stated !== link.hash;
}

/** Two entries disagree: either the first was changed, or what the second says of it. What the third names tells. */
function brokenLink(link: Link, next: Link | null, afterNext: Link | null, head: { seq: number; hash: string } | null): Finding[] {
  if (next?.entry) {
    const wanted = afterNext?.item.seq === next.item.seq + 1 ? afterNext.entry?.prev : head?.seq === next.item.seq ? head.hash : undefined;
    if (wanted !== undefined && wanted !== next.hash && sha256(canonicalJson({ ...next.entry, prev: link.hash })) === wanted) {
      next.damaged = true;
      return [];
    }
    link.damaged = true;
    return [{ code: "entry_differs", entry: link.place, witness: "next", field: link.field }];
  }
  // With a list, the text is as exported: the head or the entry was changed before. Without one only the head speaks.
  if (link.item.stated !== null) return [{ code: "head_differs", seq: link.item.seq }];
  link.damaged = true;
  return [{ code: "entry_differs", entry: link.place, witness: "head", field: link.field }];
}

function clockNotes(entries: readonly CheckedEntry[]): Note[] {
  const notes: Note[] = [];
  let latest = "";
  for (const { place, entry } of entries) {
    if (entry === null) continue;
    // Both are UTC in one width, so their texts compare as their times do.
    if (entry.at < latest) notes.push({ code: "clock_went_back", entry: place });
    latest = entry.at > latest ? entry.at : latest;
  }
  return notes;
}

/**
 * Gives the texts of a file their places: one after the other, except where an entry was taken out. A number that jumps is such a gap
 * when the list of hashes vouches for the text; otherwise the number itself was changed.
 */
export function placeEntries(texts: readonly string[], hashes: readonly string[]): Item[] {
  const paired = texts.length === hashes.length;
  let seq = 0;
  return texts.map((text, i) => {
    seq += 1;
    const said = seqOf(text);
    if (said !== null && said > seq && (!paired || sha256(text) === hashes[i])) seq = said;
    return { seq, text, stated: hashes[paired ? i : seq - 1] ?? null };
  });
}

/** Whose chain it is by its own first entry: the one that begins with the hash made of the customer's number. Null when that is lost. */
export function ownerOf(texts: readonly string[]): string | null {
  const first = readEntry(texts[0] ?? "");
  return first !== null && first.prev === genesis(first.customer) ? first.customer : null;
}

/** The number an entry's text gives itself; null when it cannot be read. */
export function seqOf(text: string): number | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" && "seq" in value && Number.isSafeInteger(value.seq) ? (value.seq as number) : null;
  } catch {
    return null;
  }
}
