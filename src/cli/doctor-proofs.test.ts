// What the doctor says of the programs and the scanner that payment proofs are read with: real programs, real folders, a scanner on loopback.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { FakeClamd } from "../../test/support/fake-clamd.ts";
import { ClamdScan } from "../adapters/proofs/clamd.ts";
import { ChildProofReader } from "../adapters/proofs/reader.ts";
import { proofChecks } from "./doctor-proofs.ts";
import { sayIn, type Check } from "./doctor-report.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A reader that finds these programs only, each of which says what is written here. */
function aReader(programs: Readonly<Record<string, string>>): ChildProofReader {
  const folder = mkdtempSync(join(tmpdir(), "regua-doctor-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\nprintf '${text}'\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return new ChildProofReader({ bounds: { path: folder } });
}

const WHOLE = { tesseract: "List of available languages:\\neng\\npor\\n", pdftoppm: "pdftoppm version 24" };
const en = sayIn("en");
const brief = (checks: readonly Check[]): string[] => checks.map(({ check, verdict }) => `${check} ${verdict}`);

describe("the doctor on payment proofs", () => {
  it("has a line when all is there, and says what the scanner is", async () => {
    const clamd = await FakeClamd.start();
    const checks = await proofChecks({ reader: aReader(WHOLE), scan: new ClamdScan(clamd.address) }, true, en);
    expect(brief(checks)).toEqual(["proofs ok", "virus_scan ok"]);
    await clamd.close();
  });

  it("says of each program that is missing what is read without it, and how to install it", async () => {
    const checks = await proofChecks({ reader: aReader({}), scan: null }, true, en);
    expect(brief(checks)).toEqual(["proofs note", "proofs note", "virus_scan note"]);
    expect(checks.map(({ message }) => message).join("\n")).toMatch(
      /pdftoppm is not installed: of PDF proofs the text is read.*\ntesseract is not installed: .*QR and bar codes are read.*\nNo virus scanner is set up: .*under limits all the same/u,
    );
    for (const { cure } of checks) expect(cure).toMatch(/poppler-utils|tesseract-ocr-por|clamav:/u);
  });

  it("tells a tesseract without Portuguese from none", async () => {
    const reader = aReader({ ...WHOLE, tesseract: "List of available languages:\\neng\\n" });
    const [letters] = await proofChecks({ reader, scan: null }, true, sayIn("pt-BR"));
    expect(letters).toMatchObject({ verdict: "note", message: expect.stringContaining("não tem o português (por)") as string });
    expect(letters?.cure).toBe("Instale tesseract-ocr-por (Debian, Ubuntu: apt install tesseract-ocr-por).");
  });

  it("asks for a person when the scanner that is set up does not answer, and for nothing where proofs are switched off", async () => {
    const scan = new ClamdScan({ path: "/nowhere/clamd.ctl" });
    const checks = await proofChecks({ reader: aReader(WHOLE), scan }, true, en);
    expect(brief(checks)).toEqual(["proofs ok", "virus_scan person"]);
    expect(brief(await proofChecks({ reader: aReader({}), scan }, false, en))).toEqual(["proofs ok"]);
  });
});
