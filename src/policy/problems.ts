// What the schema finds wrong with a policy file, in words of ours in each language: the place, the problem, what to write instead.
import type { Document, LineCounter } from "yaml";
import type { z } from "zod";
import { inEach, type InEach } from "../kernel/errors.ts";
import { fieldOf, lineAt, placeIn, valueAt, type FileProblem, type Path } from "../kernel/file-problems.ts";
import { inBoth } from "./finding.ts";
import { formWords } from "./form-words.ts";
import { MEANINGS_PT_BR } from "./meanings.pt-BR.ts";
import { policyJsonSchema } from "./schema.ts";

type Issue = z.core.$ZodIssue;

/** The file as it was read: for its values and their lines. */
export interface Scene {
  document: Document;
  lines: LineCounter;
  value: unknown;
}

function placeOf({ document, lines }: Scene, path: Path): InEach {
  const shown = path.map((key) => (typeof key === "number" ? key : clip(String(key))));
  return placeIn(shown, lineAt(document, lines, path));
}

/** The problems behind one complaint of the schema; `base` is where a union's branch began. */
export function problemsOf(scene: Scene, issue: Issue, base: Path): FileProblem[] {
  const path = [...base, ...issue.path];
  const input = valueAt(scene.value, path);
  if (issue.code === "unrecognized_keys") {
    const known = keysOf(nodesAt(path));
    return issue.keys.map((key) => ({
      place: placeOf(scene, [...path, key]),
      problem: inEach(`the key “${clip(key)}” is not known`, `a chave “${clip(key)}” não é conhecida`),
      cure: suggest(key, known, inEach("The keys here are", "As chaves aqui são")).cure,
    }));
  }
  if (issue.code === "invalid_union" && input !== null && typeof input === "object") {
    const branch = issue.errors.find((errors) => !errors.some((e) => e.path.length === 0 && e.code === "invalid_type"));
    if (branch) return branch.flatMap((inner) => problemsOf(scene, inner, path));
  }
  return [{ place: placeOf(scene, path), ...wrongValue(issue, path, input) }];
}

function wrongValue(issue: Issue, path: Path, input: unknown): Omit<FileProblem, "place"> {
  const nodes = nodesAt(path);
  const meaning = meaningOf(path, nodes);
  const write = inEach(
    sentences(`Write ${nodes.map((node) => describeNode(node).en).join(", or ")}.`, meaning?.en),
    sentences(`Escreva ${nodes.map((node) => describeNode(node)["pt-BR"]).join(", ou ")}.`, meaning?.["pt-BR"]),
  );
  if (input === undefined) return { problem: inEach("it is missing", "está faltando"), cure: write };
  if (issue.code === "custom")
    return { problem: formWords(issue.message), cure: meaning ?? inEach("See docs/policy.md.", "Veja docs/policy.md.") };
  const shown = show(input);
  if (issue.code === "invalid_format") {
    const form = formWords(issue.message);
    return { problem: unusable(shown, form), cure: meaning ?? write };
  }
  const words = nodes.flatMap((node) => node.enum ?? (node.const === undefined ? [] : [node.const]));
  if (typeof input === "string" && words.length > 0) {
    const { cure, near } = suggest(input, words, inEach("Write one of", "Escreva uma destas palavras:"));
    const onlyWords = nodes.every((node) => node.type === "string" && node.pattern === undefined);
    if (onlyWords || near) return { problem: inEach(`${shown.en} is not known`, `${shown["pt-BR"]} não é conhecido`), cure };
  }
  if (typeof input === "number" && nodes.every((node) => node.type === "string"))
    return {
      problem: inEach(`${shown.en} stands where a text belongs`, `${shown["pt-BR"]} está no lugar de um texto`),
      cure: inEach(sentences("Put it in quotes.", meaning?.en), sentences("Ponha o valor entre aspas.", meaning?.["pt-BR"])),
    };
  return { problem: unusable(shown), cure: write };
}

function unusable(shown: InEach, why?: InEach): InEach {
  return inEach(`${shown.en} cannot be used${colon(why?.en)}`, `${shown["pt-BR"]} não serve aqui${colon(why?.["pt-BR"])}`);
}

function colon(text: string | undefined): string {
  return text === undefined ? "" : `: ${text}`;
}

function sentences(first: string, second: string | undefined): string {
  return second === undefined ? first : `${first} ${second}`;
}

