// The program's processes: started with a faster clock, killed, stopped and continued, and started again when they end, as a service manager does.
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wait } from "../../src/kernel/clock.ts";
import { fastClockUrl } from "../../test/support/fast-clock.ts";
import type { Random } from "../random.ts";
import type { Mark, Tape } from "./tape.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const NODE = join(ROOT, "node_modules/.bin/node");
const MAIN = join(ROOT, "src/main.ts");
const LOG_LINES = 12;
/** What PostgreSQL, or the socket, says while the server is away or a session is ended. */
const AWAY =
  /ECONNREFUSED|ECONNRESET|[Cc]onnection terminated|terminating connection|starting up|shutting down|not yet accepting|recovery mode/u;

/** One process from its start to its end. */
export interface Life {
  /** Its own number, and of its doors. */
  door: number;
  slot: string;
  begun: Mark;
  /** It said that it is at work. */
  up: Mark | null;
  ended: Mark | null;
  /** How it came to its end: our doing, or its own. */
  end: "killed" | "asked" | "own" | null;
  /** When it was stopped, and continued. */
  stops: { from: Mark; to: Mark | null; pastLease: boolean }[];
  address: string | null;
}

interface Slot {
  name: string;
  serves: boolean;
  life: Life;
  child: ChildProcess;
}

export interface Doors {
  /** Opens doors for a process and answers the text of its configuration. */
  open(door: number): Promise<string>;
}

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

/** Every process of the program that lives, by its number: whoever ends the run ends these. */
const living = new Set<ChildProcess>();

/** Ends whatever still lives, at once; also for the last moment of this process itself. */
export function killAll(): void {
  for (const child of living) if (child.pid !== undefined) child.kill("SIGKILL");
}

export class Fleet {
  readonly lives: Life[] = [];
  kills = 0;
  startsInVain = 0;
  /** Ends that nobody asked for, with the last lines of the log. */
  readonly ownEnds: string[] = [];
  readonly #slots = new Map<string, Slot>();
  readonly #folder: string;
  readonly #env: Record<string, string>;
  readonly #tape: Tape;
  readonly #doors: Doors;
  readonly #random: Random;
  #ending = false;
  #restarts: Promise<void>[] = [];

