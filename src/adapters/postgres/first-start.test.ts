// What a first start makes: the cluster, its settings, its roles, its secrets.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedServer } from "./embedded.ts";
import { ask, startServer, remove, temporaryFolder } from "./testing/scene.ts";

let folder: string;
let server: EmbeddedServer;

beforeAll(async () => {
  folder = temporaryFolder();
  server = await startServer({ dataDir: join(folder, "regua") });
});

afterAll(async () => {
  await server.stop();
  remove(folder);
});

test("the database is UTF-8, orders by code point and keeps time in UTC", async () => {
  expect(server.adopted).toBe(false);
  expect(await ask(server.url, "SHOW server_encoding")).toBe("UTF8");
  expect(await ask(server.url, "SHOW timezone")).toBe("UTC");
  expect(await ask(server.url, "SELECT string_agg(word, ' ' ORDER BY word) FROM unnest('{é,a,Z,z,B}'::text[]) AS word")).toBe("B Z a z é");
  expect(await ask(server.url, "SELECT upper('ação')")).toBe("AÇÃO");
  expect(await ask(server.url, "SELECT current_database() || ' ' || current_user")).toBe("regua regua");
});

test("what is committed is on the disk", async () => {
  expect(await ask(server.adminUrl, "SHOW fsync")).toBe("on");
  expect(await ask(server.adminUrl, "SHOW synchronous_commit")).toBe("on");
});

test("every setting we write is known and applied", async () => {
  const ours = "FROM pg_file_settings WHERE sourcefile LIKE '%regua.conf'";
  expect(
    await ask(server.adminUrl, `SELECT string_agg(name || ': ' || coalesce(error, 'not applied'), ', ') ${ours} AND NOT applied`),
  ).toBeNull();
  expect(await ask(server.adminUrl, `SELECT count(*)::int ${ours}`)).toBeGreaterThan(15);
  expect(await ask(server.adminUrl, "SHOW max_wal_size")).toBe("2GB");
  expect(await ask(server.adminUrl, "SHOW jit")).toBe("off");
});

test("the program's role owns its database and is no superuser", async () => {
  expect(await ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).toBe(false);
  await ask(server.url, "CREATE TABLE receipt (id int)");
  await ask(server.url, "CREATE SCHEMA jobs");
});

test("the server listens on the loopback address only and asks for the password", async () => {
  expect(await ask(server.adminUrl, "SHOW listen_addresses")).toBe("127.0.0.1");
  await expect(ask(server.url.replace(/:[^:@]+@/u, ":guess@"), "SELECT 1")).rejects.toThrow(/password authentication failed/u);
});

test("the passwords are kept where only their owner reads them", () => {
  const home = join(folder, "regua", "postgres");
  expect(statSync(join(home, "server.json")).mode & 0o777).toBe(0o600);
  expect(statSync(join(home, "data")).mode & 0o077).toBe(0);
  expect(readdirSync(home).filter((name) => name.includes("half"))).toEqual([]);
});
