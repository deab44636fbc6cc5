// As much of a history as money needs: its truth, its chance, its time, and processes of the program to work with.
import type { Instant, Zone } from "../src/kernel/time.ts";
import type { Faults } from "./faults.ts";
import type { Known } from "./known.ts";
import type { Learned } from "./learned.ts";
import type { Oracle } from "./oracle.ts";
import type { Machine, Program } from "./program.ts";
import type { Till } from "./till.ts";
import type { World } from "./world.ts";

export interface Town {
  seed: number;
  now: Instant;
  /** Nothing of the program lives before. */
  absentUntil: Instant;
  zone: Zone;
  machine: Machine;
  faults: Faults;
  known: Known;
  world: World;
  oracle: Oracle;
  till: Till;
  learned: Learned;
  at: (at: Instant, run: () => Promise<void>) => void;
  ask: <T>(work: (program: Program) => Promise<T>, again?: string | null) => Promise<T>;
  start: (kind: string) => Program;
  guarded: (program: Program, about: string, work: (program: Program) => Promise<void>) => Promise<boolean>;
}