function clip(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function show(input: unknown): InEach {
  if (typeof input === "string") return inEach(`the text “${clip(input)}”`, `o texto “${clip(input)}”`);
  if (typeof input === "number") return inEach(`the number ${input}`, `o número ${input}`);
  if (input === null) return inEach("an empty value", "um valor vazio");
  if (Array.isArray(input)) return input.length === 0 ? inEach("an empty list", "uma lista vazia") : inEach("a list", "uma lista");
  if (typeof input === "boolean") return inEach(`“${input}”`, `“${input}”`);
  return inEach("a group of keys", "um grupo de chaves");
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
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  anyOf?: SchemaNode[];
}

let whole: SchemaNode | null = null;

/** The parts of the schema that may stand at a path: more than one where it gives a choice. */
function nodesAt(path: Path): SchemaNode[] {
  whole ??= policyJsonSchema() as SchemaNode;
  let nodes = choices(whole);
  for (const key of path)
    nodes = nodes.flatMap((node) => (typeof key === "number" ? node.items : node.properties?.[String(key)]) ?? []).flatMap(choices);
  return nodes;
}

function choices(node: SchemaNode): SchemaNode[] {
  const { anyOf, description } = node;
  return anyOf ? anyOf.flatMap(choices).map((choice) => (description === undefined ? choice : { ...choice, description })) : [node];
}

/** The schema's own sentence, and its Portuguese by the field's path; a segment's ladder has the fields of the common one. */
function meaningOf(path: Path, nodes: readonly SchemaNode[]): InEach | undefined {
  const meaning = nodes.find((node) => node.description !== undefined)?.description;
  if (meaning === undefined) return undefined;
  return inEach(meaning, MEANINGS_PT_BR[fieldOf(path).replace(/^segments\[\]\.ladder/u, "ladder")] ?? meaning);
}

function keysOf(nodes: readonly SchemaNode[]): string[] {
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
}

function describeNode(node: SchemaNode): InEach {
  if (node.const !== undefined) return inEach(node.const, node.const);
  if (node.enum) return inEach(node.enum.join(", "), node.enum.join(", "));
  if (node.type === "boolean") return inEach("true or false", "true ou false");
  if (node.type === "array") return describeList(node);
  if (node.type === "object") return inEach("a group of keys", "um grupo de chaves");
  if (node.type !== "integer" && node.type !== "number") return describeText(node);
  const kind = node.type === "integer" ? inEach("a whole number", "um número inteiro") : inEach("a number", "um número");
  const { minimum: least, maximum } = node;
  if (least === undefined) return kind;
  return maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER
    ? inEach(`${kind.en} of at least ${least}`, `${kind["pt-BR"]} de no mínimo ${least}`)
    : inEach(`${kind.en} of at least ${least} and at most ${maximum}`, `${kind["pt-BR"]} de no mínimo ${least} e no máximo ${maximum}`);
}

function describeList({ minItems: least = 0, maxItems: most }: SchemaNode): InEach {
  if (most === undefined)
    return least > 0 ? inEach("a list with at least one entry", "uma lista com ao menos um item") : inEach("a list", "uma lista");
  return least > 0
    ? inEach(`a list of ${least} to ${most} entries`, `uma lista de ${least} a ${most} itens`)
    : inEach(`a list of at most ${most} entries`, `uma lista de no máximo ${most} itens`);
}

function describeText({ minLength: least = 0, maxLength: most }: SchemaNode): InEach {
  if (most === undefined) return inEach("a text", "um texto");
  return least > 0
    ? inEach(`a text of ${least} to ${most} characters`, `um texto de ${least} a ${most} caracteres`)
    : inEach(`a text of at most ${most} characters`, `um texto de no máximo ${most} caracteres`);
}

function suggest(word: string, known: readonly string[], list: InEach): { cure: InEach; near: boolean } {
  // A whole sentence in a key's place is no slip, and comparing it would take long.
  const [best] = (word.length > 80 ? [] : known).map((name) => ({ name, far: distance(word, name) })).sort((a, b) => a.far - b.far);
  // One slip in a short word, two in most, a third of the letters in a long one: further away it is another word.
  if (best && best.far <= (word.length < 5 ? 1 : Math.max(2, Math.floor(word.length / 3))))
    return { cure: inEach(`Did you mean “${best.name}”?`, `Você quis escrever “${best.name}”?`), near: true };
  return { cure: inBoth((lang) => `${list[lang]} ${known.join(", ")}.`), near: false };
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
