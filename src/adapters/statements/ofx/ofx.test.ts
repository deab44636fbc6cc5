// OFX statements: the dialects of the field, each trap made here in small, and all the files of the shared collection when it is there.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReguaError } from "../../../kernel/errors.ts";
import { formatDay } from "../../../kernel/time.ts";
import { readOfxAmount } from "./amount.ts";
import { readOfx } from "./ofx.ts";

const HEADER = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n";

interface Parts {
  bank?: string;
  movements?: string;
}

/** A statement in the commonest shape: SGML without closing tags on leaves. */
function ofx({ bank = "001", movements = movement() }: Parts = {}): Buffer {
  return Buffer.from(
    `${HEADER}<OFX>\n<SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS></SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL\n` +
      `<BANKACCTFROM><BANKID>${bank}\n<ACCTID>12345-6 \n</BANKACCTFROM><BANKTRANLIST>\n${movements}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>`,
  );
}

function movement(fields: Record<string, string> = {}): string {
  const all = { TRNTYPE: "CREDIT", DTPOSTED: "20260311120000[-3:BRT]", TRNAMT: "74.40", FITID: "A1", MEMO: "PIX RECEBIDO", ...fields };
  return `<STMTTRN>\n${Object.entries(all)
    .map(([name, value]) => `<${name}>${value}\n`)
    .join("")}</STMTTRN>\n`;
}

function only(bytes: Buffer) {
  const [statement, ...others] = readOfx(bytes).statements;
  expect(others).toEqual([]);
  if (!statement) throw new Error("no statement");
  return statement;
}

function refusal(bytes: Uint8Array): string {
  try {
    readOfx(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(ReguaError);
    return (error as ReguaError).message;
  }
  throw new Error("it was read");
}

describe("a statement in OFX", () => {
  it("gives its account, the bank in three digits, and each line with its place", () => {
    for (const bank of ["1", "001", "0001"]) {
      const statement = only(ofx({ bank }));
      expect(statement).toMatchObject({ account: "001/12345-6", currency: "BRL", refused: [] });
      expect(statement.lines).toMatchObject([{ amountCents: 7440, memo: "PIX RECEBIDO", account: "001/12345-6", column: 1 }]);
      expect(formatDay(statement.lines[0]?.bookedOn ?? 0)).toBe("2026-03-11");
    }
  });

  it("keeps characters whatever the header says of them", () => {
    const text = ofx({ movements: movement({ MEMO: "Depósito de João" }) }).toString();
    for (const bytes of [Buffer.from(text, "utf8"), Buffer.from(text, "latin1"), Buffer.from(`\ufeff${text}`, "utf16le")])
      expect(only(bytes).lines[0]?.memo).toBe("Depósito de João");
  });

  it("takes an empty unclosed leaf as empty, and not as the owner of what follows", () => {
    const line = only(ofx({ movements: movement({ NAME: "", CHECKNUM: "0000" }) })).lines[0];
    expect(line).toMatchObject({ payer: { name: null }, documentNumber: null, memo: "PIX RECEBIDO" });
  });

  it("reads tags within a memo as words of the memo", () => {
    const memos = ["conta <b>cheia</b> & paga", "pago <PIX> ontem", "a < b > c", "&lt;ok&gt; &amp; &#233;"];
    const read = memos.map((MEMO) => only(ofx({ movements: movement({ MEMO }) })).lines[0]?.memo);
    expect(read).toEqual(["conta <b>cheia</b> & paga", "pago <PIX> ontem", "a < b > c", "<ok> & é"]);
  });

  it("refuses a line alone when its amount, its day or its direction is uncertain, and keeps the others", () => {
    const bad: Record<string, string>[] = [
      { TRNAMT: "  .  " },
      { TRNAMT: "1.234" },
      { DTPOSTED: "20260230" },
      { DTPOSTED: "00000000" },
      { TRNTYPE: "DEBIT", TRNAMT: "10.00" },
      { TRNTYPE: "CREDIT", TRNAMT: "-10.00" },
      { TRNAMT: "0,00" },
    ];
    const statement = only(ofx({ movements: bad.map((fields) => movement(fields)).join("") + movement() }));
    expect(statement.lines).toHaveLength(1);
    expect(statement.refused.map((line) => line.line)).toEqual([13, 20, 27, 34, 41, 48, 55]);
    expect(statement.refused.map((line) => line.reason.en)).toEqual([
      "the amount “.” cannot be read with certainty",
      "the amount “1.234” cannot be read with certainty",
      "the day “20260230” does not exist",
      "the day “00000000” does not exist",
      "DEBIT says money out, and the amount 10.00 says money in",
      "CREDIT says money in, and the amount -10.00 says money out",
      "the amount is zero: a line of information, no money",
    ]);
  });

  it("names a line without an id of the bank by what it says, the same at each export", () => {
    const ids = (MEMO: string): string[] => only(ofx({ movements: movement({ FITID: "", MEMO }) })).lines.map((line) => line.externalId);
    expect(ids("um")).toEqual(ids("um"));
    expect(ids("um")).not.toEqual(ids("outro"));
  });

  it("finds the payer's number and the end-to-end id in a memo, and takes neither where there are two", () => {
    const id = "E00000000202603111200abcdefghijk";
    const lineOf = (MEMO: string) => only(ofx({ movements: movement({ MEMO }) })).lines[0];
    expect(lineOf(`PIX RECEBIDO ***.456.789-** ${id}`)).toMatchObject({ payer: { taxId: "***456789**" }, endToEndId: id });
    expect(lineOf(`${id} ${id.replace("abc", "xyz")} 111.444.777-35 ***.456.789-**`)).toMatchObject({
      payer: { taxId: null },
      endToEndId: null,
    });
  });

  it("is refused with its reason when nothing can be taken from it", () => {
    expect(refusal(Buffer.from("nosso numero;valor"))).toContain("there is no <OFX> element");
    expect(refusal(Buffer.from(`${HEADER}<OFX></OFX>`))).toContain("no bank or card account");
    const busy = "<SEVERITY>ERROR<CODE>2000<MESSAGE>Try later</STATUS></SONRS></SIGNONMSGSRSV1></OFX>";
    expect(refusal(Buffer.from(`${HEADER}<OFX><SIGNONMSGSRSV1><SONRS><STATUS>${busy}`))).toContain("error 2000: Try later");
    expect(refusal(Buffer.from(ofx().toString().replace("<ACCTID>12345-6", "")))).toContain("ACCTID");
  });
});

describe("an amount in OFX", () => {
  it.each([
    ["-33.3", -3330],
    ["74,40", 7440],
    ["-140", -14_000],
    ["1.234,56", 123_456],
    ["1,234.56", 123_456],
    ["1.234.567,8", 123_456_780],
    ["+0.05", 5],
    [".50", null],
    ["100.0000", 10_000],
    ["0.000", 0],
    ["1.234", null],
    ["1,2,3", null],
    ["12.34.56", null],
    ["10.005", null],
    ["9999999999999999", null],
    ["", null],
    ["1e5", null],
  ])("%s", (text, cents) => expect(readOfxAmount(text)).toBe(cents));

  it("is what was written, in both notations", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e11, max: 1e11 }), fc.constantFrom(".", ","), (cents, sign) => {
        const digits = String(Math.abs(cents)).padStart(3, "0");
        return readOfxAmount(`${cents < 0 ? "-" : ""}${digits.slice(0, -2)}${sign}${digits.slice(-2)}`) === cents;
      }),
    );
  });
});

