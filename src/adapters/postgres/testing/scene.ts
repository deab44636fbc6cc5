// What the tests of the embedded server share: folders, other processes, and questions to a database.
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { watch } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Account } from "../account.ts";
import { startEmbeddedServer, type EmbeddedOptions, type EmbeddedServer } from "../embedded.ts";

const CHILD = fileURLToPath(new URL("child.ts", import.meta.url));

/** Starts the server, with secrets made as the program makes them. */
export function startServer(options: Omit<EmbeddedOptions, "newSecret">): Promise<EmbeddedServer> {
  return startEmbeddedServer({ ...options, newSecret: () => randomBytes(24).toString("base64url") });
}

/** Another Régua process on a data folder. */
export interface Neighbour {
  process: ChildProcess;
  /** What its start came to. */
  started: { url: string; pid: number; adopted: boolean; code?: string };
  /** Lets it end in order, stopping or leaving the server. */
  end(order: "stop" | "release"): Promise<void>;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
}

/** Starts another Régua process; `through` is a program that starts it (unshare, say), `as` the account it runs as. */
export async function neighbour(dataDir: string, options: { as?: Account; through?: string[]; port?: number } = {}): Promise<Neighbour> {
  const [program = "", ...flags] = [
    ...(options.through ?? []),
    process.execPath,
    CHILD,
    dataDir,
    ...(options.port ? [String(options.port)] : []),
  ];
  const child = spawn(program, flags, {
    stdio: ["pipe", "pipe", "inherit"],
    cwd: "/",
    ...(options.as && { uid: options.as.uid, gid: options.as.gid }),
  });
  const ended = once(child, "exit");
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), ended])) as [string];
  return {
    process: child,
    started: JSON.parse(line) as Neighbour["started"],
    end: async (order) => {
      child.stdin.write(`${order}\n`);
      await ended;
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Starts another Régua process and kills it at the moment a file of this name begins to be in `place`. */
export async function killedMidway(dataDir: string, place: string, name: string): Promise<void> {
  const events = watch(place);
  const child = spawn(process.execPath, [CHILD, dataDir], { stdio: "ignore" });
  const ended = once(child, "exit");
  for await (const { filename } of events) if (filename?.startsWith(name)) break;
  child.kill("SIGKILL");
  await ended;
}

/** A temporary folder that every account may enter; `remove` takes it away, and the next run's sweep what a killed run left. */
export function temporaryFolder(parent: string = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(join(parent, "regua-server-")));
  chmodSync(folder, 0o711);
  return folder;
}

let seed: string | null = null;

/** A data folder in which the server was started and stopped before: copied from one made once per test file, which saves most of a second. */
export async function seededFolder(dataDir: string): Promise<void> {
  if (seed === null) {
    seed = temporaryFolder();
    await (await startServer({ dataDir: seed, fsync: false })).stop();
  }
  // cp and not cpSync: the owners have to stay.
  execFileSync("cp", ["-a", seed, dataDir]);
}

/** To be called when the file's tests are over. */
export function forgetSeed(): void {
  if (seed !== null) remove(seed);
  seed = null;
}

/** Gives a folder to an account. */
export function giveFolder(folder: string, account: Account): string {
  chownSync(folder, account.uid, account.gid);
  return folder;
}

export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** The first value of the first row. */
export async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = (await client.query({ text: sql, rowMode: "array" })) as { rows: unknown[][] };
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

/** Whether a process with this number lives. One that ended and was not yet collected by its parent does not. */
export function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const about = `/proc/${pid}/stat`;
  return !existsSync(about) || !readFileSync(about, "utf8").includes(") Z ");
}
