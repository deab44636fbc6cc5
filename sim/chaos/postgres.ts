// The run's own PostgreSQL, with fsync on as in production: its sessions are ended at random, and it is stopped at once and started again.
import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedServer, type EmbeddedServer } from "../../src/adapters/postgres/embedded.ts";
import { wait } from "../../src/kernel/clock.ts";
import { sha256 } from "../../src/kernel/hash.ts";
import type { Random } from "../random.ts";
import { Backends } from "./support/backends.ts";

export class Postgres {
  /** Holds the database, the program's files, and the logs of its processes. */
  readonly folder: string;
  terminated = 0;
  restarts = 0;
  #server: EmbeddedServer | null = null;
  #port = 0;
  #restarting: Promise<void> = Promise.resolve();

  constructor() {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "regua-chaos-")));
    // mkdtemp gives 0700; when we are root the server runs as another account, which has to come through.
    chmodSync(this.folder, 0o711);
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  async start(): Promise<void> {
    let secrets = 0;
    // Nothing secret is inside, and the folder goes with the run.
    const newSecret = (): string => sha256(`${this.folder} ${(secrets += 1)}`).slice(0, 32);
    const server = await startEmbeddedServer({
      dataDir: join(this.folder, "database"),
      newSecret,
      ...(this.#port === 0 ? {} : { port: this.#port }),
    });
    this.#server = server;
    this.#port = server.port;
  }

  /** What `pg_ctl -m immediate` does, and a new start: every session breaks off where it stands, and the log is replayed. */
  restart(): Promise<void> {
    this.#restarting = this.#restart();
    return this.#restarting;
  }

  async #restart(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    process.kill(server.pid, "SIGQUIT");
    while (isAlive(server.pid)) await wait(20);
    await server.release();
    await this.start();
    this.restarts += 1;
  }

  /** Ends some of the program's sessions, wherever they stand. */
  async terminate(random: Random): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.terminated += await new Backends(server.adminUrl).terminate(random, random.between(1, 4));
  }

  async stop(): Promise<void> {
    await this.#restarting.catch(() => undefined);
    await this.#server?.stop();
    this.#server = null;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
