// The locks between processes.
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { remove, temporaryFolder } from "./testing/scene.ts";
import { takeLock, tryLock } from "./lock.ts";

let folder: string;
let file: string;

beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder, "gate.lock");
});

afterEach(() => remove(folder));

test("a lock held exclusively is held by one only", () => {
  const held = tryLock(file, "exclusive");
  expect(tryLock(file, "exclusive")).toBeNull();
  expect(tryLock(file, "shared")).toBeNull();
  held?.release();
  const next = tryLock(file, "exclusive");
  expect(next).not.toBeNull();
  next?.release();
});

test("a lock held shared is held by many, and by none exclusively until the last lets go", () => {
  const first = tryLock(file, "shared");
  const second = tryLock(file, "shared");
  expect(second).not.toBeNull();
  expect(tryLock(file, "exclusive")).toBeNull();
  first?.release();
  first?.release();
  expect(tryLock(file, "exclusive")).toBeNull();
  second?.release();
  const alone = tryLock(file, "exclusive");
  expect(alone).not.toBeNull();
  alone?.release();
});

test("who waits gets the lock when it is let go", async () => {
  const held = tryLock(file, "exclusive");
  const waiting = takeLock(file, "exclusive", 10_000);
  held?.release();
  (await waiting).release();
});

test("who waits in vain is told which file is held", async () => {
  const held = tryLock(file, "exclusive");
  await expect(takeLock(file, "exclusive", 40)).rejects.toMatchObject({ code: "database_lock_held", details: { file } });
  held?.release();
});