  constructor(folder: string, databaseUrl: string, tape: Tape, doors: Doors, random: Random) {
    this.#folder = folder;
    this.#tape = tape;
    this.#doors = doors;
    this.#random = random;
    this.#env = {
      PATH: "/usr/bin:/bin",
      HOME: folder,
      LANG: "C.UTF-8",
      DATABASE_URL: databaseUrl,
      REGUA_LOG_LEVEL: "warn",
      // Half of a start is compiling, and a run starts a hundred processes.
      NODE_COMPILE_CACHE: join(folder, "compiled"),
    };
  }

  /** Runs a command of the program to its end. */
  run(...args: string[]): Promise<Ran> {
    const child = this.#spawn(args, "pipe");
    const ran: Ran = { code: null, out: "", err: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (ran.out += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (ran.err += text));
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ ...ran, code }));
    });
  }

  /** Keeps a server or a worker running under a name. */
  async keep(name: string, serves: boolean): Promise<void> {
    const door = this.lives.length + 1;
    const life: Life = { door, slot: name, begun: this.#tape.mark(), up: null, ended: null, end: null, stops: [], address: null };
    this.lives.push(life);
    const config = join(this.#folder, `process-${door}.yaml`);
    writeFileSync(config, await this.#doors.open(door), { mode: 0o600 });
    const log = openSync(join(this.#folder, `process-${door}.log`), "w", 0o600);
    const child = this.#spawn(["--config", config, "serve", ...(serves ? ["--port", "0"] : ["--worker"])], log);
    closeSync(log);
    const slot: Slot = { name, serves, life, child };
    this.#slots.set(name, slot);
    let out = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      if (life.up !== null || !out.includes("\n")) return;
      life.up = this.#tape.mark();
      life.address = (JSON.parse(out.slice(0, out.indexOf("\n"))) as { address: string | null }).address;
    });
    child.once("close", (code, signal) => this.#ended(slot, signal ?? `code ${code}`));
  }

  /** Those that live and are not stopped; `up`: only those at work. */
  running(up: boolean): Life[] {
    return [...this.#slots.values()]
      .map((slot) => slot.life)
      .filter((life) => life.ended === null && life.end === null && life.stops.at(-1)?.to !== null && (!up || life.up !== null));
  }

  /** Where the service API answers now, if anywhere. */
  addresses(): string[] {
    return this.running(true).flatMap((life) => life.address ?? []);
  }

  /** SIGKILL: whatever it was doing ends here. */
  kill(life: Life): boolean {
    const slot = this.#slots.get(life.slot);
    if (slot?.life !== life || life.ended !== null || life.end !== null) return false;
    life.end = "killed";
    this.kills += 1;
    slot.child.kill("SIGKILL");
    return true;
  }

  /** SIGSTOP. It is continued with {@link go}. */
  stop(life: Life, pastLease: boolean): boolean {
    const slot = this.#slots.get(life.slot);
    if (slot?.life !== life || life.ended !== null || life.end !== null || !slot.child.kill("SIGSTOP")) return false;
    life.stops.push({ from: this.#tape.mark(), to: null, pastLease });
    return true;
  }

  go(life: Life): void {
    const stop = life.stops.at(-1);
    if (!stop || stop.to !== null) return;
    stop.to = this.#tape.mark();
    this.#slots.get(life.slot)?.child.kill("SIGCONT");
  }

  /** Tells those that live that the clock was put ahead. */
  tellSkip(): void {
    for (const { life, child } of this.#slots.values()) if (life.ended === null) child.kill("SIGUSR2");
  }

  /** Asks everybody to end, and waits; answers who did not end in order. */
  async end(): Promise<string[]> {
    this.#ending = true;
    await Promise.all(this.#restarts);
    const slots = [...this.#slots.values()].filter(({ life }) => life.ended === null);
    for (const { life, child } of slots) {
      life.end = "asked";
      child.kill("SIGTERM");
    }
    await Promise.all(slots.map(({ child }) => closed(child)));
    return slots.filter(({ child }) => child.exitCode !== 0).map(({ name, life }) => `${name}: ${this.#lastWords(life)}`);
  }

  /** Ends everybody at once, and starts nobody again. */
  async quit(): Promise<void> {
    this.#ending = true;
    await Promise.all(this.#restarts);
    killAll();
    await Promise.all([...this.#slots.values()].map(({ child }) => closed(child)));
  }

  #spawn(args: readonly string[], stderr: number | "pipe"): ChildProcess {
    const clock = ["--import", fastClockUrl(this.#tape.speed)];
    const child = spawn(NODE, [...clock, MAIN, "--json", "--data", join(this.#folder, "data"), ...args], {
      cwd: this.#folder,
      env: this.#env,
      stdio: ["ignore", "pipe", stderr],
    });
    living.add(child);
    child.once("close", () => living.delete(child));
    return child;
  }

  #ended(slot: Slot, how: string): void {
    const { life, name, serves } = slot;
    life.ended = this.#tape.mark();
    life.end ??= "own";
    if (life.end === "own") {
      const words = this.#lastWords(life);
      // A program that starts while its database is away says so and ends; a service manager starts it again.
      if (life.up === null && AWAY.test(words)) this.startsInVain += 1;
      else
        this.ownEnds.push(`${name} (process ${life.door}) ended by itself ${life.up ? "at work" : "while it started"} (${how}): ${words}`);
    }
    this.#tape.say(`process ${life.door} (${name}) ended: ${life.end}`);
    if (this.#ending) return;
    const restart = wait(this.#random.between(50, 800)).then(() => (this.#ending ? undefined : this.keep(name, serves)));
    this.#restarts = [...this.#restarts.slice(-20), restart];
  }

  #lastWords(life: Life): string {
    const text = readFileSync(join(this.#folder, `process-${life.door}.log`), "utf8").trimEnd();
    return text.split("\n").slice(-LOG_LINES).join("\n    ").slice(-3_000);
  }
}

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once("close", () => resolve());
  });
}
