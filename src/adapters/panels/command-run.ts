// Starts one program without a shell, and makes sure that nothing of it is left when the deadline comes.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { wait } from "../../kernel/clock.ts";
import { DEADLINE, orDeadline } from "./deadline.ts";

export interface RunOptions {
  environment: Readonly<Record<string, string>>;
  cwd: string;
  /** Bytes kept of each of the two outputs; what comes after is read and dropped, so that the program does not block. */
  outputLimit: number;
  signal: AbortSignal;
}

export type RunResult =
  | { end: "not_started"; code: string }
  /** The deadline came; the program's whole process group was killed. */
  | { end: "deadline" }
  | {
      end: "exited";
      exit: number | null;
      killedBy: string | null;
      stdout: string;
      stderr: string;
      /** stdout was longer than the limit */ cut: boolean;
    };

/** From asking the process group to end until it is killed, in milliseconds: time to remove a half-written file. */
const GRACE_MS = 500;

/** A daemon that inherited our pipe keeps it open for ever: after the program's own end we read on this long, in milliseconds. */
const DRAIN_MS = 500;

/** Runs `argv[0]` with the arguments as they are. */
export async function run(argv: readonly string[], options: RunOptions): Promise<RunResult> {
  if (options.signal.aborted) return { end: "deadline" };
  const [program = "", ...rest] = argv;
  // `detached` gives the program a process group of its own, so that its children can be ended with it.
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: { ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    shell: false,
    detached: true,
  });
  const stdout = collect(child.stdout, options.outputLimit);
  const stderr = collect(child.stderr, options.outputLimit);
  const closed = new Promise<void>((resolve) => void child.once("close", () => resolve()));
  const exited = new Promise<RunResult | { exit: number | null; killedBy: string | null }>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => resolve({ end: "not_started", code: error.code ?? "unknown" }));
    child.once("exit", (exit, killedBy) => resolve({ exit, killedBy }));
  });
  const first = await orDeadline(exited, options.signal);
  if (first === DEADLINE) {
    await endGroup(child, exited);
    drop(child);
    return { end: "deadline" };
  }
  if ("end" in first) return first;
  await Promise.race([closed, wait(DRAIN_MS)]);
  drop(child);
  return { end: "exited", ...first, stdout: stdout.text(), stderr: stderr.text(), cut: stdout.cut() };
}

function collect(stream: NodeJS.ReadableStream, limit: number): { text(): string; cut(): boolean } {
  const chunks: Buffer[] = [];
  let kept = 0;
  let cut = false;
  stream.on("data", (chunk: Buffer) => {
    const room = chunk.subarray(0, limit - kept);
    if (room.length < chunk.length) cut = true;
    if (room.length > 0) chunks.push(room);
    kept += room.length;
  });
  stream.on("error", () => undefined);
  return { text: () => Buffer.concat(chunks).toString("utf8"), cut: () => cut };
}

async function endGroup(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  signalGroup(child, "SIGTERM");
  await Promise.race([exited, wait(GRACE_MS)]);
  signalGroup(child, "SIGKILL");
  await exited;
}

function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the whole group has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function drop(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
}
