// Runs the real program as a process, as a person at a shell does, on a data folder of the test's own.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopIfAbandoned } from "../../src/adapters/postgres/embedded.ts";

const ROOT = join(import.meta.dirname, "../..");
const NODE = join(ROOT, "node_modules/.bin/node");
const MAIN = join(ROOT, "src/main.ts");

export interface Ran {
  /** 0 done, 1 refused by a rule or bad input, 2 a fault. */
  code: number | null;
  out: string;
  err: string;
}

export interface Home {
  /** The data folder; nothing is in it before the first command. */
  data: string;
  /** A folder beside it for files of the test; commands run in it. */
  folder: string;
  /** Runs `regua --data … <args>` and waits for its end, whatever that is. */
  run(...args: string[]): Promise<Ran>;
  /** The same with something on its standard input. */
  pipe(input: Uint8Array, ...args: string[]): Promise<Ran>;
  /** Runs it with --json and answers its value. Throws unless it ends with 0. */
  json<T>(...args: string[]): Promise<T>;
  /** Removes everything, a server left running included. */
  remove(): Promise<void>;
}

/**
 * A place for one installation: share it among the tests of a file, its first command takes about a second. `env` is added to a bare
 * environment: nothing of the developer's own configuration comes through.
 */
export function makeHome(env: Readonly<Record<string, string>> = {}): Home {
  // The prefix is the one that test/global-setup.ts sweeps up after runs that were killed.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "regua-tests-")));
  // mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
  chmodSync(folder, 0o711);
  const data = join(folder, "regua");
  const run = (...args: string[]): Promise<Ran> => start(["--data", data, ...args], folder, env);
  return {
    data,
    folder,
    run,
    pipe: (input, ...args) => start(["--data", data, ...args], folder, env, input),
    json: async <T>(...args: string[]): Promise<T> => {
      const ran = await run("--json", ...args);
      if (ran.code !== 0) throw new Error(`regua ${args.join(" ")} ended with ${ran.code}:\n${ran.err}${ran.out}`);
      return JSON.parse(ran.out) as T;
    },
    remove: async () => {
      if (env.DATABASE_URL === undefined) await stopIfAbandoned(data).catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>, input?: Uint8Array): Promise<Ran> {
  const { PATH, HOME, TMPDIR } = process.env;
  const bare = Object.fromEntries(Object.entries({ PATH, HOME, TMPDIR, LANG: "C.UTF-8" }).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, [MAIN, ...args], { cwd, env: { ...bare, ...env }, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    const ran: Ran = { code: null, out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ran.out += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (ran.err += text));
    child.on("error", reject);
    child.on("close", (code) => resolve({ ...ran, code }));
  });
}
