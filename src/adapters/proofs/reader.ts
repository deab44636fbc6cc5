// The reader of payment proofs: limits that need no decoding are kept here, everything else happens in a child process that may die.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deadline } from "../../kernel/clock.ts";
import { sha256 } from "../../kernel/hash.ts";
import { done, refused, unknown, type CallContext, type Unknown } from "../../ports/outcome.ts";
import { PROOF_LIMITS, type ProofReader, type ReadOutcome, type ReadRefusal } from "../../ports/proof-reader.ts";
import { run } from "../panels/command-run.ts";
import { runChild, type Bounds, type ChildEnd } from "./child-process.ts";
import { dnsKeys, type DkimKeys } from "./dkim-keys.ts";
import type { ChildReading } from "./protocol.ts";
import { formOf, pictureSize } from "./sniff.ts";

export interface ReaderOptions {
  /** Keys of mail signatures. Default: the domain name system. */
  keys?: DkimKeys;
  /** Milliseconds for one file, and for one call of `tesseract` or `pdftoppm`. Default 60,000 and 15,000. */
  fileMs?: number;
  programMs?: number;
  /** Files read at the same time: each may take a core and half a gigabyte. Default 2. */
  atOnce?: number;
  /** Where each child gets a folder of its own, which is removed. Default: the system's folder for temporary files. */
  folder?: string;
  bounds?: Partial<Bounds>;
}

const BOUNDS: Bounds = {
  cpuSeconds: 30,
  dataKb: 1_000_000,
  heapMb: 256,
  path: "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin",
};
const LOOK_AROUND = { cwd: "/", outputLimit: 10_000 };

export class ChildProofReader implements ProofReader {
  readonly #keys: DkimKeys;
  readonly #times: { fileMs: number; programMs: number };
  readonly #folder: string;
  readonly #bounds: Bounds;
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor({ keys = dnsKeys(), fileMs = 60_000, programMs = 15_000, atOnce = 2, folder = tmpdir(), bounds = {} }: ReaderOptions = {}) {
    this.#keys = keys;
    this.#times = { fileMs, programMs };
    this.#free = atOnce;
    this.#folder = folder;
    this.#bounds = { ...BOUNDS, ...bounds };
  }

  async read(bytes: Uint8Array, { signal }: CallContext): Promise<ReadOutcome> {
    const refusal = refusalOf(bytes);
    if (refusal !== null) return no(refusal);
    await this.#turn();
    try {
      // The time counts from here: a queue is no fault of the file.
      return await this.#readInChild(bytes, AbortSignal.any([signal, deadline(this.#times.fileMs)]));
    } finally {
      this.#free += 1;
      this.#waiting.shift()?.();
    }
  }

  async lacks({ signal }: CallContext): Promise<("tesseract" | "tesseract_por" | "pdftoppm")[]> {
    const options = { ...LOOK_AROUND, environment: { PATH: this.#bounds.path }, signal };
    const [letters, pages] = await Promise.all([run(["tesseract", "--list-langs"], options), run(["pdftoppm", "-v"], options)]);
    const has = letters.end === "exited" && letters.exit === 0;
    const portuguese = has && /^por$/mu.test(letters.stdout + letters.stderr);
    return [
      ...(has ? (portuguese ? [] : (["tesseract_por"] as const)) : (["tesseract"] as const)),
      ...(pages.end === "not_started" ? (["pdftoppm"] as const) : []),
    ];
  }

  async #turn(): Promise<void> {
    while (this.#free <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free -= 1;
  }

  async #readInChild(bytes: Uint8Array, signal: AbortSignal): Promise<ReadOutcome> {
    const folder = await mkdtemp(join(this.#folder, "regua-proof-"));
    try {
      const file = join(folder, "file");
      await writeFile(file, bytes, { mode: 0o600 });
      const task = { file, programMs: this.#times.programMs };
      const end = await runChild(task, folder, this.#bounds, signal, async (name) => {
        const answer = await this.#keys(name, { signal });
        return answer.outcome === "done" ? answer.value : null;
      });
      return judge(end, bytes, signal);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

const no = (refusal: ReadRefusal): ReadOutcome => ({ ...refused(refusal), reason: refusal });

/** What needs no more than the first bytes and the header. */
function refusalOf(bytes: Uint8Array): ReadRefusal | null {
  if (bytes.length > PROOF_LIMITS.bytes) return "too_large";
  const form = formOf(bytes);
  if (form === null) return "form";
  if (form !== "jpeg" && form !== "png") return null;
  const size = pictureSize(bytes, form);
  if (size === null) return "unreadable";
  return size.width * size.height > PROOF_LIMITS.pixels ? "too_many_pixels" : null;
}

function judge(end: ChildEnd, bytes: Uint8Array, signal: AbortSignal): ReadOutcome {
  const because = end.complaint === "" ? "" : ` (${end.complaint})`;
  if (end.end === "ended") return broken(signal.aborted ? "it took longer than it is given" : `the reading process ended${because}`);
  const { said } = end;
  if ("refused" in said) return no(said.refused);
  if ("gave_up" in said) return broken(said.gave_up === "memory" ? "it takes more memory than it is given" : `the reader failed${because}`);
  return done(whole(said.read, bytes));
}

const broken = (reason: string): Unknown => unknown(`the file was not read: ${reason}`);

/** Hash and length are ours, not the child's. */
function whole({ proof, picture, notes, files }: ChildReading, bytes: Uint8Array): Extract<ReadOutcome, { outcome: "done" }>["value"] {
  const own = sha256(bytes);
  const shown = picture && { type: picture.type, bytes: new Uint8Array(Buffer.from(picture.base64, "base64")) };
  return {
    proof: { ...proof, sha256: own, bytes: bytes.length },
    picture: shown && { ...shown, width: picture.width, height: picture.height },
    notes,
    files: [...new Set([own, ...files])],
  };
}
