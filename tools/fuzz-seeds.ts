// Where fuzzing begins: texts made in code, and the public data beside the repository when it is there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const SHARED = join(import.meta.dirname, "../../shared/realdata");
/** Enough to know a format by; more only makes each of them rarer. */
const SEEDS_MAX = 300;
const SHORTEST = 8;

export function textSeeds(...texts: readonly string[]): Uint8Array[] {
  return texts.map((text) => new TextEncoder().encode(text));
}

/** Every string of a JSON file that is long enough to be a code. Empty where the file is not there. */
export function sharedTexts(file: string): Uint8Array[] {
  const path = join(SHARED, file);
  if (!existsSync(path)) return [];
  const found = new Set<string>();
  JSON.parse(readFileSync(path, "utf8"), (_key, value: unknown) => {
    if (typeof value === "string" && value.length >= SHORTEST) found.add(value);
    return value;
  });
  return textSeeds(...[...found].slice(0, SEEDS_MAX));
}

/** The files of a folder and the folders in it, by the end of their name. Empty where the folder is not there. */
export function sharedFiles(folder: string, ending: RegExp): Uint8Array[] {
  const path = join(SHARED, folder);
  if (!existsSync(path)) return [];
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => ending.test(name));
  return names
    .sort()
    .slice(0, SEEDS_MAX)
    .map((name) => new Uint8Array(readFileSync(join(path, name))));
}
