// Files kept by hash: the same bytes are one, damage is noticed, nothing half-written is ever seen, and age goes by the clock given.
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { ManualClock } from "../../kernel/clock.ts";
import { sha256 } from "../../kernel/hash.ts";
import { DAY_MS, parseInstant } from "../../kernel/time.ts";
import { FolderBlobStore } from "./folder.ts";

const START = parseInstant("2026-11-22T12:00:00Z");
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aStore(): { store: FolderBlobStore; clock: ManualClock; folder: string; file: (hash: string) => string } {
  const root = mkdtempSync(join(tmpdir(), "regua-blobs-"));
  folders.push(root);
  const folder = join(root, "blobs");
  const clock = new ManualClock(START);
  return { store: new FolderBlobStore(folder, clock), clock, folder, file: (hash) => join(folder, hash.slice(0, 2), hash) };
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

it("bytes put are found by their hash, and those that were not are not", async () => {
  const { store } = aStore();
  const hash = await store.put(text("comprovante"));
  expect(hash).toBe(sha256("comprovante"));
  expect(await store.get(hash)).toEqual(text("comprovante"));
  expect(await store.get(sha256("outro"))).toBeNull();
});

it("a file can be read by its owner alone, and so can its folder", async () => {
  const { store, folder, file } = aStore();
  const hash = await store.put(text("comprovante"));
  const modes = [statSync(file(hash)).mode, statSync(join(folder, hash.slice(0, 2))).mode].map((mode) => (mode & 0o777).toString(8));
  expect(modes).toEqual(["600", "700"]);
});

it("the same bytes, put at once by many, are one file and leave nothing beside it", async () => {
  const { store, folder } = aStore();
  const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(text("o mesmo"))));
  expect(new Set(hashes).size).toBe(1);
  expect(readdirSync(join(folder, hashes[0]?.slice(0, 2) ?? ""))).toEqual([hashes[0]]);
});

it("what was damaged on the disk is not answered, and putting it again mends it", async () => {
  const { store, file } = aStore();
  const hash = await store.put(text("comprovante"));
  chmodSync(file(hash), 0o600);
  writeFileSync(file(hash), "comprovantE");
  expect(await store.get(hash)).toBeNull();
  await store.put(text("comprovante"));
  expect(await store.get(hash)).toEqual(text("comprovante"));
});

it("deleting is done also when there is nothing to delete", async () => {
  const { store } = aStore();
  const hash = await store.put(text("comprovante"));
  await store.delete(hash);
  await store.delete(hash);
  expect(await store.get(hash)).toBeNull();
});

it("files are listed by age, the oldest first, and one put again begins anew", async () => {
  const { store, clock } = aStore();
  const [one, two, three] = ["um", "dois", "três"];
  const hashes: string[] = [];
  for (const word of [one, two, three]) {
    hashes.push(await store.put(text(word)));
    clock.set(clock.now() + DAY_MS);
  }
  await store.put(text(one));
  const old = await store.olderThan(START + 3 * DAY_MS, 10);
  expect(old).toEqual([
    { sha256: hashes[1], bytes: 4, since: START + DAY_MS },
    { sha256: hashes[2], bytes: 5, since: START + 2 * DAY_MS },
  ]);
  expect(await store.olderThan(START + 9 * DAY_MS, 1)).toHaveLength(1);
  expect(await aStore().store.olderThan(START, 10)).toEqual([]);
});

it("half a file that a power cut left is never listed, and goes when files of its age are asked for", async () => {
  const { store, folder } = aStore();
  const hash = await store.put(text("comprovante"));
  const shelf = join(folder, hash.slice(0, 2));
  for (const [name, seconds] of [
    [`${hash}.123-1.part`, 0],
    [`${hash}.123-2.part`, START / 1000 + 86_400],
  ] as const) {
    writeFileSync(join(shelf, name), "half");
    utimesSync(join(shelf, name), seconds, seconds);
  }
  writeFileSync(join(shelf, "notes.txt"), "not ours");
  utimesSync(join(shelf, "notes.txt"), 0, 0);
  expect(await store.olderThan(START, 10)).toEqual([]);
  expect(readdirSync(shelf).sort()).toEqual([hash, `${hash}.123-2.part`, "notes.txt"]);
});

it("a name that is no hash is a defect, not a path", async () => {
  const { store } = aStore();
  expect(() => store.get("../../etc/passwd")).toThrow("SHA-256");
  await expect(store.delete("..")).rejects.toThrow("SHA-256");
});