describe("any bytes", () => {
  it("give statements or one refusal, never anything else", () => {
    const good = ofx({ movements: movement() + movement({ TRNAMT: "-1,00", TRNTYPE: "FEE", FITID: "B" }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 30 }), fc.nat(good.length), (edits, end) => {
        const bytes = Buffer.from(good.subarray(0, end));
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
        try {
          for (const { lines } of readOfx(bytes).statements)
            for (const line of lines) expect(Number.isSafeInteger(line.amountCents)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(ReguaError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("of the worst kind take time in proportion to their size", () => {
    for (const piece of ["<", "<A>", "<A><", "<!--", "<STMTTRN><MEMO>x ", "</OFX>"]) refusal(Buffer.from(`<OFX>${piece.repeat(200_000)}`));
  });
});

const SHARED = join(import.meta.dirname, "../../../../../shared/realdata/ofx");

/** Files of the collection from which not every movement is taken, and why. */
const PARTIAL: Readonly<Record<string, string>> = {
  "cef_malformed_decimal.ofx": "the amount “.” cannot be read with certainty",
  "ofxdata-banking-xml200.ofx": "the amount (TRNAMT) is missing",
  "example2.ofx": "does not exist",
};
const REFUSED: Readonly<Record<string, string>> = {
  "error.ofx": "the bank answers with error 2000",
  "ofxdata-emptyDateTime.ofx": "(ACCTID)",
  "ofxdata-google.ofx": "only investment accounts",
  "ofxdata-investments-multiple-accounts-xml.ofx": "only investment accounts",
  "ofxdata-investments-oneline-xml.ofx": "only investment accounts",
  "ofxdata-investments-xml.ofx": "only investment accounts",
};

describe.skipIf(!existsSync(SHARED))(`the statements of real banks (skipped where ${"../shared/realdata/ofx"} is absent)`, () => {
  const files = existsSync(SHARED)
    ? readdirSync(SHARED).flatMap((folder) => readdirSync(join(SHARED, folder)).map((name) => [name, join(SHARED, folder, name)] as const))
    : [];

  it("are all there", () => expect(files).toHaveLength(38));

  it.each(files)("%s is read to its last movement, or refused for a reason that is true", (name, path) => {
    const bytes = readFileSync(path);
    const reason = REFUSED[name];
    if (reason !== undefined) return expect(refusal(bytes)).toContain(reason);
    const { statements } = readOfx(bytes);
    const refused = statements.flatMap((statement) => statement.refused);
    const written = bytes.toString("latin1").split("<STMTTRN>").length - 1;
    expect(statements.flatMap((statement) => statement.lines).length + refused.length).toBe(written);
    for (const line of refused) expect(line.reason.en).toContain(PARTIAL[name] ?? "nothing is refused in this file");
  });
});
