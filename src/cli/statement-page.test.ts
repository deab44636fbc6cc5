// What a person reads of a bank's file, and what a machine gets: the same lines left out, in the language that was asked for.
import { describe, expect, it } from "vitest";
import { readStatementFile } from "../adapters/statements/read.ts";
import { importedPage, saidLines, saidNotes, statementForMachines, statementPage } from "./statement-page.ts";

const FILE = readStatementFile(
  Buffer.from(`OFXHEADER:100

<OFX>
<STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>Fora do ar.</STATUS>
<STMTRS><CURDEF>BRL<BANKACCTFROM><BANKID>341<ACCTID>1</BANKACCTFROM>
<BANKTRANLIST>
<STMTTRN><TRNAMT>10.00<DTPOSTED>20260311<FITID>1<MEMO>Pix recebido</STMTTRN>
<STMTTRN><TRNAMT>1.234<DTPOSTED>20260311<FITID>2</STMTTRN>
</BANKTRANLIST></STMTRS></OFX>
`),
);

const SAID = {
  en: { reason: "the amount “1.234” cannot be read with certainty", note: "Line 4: the bank answers with error 2000: Fora do ar." },
  "pt-BR": { reason: "o valor “1.234” não pode ser lido com certeza", note: "Linha 4: o banco responde com o erro 2000: Fora do ar." },
} as const;

describe.each(["en", "pt-BR"] as const)("in %s", (lang) => {
  const { reason, note } = SAID[lang];
  const place = lang === "en" ? "  line 8, column 1: " : "  linha 8, coluna 1: ";

  it("the page of a file names each line left out with its reason", () => {
    const page = statementPage(FILE, lang);
    expect(page).toContain(`${place}${reason}`);
    expect(page).toContain(note);
  });

  it("so does the page of what was taken in", () => {
    const done = { lines: 1, known: 0, out: 0, explained: 0, booked: 0, waiting: 1 };
    const refused = saidLines(
      FILE.statements.flatMap((statement) => statement.refused),
      lang,
    );
    const page = importedPage(done, refused, saidNotes(FILE, lang), lang);
    expect(page.slice(-2)).toEqual([`${place}${reason}`, note]);
  });

  it("machines get plain strings", () => {
    expect(statementForMachines(FILE, lang)).toMatchObject({
      notes: [note],
      statements: [{ lines: [{ bookedOn: "2026-03-11", amountCents: 1000 }], refused: [{ line: 8, column: 1, reason }] }],
    });
  });
});
