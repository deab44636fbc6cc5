// Customers chosen in the list for one act: kept while filters, pages and cases are opened in between, for the person signed in.
import { useSyncExternalStore } from "react";
import type { BulkDone } from "./api.ts";

/** As many as the server takes in one act. */
export const CHOSEN_MAX = 200;

export type ManyAct = "hold" | "lift" | "time";

/** The last act, for who closes its panel and wants to look again or undo. */
export interface LastAct {
  act: ManyAct;
  done: BulkDone;
  undone: BulkDone | null;
}

interface Kept {
  /** Whose it is: another person at the same desk begins anew. */
  owner: string;
  /** Names by the provider's numbers, in the order in which they were chosen. */
  chosen: ReadonlyMap<string, string>;
  last: LastAct | null;
}

let kept: Kept = { owner: "", chosen: new Map(), last: null };
const listeners = new Set<() => void>();

function change(next: Partial<Kept>): void {
  kept = { ...kept, ...next };
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useChosen(owner: string): Kept {
  if (kept.owner !== owner) kept = { owner, chosen: new Map(), last: null };
  return useSyncExternalStore(listen, () => kept);
}

/** Chooses or leaves out; what would be more than an act takes is not chosen. */
export function choose(people: readonly { ref: string; name: string }[], on: boolean): void {
  const chosen = new Map(kept.chosen);
  for (const { ref, name } of people) {
    if (!on) chosen.delete(ref);
    else if (chosen.size < CHOSEN_MAX) chosen.set(ref, name);
  }
  change({ chosen });
}

export function chooseNobody(): void {
  change({ chosen: new Map() });
}

export function keepLast(last: LastAct | null): void {
  change({ last });
}
