// Return files: a slip of each layout made here, lost columns, and the values that other projects assert of real banks' files.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReguaError } from "../../../kernel/errors.ts";
import { formatDay } from "../../../kernel/time.ts";
import { readStatementFile } from "../read.ts";
import { readCnab, type ReturnFile } from "./cnab.ts";
import type { Title } from "./title.ts";

/** A record of blanks with some columns filled, as the manuals number them. */
function record(width: number, columns: Record<number, string>): string {
  let text = " ".repeat(width);
  for (const [at, value] of Object.entries(columns))
    text = text.slice(0, Number(at) - 1) + value + text.slice(Number(at) - 1 + value.length);
  return text.slice(0, width);
}

const zeros = (count: number): string => "0".repeat(count);

interface Slip {
  occurrence?: string;
  paid?: string;
}

function itau({ occurrence = "06", paid = "0000000003790" }: Slip = {}): string[] {
  const detail = {
    1: "10216733872000107073000035110",
    63: "00000011",
    108: "I",
    109: `${occurrence}200526`,
    117: "FAT-1042",
    147: "180526",
    153: "0000000004000341",
    176: "0000000000210",
    215: zeros(39),
    254: paid,
    267: zeros(26),
    296: "210526",
    325: "CLIENTE UM",
    395: "000002",
  };
  return [
    record(400, { 1: "02RETORNO01COBRANCA", 77: "341BANCO ITAU", 395: "000001" }),
    record(400, detail),
    record(400, { 1: "9201341", 395: "000003" }),
  ];
}

function febraban({ occurrence = "06", paid = "000000000012939" }: Slip = {}): string[] {
  const t = {
    1: `7560001300001T ${occurrence}0306900000000777780000000033001014`,
    58: "1000000000000330",
    74: "03052026000000000012939756",
    131: "092111111111111111CLIENTE UM",
    189: zeros(10),
    199: "000000000000269",
  };
  const u = { 1: `7560001300002U ${occurrence}${zeros(60)}${paid}${paid}${zeros(30)}0205202603052026` };
  return [
    record(240, { 1: "75600000         299999666655555" }),
    record(240, { 1: "75600011T01" }),
    record(240, t),
    record(240, u),
    record(240, { 1: "75600015" }),
    record(240, { 1: "75699999" }),
  ];
}

const file = (records: readonly string[]): Buffer => Buffer.from(`${records.join("\r\n")}\r\n`, "latin1");

function refusal(bytes: Uint8Array): string {
  try {
    readCnab(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ReguaError);
    return (error as ReguaError).message;
  }
  throw new Error("it was read");
}

