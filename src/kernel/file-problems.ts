// What is wrong with a YAML file that a person writes: the place with its line, the problem and its cure, in each language.
import { isMap, isScalar, isSeq, type Document, type LineCounter } from "yaml";
import { alike, inEach, type InEach } from "./errors.ts";
import type { Lang } from "./lang.ts";

/** From the top of the file: names of keys, and numbers of entries from 0. */
export type Path = readonly PropertyKey[];

export interface FileProblem {
  /** `ladder[2].day (line 14)`. */
  place: InEach;
  problem: InEach;
  cure: InEach;
}

/** A problem in one language, as people and machines are given it. */
export type SaidProblem = Readonly<Record<keyof FileProblem, string>>;

export function sayProblem({ place, problem, cure }: FileProblem, lang: Lang): SaidProblem {
  return { place: place[lang], problem: problem[lang], cure: cure[lang] };
}

export const THE_FILE = inEach("the file", "o arquivo");

/** The line, from 1, of the deepest part of the path that is written: a key that is missing is looked for where it should be. */
export function lineAt(document: Document, lines: LineCounter, path: Path, top = 0): number {
  let node: unknown = document.contents;
  let at = top;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair || !isScalar(pair.key)) break;
      at = pair.key.range?.[0] ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      at = (node as { range?: [number, number, number] | null } | undefined)?.range?.[0] ?? at;
    } else break;
  }
  return lines.linePos(at).line;
}

/** A place by its path, `ladder[2].day`, with its line; an empty path is the file itself. */
export function placeIn(path: Path, line: number): InEach {
  const name = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return onLine(name === "" ? THE_FILE : alike(name.replace(/^\./u, "")), line);
}

/** `ladder[2].day (line 14)`. */
export function onLine(place: InEach, line: number): InEach {
  return inEach(`${place.en} (line ${line})`, `${place["pt-BR"]} (linha ${line})`);
}

/** A path as fields are named, whichever entry it is: `ladder[].day`. */
export function fieldOf(path: Path): string {
  const name = path.map((key) => (typeof key === "number" ? "[]" : `.${String(key)}`)).join("");
  return name.replace(/^\./u, "");
}

/** What the file says there; undefined: nothing. */
export function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const key of path) {
    if (inner === null || typeof inner !== "object") return undefined;
    inner = (inner as Record<PropertyKey, unknown>)[key];
  }
  return inner;
}
