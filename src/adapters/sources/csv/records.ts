// One line into the records the map finds in it: all of them, or a refusal with the first reason.
import { assert } from "../../../kernel/assert.ts";
import { alike, inEach } from "../../../kernel/errors.ts";
import type { CustomerRecord, InvoiceRecord, PaymentRecord, Place, RefusedLine, ServiceRecord } from "../../../ports/customer-source.ts";
import type { AmountEvidence } from "./amounts.ts";
import { columnsOf, compileCell, type Cell, type Columns } from "./cells.ts";
import { isNoDate, type DateEvidence } from "./dates.ts";
import type { CellSpec, ColumnKey, CsvMap, FileMap } from "./map.ts";
import { LineRefused, shown } from "./problem.ts";
import type { Row } from "./rows.ts";
import * as read from "./values.ts";

/** What a line holds; the absent entities are null. */
export interface LineRecords {
  customer: CustomerRecord | null;
  service: ServiceRecord | null;
  invoice: InvoiceRecord | null;
  payment: PaymentRecord | null;
}

/** Every value of the map that one file needs. */
function specsOf(file: FileMap): CellSpec[] {
  return [file.customer, file.service, file.invoice, file.payment]
    .flatMap((entity) => Object.values(entity ?? {}))
    .filter((value): value is CellSpec => typeof value === "object");
}

/** The column names that the map uses in one file. */
export function namedColumns(file: FileMap): string[] {
  const keys: ColumnKey[] = [...specsOf(file).flatMap(columnsOf), ...file.skip.map((skip) => skip.column)];
  return [...new Set(keys.filter((key) => typeof key === "string").map((key) => key.trim().normalize("NFC")))];
}

type Cells<Names extends string> = Record<Names, Cell | null>;

/** Reads the lines of one file by its map. */
export class LineReader {
  readonly #map: CsvMap;
  readonly #file: FileMap;
  readonly #name: string;
  readonly #columns: Columns;
  readonly #skip: { cell: Cell; values: ReadonlySet<string> }[];
  readonly #customer: Cells<"ref" | "name" | "email" | "phone" | "tax_id" | "lang" | "since" | "tags">;
  readonly #service: Cells<"ref" | "customer" | "name" | "plan" | "price" | "panel" | "account">;
  readonly #invoice: Cells<"ref" | "customer" | "service" | "issued" | "due" | "amount" | "currency">;
  readonly #payment: Cells<"id" | "customer" | "invoice" | "paid" | "amount" | "currency">;
  readonly #several: boolean;