describe("a return file", () => {
  it("of 400 columns gives what was paid before the bank's fee, when, and of which slip", () => {
    const [statement] = readStatementFile(file(itau())).statements;
    expect(statement?.lines).toMatchObject([
      {
        line: 2,
        account: "341/0730/035110",
        amountCents: 4000,
        slipNumber: "11",
        documentNumber: "FAT-1042",
        payer: { name: "CLIENTE UM" },
      },
    ]);
    expect(formatDay(statement?.lines[0]?.paidOn ?? 0)).toBe("2026-05-20");
    expect(formatDay(statement?.lines[0]?.bookedOn ?? 0)).toBe("2026-05-21");
  });

  it("of 240 columns joins the segments T and U of a slip", () => {
    const [statement] = readStatementFile(file(febraban())).statements;
    expect(statement?.lines).toMatchObject([
      { line: 3, amountCents: 12_939, slipNumber: "33001014", documentNumber: "000000000000330", payer: { taxId: "111111111111111" } },
    ]);
  });

  it("that lost the blanks at the end of its lines is read, and says so", () => {
    const trimmed = febraban().map((line) => line.trimEnd());
    expect(trimmed.some((line) => line.length < 240)).toBe(true);
    const read = readCnab(file(trimmed));
    expect(read.statements).toEqual(readCnab(file(febraban())).statements);
    expect(read.notes).toEqual([
      {
        en: expect.stringContaining("had lost the blanks at their end") as string,
        "pt-BR": expect.stringContaining("tinham perdido os brancos do fim") as string,
      },
    ]);
  });

  it("never takes a slip as paid that is merely registered, and lists what has an amount and no known meaning", () => {
    expect(readCnab(file(febraban({ occurrence: "02", paid: zeros(15) }))).statements).toEqual([]);
    const odd = readCnab(file(itau({ occurrence: "77" }))).statements;
    expect(odd.flatMap((statement) => statement.lines)).toEqual([]);
    expect(odd[0]?.refused.map(({ line, reason }) => [line, reason.en, reason["pt-BR"]])).toEqual([
      [
        2,
        expect.stringContaining("occurrence 77"),
        expect.stringMatching(/^a ocorrência 77 do boleto .+ não é conhecida como pagamento$/u),
      ],
    ]);
  });

  it("does not guess what was paid where credit and fee do not add up", () => {
    const [statement] = readCnab(file(itau({ paid: "0000000003000" }))).statements;
    expect(statement?.lines).toEqual([]);
    expect(statement?.refused.map(({ line, reason }) => [line, reason.en, reason["pt-BR"]])).toEqual([
      [2, expect.stringContaining("do not add up"), expect.stringContaining("centavos creditados e")],
    ]);
  });

  it("says which column cannot be read, in either language", () => {
    const said = (records: readonly string[]): string[] =>
      readCnab(file(records)).statements.flatMap(({ refused }) => refused.map(({ reason }) => reason["pt-BR"]));
    expect(said(itau({ paid: "00000000037 0" }))).toEqual(["o valor pago contém “00000000037 0”, que não é um número"]);
    expect(said(itau().map((one) => one.replace("06200526", "06310226")))).toEqual([
      "a data da ocorrência contém “310226”, que não é uma data",
    ]);
    const [header = "", batch = "", t = "", u = "", ...rest] = febraban();
    expect(said([header, batch, t, ...rest])).toEqual(["segmento T sem o seu segmento U"]);
    expect(said([header, batch, u, ...rest])).toEqual(["segmento U sem o seu segmento T"]);
    expect(said([header, batch, t, u.replace("U 06", "U 09"), ...rest])).toEqual([
      "o segmento U fala da ocorrência 09, e o seu segmento T, da 06",
    ]);
    expect(said([header, batch, t, u.replace("U 06", "U 0x"), ...rest])).toEqual([
      "a ocorrência contém “0x”: perderam-se ou deslocaram-se colunas",
    ]);
  });

  it("tells when records were taken out of it", () => {
    const records = itau();
    expect(readCnab(file([records[0] ?? "", record(400, { 1: "9201341", 395: "000009" })])).notes).toEqual([
      {
        en: "Line 2 is numbered 000009 after 1: records were taken out.",
        "pt-BR": "A linha 2 tem o número 000009 depois de 1: registros foram retirados.",
      },
    ]);
  });

  it("of a bank or a kind of record that is not known here is refused with its place", () => {
    const records = itau();
    expect(refusal(file([(records[0] ?? "").replace("341", "999"), ...records.slice(1)]))).toContain("line 1, column 77");
    expect(refusal(file([records[0] ?? "", (records[1] ?? "").replace(/^1/u, "5")]))).toContain("line 2, column 1");
    expect(refusal(Buffer.from(""))).toContain("empty");
  });

  it("that lost one column anywhere before its amounts gives no money", () => {
    fc.assert(
      fc.property(fc.constantFrom(itau(), febraban()), fc.nat(79), (records, column) => {
        const at = records.findIndex((line) => line.includes("0000000003790") || line.includes("U 06"));
        const broken = records.map((line, i) => (i === at ? line.slice(0, column) + line.slice(column + 1) : line));
        try {
          return readCnab(file(broken)).statements.every((statement) => statement.lines.length === 0);
        } catch (error) {
          return error instanceof ReguaError;
        }
      }),
    );
  });

  it("of any bytes is read or refused, and gives whole cents only", () => {
    const good = [file(itau()), file(febraban())];
    fc.assert(
      fc.property(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { maxLength: 20 }), (source, edits) => {
        const bytes = Buffer.from(source);
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        try {
          for (const { lines } of readStatementFile(bytes).statements)
            for (const line of lines) expect(Number.isSafeInteger(line.amountCents)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ReguaError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

const SHARED = join(import.meta.dirname, "../../../../../shared/realdata/cnab");

interface Expected {
  test: string;
  file: string;
  records: number | null;
  first_record_asserted_values?: Record<string, string>;
  asserted_values?: Record<string, string>[];
}

const digits = (text: string): string => text.replace(/\D/gu, "").replace(/^0+/u, "");
const asDay = (title: Title, part: "dueOn" | "occurredOn" | "creditedOn"): string => (title[part] === null ? "" : formatDay(title[part]));

/** Dates as the two collections write them: `02012012`, `020112`, `Date.parse('02/01/2012')`, `nil`, zeros. */
function dayIn(text: string): string {
  const found = digits(text) === "" ? null : /(\d{2})\/?(\d{2})\/?(\d{4}|\d{2})/u.exec(text);
  return found ? `${found[3]?.length === 2 ? "20" : ""}${found[3] ?? ""}-${found[2] ?? ""}-${found[1] ?? ""}` : "";
}

/** Cents from `000000000034400`, `344.00`, `40.0    # 0000000004000`. */
function centsIn(text: string): number {
  const [amount = ""] = text.split("#");
  return amount.includes(".") ? Math.round(Number(amount) * 100) : Number(amount);
}

/** How a field that those projects assert compares with ours; null: one that we have no use for. */
const FIELDS: Readonly<Record<string, (title: Title, value: string) => readonly [unknown, unknown]>> = {
  nosso_numero: (title, value) => [digits(title.ourNumber).includes(digits(value)), true],
  nosso_numero_sem_dv: (title, value) => [digits(title.ourNumber).includes(digits(value)), true],
  // For Itaú one project shows the bank's number of the slip instead.
  numero_documento: (title, value) => [title.documentNumber.includes(value) || title.ourNumber.includes(value), true],
  valor_titulo: (title, value) => [title.amount, centsIn(value)],
  valor_recebido: (title, value) => [title.paid, centsIn(value)],
  valor_pago: (title, value) => [title.paid, centsIn(value)],
  valor_tarifa: (title, value) => [title.fee, centsIn(value)],
  valor_abatimento: (title, value) => [title.rebate, centsIn(value)],
  juros_mora: (title, value) => [title.interest, centsIn(value)],
  valor_juros_multa: (title, value) => [title.interest, centsIn(value)],
  desconto: (title, value) => [title.discount, centsIn(value)],
  desconto_concedito: (title, value) => [title.discount, centsIn(value)],
  valor_desconto: (title, value) => [title.discount, centsIn(value)],
  iof: (title, value) => [title.tax, centsIn(value)],
  iof_desconto: (title, value) => [title.tax, centsIn(value)],
  outras_despesas: (title, value) => [title.otherCosts, centsIn(value)],
  outros_recebimento: (title, value) => [title.otherCredits, centsIn(value)],
  valor_outros_creditos: (title, value) => [title.otherCredits, centsIn(value)],
  codigo_ocorrencia: (title, value) => [title.occurrence, value],
  codigo_movimento_retorno: (title, value) => [title.occurrence, value],
  banco_recebedor: (title, value) => [title.receivingBank, value],
  data_vencimento: (title, value) => [asDay(title, "dueOn"), dayIn(value)],
  data_credito: (title, value) => [asDay(title, "creditedOn"), dayIn(value)],
  sacado_nome: (title, value) => [title.payerName.slice(0, 17), value.replaceAll("?", "").slice(0, 17).trimEnd()],
};

describe.skipIf(!existsSync(SHARED))(`return files of real banks (skipped where ${"../shared/realdata/cnab"} is absent)`, () => {
  const paths = existsSync(SHARED)
    ? readdirSync(SHARED, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap(({ name }) => readdirSync(join(SHARED, name)).map((each) => join(SHARED, name, each)))
    : [];
  const expected = existsSync(SHARED) ? (JSON.parse(readFileSync(join(SHARED, "expected-values.json"), "utf8")) as Expected[]) : [];

  it("are read, but for one whose layout no manual describes", () => {
    const refused = paths.filter((path) => {
      try {
        return readCnab(readFileSync(path)).titles.length === 0;
      } catch {
        return true;
      }
    });
    expect(paths).toHaveLength(23);
    expect(refused.map((path) => path.split("/").at(-1))).toEqual(["CNAB400UNICRED.RET"]);
  });

  it("hold the values that the projects they come from assert", () => {
    let compared = 0;
    for (const { test, file: name, first_record_asserted_values: first, asserted_values: all } of expected) {
      // It reads Sicoob's file with Itaú's columns.
      if (test.endsWith("cnab240/itau_test.rb")) continue;
      const path = paths.find((each) => each.endsWith(`/${name.split("/").at(-1) ?? ""}`));
      if (!path) continue;
      const { titles }: ReturnFile = readCnab(readFileSync(path));
      const rows = first ? [first] : (all ?? []);
      // Some assert the first and the last few: a slip's number says which one is meant.
      const byNumber = (values: Record<string, string>) =>
        titles.find((each) => each.ourNumber.includes(values.nosso_numero_sem_dv ?? "-"));
      const slips = rows.map((values, i) => (rows.length < titles.length ? byNumber(values) : undefined) ?? titles[i]);
      for (const [i, values] of rows.entries())
        for (const [field, value] of Object.entries(values)) {
          const compare = FIELDS[field];
          const title = slips[i];
          if (!compare || !title) continue;
          const [ours, theirs] = compare(title, value);
          expect({ name, i, field, ours }).toEqual({ name, i, field, ours: theirs });
          compared += 1;
        }
    }
    expect(compared).toBeGreaterThan(600);
  });
});
