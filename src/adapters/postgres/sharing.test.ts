// Several Régua processes on one data folder: they share one server, and the last to stop it stops it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { stopIfAbandoned } from "./embedded.ts";
import {
  ask,
  forgetSeed,
  killedMidway,
  lives,
  neighbour,
  remove,
  seededFolder,
  startServer,
  temporaryFolder,
  type Neighbour,
} from "./testing/scene.ts";

let folder: string;
let dataDir: string;
let neighbours: Neighbour[];

beforeEach(() => {
  folder = temporaryFolder();
  dataDir = join(folder, "regua");
  neighbours = [];
});

afterEach(async () => {
  for (const each of neighbours) await each.kill();
  expect(await stopIfAbandoned(dataDir)).toBe(true);
  remove(folder);
});

async function another(options: Parameters<typeof neighbour>[1] = {}): Promise<Neighbour> {
  const one = await neighbour(dataDir, options);
  neighbours.push(one);
  return one;
}

afterAll(forgetSeed);

test("a server outlives the process that was killed, and the next start adopts it", async () => {
  await seededFolder(dataDir);
  const killed = await another();
  await ask(killed.started.url, "CREATE TABLE receipt AS SELECT 1990 AS cents");
  await killed.kill();
  expect(lives(killed.started.pid)).toBe(true);
  const server = await startServer({ dataDir });
  expect(server).toMatchObject({ adopted: true, pid: killed.started.pid, url: killed.started.url });
  expect(await ask(server.url, "SELECT cents FROM receipt")).toBe(1990);
  await server.stop();
  expect(lives(killed.started.pid)).toBe(false);
});

test("two processes use one server, and only the last to stop stops it", async () => {
  await seededFolder(dataDir);
  const first = await another();
  const second = await another();
  expect(second.started).toMatchObject({ adopted: true, pid: first.started.pid });
  await first.end("stop");
  expect(await ask(second.started.url, "SELECT 1")).toBe(1);
  await second.end("stop");
  expect(lives(first.started.pid)).toBe(false);
});

test("a process that was killed does not keep the server from being stopped", async () => {
  await seededFolder(dataDir);
  const killed = await another();
  const second = await another();
  await killed.kill();
  await second.end("stop");
  expect(lives(killed.started.pid)).toBe(false);
});

test("a process may leave the server running", async () => {
  await seededFolder(dataDir);
  const first = await another();
  await first.end("release");
  const second = await another();
  expect(second.started).toMatchObject({ adopted: true, pid: first.started.pid });
});

test("one process may use the server twice", async () => {
  await seededFolder(dataDir);
  const first = await startServer({ dataDir, fsync: false });
  const second = await startServer({ dataDir });
  await first.stop();
  await first.stop();
  expect(await ask(second.url, "SELECT 1")).toBe(1);
  await second.stop();
  expect(lives(second.pid)).toBe(false);
});

test("four first starts at once come to one server", async () => {
  const all = await Promise.all([another(), another(), another(), another()]);
  expect(new Set(all.map(({ started }) => started.pid)).size).toBe(1);
  expect(all.filter(({ started }) => !started.adopted)).toHaveLength(1);
  await Promise.all(all.map((each) => each.end("stop")));
  expect(all.some(({ started }) => lives(started.pid))).toBe(false);
});

test("starts and stops that cross never leave a user without a server", async () => {
  await seededFolder(dataDir);
  for (let round = 0; round < 4; round += 1) {
    const leaving = await another();
    const [arriving] = await Promise.all([another(), leaving.end("stop")]);
    expect(await ask(arriving.started.url, "SELECT 1")).toBe(1);
    await arriving.end("stop");
  }
});

test("a process killed while it made the cluster does no harm", async () => {
  mkdirSync(join(dataDir, "postgres"), { recursive: true, mode: 0o711 });
  await killedMidway(dataDir, join(dataDir, "postgres"), "data.half-");
  expect(existsSync(join(dataDir, "postgres", "data"))).toBe(false);
  const next = await another();
  expect(await ask(next.started.url, "SELECT 1")).toBe(1);
});

test("a process killed while it started the server does no harm", async () => {
  await seededFolder(dataDir);
  await killedMidway(dataDir, join(dataDir, "postgres", "data"), "postmaster.pid");
  const next = await another();
  expect(await ask(next.started.url, "SELECT 1")).toBe(1);
});

test("a server that is used in another container is not started a second time", async (context) => {
  const through = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const [program = "", ...flags] = through;
  if (spawnSync(program, [...flags, "true"]).status !== 0) context.skip("needs the right to make a process namespace (root, and unshare)");
  const inside = await another({ through });
  expect(inside.started.adopted).toBe(false);
  await expect(startServer({ dataDir })).rejects.toMatchObject({ code: "database_elsewhere" });
  expect(await ask(inside.started.url, "SELECT 1")).toBe(1);
  await inside.end("stop");
  const here = await startServer({ dataDir });
  expect(here.adopted).toBe(false);
  await here.stop();
});
