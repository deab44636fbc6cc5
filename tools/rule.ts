// What a tidy rule is: a habit, why it is held, the cure, and how a breach is found.
import type { ProjectFile } from "./project.ts";

/** Where a rule is broken, and by what. */
export interface Breach {
  /** Counted from 1. */
  line: number;
  /** What was seen there, in a few words. */
  seen: string;
}

/** One habit. */
export interface Rule {
  name: string;
  /** Why the habit is held: one sentence a newcomer can agree or argue with. */
  why: string;
  /** What to do instead. */
  cure: string;
  /** The files it binds. */
  binds: (file: ProjectFile) => boolean;
  find: (file: ProjectFile, project: readonly ProjectFile[]) => Iterable<Breach>;
}
