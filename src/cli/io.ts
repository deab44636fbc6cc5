// What a command writes: text for people, JSON for machines, progress on anything over two seconds.
import { Presets, SingleBar } from "cli-progress";
import type { Lang } from "../kernel/lang.ts";

/** What the program was started with; main fills it from the process, tests from their own. */
export interface Host {
  env: Readonly<Record<string, string | undefined>>;
  /** The folder the command was given in. */
  cwd: string;
  out: (text: string) => void;
  err: (text: string) => void;
  /** Everything that comes in on standard input; at most that many bytes and one more. */
  input: (most: number) => Promise<Uint8Array>;
  /** A person is looking at a terminal. */
  isTerminal: boolean;
  /** Milliseconds since 1970 of the machine's own clock. */
  now: () => number;
  /** A new unguessable name. */
  newToken: () => string;
  /** An unguessable password, for servers of our own. */
  newSecret: () => string;
  /** Resolves when the person or the system asks the program to stop. */
  untilStopped: () => Promise<string>;
}

export interface Io {
  host: Host;
  json: boolean;
  lang: Lang;
  /** Who gives the command; written in the evidence. */
  actor: string;
  line(text?: string): void;
  /** The result: printed as JSON for machines, else by `text`. */
  result(value: unknown, text: () => string): void;
  /** A bar that shows itself only when the work lasts longer than two seconds on a terminal. */
  progress(label: string, total: number): Progress;
}

export interface Progress {
  update(value: number, detail?: string): void;
  stop(): void;
}

const PATIENCE_MS = 2_000;

export function makeIo(host: Host, options: { json: boolean; lang: Lang; actor: string }): Io {
  return {
    host,
    ...options,
    line: (text = "") => {
      if (!options.json) host.out(text);
    },
    result: (value, text) => {
      host.out(options.json ? JSON.stringify(value) : text());
    },
    progress: (label, total) => progressOn(host, label, total),
  };
}

function progressOn(host: Host, label: string, total: number): Progress {
  if (!host.isTerminal || total <= 0) return { update: () => undefined, stop: () => undefined };
  const started = host.now();
  let bar: SingleBar | null = null;
  return {
    update: (value, detail = "") => {
      if (bar === null && host.now() - started > PATIENCE_MS) {
        // On stderr, so that the result on stdout stays clean.
        bar = new SingleBar(
          { format: `${label} [{bar}] {percentage}% {detail}`, hideCursor: true, stream: process.stderr },
          Presets.shades_grey,
        );
        bar.start(total, value, { detail });
      }
      bar?.update(value, { detail });
    },
    stop: () => bar?.stop(),
  };
}
