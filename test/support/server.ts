// A server of the real program as a process: started, asked, and ended by a signal.
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const NODE = join(ROOT, "node_modules/.bin/node");
const MAIN = join(ROOT, "src/main.ts");

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Server {
  /** What it wrote first, as JSON: `mode`, `address`, for `start` its `story`. */
  greeting: Record<string, unknown>;
  /** `http://127.0.0.1:PORT`; empty for a worker. */
  address: string;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
  /** What it wrote on stderr so far. */
  log(): string;
}

/** Starts `regua --json --data … <args>` and waits for its greeting. Throws when it ends before it. */
export async function startServer(data: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Server> {
  const { PATH, HOME, TMPDIR } = process.env;
  const bare = Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR, LANG: "C.UTF-8" }).filter(([, value]) => value !== undefined));
  const child = spawn(NODE, [MAIN, "--json", "--data", data, ...args], { env: { ...bare, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let err = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  const greeting = await firstLine(child, ended, () => err);
  return {
    greeting,
    address: typeof greeting.address === "string" ? greeting.address : "",
    kill: (signal) => void child.kill(signal),
    ended,
    log: () => err,
  };
}

function firstLine(child: ChildProcess, ended: Promise<Ended>, log: () => string): Promise<Record<string, unknown>> {
  let out = "";
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      const end = out.indexOf("\n");
      if (end >= 0) resolve(JSON.parse(out.slice(0, end)) as Record<string, unknown>);
    });
    void ended.then(({ code }) => reject(new Error(`the server ended with ${code} before it listened:\n${out}${log()}`)));
  });
}