  /** @throws ReguaError `import_file_invalid` when a column of the map is not there */
  constructor(map: CsvMap, file: FileMap, name: string, columns: Columns) {
    this.#map = map;
    this.#file = file;
    this.#name = name;
    this.#columns = columns;
    const cell = (spec: CellSpec | undefined): Cell | null => (spec ? compileCell(spec, columns) : null);
    const { customer: c, service: s, invoice: i, payment: p } = file;
    this.#skip = file.skip.map((skip) => ({ cell: compileCell({ column: skip.column }, columns), values: new Set(skip.is) }));
    this.#customer = {
      ref: cell(c?.ref),
      name: cell(c?.name),
      email: cell(c?.email),
      phone: cell(c?.phone),
      tax_id: cell(c?.tax_id),
      lang: cell(c?.lang),
      since: cell(c?.since),
      tags: cell(c?.tags),
    };
    this.#service = {
      ref: cell(s?.ref),
      customer: cell(s?.customer ?? c?.ref),
      name: cell(s?.name),
      plan: cell(s?.plan),
      price: cell(s?.price),
      panel: cell(s?.panel),
      account: cell(s?.account),
    };
    this.#invoice = {
      ref: cell(i?.ref),
      customer: cell(i?.customer ?? c?.ref),
      service: cell(i?.service ?? s?.ref),
      issued: cell(i?.issued),
      due: cell(i?.due),
      amount: cell(i?.amount),
      currency: cell(i?.currency),
    };
    this.#payment = {
      id: cell(p?.id),
      customer: cell(p?.customer ?? c?.ref ?? i?.customer),
      invoice: cell(p?.invoice ?? i?.ref),
      paid: cell(p?.paid),
      amount: cell(p?.amount ?? i?.amount),
      currency: cell(p?.currency ?? i?.currency),
    };
    this.#several = [c, s, i, p].filter((entity) => entity !== undefined).length > 1;
  }

  /** The map leaves the line out. */
  skips(row: Row): boolean {
    return this.#skip.some(({ cell, values }) => values.has(cell.read(row)));
  }

  /** What the line says about how its file writes dates and amounts. */
  gather(row: Row, dates: DateEvidence, amounts: AmountEvidence): void {
    for (const cell of [this.#customer.since, this.#invoice.issued, this.#invoice.due, this.#payment.paid]) {
      const value = cell?.read(row) ?? "";
      if (!isNoDate(value)) dates.add(value, row.line);
    }
    for (const cell of [this.#service.price, this.#invoice.amount, this.#payment.amount]) {
      const value = cell?.read(row) ?? "";
      if (value !== "") amounts.add(value, row.line);
    }
  }

  /** The records of a line, or why it is refused. */
  read(row: Row, notation: read.Notation): LineRecords | RefusedLine {
    try {
      this.#checkWidth(row);
      const place: Place = { file: this.#name, line: row.line };
      return {
        customer: this.#file.customer ? this.#readCustomer(row, place, notation) : null,
        service: this.#file.service ? this.#readService(row, place, notation) : null,
        invoice: this.#file.invoice ? this.#readInvoice(row, place, notation) : null,
        payment: this.#file.payment ? this.#readPayment(row, place, notation) : null,
      };
    } catch (error) {
      if (!(error instanceof LineRefused)) throw error;
      return {
        file: this.#name,
        line: row.line,
        ...(error.column === null ? {} : { column: error.column }),
        ...(error.value === null ? {} : { value: shown(error.value) }),
        reason: error.reason,
        cure: error.cure,
      };
    }
  }

  #checkWidth(row: Row): void {
    const { count, least } = this.#columns;
    const surplus = row.fields.slice(count).some((field) => field.trim() !== "");
    if (row.fields.length >= least && !surplus) return;
    const { lastLine } = row;
    const joins =
      lastLine > row.line
        ? inEach(
            `; an open quotation mark joins it with the lines to ${lastLine}`,
            `; uma aspa aberta a junta com as linhas até a ${lastLine}`,
          )
        : alike("");
    throw new LineRefused(
      { column: null, value: row.fields.join(" ") },
      inEach(
        `the line has ${row.fields.length} columns where the first one has ${count}${joins.en}`,
        `a linha tem ${row.fields.length} colunas, e a primeira tem ${count}${joins["pt-BR"]}`,
      ),
      inEach(
        "Quote the cell that holds the delimiter or a line break, or remove the sign.",
        "Ponha entre aspas a célula que contém o separador ou uma quebra de linha, ou tire o sinal.",
      ),
    );
  }

  #readCustomer(row: Row, place: Place, notation: read.Notation): CustomerRecord {
    const { ref, name, email, phone, tax_id: taxId, lang, since, tags } = this.#customer;
    assert(ref, "a map of customers names their number");
    return {
      place,
      ref: read.ref(ref, row, inEach("the customer's number", "o número do cliente")),
      name: read.text(name, row, inEach("the name", "o nome")),
      email: read.email(email, row),
      phone: read.text(phone, row, inEach("the telephone number", "o telefone")),
      taxId: read.text(taxId, row, inEach("the tax number", "o CPF ou CNPJ")),
      lang: read.lang(lang, row),
      since: read.optionalDay(since, row, notation, inEach("the customer's first day", "o primeiro dia do cliente")),
      tags: read.tags(tags, this.#file.customer?.tags?.split ?? ",", row),
    };
  }

  #readService(row: Row, place: Place, notation: read.Notation): ServiceRecord | null {
    const { ref, customer, name, plan, price, panel, account } = this.#service;
    assert(ref && customer, "a map of services names their number and whose they are");
    if (this.#several && read.blank(ref, row)) return null;
    const linked = !read.blank(panel, row) && !read.blank(account, row);
    return {
      place,
      ref: read.ref(ref, row, inEach("the service's number", "o número do serviço")),
      customerRef: read.ref(customer, row, inEach("the service's customer", "o cliente do serviço")),
      name: read.text(name, row, inEach("the service's name", "o nome do serviço")),
      plan: read.text(plan, row, inEach("the plan", "o plano")),
      price: read.price(price, row, notation),
      panel: linked ? read.text(panel, row, inEach("the panel", "o painel")) : null,
      account: linked ? read.optionalRef(account, row, inEach("the account", "a conta")) : null,
    };
  }

  #readInvoice(row: Row, place: Place, notation: read.Notation): InvoiceRecord | null {
    const { ref, customer, service, issued, due, amount, currency } = this.#invoice;
    assert(ref && customer && issued && due && amount, "a map of invoices names what an invoice needs");
    if (this.#several && read.blank(ref, row)) return null;
    return {
      place,
      ref: read.ref(ref, row, inEach("the invoice's number", "o número da fatura")),
      customerRef: read.ref(customer, row, inEach("the invoice's customer", "o cliente da fatura")),
      serviceRef: read.optionalRef(service, row, inEach("the invoice's service", "o serviço da fatura")),
      issuedOn: read.day(issued, row, notation, inEach("the day of issue", "o dia de emissão")),
      dueOn: read.day(due, row, notation, inEach("the due date", "o vencimento")),
      amount: read.amount(amount, row, notation, inEach("the invoice's amount", "o valor da fatura")),
      currency: read.currency(currency, row) ?? this.#map.currency ?? null,
    };
  }

  #readPayment(row: Row, place: Place, notation: read.Notation): PaymentRecord | null {
    const { id, customer, invoice, paid, amount, currency } = this.#payment;
    assert(id && paid && amount, "a map of payments names what a payment needs");
    if (this.#several && !read.hasDay(paid, row)) return null;
    return {
      place,
      source: this.#file.payment?.source ?? this.#map.map,
      externalId: read.ref(id, row, inEach("the payment's number", "o número do pagamento")),
      customerRef: read.optionalRef(customer, row, inEach("the payment's customer", "o cliente do pagamento")),
      invoiceRef: read.optionalRef(invoice, row, inEach("the payment's invoice", "a fatura do pagamento")),
      paidOn: read.day(paid, row, notation, inEach("the day of payment", "o dia do pagamento")),
      amount: read.amount(amount, row, notation, inEach("the amount paid", "o valor pago")),
      currency: read.currency(currency, row) ?? this.#map.currency ?? null,
    };
  }
}
