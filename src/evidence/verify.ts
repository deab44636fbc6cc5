// Verifies a bundle with nothing but its bytes: what was changed, and where. No database, no network, no clock.
import { ZodError } from "zod";
import { compareState, checkSums } from "./state.ts";
import { checkChain, ownerOf, placeEntries, seqOf, type CheckedChain, type Item } from "./chain.ts";
import type { Finding, Note, Report } from "./finding.ts";
import { bundleSchema, sealHolds, TAIL_BYTES, writeBundle, type Bundle } from "./format.ts";
import { checkMessages } from "./messages.ts";
import { checkPolicies, versionsNamed } from "./policies.ts";
import { checkAnchors, type Published } from "./proof.ts";

/** A file of another kind fails everywhere; the first few places say enough. */
const SHAPE_FINDINGS_MAX = 5;

/**
 * Checks a bundle: its seal, form, chain, texts, policies, sums, state and anchors.
 * @param published anchors kept outside the provider's reach, by day: the only check that a whole chain was not made anew
 */
export function verifyBundle(bytes: Uint8Array, published: Published = new Map()): Report {
  const report: Report = {
    intact: false,
    customer: null,
    exportedAt: null,
    head: null,
    checked: { entries: 0, messages: 0, policies: 0, receipts: 0, anchors: 0 },
    anchor: null,
    compared: 0,
    findings: sealHolds(bytes) ? [] : [{ code: "seal_broken" }],
    notes: [],
  };
  const text = Buffer.from(bytes).toString("utf8");
  const bundle = readBundle(bytes, text, report.findings);
  if (bundle) checkBundle(bundle, published, report);
  else salvage(text, report);
  report.intact = report.findings.length === 0;
  return report;
}

function checkBundle(bundle: Bundle, published: Published, report: Report): void {
  const { state, messages, policies, anchors, customer } = bundle;
  const ref = ownerOf(bundle.entries) ?? customer.ref;
  if (ref !== customer.ref) report.findings.push({ code: "customer_differs", shown: customer.ref, said: ref });
  const chain = checkChain(ref, placeEntries(bundle.entries, bundle.hashes), bundle.head);
  if (bundle.hashes.length !== bundle.entries.length)
    report.findings.push({
      code: "out_of_shape",
      field: "hashes",
      problem: `${bundle.hashes.length} for ${bundle.entries.length} entries`,
    });
  const policy = checkPolicies(policies, versionsNamed(chain.entries));
  const anchored = checkAnchors(ref, anchors, chain.entries, published);
  add(report, chain);
  report.findings.push(...checkMessages(messages, chain.entries), ...policy.findings, ...checkSums(state));
  if (chain.findings.length === 0) report.findings.push(...compareState(bundle, chain.entries));
  report.findings.push(...anchored.findings);
  report.notes.push(...policy.notes, ...anchored.notes);
  report.customer = ref;
  report.exportedAt = bundle.exported_at;
  report.head = bundle.head;
  report.checked = {
    entries: chain.entries.length,
    messages: messages.length,
    policies: policies.length,
    receipts: state.receipts.length,
    anchors: anchors.proofs.length,
  };
  report.compared = anchored.compared;
  const proof = anchors.proofs[anchors.proofs.length - 1];
  const anchor = anchors.days.find((each) => each.day === proof?.day);
  if (proof && anchor) report.anchor = { day: anchor.day, hash: anchor.hash, through: proof.seq };
}

function add(report: Report, chain: CheckedChain): void {
  report.findings.push(...chain.findings);
  report.notes.push(...chain.notes);
}

