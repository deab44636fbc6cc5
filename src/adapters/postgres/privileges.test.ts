// Root and ordinary users: folders that the server's account cannot enter, full disks. These need root, and say so otherwise.
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readlinkSync, renameSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { barrier, isRoot, serverAccount, type Account } from "./account.ts";
import { stopIfAbandoned } from "./embedded.ts";
import { ask, startServer, giveFolder, neighbour, remove, temporaryFolder } from "./testing/scene.ts";
import { installedPrograms } from "./programs.ts";

const HERE = dirname(fileURLToPath(import.meta.url));
const root = test.skipIf(!isRoot() || process.platform !== "linux");

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

afterEach(() => remove(folder));

describe("as root on Linux (skipped for an ordinary user, who cannot become another one)", () => {
  root("the server runs as another account, which owns the cluster", async () => {
    const server = await startServer({ dataDir: folder, fsync: false });
    const uid = statSync(`/proc/${server.pid}`).uid;
    expect(uid).toBe(serverAccount(join(folder, "absent"))?.uid);
    expect(uid).not.toBe(0);
    await server.stop();
  });

  root("a cluster that an ordinary user made goes on as that user's", async (context) => {
    const nobody = reachingNobody(context);
    const dataDir = giveFolder(folder, nobody);
    const theirs = await neighbour(dataDir, { as: nobody });
    expect(theirs.started).toMatchObject({ adopted: false });
    expect(statSync(`/proc/${theirs.started.pid}`).uid).toBe(nobody.uid);
    await ask(theirs.started.url, "CREATE TABLE receipt AS SELECT 1990 AS cents");
    await theirs.end("stop");
    const ours = await startServer({ dataDir, fsync: false });
    expect(statSync(`/proc/${ours.pid}`).uid).toBe(nobody.uid);
    expect(await ask(ours.url, "SELECT cents FROM receipt")).toBe(1990);
    await ours.stop();
  });

  root("an ordinary user is told which folder refuses it", async (context) => {
    const nobody = reachingNobody(context);
    const refused = await neighbour(join(folder, "regua"), { as: nobody });
    expect(refused.started).toEqual({ code: "database_folder_denied" });
    const ours = await startServer({ dataDir: folder, fsync: false });
    await ours.stop();
    expect((await neighbour(folder, { as: nobody })).started).toEqual({ code: "database_folder_denied" });
  });

  root("programs that the account cannot reach are copied beside the data, links and all", async () => {
    const closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    const installed = installedPrograms();
    cpSync(installed.folder, join(closed, "native"), { recursive: true, verbatimSymlinks: true });
    // As npm leaves them when install scripts are switched off.
    execFileSync("find", [join(closed, "native", "lib"), "-maxdepth", "1", "-type", "l", "-delete"]);
    const dataDir = join(folder, "regua");
    mkdirSync(join(dataDir, "postgres", "programs-1.0.0"), { recursive: true, mode: 0o711 });
    const options = { dataDir, fsync: false, programs: { folder: join(closed, "native"), version: installed.version } };
    const server = await startServer(options);
    const copy = join(dataDir, "postgres", `programs-${installed.version}`);
    expect(readlinkSync(`/proc/${server.pid}/exe`)).toBe(join(copy, "bin", "postgres"));
    expect(existsSync(join(dataDir, "postgres", "programs-1.0.0"))).toBe(false);
    await server.stop();
    const made = statSync(copy).ctimeMs;
    await (await startServer(options)).stop();
    expect(statSync(copy).ctimeMs).toBe(made);
  });

  root("a full disk is called a full disk", async (context) => {
    const small = join(folder, "small");
    mkdirSync(small);
    if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=20m", "tmpfs", small]).status !== 0) context.skip("needs the right to mount");
    try {
      await expect(startServer({ dataDir: join(small, "regua") })).rejects.toMatchObject({ code: "database_disk_full" });
    } finally {
      execFileSync("umount", [small]);
    }
  });

  root("a folder that the account can no longer enter is refused, not replaced by an empty database", async () => {
    const dataDir = join(folder, "regua");
    await (await startServer({ dataDir, fsync: false })).stop();
    chmodSync(folder, 0o700);
    const refused = startServer({ dataDir });
    await expect(refused).rejects.toMatchObject({ code: "database_folder_blocked", details: { folder } });
    expect(existsSync(join(dataDir, "postgres", "elsewhere.json"))).toBe(false);
  });
});

describe("as root, a data folder under one that the account cannot enter", () => {
  let closed: string;
  let dataDir: string;

  beforeEach(() => {
    closed = join(folder, "closed");
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, "regua");
  });

  const placeOf = (data: string) => (JSON.parse(readFileSync(join(data, "postgres", "elsewhere.json"), "utf8")) as { place: string }).place;

  root("has its database in the system's place, found again at every start, and says so once", async () => {
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const first = await startServer({ dataDir, fsync: false, log });
    const place = placeOf(dataDir);
    try {
      expect(place).toMatch(/^\/var\/lib\/regua\/[0-9a-f]{16}$/u);
      expect(lines.join("\n")).toContain(place);
      await ask(first.url, "CREATE TABLE receipt AS SELECT 1990 AS cents");
      await first.stop();
      // Also when the way is open by then: the database stays where it is.
      chmodSync(closed, 0o711);
      const second = await startServer({ dataDir, fsync: false, log });
      expect(await ask(second.url, "SELECT cents FROM receipt")).toBe(1990);
      expect(lines).toHaveLength(1);
      await second.stop();
    } finally {
      remove(place);
    }
  });

  root("can be moved, and is refused as a copy", async () => {
    await (await startServer({ dataDir, fsync: false })).stop();
    const place = placeOf(dataDir);
    try {
      const moved = join(closed, "moved");
      renameSync(dataDir, moved);
      await (await startServer({ dataDir: moved, fsync: false })).stop();
      cpSync(moved, dataDir, { recursive: true });
      await expect(startServer({ dataDir })).rejects.toMatchObject({ code: "database_place_shared" });
    } finally {
      remove(place);
    }
  });

  root("is refused, not begun anew, when the place is gone", async () => {
    await (await startServer({ dataDir, fsync: false })).stop();
    const place = placeOf(dataDir);
    remove(place);
    await expect(startServer({ dataDir })).rejects.toMatchObject({ code: "database_place_lost", details: { place } });
    await expect(stopIfAbandoned(dataDir)).rejects.toMatchObject({ code: "database_place_lost" });
  });
});

/** The account `nobody`, if it can reach this checkout and Node; else the test is skipped, saying so. */
function reachingNobody(context: { skip: (note: string) => void }): Account {
  const uid = Number(execFileSync("id", ["-u", "nobody"], { encoding: "utf8" }));
  const gid = Number(execFileSync("id", ["-g", "nobody"], { encoding: "utf8" }));
  const nobody = { name: "nobody", uid, gid };
  if (barrier(nobody, HERE) ?? barrier(nobody, dirname(process.execPath))) context.skip("the account nobody cannot reach this checkout");
  return nobody;
}
