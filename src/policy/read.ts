// Reads a policy file, and says where and how it is wrong: the line, the problem, what to write instead. Writes one back; knows the presets.
import { readdirSync, readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, stringify, type Document } from "yaml";
import type { z } from "zod";
import { ReguaError } from "../kernel/errors.ts";
import { policyJsonSchema, policySchema, type PolicyDoc } from "./schema.ts";

/** One thing wrong with a policy file. */
export interface PolicyProblem {
  /** `ladder[2].day (line 14)`. */
  place: string;
  problem: string;
  cure: string;
}

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** A policy is a page or two; a longer text is something else. */
const CHARS_MAX = 200_000;
/** Anchors may repeat a ladder for a few segments; more is a bomb. */
const ALIASES_MAX = 200;
const PROBLEMS_MAX = 50;

/**
 * Reads a policy from YAML (JSON is YAML too), defaults filled in. Its meaning is checked apart, by `checkPolicy`.
 * @throws ReguaError `policy_invalid`, its details with `problems`: one {@link PolicyProblem} for each
 */
export function readPolicy(yamlText: string): PolicyDoc {
  if (yamlText.length > CHARS_MAX)
    throw invalid([{ place: "the file", problem: `it has more than ${CHARS_MAX} characters`, cure: "Give the policy file." }]);
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    throw invalid(
      broken.map(({ code, message, pos }) => ({
        place: `line ${lines.linePos(pos[0]).line}`,
        problem: firstLine(message),
        cure: cureOf(code),
      })),
    );
  const value = valueOf(document);
  const result = policySchema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const scene: Scene = { document, lines, value };
  throw invalid(result.error.issues.flatMap((issue) => problemsOf(scene, issue, [])));
}

/** The policy as a YAML file, every default written out. Reading it back gives the same policy. */
export function writePolicy(doc: PolicyDoc): string {
  return `# Policy ${doc.policy}, every default written out. Fields and units: docs/policy.md\n${stringify(doc, { lineWidth: 120 })}`;
}

const PRESETS = new URL("presets/", import.meta.url);

/** Names of the policies that come with the program. */
export function presetNames(): string[] {
  return readdirSync(PRESETS)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/**
 * A preset as its commented file.
 * @throws ReguaError `preset_unknown`
 */
export function presetText(name: string): string {
  const names = presetNames();
  if (!names.includes(name)) throw new ReguaError("preset_unknown", { value: name, names: names.join(", ") });
  return readFileSync(new URL(`${name}.yaml`, PRESETS), "utf8");
}

function invalid(problems: readonly PolicyProblem[]): ReguaError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const summary = first ? `${first.place}: ${first.problem}.${more}` : "";
  return new ReguaError("policy_invalid", { summary, problems: problems.slice(0, PROBLEMS_MAX) });
}

function cureOf(code: string): string {
  if (code === "DUPLICATE_KEY") return "Keep one of the two.";
  if (code === "TAB_AS_INDENT") return "Indent with spaces.";
  if (code === "MULTIPLE_DOCS") return "Keep one policy in a file: take out the line with three dashes.";
  return "Look at the spaces at the beginning of that line, and at its colons and quotes.";
}

function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").replace(/[.:]$/u, "");
}

function valueOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch {
    throw invalid([{ place: "the file", problem: "its anchors repeat too much", cure: "Write the repeated part out." }]);
  }
}

interface Scene {
  document: Document;
  lines: LineCounter;
  value: unknown;
}

/** The line of the deepest part of the path that is written; a key that is missing is looked for where it should be. */
function lineOf({ document, lines }: Scene, path: Path): number {
  let node: unknown = document.contents;
  let at = 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair || !isScalar(pair.key)) break;
      at = pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      if (node === undefined) break;
      at = (node as { range?: [number, number, number] | null }).range?.[0] ?? at;
    } else break;
  }
  return lines.linePos(at).line;
}