/** The bundle behind the bytes; null, with the reason among the findings, when it cannot be read. */
function readBundle(bytes: Uint8Array, text: string, findings: Finding[]): Bundle | null {
  const odd = firstDifference(bytes, Buffer.from(text, "utf8"));
  if (odd !== null) {
    findings.push({ code: "not_utf8", byte: odd });
    return null;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const place = /position (\d+)/u.exec(error instanceof Error ? error.message : "");
    const at = place ? Number(place[1]) : text.length;
    findings.push({ code: "not_json", byte: Buffer.byteLength(text.slice(0, at)), line: lineAt(text, at) });
    return null;
  }
  const bundle = shaped(value, findings);
  if (bundle === null) return null;
  const form = writeBundle(bundle);
  const covered = form.slice(0, -TAIL_BYTES);
  if (!text.startsWith(covered) || text.length !== form.length) {
    const byte = firstDifference(Buffer.from(covered, "utf8"), bytes) ?? covered.length;
    findings.push({ code: "out_of_form", byte, line: lineAt(text, Buffer.from(bytes.subarray(0, byte)).toString("utf8").length) });
  }
  return bundle;
}

function shaped(value: unknown, findings: Finding[]): Bundle | null {
  try {
    const { seal: _, ...bundle } = bundleSchema.parse(value);
    return bundle;
  } catch (error) {
    const issues = error instanceof ZodError ? error.issues : [{ path: [], message: String(error) }];
    for (const issue of issues.slice(0, SHAPE_FINDINGS_MAX))
      findings.push({ code: "out_of_shape", field: issue.path.join("."), problem: issue.message });
    return null;
  }
}

/** The first byte of `a` that `b` has otherwise; null when `b` begins with `a`. */
function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  if (Buffer.compare(a, b) === 0) return null;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return i;
  return null;
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split("\n").length;
}

/**
 * A file that is no longer a bundle: its entries stand one to a line, so each is still checked by itself, and one that is damaged is
 * named by the number that is missing among the others.
 */
function salvage(text: string, report: Report): void {
  const lines = text.split("\n");
  const texts = stringsUnder(lines, "entries", /"\{(?:[^"\\]|\\.)*\}"/gu);
  if (texts === null) return;
  const hashes = stringsUnder(lines, "hashes", /"[0-9a-f]{64}"/gu) ?? [];
  const head = /"head": \{\s*"seq": (\d+),\s*"hash": "([0-9a-f]{64})"/u.exec(text);
  const found = new Map<number, string>();
  for (const each of texts) {
    const seq = each === null ? null : seqOf(each);
    if (each !== null && seq !== null && !found.has(seq)) found.set(seq, each);
  }
  // Numbers beyond the file's own lines are a changed number, not lost entries.
  const through = Math.min(texts.length, Math.max(head ? Number(head[1]) : 0, ...found.keys()));
  const items: Item[] = [];
  for (let seq = 1; seq <= through; seq += 1) items.push({ seq, text: found.get(seq) ?? null, stated: hashes[seq - 1] ?? null });
  const ref = ownerOf([found.get(1) ?? ""]);
  const chain = checkChain(ref, items, head ? { seq: Number(head[1]), hash: head[2] ?? "" } : null);
  add(report, chain);
  report.customer = ref;
  report.checked.entries = chain.entries.length;
}

/**
 * The strings of a list of the bundle, one to a line as a rule; null for a line that has none. They are looked for by their own form,
 * since what is damaged may be the comma or the line's end beside them. Null when the list is not found.
 */
function stringsUnder(lines: readonly string[], name: string, form: RegExp): (string | null)[] | null {
  const from = lines.indexOf(`  "${name}": [`);
  if (from < 0) return null;
  const to = lines.findIndex((line, i) => i > from && (line === "  ]," || /^ {2}"\w+": /u.test(line)));
  return lines.slice(from + 1, to < 0 ? undefined : to).flatMap((line) => line.match(form)?.map(readString) ?? [null]);
}

function readString(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}

/** Whether anything found lies in the entries themselves, and not only in what the file says around them. */
export function entriesIntact(findings: readonly (Finding | Note)[]): boolean {
  return !findings.some((finding) => IN_ENTRIES.has(finding.code));
}

const IN_ENTRIES = new Set<string>([
  "entry_unreadable",
  "entry_differs",
  "entry_field",
  "entries_missing",
  "head_differs",
  "leaf_differs",
  "anchored_entry_missing",
] satisfies Finding["code"][]);
