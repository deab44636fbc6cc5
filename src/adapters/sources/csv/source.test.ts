// CSV files as providers export them: encodings, delimiters, dates and decimals found or told, and every refused line with its number.
import { execFile } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import iconv from "iconv-lite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ReguaError } from "../../../kernel/errors.ts";
import { formatDay } from "../../../kernel/time.ts";
import type { CustomerRecord, InvoiceRecord, PaymentRecord, RefusedLine, ServiceRecord } from "../../../ports/customer-source.ts";
import { CsvSource } from "./source.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "regua-csv-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const INVOICES = `map: faturas
files:
  - file: faturas.csv
    customer: { ref: Cliente, name: Nome }
    invoice: { ref: Fatura, issued: Emissão, due: Vencimento, amount: Valor }
`;
const HEADER = "Cliente;Nome;Fatura;Emissão;Vencimento;Valor";

interface All {
  customers: CustomerRecord[];
  services: ServiceRecord[];
  invoices: InvoiceRecord[];
  payments: PaymentRecord[];
  refused: RefusedLine[];
  lines: number;
}

function put(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function open(map: string, content: string | Buffer): Promise<CsvSource> {
  return CsvSource.open({ map: put("x.map.yaml", map), paths: [put("faturas.csv", content)] });
}

async function all(source: CsvSource): Promise<All> {
  const found: All = { customers: [], services: [], invoices: [], payments: [], refused: [], lines: 0 };
  for await (const batch of source.read()) {
    found.customers.push(...batch.customers);
    found.services.push(...batch.services);
    found.invoices.push(...batch.invoices);
    found.payments.push(...batch.payments);
    found.refused.push(...batch.refused);
    found.lines += batch.lines;
  }
  return found;
}

async function problem(opened: Promise<unknown>): Promise<string> {
  try {
    await opened;
  } catch (error) {
    if (error instanceof ReguaError) return `${error.message} ${error.cure}`;
    throw error;
  }
  return "nothing was refused";
}

const line = (change: Partial<Record<"c" | "n" | "f" | "i" | "d" | "v", string>> = {}): string => {
  const { c = "7", n = "Ana", f = "F1", i = "15/01/2026", d = "31/01/2026", v = "29,90" } = change;
  return [c, n, f, i, d, v].join(";");
};

describe("how a file is written is found out", () => {
  const text = [HEADER, line({ n: "João Conceição" })].join("\r\n");

  it.each([
    ["utf-8", Buffer.from(text), "utf-8"],
    ["utf-8 with a byte order mark", Buffer.from(`\ufeff${text}`), "utf-8"],
    ["windows-1252", iconv.encode(text, "windows-1252"), "windows-1252"],
    ["utf-16le with a byte order mark", iconv.encode(text, "utf-16le", { addBOM: true }), "utf-16le"],
    ["utf-16be with a byte order mark", iconv.encode(text, "utf-16be", { addBOM: true }), "utf-16be"],
    ["utf-16le without one", iconv.encode(text, "utf-16le", { addBOM: false }), "utf-16le"],
  ])("%s is recognised", async (_, bytes, encoding) => {
    const source = await open(INVOICES, bytes);
    expect(source.report[0]?.encoding).toBe(encoding);
    expect((await all(source)).customers[0]?.name).toBe("João Conceição");
  });

  it("an old DOS export is read when the map says so", async () => {
    const source = await open(`${INVOICES}    encoding: cp850\n`, iconv.encode(text, "cp850"));
    expect((await all(source)).customers[0]?.name).toBe("João Conceição");
  });

  it("a map that says UTF-8 of other bytes is refused with the line", async () => {
    const bytes = iconv.encode([HEADER.replace("Emissão", "Emissao"), line(), line({ n: "João" })].join("\n"), "windows-1252");
    expect(await problem(open(`${INVOICES}    encoding: utf-8\n`, bytes))).toContain("line 3 is not UTF-8");
  });

  it.each([",", ";", "\t", "|"])("the delimiter %j is recognised", async (delimiter) => {
    const lines = [HEADER, line({ v: '"29,90"' })].map((one) => one.replaceAll(";", delimiter));
    const source = await open(INVOICES, lines.join("\n"));
    expect(source.report[0]?.delimiter).toBe(delimiter);
    expect((await all(source)).invoices[0]?.amount).toBe(2990);
  });

  it("without column names the delimiter that cuts every line alike is taken", async () => {
    const map = "map: x\nfiles:\n  - header: false\n    customer: { ref: 1, name: 2, phone: 3 }\n";
    const source = await open(map, "1|Silva, Ana|4\n2|Souza, Rui|5\n3|Lima|6\n");
    expect((await all(source)).customers.map((c) => c.name)).toEqual(["Silva, Ana", "Souza, Rui", "Lima"]);
  });

  it("Excel's first line that only names the delimiter is left out", async () => {
    const found = await all(await open(INVOICES, ["sep=;", HEADER, line()].join("\r\n")));
    expect(found.invoices[0]?.place.line).toBe(3);
  });
});

describe("dates", () => {
  it("one day above 12 decides for the whole file", async () => {
    const found = await all(
      await open(INVOICES, [HEADER, line({ i: "02/01/2026", d: "03/01/2026" }), line({ f: "F2", d: "13/01/2026" })].join("\n")),
    );
    expect(found.invoices.map((i) => formatDay(i.dueOn))).toEqual(["2026-01-03", "2026-01-13"]);
  });

  it("one month-first date decides for the whole file", async () => {
    const lines = [HEADER, line({ i: "01/02/2026", d: "01/03/2026" }), line({ f: "F2", i: "01/02/2026", d: "01/13/2026" })];
    expect((await all(await open(INVOICES, lines.join("\n")))).invoices.map((i) => formatDay(i.dueOn))).toEqual([
      "2026-01-03",
      "2026-01-13",
    ]);
  });

  it("the value that decides may stand in the last of many lines", async () => {
    const lines = Array.from({ length: 5000 }, (_, i) => line({ f: `F${i}`, i: "02/01/2026", d: "03/04/2026" }));
    const found = await all(await open(INVOICES, [HEADER, ...lines, line({ f: "last", d: "31/01/2026" })].join("\n")));
    expect(formatDay(found.invoices[0]?.dueOn ?? 0)).toBe("2026-04-03");
  });

  it("a file that leaves day and month open is refused, and told which key decides", async () => {
    const said = await problem(open(INVOICES, [HEADER, line({ i: "02/01/2026", d: "03/04/2026" })].join("\n")));
    expect(said).toContain("“02/01/2026” in line 2");
    expect(said).toContain("dates: dd/mm/yyyy");
    expect(said).toContain("Nothing was written");
  });

  it("dates equal both ways leave nothing open", async () => {
    const found = await all(await open(INVOICES, [HEADER, line({ i: "01/01/2026", d: "02/02/2026" })].join("\n")));
    expect(found.invoices.map((i) => formatDay(i.dueOn))).toEqual(["2026-02-02"]);
  });

  it("a file with both orders is refused with one line of each", async () => {
    const said = await problem(open(INVOICES, [HEADER, line({ d: "31/01/2026" }), line({ f: "F2", d: "01/31/2026" })].join("\n")));
    expect(said).toContain("line 2 is day first");
    expect(said).toContain("line 3 month first");
  });

  it("once told, the lines that do not fit are refused one by one", async () => {
    const found = await all(
      await open(`${INVOICES}    dates: dd/mm/yyyy\n`, [HEADER, line(), line({ f: "F2", d: "01/31/2026" })].join("\n")),
    );
    expect(found.invoices).toHaveLength(1);
    expect(found.refused).toMatchObject([{ line: 3, column: "Vencimento", value: "01/31/2026" }]);
  });

  it.each([
    ["2026-01-31", "2026-01-31"],
    ["20260131", "2026-01-31"],
    ["2026/01/31", "2026-01-31"],
    ["31-01-2026", "2026-01-31"],
    ["31.1.2026", "2026-01-31"],
    ["31/01/2026 14:30:00", "2026-01-31"],
    ["2026-01-31T00:00:00-03:00", "2026-01-31"],
  ])("%s is read as %s", async (written, day) => {
    const found = await all(await open(INVOICES, [HEADER, line({ d: written })].join("\n")));
    expect(found.refused).toEqual([]);
    expect(found.invoices.map((i) => formatDay(i.dueOn))).toEqual([day]);
  });

  it.each(["30/02/2026", "31/01/26", "amanhã", "41000", "31/01/1026", "0000-00-00", ""])("%j is refused", async (written) => {
    const found = await all(await open(INVOICES, [HEADER, line({ d: written })].join("\n")));
    expect(found.refused).toMatchObject([{ line: 2, column: "Vencimento" }]);
  });

  it("two-digit years are taken where the map says so", async () => {
    const found = await all(await open(`${INVOICES}    dates: dd/mm/yy\n`, [HEADER, line({ i: "03/01/26", d: "31/01/26" })].join("\n")));
    expect(found.invoices.map((i) => formatDay(i.dueOn))).toEqual(["2026-01-31"]);
  });
});

describe("amounts", () => {
  it.each([
    ["29,90", 2990],
    ["1.249,90", 124_990],
    ["R$ 1.249,90", 124_990],
    ["1.249.000,00", 124_900_000],
    ["29,9", 2990],
    ["29,9000", 2990],
    ["29.90", 2990],
    ["1,249.90", 124_990],
    ["1249", 124_900],
    ["BRL 29,90", 2990],
  ])("%s is %d cents", async (written, cents) => {
    const found = await all(await open(INVOICES, [HEADER, line({ v: written })].join("\n")));
    expect(found.refused).toEqual([]);
    expect(found.invoices.map((i) => i.amount)).toEqual([cents]);
  });

  it("1.249 alone is refused: it can be a thousand or one and a quarter", async () => {
    expect(await problem(open(INVOICES, [HEADER, line({ v: "1.249" })].join("\n")))).toContain("“1.249” in line 2");
  });

  it("another amount of the file decides what 1.249 is", async () => {
    const found = await all(await open(INVOICES, [HEADER, line({ v: "1.249" }), line({ f: "F2", v: "29,90" })].join("\n")));
    expect(found.invoices.map((i) => i.amount)).toEqual([124_900, 2990]);
  });

  it("a file with comma and point as decimal sign is refused with one line of each", async () => {
    const said = await problem(open(INVOICES, [HEADER, line({ v: "29,90" }), line({ f: "F2", v: "29.90" })].join("\n")));
    expect(said).toContain("line 2 has a decimal comma");
    expect(said).toContain("line 3 a decimal point");
  });

  it.each(["0,00", "-29,90", "(29,90)", "29,905", "vinte", "", "1.24,90", "99999999999999999,00"])("%j is refused", async (written) => {
    const found = await all(await open(`${INVOICES}    decimal: ","\n`, [HEADER, line({ v: written })].join("\n")));
    expect(found.refused).toMatchObject([{ line: 2, column: "Valor" }]);
    expect(found.invoices).toEqual([]);
  });
});

describe("lines", () => {
  it("keep their numbers behind quoted line breaks and blank lines", async () => {
    const content = [HEADER, line({ n: '"Rua A\r\nCasa 2\r\n"' }), "", ";;;;;", line({ f: "F2", v: "x" }), line({ f: "F3" })].join("\r\n");
    const found = await all(await open(INVOICES, content));
    expect(found.customers.map((c) => [c.name, c.place.line])).toEqual([
      ["Rua A Casa 2", 2],
      ["Ana", 8],
    ]);
    expect(found.refused.map((r) => r.line)).toEqual([7]);
  });

  it("with another number of columns are refused", async () => {
    const found = await all(await open(INVOICES, [HEADER, "7;Ana;F1", `${line({ f: "F2" })};more`, `${line({ f: "F3" })};;`].join("\n")));
    expect(found.refused.map((r) => [r.line, r.reason.en])).toEqual([
      [2, "the line has 3 columns where the first one has 6"],
      [3, "the line has 7 columns where the first one has 6"],
    ]);
    expect(found.invoices.map((i) => i.ref)).toEqual(["F3"]);
  });

  it("a quotation mark inside a cell is a letter", async () => {
    const found = await all(await open(INVOICES, [HEADER, line({ n: 'Bar "do Zé"' }), line({ n: '"Bar ""do Zé"""', f: "F2" })].join("\n")));
    expect(found.customers.map((c) => c.name)).toEqual(['Bar "do Zé"', 'Bar "do Zé"']);
  });

  it("a quotation mark that is never closed refuses the file with its line, and the map can make it a letter", async () => {
    const content = [HEADER, line(), line({ f: "F2", n: '"Casa' }), line({ f: "F3" })].join("\n");
    expect(await problem(open(INVOICES, content))).toContain("a quotation mark opens in line 3");
    expect((await all(await open(`${INVOICES}    quote: none\n`, content))).customers.map((c) => c.name)).toEqual(["Ana", '"Casa', "Ana"]);
  });

  it("that the map skips are neither taken nor refused", async () => {
    const found = await all(
      await open(`${INVOICES}    skip: [{ column: Nome, is: [Teste] }]\n`, [HEADER, line({ n: "Teste", v: "x" }), line()].join("\n")),
    );
    expect(found.invoices).toHaveLength(1);
    expect(found.refused).toEqual([]);
  });

  it("are taken whole or not at all", async () => {
    const map = `${INVOICES}    payment: { id: Fatura, paid: Pago }\n`;
    const found = await all(
      await open(map, [`${HEADER};Pago`, `${line()};31/02/2026`, `${line({ f: "F2" })};`, `${line({ f: "F3" })};05/02/2026`].join("\n")),
    );
    expect(found.refused).toMatchObject([{ line: 2, column: "Pago" }]);
    expect(found.invoices.map((i) => i.ref)).toEqual(["F2", "F3"]);
    expect(found.payments.map((p) => [p.externalId, p.invoiceRef, p.amount, p.source])).toEqual([["F3", "F3", 2990, "faturas"]]);
  });
});

describe("values", () => {
  const map = (cells: string): string => `map: x\nfiles:\n  - customer: { ref: Id, ${cells} }\n`;
  const one = async (cells: string, header: string, row: string): Promise<CustomerRecord | RefusedLine | undefined> => {
    const found = await all(await open(map(cells), `Id;${header}\n7;${row}\n`));
    return found.customers[0] ?? found.refused[0];
  };

  it("come from columns, templates and constants", async () => {
    const cells = `name: { constant: Sem nome }, email: { template: "\${Conta}@\${Dominio}", case: lower }, phone: { column: 3, prefix: "+55 " }, tags: { column: Tags, split: "/" }`;
    expect(await one(cells, "Conta;Dominio;Tags", "ANA;Example.com;vip/ revenda //vip")).toMatchObject({
      name: "Sem nome",
      email: "ana@example.com",
      phone: "+55 Example.com",
      tags: ["revenda", "vip"],
    });
  });

  it("a template with a blank column is blank, and so is NULL", async () => {
    expect(await one(`email: { template: "\${Conta}@x.example" }, phone: Fone`, "Conta;Fone", ";NULL")).toMatchObject({
      email: null,
      phone: null,
    });
  });

  it.each(["ana", "ana@x", "ana@x.example; rui@x.example", "ana x@x.example", "<ana@x.example>"])(
    "%j is not one e-mail address",
    async (email) => {
      expect(await one("email: Mail", "Mail", `"${email}"`)).toMatchObject({
        line: 2,
        column: "Mail",
        reason: { en: "this is not one e-mail address", "pt-BR": "isto não é um único endereço de e-mail" },
      });
    },
  );

  it("a number with a letter that cannot be printed is refused", async () => {
    const found = await all(await open(map("name: Nome"), "Id;Nome\n7\u0000;Ana\n"));
    expect(found.refused).toMatchObject([{ line: 2, column: "Id" }]);
  });

  it("composed and decomposed accents are the same number", async () => {
    const found = await all(await open(map("name: Nome"), "Id;Nome\nJosé;1\nJose\u0301;2\n"));
    expect(new Set(found.customers.map((c) => c.ref)).size).toBe(1);
  });
});

describe("a large file", () => {
  it("with an open quote in front is refused at once, not read to its end", async () => {
    const rest = `${line({ f: "F2" })}\n`.repeat(100_000);
    expect(await problem(open(INVOICES, `${HEADER}\n${line({ n: '"Casa' })}\n${rest}`))).toContain("a quotation mark opens in line 2");
  });

  it("of a million lines passes through 48 MB of heap, as a thousand do", async () => {
    const map = put("m.yaml", "map: m\nfiles:\n  - customer: { ref: id, name: note }\n");
    const csv = put("m.csv", "id;note\n");
    for (let at = 0; at < 1_000_000; at += 50_000)
      appendFileSync(csv, Array.from({ length: 50_000 }, (_, i) => `C${at + i};cliente ${at + i}\n`).join(""));
    const script = `
      const { CsvSource } = await import(${JSON.stringify(new URL("./source.ts", import.meta.url).href)});
      const source = await CsvSource.open(${JSON.stringify({ map, paths: [csv] })});
      let customers = 0;
      let largest = 0;
      for await (const batch of source.read()) {
        customers += batch.customers.length;
        largest = Math.max(largest, batch.customers.length);
      }
      console.log(JSON.stringify({ customers, largest, lines: source.lines }));`;
    const node = promisify(execFile);
    const { stdout } = await node(process.execPath, ["--max-old-space-size=48", "--input-type=module", "--eval", script]);
    expect(JSON.parse(stdout)).toEqual({ customers: 1_000_000, largest: 1000, lines: 1_000_001 });
  }, 120_000);
});

describe("what cannot be read at all says why", () => {
  it("an empty file", async () => {
    expect(await problem(open(INVOICES, ""))).toContain("it is empty");
  });

  it("a column that is not there, with those that are", async () => {
    expect(await problem(open(INVOICES, "Cliente;Name\n1;2\n"))).toContain("Cliente | Name");
  });

  it("a column that is there twice", async () => {
    expect(await problem(open(INVOICES, `${HEADER};Valor\n`))).toContain("the column “Valor” twice");
  });

  it("a folder", async () => {
    expect(await problem(CsvSource.open({ map: put("m.yaml", INVOICES), paths: [folder] }))).toContain("it is not a file");
  });

  it("a file that the map does not name, among several", async () => {
    const map = "map: x\nfiles:\n  - { file: a.csv, customer: { ref: 1 } }\n  - { file: b.csv, customer: { ref: 1 } }\n";
    expect(await problem(CsvSource.open({ map: put("m.yaml", map), paths: [put("c.csv", "x\n")] }))).toContain("a.csv, b.csv");
  });

  it.each([
    ["map: x\nfiles:\n  - customer:\n      reff: 1\n", "Line 4"],
    ["map: x\nfiles:\n  - customer: { ref: 1 }\n    datas: dd/mm/yyyy\n", "Line 4"],
    ["map: x\nfiles:\n  - customer: { ref: { column: 1, constant: a } }\n", "one of column, template and constant"],
    ["map: x\nfiles:\n  - invoice: { ref: 1, issued: 2, due: 3, amount: 4 }\n", "say whose invoice it is"],
    ["map: x\nfiles:\n  - payment: { id: 1, paid: 2, invoice: 3 }\n", "say how much was paid"],
    ["map: x\nfiles: [\n", "Line "],
    ["", "Line 1"],
    ["map: x\nfiles:\n  - file: a.csv\n", "say what a line is"],
  ])("the map %j", async (map, says) => {
    expect(await problem(open(map, "a\n"))).toContain(says);
  });
});
