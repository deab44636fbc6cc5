// WHMCS's shapes: what its documents show, and what its installations are known to answer.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDay } from "../../kernel/time.ts";
import { clientOf, invoiceOf, pageOf, paymentOf, serviceOf, ticketHeadOf, ticketOf, wholeInvoiceOf } from "./rows.ts";
import { centsOf, dayOrNull, decode, listOf, numberOf, Unreadable, type Row } from "./shapes.ts";

describe("a list", () => {
  it.each([
    [{ invoices: { invoice: [{ id: 1 }] } }, 1],
    [{ invoices: { invoice: { id: 1 } } }, 1],
    [{ invoices: { invoice: "" } }, 0],
    [{ invoices: { invoice: [] } }, 0],
    [{ invoices: "" }, 0],
    [{ invoices: [] }, 0],
    [{ invoices: null }, 0],
  ])("%j has its rows", (answer, count) => {
    expect(listOf(answer as Row, "invoices", "invoice")).toHaveLength(count);
  });

  it("that is not there, or holds something else, is none", () => {
    expect(listOf({}, "invoices", "invoice")).toBeNull();
    expect(listOf({ invoices: { invoice: ["text"] } }, "invoices", "invoice")).toBeNull();
    expect(listOf({ invoices: [{ id: 1 }] }, "invoices", "invoice")).toBeNull();
  });

  it("goes on past a row that cannot be read, and says which one", () => {
    const answer = { totalresults: "3", invoices: { invoice: [bill(1), { ...bill(2), total: "1.234,50" }, bill(3)] } };
    const page = pageOf(answer, { outer: "invoices", inner: "invoice", about: "invoices" }, invoiceOf);
    expect(page?.rows.map(({ id }) => id)).toEqual([1, 3]);
    expect(page).toMatchObject({ total: 3, refused: [{ file: "invoices", line: 2, column: "total", value: "1.234,50" }] });
  });
});

const bill = (id: number): Row => ({
  id,
  userid: "7",
  date: "2026-01-01",
  duedate: "2026-01-08",
  total: "15.95",
  credit: "0.00",
  status: "Unpaid",
});

describe("a value", () => {
  it("is a number as one or as text, and nothing else", () => {
    expect([numberOf({ id: 2 }, "id"), numberOf({ id: "2" }, "id")]).toEqual([2, 2]);
    for (const id of ["", "two", -1, 1.5, null, "1e9", undefined]) expect(() => numberOf({ id }, "id")).toThrow(Unreadable);
  });

  it("is an amount exactly, and refused where it would have to be rounded or guessed", () => {
    const cents = (v: unknown): number => centsOf({ v }, "v");
    expect([cents("15.95"), cents(15.95), cents("15"), cents("15.9"), cents("-3.10"), cents("15.9500"), cents(""), cents(0.29)]).toEqual([
      1595, 1595, 1500, 1590, -310, 1595, 0, 29,
    ]);
    for (const v of ["15,95", "1,234.50", "15.955", "R$ 15.95", "NaN", true]) expect(() => cents(v)).toThrow(Unreadable);
  });

  it("is a day; zero dates are none, and a day that no month has is refused", () => {
    const day = (v: unknown) => dayOrNull({ v }, "v");
    expect(day("2016-01-08 14:06:34")).toBe(parseDay("2016-01-08"));
    for (const v of ["0000-00-00", "0000-00-00 00:00:00", "", null, undefined]) expect(day(v)).toBeNull();
    for (const v of ["2026-02-30", "08/01/2016", 20_160_108]) expect(() => day(v)).toThrow(Unreadable);
  });

  it("loses the entities that WHMCS keeps text with, once", () => {
    expect(decode("O&#039;Brien &amp; Filhos &lt;3 &quot;a&quot;")).toBe('O\'Brien & Filhos <3 "a"');
    expect(decode("&amp;amp; &#0; &#xD800; &nada; 5 & 6")).toBe("&amp; &#0; &#xD800; &nada; 5 & 6");
  });
});

describe("an invoice", () => {
  it("of funds, or one that gathers others, is nobody's debt", () => {
    const items = (...types: string[]) => ({
      ...bill(1),
      items: { item: types.map((type) => ({ type, relid: "3", amount: "1.00" })) },
      transactions: "",
    });
    expect(wholeInvoiceOf(items("AddFunds")).debt).toBe(false);
    expect(wholeInvoiceOf(items("Invoice", "Invoice")).debt).toBe(false);
    expect(wholeInvoiceOf(items("Hosting", "Domain")).debt).toBe(true);
    expect(wholeInvoiceOf({ ...bill(1), items: "", transactions: "" }).debt).toBe(true);
  });

  it("without its payments is refused: it would remind somebody who has paid", () => {
    expect(() => wholeInvoiceOf({ ...bill(1), items: "" })).toThrow(Unreadable);
    expect(() => wholeInvoiceOf({ ...bill(1), items: "", transactions: { transaction: [{ id: "1", amountin: "x" }] } })).toThrow(
      Unreadable,
    );
  });
});

const FOLDER = join(import.meta.dirname, "../../../../shared/realdata/whmcs/official-examples");
const present = existsSync(FOLDER);
if (!present) console.warn(`skipped: documented WHMCS answers are not at ${FOLDER}`);
const documented = (name: string): Row => JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Row;
const rowsOf = <T>(name: string, outer: string, inner: string, read: (row: Row) => T) =>
  pageOf(documented(name), { outer, inner, about: outer }, read);

describe.skipIf(!present)("the documented answers are read whole", () => {
  it("clients, of the list and of the details", () => {
    const page = rowsOf("GetClients", "clients", "client", clientOf);
    expect(page).toMatchObject({ total: 2, refused: [] });
    expect(page?.rows[0]?.record).toMatchObject({ ref: "2", name: "Angelica Mohr", since: parseDay("2016-01-15") });
    const { client } = documented("GetClientsDetails");
    expect(clientOf((client ?? documented("GetClientsDetails")) as Row).record.email).not.toBeNull();
  });

  it("services", () => {
    const page = rowsOf("GetClientsProducts", "products", "product", serviceOf);
    expect(page).toMatchObject({ total: 2, refused: [] });
    expect(page?.rows[1]).toMatchObject({
      id: 2,
      state: "Active",
      username: "demodom2",
      server: "Pluto",
      heldOff: { on: false, until: null },
    });
    expect(page?.rows[1]?.record).toMatchObject({ price: 2495, customerRef: "1" });
  });

  it("invoices and transactions", () => {
    expect(rowsOf("GetInvoices", "invoices", "invoice", invoiceOf)?.rows[0]).toMatchObject({ total: 1595, state: "Unpaid", paidOn: null });
    expect(wholeInvoiceOf(documented("GetInvoice"))).toMatchObject({ id: 1, clientId: 2361, serviceIds: [1], debt: true, payments: [] });
    expect(rowsOf("GetTransactions", "transactions", "transaction", paymentOf)?.rows[0]).toMatchObject({
      amountIn: 4590,
      invoiceId: 59,
      refundOf: null,
    });
  });

  it("tickets, with whose each reply is", () => {
    expect(rowsOf("GetTickets", "tickets", "ticket", ticketHeadOf)?.rows[0]).toMatchObject({ id: 1, number: "516757", clientId: 1 });
    const { messages } = ticketOf(documented("GetTicket"));
    expect(messages.map(({ replyId, author }) => [replyId, author])).toEqual([
      [0, "customer"],
      [1, "staff"],
      [2, "customer"],
    ]);
    expect(messages[0]?.text).toBe("Hey, \n\nThis is the first ticket message!\n\nThanks\n\nCynthia");
  });
});
