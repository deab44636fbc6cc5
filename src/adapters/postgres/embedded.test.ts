// The server on its own: what a later start finds, and what is refused.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { isRoot, serverAccount } from "./account.ts";
import type { EmbeddedOptions, EmbeddedServer } from "./embedded.ts";
import { ask, startServer, forgetSeed, lives, remove, seededFolder, temporaryFolder } from "./testing/scene.ts";
import { installedPrograms, runAs } from "./programs.ts";

let folder: string;
let dataDir: string;
let started: EmbeddedServer[];

beforeEach(async () => {
  folder = temporaryFolder();
  dataDir = join(folder, "regua");
  started = [];
  await seededFolder(dataDir);
});

afterEach(async () => {
  for (const server of started) await server.stop();
  remove(folder);
});

afterAll(forgetSeed);

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedServer> {
  const server = await startServer({ dataDir, fsync: false, ...options });
  started.push(server);
  return server;
}

describe("a later start", () => {
  test("finds what was stored, on the same address", async () => {
    const first = await start();
    await ask(first.url, "CREATE TABLE receipt AS SELECT 1990 AS cents");
    await first.stop();
    expect(lives(first.pid)).toBe(false);
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, "SELECT cents FROM receipt")).toBe(1990);
  });

  test("recovers what was committed before the server was killed", async () => {
    const first = await start({ fsync: true });
    await ask(first.url, "CREATE TABLE receipt AS SELECT 1990 AS cents");
    process.kill(first.pid, "SIGKILL");
    const second = await start({ fsync: true });
    expect(second.pid).not.toBe(first.pid);
    expect(await ask(second.url, "SELECT cents FROM receipt")).toBe(1990);
  });

  test("is not held up by a pid file whose number now belongs to another program", async () => {
    const first = await start();
    const data = join(dataDir, "postgres", "data");
    const left = readFileSync(join(data, "postmaster.pid"), "utf8");
    await first.stop();
    const other = spawn("sleep", ["60"], runAs(serverAccount(data)));
    await once(other, "spawn");
    writeFileSync(join(data, "postmaster.pid"), left.replace(/^\d+/u, String(other.pid)));
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await ask(second.url, "SELECT 1")).toBe(1);
    expect(lives(other.pid ?? 0)).toBe(true);
    other.kill();
  });

  test("moves to another port when a program took the last one", async () => {
    const first = await start();
    await first.stop();
    const other = await occupy(first.port);
    const second = await start();
    expect(second.port).not.toBe(first.port);
    expect(await ask(second.url, "SELECT 1")).toBe(1);
    other.close();
  });

  test("does not mistake another PostgreSQL on its port for its own", async () => {
    const first = await start();
    await first.stop();
    const other = await start({ dataDir: join(folder, "other"), port: first.port });
    const second = await start();
    expect(other.port).toBe(first.port);
    expect(second.port).not.toBe(other.port);
    expect(await ask(second.adminUrl, "SHOW data_directory")).toBe(join(dataDir, "postgres", "data"));
  });

  test("sweeps up what a first start left when it was cut short", async () => {
    const home = join(dataDir, "postgres");
    rmSync(join(home, "data"), { recursive: true });
    cpSync(join(home, "server.json"), join(home, "data.half-4711", "PG_VERSION"), { recursive: true });
    await start();
    expect(existsSync(join(home, "data.half-4711"))).toBe(false);
  });
});

describe("a start is refused, with the way out,", () => {
  test("when the wished port is taken", async () => {
    const other = await occupy(0);
    const { port } = other.address() as { port: number };
    await expect(start({ port })).rejects.toMatchObject({ code: "database_port_in_use", details: { port } });
    other.close();
  });

  test("when there are no programs for the machine", () => {
    expect(() => installedPrograms("sunos", "sparc")).toThrow(expect.objectContaining({ code: "database_programs_missing" }));
    expect(() => installedPrograms("win32", "x64")).toThrow(expect.objectContaining({ code: "database_programs_missing" }));
  });

  test("when the programs do not run", async () => {
    const broken = join(folder, "broken");
    cpSync(join(installedPrograms().folder, "bin"), join(broken, "bin"), { recursive: true });
    mkdirSync(join(broken, "lib"));
    mkdirSync(join(broken, "share"));
    const refused = start({ programs: { folder: broken, version: "18.0.0" } });
    await expect(refused).rejects.toMatchObject({ code: "database_programs_unusable" });
    await expect(refused).rejects.toThrow(/shared librar/u);
  });

  test("with the last words of initdb, leaving nothing half made", async () => {
    const broken = join(folder, "broken");
    cpSync(installedPrograms().folder, broken, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(broken, "share", "postgresql", "postgres.bki"), "# PostgreSQL 7\n");
    rmSync(dataDir, { recursive: true });
    const refused = start({ programs: { folder: broken, version: "18.0.0" } });
    await expect(refused).rejects.toMatchObject({ code: "database_init_failed" });
    await expect(refused).rejects.toThrow(/postgres\.bki/u);
    expect(readdirSync(join(dataDir, "postgres")).filter((name) => name.startsWith("data"))).toEqual([]);
    expect(await ask((await start()).url, "SELECT 1")).toBe(1);
  });

  test("with the last words of a server that does not start", async () => {
    rmSync(join(dataDir, "postgres", "data", "global", "pg_control"));
    const refused = start();
    await expect(refused).rejects.toMatchObject({ code: "database_start_failed" });
    await expect(refused).rejects.toThrow(/could not find the database system/u);
  });

  test("when another major version wrote the data", async () => {
    const file = join(dataDir, "postgres", "data", "PG_VERSION");
    const written = readFileSync(file, "utf8");
    writeFileSync(file, "17\n");
    await expect(start()).rejects.toMatchObject({ code: "database_version_differs", details: { found: "17", have: "18" } });
    writeFileSync(file, written);
  });

  test("when the passwords are gone", async () => {
    rmSync(join(dataDir, "postgres", "server.json"));
    await expect(start()).rejects.toMatchObject({ code: "database_keys_lost" });
  });

  test.skipIf(isRoot())("when the folder may not be written (root may write everywhere: its case is in privileges.test.ts)", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o500 });
    await expect(start({ dataDir: join(closed, "regua") })).rejects.toMatchObject({ code: "database_folder_denied" });
  });
});

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}
