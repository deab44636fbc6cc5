// What WHMCS's rows say, in our terms. Pure: a row that cannot be read is refused with its number, and the page goes on.
import { inEach } from "../../kernel/errors.ts";
import type { Lang } from "../../kernel/lang.ts";
import type {
  BilledClient,
  BilledInvoice,
  BilledPayment,
  BilledService,
  Page,
  Ticket,
  TicketHead,
  TicketMessage,
  WholeInvoice,
} from "../../ports/billing-system.ts";
import type { RefusedLine } from "../../ports/customer-source.ts";
import { centsOf, dayOrNull, idOrNull, isOn, listOf, longTextOf, numberOf, textOf, Unreadable, type Row } from "./shapes.ts";

/** A page of a list, read row by row. Null: the answer has no such list. */
export function pageOf<T>(answer: Row, names: { outer: string; inner: string; about: string }, read: (row: Row) => T): Page<T> | null {
  const list = listOf(answer, names.outer, names.inner);
  if (!list) return null;
  const rows: T[] = [];
  const refused: RefusedLine[] = [];
  for (const row of list)
    try {
      rows.push(read(row));
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      const line = typeof row.id === "number" ? row.id : Number(row.id);
      refused.push({
        file: names.about,
        line: Number.isSafeInteger(line) ? line : 0,
        column: error.field,
        value: error.value,
        reason: error.problem,
        cure: inEach("Correct it in WHMCS; it is read again.", "Corrija no WHMCS; o registro é lido de novo."),
      });
    }
  const total = Number(answer.totalresults);
  return { rows, total: Number.isSafeInteger(total) ? total : rows.length + refused.length, refused };
}

const LANGUAGES: Readonly<Record<string, Lang>> = {
  "portuguese-br": "pt-BR",
  "portuguese-pt": "pt-BR",
  portuguese: "pt-BR",
  english: "en",
};

/** Of the list or of the details: what the list leaves out is null, and changes nothing that is known. */
export function clientOf(row: Row): BilledClient {
  const id = numberOf(row, row.id === undefined ? "userid" : "id");
  const person = [textOf(row, "firstname"), textOf(row, "lastname")].filter((part) => part !== null).join(" ");
  return {
    id,
    record: {
      place: { file: "clients", line: id },
      ref: String(id),
      name: textOf(row, "companyname") ?? (person === "" ? null : person),
      email: textOf(row, "email"),
      phone: textOf(row, "phonenumberformatted") ?? textOf(row, "phonenumber"),
      taxId: textOf(row, "tax_id"),
      lang: LANGUAGES[(textOf(row, "language") ?? "").toLowerCase()] ?? null,
      since: dayOrNull(row, "datecreated"),
      tags: null,
    },
  };
}

export function serviceOf(row: Row): BilledService {
  const id = numberOf(row, "id");
  const clientId = numberOf(row, "clientid");
  const domain = textOf(row, "domain");
  const product = textOf(row, "name");
  const server = idOrNull(row, "serverid") === null ? null : (textOf(row, "servername") ?? String(row.serverid));
  return {
    id,
    clientId,
    state: textOf(row, "status") ?? "",
    reason: textOf(row, "suspensionreason"),
    record: {
      place: { file: "services", line: id },
      ref: String(id),
      customerRef: String(clientId),
      name: [product, domain].filter((part) => part !== null).join(" – ") || null,
      plan: product,
      price: centsOf(row, "recurringamount"),
      panel: null,
      account: null,
    },
    nextDueOn: dayOrNull(row, "nextduedate"),
    heldOff: { on: isOn(row.overideautosuspend), until: dayOrNull(row, "overidesuspenduntil") },
    username: textOf(row, "username"),
    domain,
    server,
  };
}

export function invoiceOf(row: Row): BilledInvoice {
  const id = numberOf(row, row.invoiceid === undefined ? "id" : "invoiceid");
  const due = dayOrNull(row, "duedate");
  const issued = dayOrNull(row, "date");
  const dueOn = due ?? issued;
  if (dueOn === null)
    throw new Unreadable(
      "duedate",
      row.duedate,
      inEach("the invoice has neither a date nor a due date", "a fatura não tem data nem vencimento"),
    );
  return {
    id,
    clientId: numberOf(row, "userid"),
    issuedOn: Math.min(issued ?? dueOn, dueOn),
    dueOn,
    total: centsOf(row, "total"),
    credit: centsOf(row, "credit"),
    currency: textOf(row, "currencycode"),
    state: textOf(row, "status") ?? "",
    paidOn: dayOrNull(row, "datepaid"),
  };
}

export function paymentOf(row: Row): BilledPayment {
  return {
    id: numberOf(row, "id"),
    invoiceId: idOrNull(row, "invoiceid"),
    transid: textOf(row, "transid") ?? "",
    gateway: textOf(row, "gateway") ?? "",
    on: dayOrNull(row, "date") ?? 0,
    amountIn: centsOf(row, "amountin"),
    amountOut: centsOf(row, "amountout"),
    refundOf: idOrNull(row, "refundid"),
  };
}

/** Items that are no debt of their own: money put aside, and one payment for several invoices. */
const NO_DEBT = new Set(["AddFunds", "Invoice"]);

/** @throws Unreadable where an item or a payment cannot be read: an invoice without its payment would remind somebody who has paid */
export function wholeInvoiceOf(answer: Row): WholeInvoice {
  const head = invoiceOf(answer);
  const items = listOf(answer, "items", "item");
  const payments = listOf(answer, "transactions", "transaction");
  if (!items || !payments)
    throw new Unreadable(
      "items",
      null,
      inEach("the invoice came without its items or its transactions", "a fatura veio sem os seus itens ou as suas transações"),
    );
  const types = items.map((item) => textOf(item, "type") ?? "");
  const hosting = items.filter((item) => textOf(item, "type") === "Hosting").flatMap((item) => idOrNull(item, "relid") ?? []);
  return {
    ...head,
    serviceIds: [...new Set(hosting)],
    debt: types.length === 0 || types.some((type) => !NO_DEBT.has(type)),
    payments: payments.map(paymentOf),
  };
}

export function ticketHeadOf(row: Row): TicketHead {
  return {
    id: numberOf(row, row.ticketid === undefined ? "id" : "ticketid"),
    number: textOf(row, "tid") ?? "",
    clientId: idOrNull(row, "userid"),
    department: numberOf(row, "deptid"),
    subject: textOf(row, "subject") ?? "",
    state: textOf(row, "status") ?? "",
    lastReply: textOf(row, "lastreply") ?? textOf(row, "date") ?? "",
  };
}

export function ticketOf(answer: Row): Ticket {
  const replies = listOf(answer, "replies", "reply") ?? [];
  return { ...ticketHeadOf(answer), messages: replies.map(messageOf).sort((a, b) => a.replyId - b.replyId) };
}

/** A reply with an administrator's name, or by an operator, is staff's; all others are the customer's or a colleague's of theirs. */
function messageOf(row: Row): TicketMessage {
  const staff = textOf(row, "admin") !== null || textOf(row, "requestor_type") === "Operator";
  return {
    replyId: numberOf(row, "replyid"),
    author: staff ? "staff" : "customer",
    name: textOf(row, "admin") ?? textOf(row, "requestor_name") ?? textOf(row, "name") ?? "",
    writtenAt: textOf(row, "date") ?? "",
    text: longTextOf(row, "message"),
  };
}
