// The policy versions that entries name: their text as hashed, and whether the source as written says the same.
import { parse } from "yaml";
import { canonicalJson, sha256, type Json } from "../kernel/hash.ts";
import { policyHash } from "../policy/compile.ts";
import { policySchema } from "../policy/schema.ts";
import type { CheckedEntry } from "./chain.ts";
import type { Finding, Note, Place } from "./finding.ts";
import type { Bundle } from "./format.ts";

type PolicyRow = Bundle["policies"][number];

/** The policy versions entries were written under, each with the first entry that names it. */
export function versionsNamed(entries: readonly CheckedEntry[]): Map<string, Place> {
  const named = new Map<string, Place>();
  for (const { entry, place } of entries) {
    if (entry === null) continue;
    const body = entry.body;
    const inBody = body !== null && typeof body === "object" && !Array.isArray(body) ? body.policy : undefined;
    const byActor = entry.actor.startsWith("policy:") ? entry.actor.slice("policy:".length) : undefined;
    for (const version of [byActor, inBody]) if (typeof version === "string" && !named.has(version)) named.set(version, place);
  }
  return named;
}

/**
 * The exact text whose hash names a version. The database keeps the document without the order of its members, so the schema puts it
 * back, and members that a later program added by default are left out again.
 */
export function hashedText(doc: unknown): string {
  const read = policySchema.safeParse(doc);
  return JSON.stringify(read.success ? asStored(read.data, doc) : doc);
}

function asStored(value: unknown, stored: unknown): unknown {
  if (Array.isArray(value)) return value.map((item, i) => asStored(item, Array.isArray(stored) ? stored[i] : undefined));
  if (!isRecord(value) || !isRecord(stored)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key in stored)
      .map(([key, member]) => [key, asStored(member, stored[key])]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Checks that each version named is there, has the hash it is named by, and that its YAML source says what was compiled. */
export function checkPolicies(policies: readonly PolicyRow[], named: ReadonlyMap<string, Place>): { findings: Finding[]; notes: Note[] } {
  const findings: Finding[] = [];
  const notes: Note[] = [];
  const known = new Set(policies.map((policy) => policy.version));
  for (const [version, entry] of named) if (!known.has(version)) findings.push({ code: "policy_missing", version, entry });
  for (const policy of policies) {
    const { version, document } = policy;
    const hash = sha256(document);
    if (hash !== policy.hash) findings.push({ code: "policy_differs", version, field: "document" });
    const compiled = readJson(document);
    const name = isRecord(compiled) ? compiled.policy : undefined;
    if (version !== `${String(name)}@${hash.slice(0, 12)}`) findings.push({ code: "policy_differs", version, field: "version" });
    const same = compareSource(policy.source, document, compiled);
    if (same === "differs") findings.push({ code: "policy_differs", version, field: "source" });
    if (same === "as far as it goes") notes.push({ code: "policy_of_other_program", version });
  }
  return { findings, notes };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A document compiled by this version of the program is compared whole; another program's defaults cannot be known, only what is written. */
function compareSource(source: string, document: string, compiled: unknown): "same" | "differs" | "as far as it goes" {
  let written: unknown;
  try {
    written = parse(source, { logLevel: "error" });
  } catch {
    return "differs";
  }
  const read = policySchema.safeParse(written);
  if (read.success && policyHash(read.data) === sha256(document)) return "same";
  const again = policySchema.safeParse(compiled);
  const ours = again.success && policyHash(again.data) === sha256(document);
  return !ours && says(written, compiled) ? "as far as it goes" : "differs";
}

/** Everything written is in the document, and the same. */
function says(written: unknown, compiled: unknown): boolean {
  if (Array.isArray(written))
    return Array.isArray(compiled) && written.length === compiled.length && written.every((item, i) => says(item, compiled[i]));
  if (isRecord(written)) return isRecord(compiled) && Object.entries(written).every(([key, member]) => says(member, compiled[key]));
  return canonicalText(written) === canonicalText(compiled);
}

function canonicalText(value: unknown): string {
  return typeof value === "number" ? String(value) : canonicalJson((value ?? null) as Json);
}