function placeOf(scene: Scene, path: Path): string {
  const name = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${clip(String(key))}`)).join("");
  return `${name === "" ? "the file" : name.replace(/^\./u, "")} (line ${lineOf(scene, path)})`;
}

/** The problems behind one complaint of the schema; `base` is where a union's branch began. */
function problemsOf(scene: Scene, issue: Issue, base: Path): PolicyProblem[] {
  const path = [...base, ...issue.path];
  const input = at(scene.value, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      place: placeOf(scene, [...path, key]),
      problem: `the key “${clip(key)}” is not known`,
      cure: suggest(key, keysOf(nodesAt(path)), "The keys here are"),
    }));
  if (issue.code === "invalid_union" && input !== null && typeof input === "object") {
    const branch = issue.errors.find((errors) => !errors.some((e) => e.path.length === 0 && e.code === "invalid_type"));
    if (branch) return branch.flatMap((inner) => problemsOf(scene, inner, path));
  }
  const place = placeOf(scene, path);
  const nodes = nodesAt(path);
  const expected = nodes.map(describeNode).join(", or ");
  const meaning = nodes.find((node) => node.description !== undefined)?.description ?? "";
  const write = `Write ${expected}.${meaning === "" ? "" : ` ${meaning}`}`;
  if (input === undefined) return [{ place, problem: "it is missing", cure: write }];
  if (issue.code === "custom") return [{ place, problem: issue.message, cure: meaning === "" ? "See docs/policy.md." : meaning }];
  if (issue.code === "invalid_format")
    return [{ place, problem: `${show(input)} cannot be used: ${issue.message}`, cure: meaning === "" ? write : meaning }];
  const words = nodes.flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]));
  if (typeof input === "string" && words.length > 0) {
    const cure = suggest(input, words, "Write one of");
    const onlyWords = nodes.every((node) => node.type === "string" && node.pattern === undefined);
    if (onlyWords || cure.startsWith("Did")) return [{ place, problem: `${show(input)} is not known`, cure }];
  }
  if (typeof input === "number" && nodes.every((node) => node.type === "string"))
    return [{ place, problem: `${show(input)} stands where a text belongs`, cure: `Put it in quotes. ${meaning}`.trim() }];
  return [{ place, problem: `${show(input)} cannot be used`, cure: write }];
}

function at(value: unknown, path: Path): unknown {
  let inner = value;
  for (const key of path) {
    if (inner === null || typeof inner !== "object") return undefined;
    inner = (inner as Record<PropertyKey, unknown>)[key];
  }
  return inner;
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function show(input: unknown): string {
  if (typeof input === "string") return `the text “${clip(input)}”`;
  if (typeof input === "number") return `the number ${input}`;
  if (input === null) return "an empty value";
  if (Array.isArray(input)) return input.length === 0 ? "an empty list" : "a list";
  if (typeof input === "boolean") return input ? "“true”" : "“false”";
  return "a group of keys";
}

/** What is used of the JSON Schema. */
interface SchemaNode {
  type?: string;
  description?: string;
  enum?: string[];
  const?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

/** The parts of the schema that may stand at a path: more than one where it gives a choice. */
function nodesAt(path: Path): SchemaNode[] {
  let nodes = choices(policyJsonSchema() as SchemaNode);
  for (const key of path)
    nodes = nodes.flatMap((node) => (typeof key === "number" ? node.items : node.properties?.[String(key)]) ?? []).flatMap(choices);
  return nodes;
}

function choices(node: SchemaNode): SchemaNode[] {
  const { anyOf, description } = node;
  return anyOf ? anyOf.flatMap(choices).map((choice) => (description === undefined ? choice : { ...choice, description })) : [node];
}

function keysOf(nodes: readonly SchemaNode[]): string[] {
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
}

function describeNode(node: SchemaNode): string {
  if (node.const !== undefined) return node.const;
  if (node.enum) return node.enum.join(", ");
  if (node.type === "boolean") return "true or false";
  if (node.type === "array") return node.minItems ? "a list with at least one entry" : "a list";
  if (node.type === "object") return "a group of keys";
  if (node.type !== "integer" && node.type !== "number") return "a text";
  const kind = node.type === "integer" ? "a whole number" : "a number";
  const most = node.maximum === undefined || node.maximum >= Number.MAX_SAFE_INTEGER ? "" : ` and at most ${node.maximum}`;
  return node.minimum === undefined ? kind : `${kind} of at least ${node.minimum}${most}`;
}

function suggest(word: string, known: readonly string[], list: string): string {
  // A whole sentence in a key's place is no slip, and comparing it would take long.
  const [best] = (word.length > 80 ? [] : known).map((name) => ({ name, far: distance(word, name) })).sort((a, b) => a.far - b.far);
  // One slip in a short word, two in most, a third of the letters in a long one: further away it is another word.
  if (best && best.far <= (word.length < 5 ? 1 : Math.max(2, Math.floor(word.length / 3)))) return `Did you mean “${best.name}”?`;
  return `${list} ${known.join(", ")}.`;
}

/** Letters to insert, remove, replace or swap with their neighbour between two words (Levenshtein, with Damerau's swap). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const far = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? far(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(far(i, j - 1) + 1, far(i - 1, j) + 1, far(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1), swapped));
    }
  }
  return far(a.length, b.length);
}
