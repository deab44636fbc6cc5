// Starts the child that reads, within bounds that the system keeps: processor time, memory, size of files; and ends it with all it started.
import { spawn, type ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { childSays, type ChildSays, type KeyAnswer, type Task } from "./protocol.ts";

export interface Bounds {
  /** Seconds of processor time of the child and of each program it starts. */
  cpuSeconds: number;
  /** Kilobytes of data, some 600,000 of which Node reserves for itself and does not use. */
  dataKb: number;
  /** Megabytes of JavaScript objects. */
  heapMb: number;
  /** Folders where programs are looked for. */
  path: string;
}

/**
 * `ended`: it is gone without a word, by its own fault, a bound or the signal; `complaint` is what it left on its error output, on one line.
 */
export type ChildEnd = { end: "said"; said: Exclude<ChildSays, { ask: string }>; complaint: string } | { end: "ended"; complaint: string };

const CHILD = fileURLToPath(new URL("./child.ts", import.meta.url));
/** A picture of ten megapixels as base64, and the texts. More is no answer. */
const ANSWER_MAX = 16_000_000;
const COMPLAINT_MAX = 300;
/** Blocks of 512 bytes: a hundred megabytes. */
const FILE_BLOCKS = 200_000;

/** The shell sets what it can and becomes the child; where a bound is unknown (macOS has no `-d` that holds), the others remain. */
const BOUNDED = 'ulimit -c 0; ulimit -t "$1"; ulimit -d "$2" 2>/dev/null; ulimit -f "$3"; shift 3; exec "$@"';

/** Runs one task. `answerKey` is asked for the keys of signatures, one question at a time. */
export async function runChild(
  task: Task,
  folder: string,
  bounds: Bounds,
  signal: AbortSignal,
  answerKey: (name: string) => Promise<readonly string[] | null>,
): Promise<ChildEnd> {
  if (signal.aborted) return { end: "ended", complaint: "" };
  const node = [process.execPath, `--max-old-space-size=${bounds.heapMb}`, "--max-semi-space-size=4", CHILD, JSON.stringify(task)];
  const limits = [bounds.cpuSeconds, bounds.dataKb, FILE_BLOCKS].map(String);
  const child = spawn("/bin/sh", ["-c", BOUNDED, "sh", ...limits, ...node], {
    cwd: folder,
    // Nothing of ours: not the database's address, not a secret. One thread each, since others work here too.
    env: { PATH: bounds.path, LANG: "C.UTF-8", OMP_THREAD_LIMIT: "1", MALLOC_ARENA_MAX: "2", TMPDIR: folder },
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    // A process group of its own, so that the programs it started can be ended with it.
    detached: true,
  });
  const stop = (): void => endGroup(child);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await talk(child, answerKey);
  } finally {
    signal.removeEventListener("abort", stop);
    endGroup(child);
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    // ESRCH: the whole group has ended by itself. EPERM: so macOS says it of a group of which only the dead are left.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}

async function talk(child: ChildProcess, answerKey: (name: string) => Promise<readonly string[] | null>): Promise<ChildEnd> {
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    complaint = (complaint + chunk).slice(0, COMPLAINT_MAX);
  });
  // It may die while it is written to.
  child.stdin?.on("error", () => undefined);
  const gone = new Promise<null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", () => resolve(null));
  });
  const words = (): string => complaint.replace(/[\p{Cc}\s]+/gu, " ").trim();
  for await (const line of linesOf(child.stdio[3] as Readable)) {
    const said = understood(line);
    if (said === null) break;
    if (!("ask" in said)) {
      await gone;
      return { end: "said", said, complaint: words() };
    }
    const answer: KeyAnswer = { name: said.ask, records: await answerKey(said.ask) };
    child.stdin?.write(`${JSON.stringify(answer)}\n`);
  }
  endGroup(child);
  await gone;
  return { end: "ended", complaint: words() };
}

function understood(line: string): ChildSays | null {
  try {
    return childSays.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** Ends where the stream does, or where more was said than any answer takes. */
async function* linesOf(stream: Readable): AsyncIterable<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield Buffer.concat([...chunks.splice(0), chunk.subarray(from, end)]).toString("utf8");
        size = 0;
        from = end + 1;
      }
      chunks.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > ANSWER_MAX) return;
    }
  } catch {
    // The child was killed in the middle of a line.
  }
}
