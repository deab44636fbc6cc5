// Payment proofs as customers send them, and the machine that reads them: what a paper shows is written down, and judged by the program alone.
import { sha256 } from "../src/kernel/hash.ts";
import type { Cents } from "../src/kernel/money.ts";
import { DAY_MS, formatDay, type Day, type Instant } from "../src/kernel/time.ts";
import type { BlobStore, StoredBlob } from "../src/ports/blob-store.ts";
import { done, unknown } from "../src/ports/outcome.ts";
import type { ProofReader, ReadOutcome } from "../src/ports/proof-reader.ts";
import { endToEndOf } from "./till.ts";

/**
 * `paid`: of money on its way. `scheduled`: of an order for later. `malformed`: with an id that no bank can have made, of another day, or of a return.
 * `plausible`: invented well. `reused`: another customer's file. `reused_id`: the id of another's payment on a paper of one's own. `picture`: of which nothing can be read.
 */
export type PaperKind = "paid" | "scheduled" | "malformed" | "plausible" | "reused" | "reused_id" | "picture";

/** What no paper of the kind can give: access before the bank has spoken. */
export const NEVER_RELEASES: ReadonlySet<PaperKind> = new Set(["scheduled", "malformed", "reused", "reused_id"]);

/** A paper that was sent. */
export interface Paper {
  kind: PaperKind;
  customer: string;
  name: string;
  bytes: Uint8Array;
  endToEndId: string | null;
}

export interface Shown {
  kind: PaperKind;
  customer: string;
  /** Tells this paper from all others. */
  name: string;
  amount: Cents;
  now: Instant;
  today: Day;
  /** Of the payment that it shows. */
  endToEndId: string | null;
}

export function write({ kind, customer, name, amount, now, today, endToEndId }: Shown): Paper {
  const day = kind === "scheduled" ? today + 3 : today;
  const [year, month, date] = formatDay(day).split("-");
  const id = kind === "malformed" ? spoilt(name, now) : endToEndId;
  const text = [
    kind === "scheduled" ? "Comprovante de agendamento de Pix" : "Comprovante de Pix",
    `${date}/${month}/${year}`,
    `Valor R$ ${Math.floor(amount / 100)},${String(amount % 100).padStart(2, "0")}`,
    "Recebedor HOSPEDAGEM EXEMPLO LTDA",
    ...(id === null ? [] : [`ID da transação: ${id}`]),
    `Documento ${sha256(name).slice(0, 8)}`,
  ].join("\n");
  const bytes = Buffer.from(JSON.stringify({ name, text: kind === "picture" ? null : text }), "utf8");
  return { kind, customer, name, bytes, endToEndId: id };
}

/** A date that does not exist, the day of another payment, or the letter of a return. */
function spoilt(name: string, now: Instant): string {
  const id = endToEndOf(name, now);
  const how = Number.parseInt(sha256(`spoilt ${name}`).slice(0, 2), 16) % 3;
  if (how === 0) return `${id.slice(0, 13)}13${id.slice(15)}`;
  return how === 1 ? endToEndOf(name, now - 40 * DAY_MS) : `D${id.slice(1)}`;
}

export class SimReader implements ProofReader {
  readonly #fails: () => boolean;

  constructor(fails: () => boolean) {
    this.#fails = fails;
  }

  read(bytes: Uint8Array): Promise<ReadOutcome> {
    if (this.#fails()) return Promise.resolve(unknown("it took too long"));
    const { text } = JSON.parse(Buffer.from(bytes).toString("utf8")) as { text: string | null };
    const hash = sha256(bytes);
    const proof = {
      form: text === null ? ("jpeg" as const) : ("pdf" as const),
      sha256: hash,
      bytes: bytes.length,
      pages: 1,
      texts: text === null ? [] : [{ source: "pdf_text" as const, text }],
      codes: [],
      look: null,
      made: { programs: [], createdAt: null, modifiedAt: null, updates: 0 },
      mail: null,
    };
    return Promise.resolve(done({ proof, picture: null, notes: [], files: [hash] }));
  }

  lacks(): Promise<readonly []> {
    return Promise.resolve([]);
  }
}

/** Files kept in memory, by their hash. */
export class Drawer implements BlobStore {
  readonly #files = new Map<string, Uint8Array>();

  put(bytes: Uint8Array): Promise<string> {
    const hash = sha256(bytes);
    this.#files.set(hash, bytes);
    return Promise.resolve(hash);
  }

  get(hash: string): Promise<Uint8Array | null> {
    return Promise.resolve(this.#files.get(hash) ?? null);
  }

  delete(hash: string): Promise<void> {
    this.#files.delete(hash);
    return Promise.resolve();
  }

  olderThan(): Promise<readonly StoredBlob[]> {
    return Promise.resolve([]);
  }
}
