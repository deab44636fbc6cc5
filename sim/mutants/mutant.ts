// What a planted defect is: the exact words of the source that it changes, the promise it breaks, the incident it stands for.
import type { FaultKind } from "../faults.ts";

/** One change of one file: `find` stands in it exactly once. */
export interface Patch {
  /** From the root of the repository: `src/engine/claim.ts`. */
  file: string;
  find: string;
  replace: string;
}

export interface Mutant {
  /** The name of its file. */
  name: string;
  /** Invariants of which at least one must be reported: another alarm is not the one that was promised. */
  breaks: readonly string[];
  /** The kind of incident it stands for, as a provider would tell it. */
  stands: string;
  /** The history has to be lived a second time to see it. */
  twice?: true;
  /** A seed in a hundred shows it: the known one is always tried first. */
  rare?: true;
  /** What has to meet for it to show, if chance alone would bring it together in one history of a hundred: drawn as often as may be. */
  needs?: readonly FaultKind[];
  patches: readonly Patch[];
}

/** Puts a file's patches into its text. */
export function planted(file: string, text: string, patches: readonly Patch[]): string {
  return patches
    .filter((patch) => patch.file === file)
    .reduce((changed, { find, replace }) => {
      const parts = changed.split(find);
      if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} times, not once: ${find}`);
      return parts.join(replace);
    }, text);
}
