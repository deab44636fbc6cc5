// Files made to hurt, and children that hang: each ends with a word, within its time and memory, and leaves nothing behind.
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { pixReceipt } from "../../../test/support/proof-documents.ts";
import { encryptedPdf, endlessPdf, hugePng, pdfBomb, pdfOfPages, pdfOfStream } from "../../../test/support/proof-edits.ts";
import { bankMail } from "../../../test/support/proof-mail.ts";
import { wait } from "../../kernel/clock.ts";
import { parseInstant } from "../../kernel/time.ts";
import { PROOF_LIMITS, type ReadOutcome } from "../../ports/proof-reader.ts";
import { storedKeys } from "./dkim-keys.ts";
import { ChildProofReader, type ReaderOptions } from "./reader.ts";

/** A machine under load takes ten times as long; nothing here depends on it. */
const PATIENCE = 240_000;
const AT = parseInstant("2026-11-22T17:33:21Z");
const PARTY = { name: "Servidor Bom", taxId: "12.345.678/0001-95" };
const pix = (as: "pdf" | "photo" | "screenshot" = "pdf"): Promise<Uint8Array> =>
  pixReceipt({ amount: 2_990, at: AT, endToEndId: null, payer: PARTY, receiver: PARTY, as });

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "regua-limits-"));
  folders.push(folder);
  return folder;
}

const patient = () => ({ signal: AbortSignal.timeout(PATIENCE) });

async function read(bytes: Uint8Array, options: ReaderOptions = {}, context = patient()): Promise<ReadOutcome> {
  const folder = aFolder();
  const outcome = await new ChildProofReader({ keys: storedKeys({}), fileMs: PATIENCE, folder, ...options }).read(bytes, context);
  expect(readdirSync(folder)).toEqual([]);
  return outcome;
}

/** The same bytes in every run, in no form. */
function noise(length: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

describe("a file beyond the limits is refused by its word", { timeout: PATIENCE }, () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string]>([
    ["a picture whose header promises 2,500 megapixels", () => hugePng(50_000, 50_000), "too_many_pixels"],
    ["a PDF of a thousand pages", () => pdfOfPages(1_000), "too_many_pages"],
    ["a PDF of one page more than is read", () => pdfOfPages(PROOF_LIMITS.pages + 1), "too_many_pages"],
    ["a PDF that asks for a password", () => encryptedPdf("segredo"), "encrypted"],
    ["bytes without form", () => noise(5_000), "form"],
    ["bytes without form behind the mark of a PDF", () => Buffer.concat([Buffer.from("%PDF-1.7\n"), noise(5_000)]), "unreadable"],
    ["bytes without form behind the mark of a JPEG", () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), noise(5_000)]), "unreadable"],
    ["eleven megabytes", () => Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(11_000_000)]), "too_large"],
    ["half a PDF", async () => (await pix()).subarray(0, 1_000), "unreadable"],
    ["half a screenshot", async () => (await pix("screenshot")).subarray(0, 30_000), "unreadable"],
    ["a photo cut off in the middle", async () => (await pix("photo")).subarray(0, 100_000), "unreadable"],
    ["a PNG of more pixels than its data has", () => hugePng(5_000, 5_000), "unreadable"],
    ["no bytes at all", () => new Uint8Array(), "form"],
  ])("%s", async (_, make, reason) => {
    expect(await read(await make())).toEqual({ outcome: "refused", reason, retry: false });
  });

  it("a mail of parts within parts without end", async () => {
    const depth = 5_000;
    const part = (number: number): string => `Content-Type: multipart/mixed; boundary="b${number}"\r\n\r\n--b${number}\r\n`;
    const mail = `From: a@b.example\r\nDate: x\r\n${Array.from({ length: depth }, (_, number) => part(number)).join("")}`;
    expect(await read(Buffer.from(mail))).toMatchObject({ outcome: "refused", reason: "unreadable" });
  });
});

describe("a file made to hurt does not", { timeout: PATIENCE }, () => {
  /** The largest memory that a child of ours was seen with, in megabytes. Null where the system does not tell. */
  async function peakWhile(work: Promise<unknown>): Promise<number | null> {
    const children = `/proc/${process.pid}/task/${process.pid}/children`;
    if (!existsSync(children)) return null;
    let peak = 0;
    const running = new Set([work]);
    void work.finally(() => running.clear());
    while (running.size > 0) {
      for (const pid of readFileSync(children, "utf8").trim().split(" ")) {
        try {
          peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1_000);
        } catch {
          // It ended between the two readings.
        }
      }
      await wait(10);
    }
    return peak;
  }

  it("a page packed a hundred thousand times over ends within the child's memory, and costs us none", async (context) => {
    const bomb = pdfBomb(300);
    expect(bomb.length).toBeLessThan(10_000);
    const before = process.memoryUsage().rss;
    const outcome = read(bomb);
    const peak = await peakWhile(outcome);
    // A quick machine reads it to its end, a slow one runs out of time: both within the memory below.
    expect(["done", "refused", "unknown"]).toContain((await outcome).outcome);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(150);
    if (peak === null) return context.skip("this system does not tell the memory of a process's children");
    expect(peak).toBeGreaterThan(30);
    expect(peak).toBeLessThan(700);
  });

  it("pages that draw themselves come to an end", async () => {
    expect(await read(endlessPdf())).toMatchObject({ outcome: "done", value: { proof: { pages: 1, texts: [] } } });
  });

  it("a text of twenty million letters is cut", async () => {
    const { deflateSync } = await import("node:zlib");
    const outcome = await read(pdfOfStream(deflateSync(Buffer.alloc(20_000_000, "BT /F 12 Tf (abcdefgh) Tj ET\n"))));
    expect(outcome).toMatchObject({ outcome: "done" });
    if (outcome.outcome !== "done") return;
    expect(outcome.value.notes).toContain("text_cut");
    expect(outcome.value.proof.texts[0]?.text.length).toBeLessThanOrEqual(PROOF_LIMITS.text);
  });
});

