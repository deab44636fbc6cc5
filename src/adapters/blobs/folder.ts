// Files in a folder by their hash: written aside, forced to the disk, renamed into place. What is read is compared with its name.
import { constants } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Clock } from "../../kernel/clock.ts";
import { assert } from "../../kernel/assert.ts";
import { sha256 as hashOf } from "../../kernel/hash.ts";
import type { Instant } from "../../kernel/time.ts";
import type { BlobStore, StoredBlob } from "../../ports/blob-store.ts";

const NAME = /^[0-9a-f]{64}$/u;
/** Being written. */
const PART = /^[0-9a-f]{64}\.\d+-\d+\.part$/u;
/** 256 folders: a folder of a hundred thousand files is slow on some disks. */
const SHELF = /^[0-9a-f]{2}$/u;

/** Nothing of it can be read by other users of the machine. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export class FolderBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #clock: Clock;
  #written = 0;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async put(bytes: Uint8Array): Promise<string> {
    const name = hashOf(bytes);
    const path = this.#path(name);
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    const seconds = this.#clock.now() / 1000;
    if ((await readWhole(path, name)) !== null) {
      await utimes(path, seconds, seconds);
      return name;
    }
    this.#written += 1;
    // Two processes may write the same bytes at once: each has a file of its own, and either rename will do.
    const aside = `${path}.${process.pid}-${this.#written}.part`;
    try {
      await writeSafely(aside, bytes);
      await utimes(aside, seconds, seconds);
      await rename(aside, path);
    } finally {
      await rm(aside, { force: true });
    }
    await forceFolder(dirname(path));
    return name;
  }

  get(sha256: string): Promise<Uint8Array | null> {
    return readWhole(this.#path(sha256), sha256);
  }

  async delete(sha256: string): Promise<void> {
    await rm(this.#path(sha256), { force: true });
  }

  async olderThan(instant: Instant, most: number): Promise<readonly StoredBlob[]> {
    const found: StoredBlob[] = [];
    for (const shelf of (await names(this.#folder)).filter((name) => SHELF.test(name)).sort()) {
      for (const name of await names(join(this.#folder, shelf))) {
        const path = join(this.#folder, shelf, name);
        const about = await stat(path).catch(nothingThere);
        if (!about || about.mtimeMs >= instant) continue;
        if (NAME.test(name)) found.push({ sha256: name, bytes: about.size, since: Math.round(about.mtimeMs) });
        // Half a file that a power cut left behind holds as much about a person as a whole one.
        if (PART.test(name)) await rm(path, { force: true });
      }
    }
    return found.sort((a, b) => a.since - b.since || (a.sha256 < b.sha256 ? -1 : 1)).slice(0, most);
  }

  #path(sha256: string): string {
    assert(NAME.test(sha256), "a blob is named by a SHA-256 in hexadecimal digits");
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }
}

function nothingThere(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

async function names(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(nothingThere)) ?? [];
}

/** A file that is not what its name says was damaged on the disk: as good as gone. */
async function readWhole(path: string, sha256: string): Promise<Uint8Array | null> {
  const bytes = await readFile(path).catch(nothingThere);
  return bytes !== null && hashOf(bytes) === sha256 ? new Uint8Array(bytes) : null;
}

async function writeSafely(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The name itself is safe only when its folder is. */
async function forceFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
