// The parts of a policy's document that the editor changes by form; all else of it passes through untouched.
import type { Act } from "../parts/ruler.tsx";

export interface Step {
  step: string;
  day: number | "issued";
  at?: string;
  do: Act;
  channels?: string[];
  gap_hours?: number;
}

type Doc = Record<string, unknown>;

/** In the order of their days. */
export function readSteps(doc: Doc): Step[] {
  return Array.isArray(doc.ladder) ? (doc.ladder as Step[]) : [];
}

const place = (step: Step): number => (step.day === "issued" ? -1000 : step.day);

export function withSteps(doc: Doc, steps: readonly Step[]): Doc {
  return { ...doc, ladder: [...steps].sort((a, b) => place(a) - place(b)) };
}

/** A member below the top, by its path. */
export function readAt(doc: Doc, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (typeof value === "object" && value !== null ? (value as Doc)[name] : undefined), doc);
}

export function writeAt(doc: Doc, path: readonly string[], value: unknown): Doc {
  const [name, ...rest] = path;
  if (name === undefined) return doc;
  const below = doc[name];
  const group = typeof below === "object" && below !== null && !Array.isArray(below) ? (below as Doc) : {};
  return { ...doc, [name]: rest.length === 0 ? value : writeAt(group, rest, value) };
}
