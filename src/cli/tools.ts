// What a command's code is given: its input and output, and an installation opened for as long as it runs.
import type { App, Opened, OpenOptions } from "./app.ts";
import type { Io } from "./io.ts";

/** What every command's code gets. */
export interface Tools {
  io: Io;
  options: OpenOptions;
  /** Runs with an installation open, and closes it whatever happens. */
  withApp<T>(work: (app: App) => Promise<T>): Promise<T>;
  /** The same with the database only, for what works before `regua init`. */
  withData<T>(work: (opened: Opened) => Promise<T>): Promise<T>;
}

/** A command group adds its commands; `run` turns a command's work into an action with its tools. */
export type Run = <A extends unknown[]>(work: (tools: Tools, ...args: A) => Promise<void>) => (...args: A) => Promise<void>;
