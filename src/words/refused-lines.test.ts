// Lines that an import or a bank's file leaves out: each reason and each cure is said in Portuguese too, without a word of English.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CsvSource } from "../adapters/sources/csv/source.ts";
import { readStatementFile } from "../adapters/statements/read.ts";
import { invoiceOf, pageOf, wholeInvoiceOf } from "../adapters/whmcs/rows.ts";
import type { Row } from "../adapters/whmcs/shapes.ts";
import { mergeCustomer, receiptKey, refKey, type Known, type Told } from "../engine/import-merge.ts";
import { LEDGER_WORDS, noSuchInvoice } from "../engine/import-words.ts";
import type { InEach } from "../kernel/errors.ts";
import { parseDay } from "../kernel/time.ts";
import type { InvoiceRecord, PaymentRecord, Place, RefusedLine, ServiceRecord } from "../ports/customer-source.ts";
import type { CustomerNow, InvoiceNow } from "../store/imports.ts";
import { ENGLISH } from "./testing/english.ts";

const folder = mkdtempSync(join(tmpdir(), "regua-lines-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OURS = /\b(?:which|known|customer|invoice|payment|amount|date|day|are|missing|service|currency|correct|leave|import)\b/iu;

function expectPortuguese(said: InEach): void {
  expect(said["pt-BR"]).not.toMatch(ENGLISH);
  expect(said["pt-BR"]).not.toMatch(OURS);
  expect(said["pt-BR"]).not.toBe(said.en);
  expect(said["pt-BR"]).not.toContain("undefined");
}

const MAP = `map: livro
files:
  - dates: dd/mm/yyyy
    decimal: ","
    customer: { ref: Cliente, name: Nome, email: Mail, lang: Idioma, since: Desde, tags: Grupos }
    service: { ref: Plano, price: Preço }
    invoice: { ref: Fatura, issued: Emissão, due: Vencimento, amount: Valor, currency: Moeda }
    payment: { id: Recibo, paid: Pago, amount: Recebido }
`;

const GOOD = {
  Cliente: "7",
  Nome: "Ana",
  Mail: "ana@cliente.example",
  Idioma: "pt-BR",
  Desde: "01/02/2024",
  Grupos: "vip",
  Plano: "S7",
  Preço: "29,90",
  Fatura: "F1",
  Emissão: "01/02/2026",
  Vencimento: "11/02/2026",
  Valor: "29,90",
  Moeda: "BRL",
  Recibo: "R1",
  Pago: "10/02/2026",
  Recebido: "29,90",
};

/** Reads one line and gives what was refused of it. */
async function refusedOf(row: string): Promise<readonly RefusedLine[]> {
  writeFileSync(join(folder, "livro.map.yaml"), MAP);
  writeFileSync(join(folder, "livro.csv"), `${Object.keys(GOOD).join(";")}\n${row}\n`);
  const found: RefusedLine[] = [];
  const source = await CsvSource.open({ map: join(folder, "livro.map.yaml"), paths: [join(folder, "livro.csv")] });
  for await (const batch of source.read()) found.push(...batch.refused);
  return found;
}

const CELLS: readonly (readonly [string, Partial<typeof GOOD>])[] = [
  ["a customer without a number", { Cliente: "" }],
  ["a number that is too long", { Cliente: "7".repeat(201) }],
  ["a number with a lost letter", { Cliente: "Jo\u{fffd}o" }],
  ["a number with a letter that is not printed", { Cliente: "7\u0001" }],
  ["a name that is too long", { Nome: "a".repeat(501) }],
  ["two addresses", { Mail: "ana@cliente.example rui@cliente.example" }],
  ["another language", { Idioma: "fr" }],
  ["a first day that does not exist", { Desde: "31/02/2024" }],
  ["a tag that is too long", { Grupos: "a".repeat(61) }],
  ["a price that is none", { Preço: "caro" }],
  ["an invoice without its due date", { Vencimento: "" }],
  ["a due date in another order", { Vencimento: "02/28/2026" }],
  ["an amount that is none", { Valor: "29.9.0" }],
  ["an amount of nothing", { Valor: "0,00" }],
  ["an invoice without its amount", { Valor: "" }],
  ["a currency that is none", { Moeda: "real" }],
  ["a payment without its number", { Recibo: "" }],
  ["a payment that is a refund", { Recebido: "-5,00" }],
];

const today = parseDay("2026-11-16");
const place: Place = { file: "livro.csv", line: 3 };
const customerRow = { ref: "7", name: "Ana", email: null, phone: null, taxId: null, lang: "pt-BR", since: today, tags: [] } as const;
const customer: CustomerNow = { ...customerRow, id: 1, version: 1, evidenceSeq: 0, evidenceHash: "", tags: [] };
const bill: InvoiceNow = {
  ...{ id: 10, customerId: 1, ref: "F1", serviceId: null, issuedOn: today - 20, dueOn: today - 10 },
  ...{ amount: 2990, paid: 0, currency: "BRL", state: "open" },
};
const service = (ref: string): ServiceRecord => ({
  ...{ place, ref, customerRef: "7", name: null, plan: null, price: null, panel: null, account: null },
});
const invoice = (change: Partial<InvoiceRecord> = {}): InvoiceRecord => ({
  ...{ place, ref: "F1", customerRef: "7", serviceRef: null, issuedOn: bill.issuedOn, dueOn: bill.dueOn, amount: 2990, currency: "BRL" },
  ...change,
});
const payment = (change: Partial<PaymentRecord> = {}): PaymentRecord => ({
  ...{ place, source: "livro", externalId: "R1", customerRef: "7", invoiceRef: null, paidOn: today, amount: 2990, currency: "BRL" },
  ...change,
});

/** Customer 7 has invoice F1 and receipt R0; service S8 and invoice F8 are another's. */
function merged(told: Partial<Told>, now: Partial<InvoiceNow> = {}): RefusedLine[] {
  const refs = [
    { kind: "customer" as const, ref: "7", customerId: 1, rowId: 1 },
    { kind: "invoice" as const, ref: "F1", customerId: 1, rowId: 10 },
    { kind: "invoice" as const, ref: "F8", customerId: 2, rowId: 11 },
    { kind: "service" as const, ref: "S7", customerId: 1, rowId: 20 },
    { kind: "service" as const, ref: "S9", customerId: 1, rowId: 22 },
    { kind: "service" as const, ref: "S8", customerId: 2, rowId: 21 },
  ];
  const receipt = { customerId: 1, source: "livro", externalId: "R0", amount: 100, paidOn: today, invoiceRef: null };
  const row = { customerId: 1, name: "Plano", plan: null, price: null, panel: null, account: null };
  const known: Known = {
    refs: new Map(refs.map((one) => [refKey(one.kind, one.ref), one])),
    customers: new Map([[1, customer]]),
    services: new Map([20, 22].map((id) => [id, { ...row, id, ref: id === 20 ? "S7" : "S9" }])),
    invoices: new Map([[10, { ...bill, ...now }]]),
    receipts: new Map([[receiptKey(receipt), receipt]]),
  };
  const refused: RefusedLine[] = [];
  const whole: Told = { ref: "7", customers: [], services: [], invoices: [], payments: [], ...told };
  const terms = { mode: "live", currency: "BRL", lang: "pt-BR", today, linkTo: null } as const;
  mergeCustomer(whole, known, { refs: new Map(), receipts: new Map() }, terms, (line) => refused.push(line));
  return refused;
}

const CONTRADICTIONS: readonly (readonly [string, () => RefusedLine[]])[] = [
  ["nobody's invoice", () => merged({ ref: "77", invoices: [invoice()] })],
  ["another's service", () => merged({ services: [service("S8")] })],
  ["another's invoice", () => merged({ invoices: [invoice({ ref: "F8" })] })],
  ["an invoice for another's service", () => merged({ invoices: [invoice({ serviceRef: "S8" })] })],
  ["an invoice for no service", () => merged({ invoices: [invoice({ serviceRef: "S0" })] })],
  ["an invoice twice", () => merged({ invoices: [invoice(), invoice({ amount: 1 })] })],
  ["an invoice in dollars", () => merged({ invoices: [invoice({ currency: "USD" })] })],
  ["another amount under a payment", () => merged({ invoices: [invoice({ amount: 1 })] }, { paid: 100 })],
  ["another amount of a paid invoice", () => merged({ invoices: [invoice({ amount: 1 })] }, { state: "paid" })],
  ["other dates of a void invoice", () => merged({ invoices: [invoice({ dueOn: today })] }, { state: "void" })],
  ["other dates of an invoice given up", () => merged({ invoices: [invoice({ dueOn: today })] }, { state: "written_off" })],
  ["another service of an invoice", () => merged({ invoices: [invoice({ serviceRef: "S9" })] }, { serviceId: 20 })],
  ["a payment in dollars", () => merged({ payments: [payment({ currency: "USD" })] })],
  ["a payment of no invoice of theirs", () => merged({ payments: [payment({ invoiceRef: "F8" })] })],
  ["a payment of tomorrow", () => merged({ payments: [payment({ paidOn: today + 1 })] })],
  ["a known payment that says otherwise", () => merged({ payments: [payment({ externalId: "R0" })] })],
];

const BILLED: Row = { id: 2, userid: "7", date: "2026-01-01", duedate: "2026-01-08", total: "29.90", credit: "0.00", status: "Unpaid" };
const THERE: readonly (readonly [string, Row, (row: Row) => unknown])[] = [
  ["an amount", { ...BILLED, total: "1.234,50" }, invoiceOf],
  ["a customer's number", { ...BILLED, userid: "?" }, invoiceOf],
  ["a date", { ...BILLED, duedate: "08/01/2026" }, invoiceOf],
  ["a day that does not exist", { ...BILLED, duedate: "2026-02-30" }, invoiceOf],
  ["no date at all", { ...BILLED, date: "0000-00-00", duedate: "0000-00-00" }, invoiceOf],
  ["an invoice without its payments", { ...BILLED, items: "" }, wholeInvoiceOf],
];

const MOVEMENTS: readonly (readonly [string, string])[] = [
  ["no amount", "<DTPOSTED>20260311"],
  ["an amount of two readings", "<TRNAMT>1.234<DTPOSTED>20260311"],
  ["an amount of nothing", "<TRNAMT>0,00<DTPOSTED>20260311"],
  ["no day", "<TRNAMT>10.00"],
  ["a day that does not exist", "<TRNAMT>10.00<DTPOSTED>20260230"],
  ["a debit that comes in", "<TRNTYPE>DEBIT<TRNAMT>10.00<DTPOSTED>20260311"],
  ["a credit that goes out", "<TRNTYPE>CREDIT<TRNAMT>-10.00<DTPOSTED>20260311"],
];

describe("in Portuguese, a line left out says why and what to do", () => {
  it("and the line that these are made from is taken", async () => {
    expect(await refusedOf(Object.values(GOOD).join(";"))).toEqual([]);
    expect(merged({ services: [service("S7")], invoices: [invoice()], payments: [payment()] })).toEqual([]);
    expect(invoiceOf(BILLED)).toMatchObject({ id: 2, total: 2990 });
  });

  it.each(CELLS)("%s", async (_, change) => {
    const [line, ...more] = await refusedOf(Object.values({ ...GOOD, ...change }).join(";"));
    expect([line?.column, more]).toEqual([Object.keys(change)[0], []]);
    for (const said of [line?.reason, line?.cure]) if (said) expectPortuguese(said);
  });

  it.each([
    ["too few columns", "7;Ana;F1"],
    ["lines joined by a quotation mark", '7;"Ana\nRua A";F1'],
  ])("%s", async (_, row) => {
    const [line] = await refusedOf(row);
    expect(line?.line).toBe(2);
    for (const said of [line?.reason, line?.cure]) if (said) expectPortuguese(said);
  });

  it.each(CONTRADICTIONS)("%s", (_, act) => {
    const [line, ...more] = act();
    expect([line?.line, more]).toEqual([3, []]);
    for (const said of [line?.reason, line?.cure]) if (said) expectPortuguese(said);
  });

  it("what only the whole import or the ledger finds", () => {
    for (const { reason, cure } of [noSuchInvoice("F9"), ...Object.values(LEDGER_WORDS)]) {
      expectPortuguese(reason);
      expectPortuguese(cure);
    }
  });

  it.each(THERE)("a row of WHMCS: %s", (_, row, read) => {
    const page = pageOf({ rows: { row: [row] } }, { outer: "rows", inner: "row", about: "invoices" }, read);
    const [line] = page?.refused ?? [];
    expect(line?.line).toBe(2);
    for (const said of [line?.reason, line?.cure]) if (said) expectPortuguese(said);
  });

  it.each(MOVEMENTS)("a movement at the bank: %s", (_, movement) => {
    const list = `<BANKTRANLIST><STMTTRN>${movement}<FITID>1</STMTTRN></BANKTRANLIST>`;
    const text = `OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>BRL<BANKACCTFROM><BANKID>341<ACCTID>1</BANKACCTFROM>${list}</STMTRS></OFX>`;
    const [line, ...more] = readStatementFile(Buffer.from(text)).statements.flatMap(({ refused }) => refused);
    expect(more).toEqual([]);
    expect(line).toBeDefined();
    if (line) expectPortuguese(line.reason);
  });
});
