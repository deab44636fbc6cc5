// Any bytes and any text end in records, refused lines or one clear refusal of the file; and line numbers are an editor's.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ReguaError } from "../../../kernel/errors.ts";
import { parseMap } from "./map.ts";
import { CsvSource } from "./source.ts";

let folder: string;
let mapPath: string;
let csvPath: string;

const NUMBERED = `map: fuzz
files:
  - header: false
    dates: dd/mm/yyyy
    decimal: ","
    customer: { ref: 1, name: 2, email: 1 }
    invoice: { ref: 2, issued: 1, due: 2, amount: 1 }
    payment: { id: 1, paid: 2 }
`;
const NAMED = `map: fuzz
files:
  - customer: { ref: id, name: note }
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "regua-csv-"));
  mapPath = join(folder, "map.yaml");
  csvPath = join(folder, "data.csv");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** How an import of these bytes ends: how many records and refusals, or the refusal's own words. */
async function outcome(map: string, bytes: Uint8Array | string): Promise<{ records: number; refused: number[]; lines: number } | string> {
  writeFileSync(mapPath, map);
  writeFileSync(csvPath, bytes);
  try {
    const source = await CsvSource.open({ map: mapPath, paths: [csvPath] });
    let records = 0;
    let lines = 0;
    const refused: number[] = [];
    for await (const batch of source.read()) {
      records += batch.customers.length + batch.invoices.length + batch.payments.length;
      lines += batch.lines;
      refused.push(...batch.refused.map((one) => one.line));
      for (const one of batch.refused)
        for (const said of [one.reason, one.cure]) expect(said.en.length * said["pt-BR"].length).toBeGreaterThan(0);
    }
    expect(lines).toBe(source.lines);
    return { records, refused, lines };
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    expect(error.cure.length).toBeGreaterThan(0);
    return error.message;
  }
}

const csvish = fc.array(
  fc.constantFrom(
    ";",
    ",",
    "\n",
    "\r",
    "\r\n",
    '"',
    '""',
    " ",
    "a",
    "7",
    "31/01/2026",
    "29,90",
    "\t",
    "|",
    "\u0000",
    "ç",
    "\ufeff",
    "sep=;",
    "NULL",
    "😀",
  ),
  { maxLength: 60 },
);

describe("any input", () => {
  it("of any bytes ends in records or in refusals", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await outcome(NUMBERED, bytes);
      }),
      { numRuns: 300 },
    );
  });

  it("of delimiters, quotes and line breaks in any order ends in records or in refusals", async () => {
    await fc.assert(
      fc.asyncProperty(csvish, fc.boolean(), async (parts, named) => {
        await outcome(named ? NAMED : NUMBERED, parts.join(""));
      }),
      { numRuns: 500 },
    );
  });

  it("cut off anywhere still ends", async () => {
    const whole = Buffer.from('id;note\n1;"João\n""da"" Silva"\n2;b\n', "utf8");
    for (let end = 0; end <= whole.length; end += 1) await outcome(NAMED, whole.subarray(0, end));
    expect(await outcome(NAMED, whole)).toMatchObject({ records: 2, refused: [] });
  });

  it("as a map ends in a map or a refusal with its line", () => {
    const piece = fc.constantFrom(
      "map: x\n",
      "files:\n",
      "  - ",
      "customer: ",
      "{ ref: 1 }",
      "\n",
      "    ",
      "&a ",
      "*a",
      "[",
      "]",
      "?",
      "- ",
      "dates: ",
      "\t",
      '"',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 80 }),
          fc.array(piece, { maxLength: 25 }).map((parts) => parts.join("")),
        ),
        (text) => {
          try {
            parseMap(text, "m.yaml");
          } catch (error) {
            if (!(error instanceof ReguaError)) throw error;
            expect(error.message).toMatch(/Line \d+/u);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

/** A cell as a spreadsheet writes it: quoted when it has to be. */
const quoted = (text: string): string => (/[;"\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

describe("line numbers", () => {
  it("are those an editor shows, whatever stands in quoted cells, with any line break", async () => {
    const note = fc.array(fc.constantFrom("a", "\n", ";", '"', " ", "é", "x\ny"), { maxLength: 8 }).map((parts) => parts.join(""));
    const rows = fc.array(fc.record({ note, bad: fc.boolean(), blanks: fc.nat({ max: 2 }) }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("\n", "\r\n", "\r"), async (made, brk) => {
        let text = "id;note;z";
        const expected: number[] = [];
        for (const { note: words, bad, blanks } of made) {
          text += "\n" + "\n".repeat(blanks);
          if (bad) expected.push(text.split("\n").length);
          text += `${bad ? "" : "7"};${quoted(words)};z`;
        }
        const found = await outcome(NAMED, text.replaceAll("\n", brk));
        expect(found).toEqual({ records: made.length - expected.length, refused: expected, lines: text.split("\n").length });
      }),
      { numRuns: 200 },
    );
  });
});