describe("a child that does not end is ended", { timeout: PATIENCE }, () => {
  it("at its time, which says nothing against the file", async () => {
    expect(await read(await pix(), { fileMs: 30 })).toEqual({
      outcome: "unknown",
      reason: "the file was not read: it took longer than it is given",
    });
  });

  it("when whoever asked gives up", async () => {
    expect(await read(await pix(), {}, { signal: AbortSignal.timeout(30) })).toMatchObject({ outcome: "unknown" });
    expect(await read(await pix(), {}, { signal: AbortSignal.abort() })).toMatchObject({ outcome: "unknown" });
  });

  it("when its processor time is used up", async () => {
    expect(await read(await pix("photo"), { bounds: { cpuSeconds: 0 } })).toMatchObject({ outcome: "unknown" });
  });

  it("and reading goes on after it", async () => {
    const reader = new ChildProofReader({ keys: storedKeys({}), fileMs: PATIENCE, atOnce: 1 });
    const [first, second] = await Promise.all([
      reader.read(await pix(), { signal: AbortSignal.timeout(30) }),
      reader.read(await bankMail({ domain: "b.example", at: AT }), patient()),
    ]);
    expect([first.outcome, second.outcome]).toEqual(["unknown", "done"]);
  });
});

describe("a program of the system", { timeout: PATIENCE }, () => {
  /** A folder of programs that stand in the place of the real ones. */
  function programs(scripts: Readonly<Record<string, string>>): { path: string } {
    const path = aFolder();
    for (const [name, script] of Object.entries(scripts)) {
      writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(path, name), 0o700);
    }
    return { path };
  }

  it("that is not installed is noted, and told to the doctor", async () => {
    const bounds = programs({});
    const outcome = await read(await pix(), { bounds });
    expect(outcome).toMatchObject({ outcome: "done", value: { notes: ["no_pdftoppm"], picture: null, proof: { codes: [], look: null } } });
    expect(await read(await pix("screenshot"), { bounds })).toMatchObject({ outcome: "done", value: { notes: ["no_tesseract"] } });
    expect(await new ChildProofReader({ bounds }).lacks(patient())).toEqual(["tesseract", "pdftoppm"]);
    const english = programs({ tesseract: "printf 'List of available languages (1):\\neng\\n'", pdftoppm: "exit 99" });
    expect(await new ChildProofReader({ bounds: english }).lacks(patient())).toEqual(["tesseract_por"]);
  });

  it("that hangs is ended, with the file read as far as it goes without", async () => {
    const pid = join(aFolder(), "pid");
    const bounds = programs({ tesseract: `echo $$ > ${pid}; exec /bin/sleep 600` });
    const outcome = await read(await pix("screenshot"), { bounds, programMs: 1_000 });
    expect(outcome).toMatchObject({ outcome: "done", value: { notes: ["tesseract_failed"], proof: { texts: [] } } });
    expect(() => process.kill(Number(readFileSync(pid, "utf8")), 0)).toThrow("ESRCH");
  });

  it("that hangs is ended with the child that started it", async () => {
    const pid = join(aFolder(), "pid");
    const bounds = programs({ tesseract: `echo $$ > ${pid}; exec /bin/sleep 600` });
    const giveUp = new AbortController();
    const outcome = read(await pix("screenshot"), { bounds, programMs: PATIENCE }, giveUp);
    while (!existsSync(pid) || readFileSync(pid, "utf8") === "") await wait(20);
    giveUp.abort();
    expect(await outcome).toMatchObject({ outcome: "unknown" });
    // Killed, it stays in the system's list until its new parent has looked at it.
    const gone = (): boolean => {
      try {
        process.kill(Number(readFileSync(pid, "utf8")), 0);
        return /\) Z /u.test(readFileSync(`/proc/${readFileSync(pid, "utf8").trim()}/stat`, "utf8"));
      } catch {
        return true;
      }
    };
    while (!gone()) await wait(20);
  });

  it("that prints without end, or fails, is noted", async () => {
    const bounds = programs({ tesseract: "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", pdftoppm: "exit 1" });
    expect(await read(await pix("screenshot"), { bounds })).toMatchObject({ outcome: "done", value: { notes: ["tesseract_failed"] } });
    expect(await read(await pix(), { bounds })).toMatchObject({ outcome: "done", value: { notes: ["pdftoppm_failed"] } });
  });

  it("learns nothing of our environment", async () => {
    const seen = join(aFolder(), "seen");
    const bounds = programs({ tesseract: `/usr/bin/env > ${seen}` });
    await read(await pix("screenshot"), { bounds });
    const names = readFileSync(seen, "utf8")
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(
      names.filter(
        (name) =>
          !["PATH", "LANG", "OMP_THREAD_LIMIT", "MALLOC_ARENA_MAX", "TMPDIR", "VIPSHOME", "PWD", "OLDPWD", "SHLVL", "_", ""].includes(
            name ?? "",
          ),
      ),
    ).toEqual([]);
  });
});
