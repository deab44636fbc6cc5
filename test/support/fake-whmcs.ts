// A WHMCS that answers in its documented shapes and errors, books what it is told as often as it is told, and has its own cron's habits.
import type { AccountState } from "../../src/ports/control-panel.ts";
import { FakePanel, json, type FakeAnswer, type FakeRequest } from "./panels/panel-server.ts";

export const WHMCS = { identifier: "D4j1dKYE3g40VROOPCGyJ9zRwP0ADJIv", secret: "F1CKGXRIpylMfsrig3mwwdSdYUdLiFlo" };

type Fields = Record<string, string>;

export interface FakeService {
  id: number;
  clientid: number;
  name: string;
  domain: string;
  username: string;
  serverid: number;
  servername: string;
  status: string;
  suspensionreason: string;
  nextduedate: string;
  amount: string;
  overideautosuspend: string;
  overidesuspenduntil: string;
}

export interface FakeInvoice {
  id: number;
  userid: number;
  date: string;
  duedate: string;
  datepaid: string;
  total: number;
  credit: number;
  status: string;
  items: { type: string; relid: number; amount: number }[];
}

export interface FakeTransaction {
  id: number;
  userid: number;
  gateway: string;
  date: string;
  amountin: number;
  amountout: number;
  transid: string;
  invoiceid: number;
  refundid: number;
}

interface FakeTicket {
  id: number;
  tid: string;
  userid: number;
  deptid: number;
  subject: string;
  status: string;
  date: string;
  lastreply: string;
  replies: { replyid: number; admin: string; name: string; message: string; date: string }[];
}

const ACTS = /^(ModuleSuspend|ModuleUnsuspend|ModuleTerminate|AddInvoicePayment|UpdateClientProduct|AddTicketReply)$/u;
const money = (cents: number): string => (cents / 100).toFixed(2);

export class FakeWhmcs extends FakePanel {
  readonly secrets = [WHMCS.identifier, WHMCS.secret];
  readonly clients = new Map<number, Fields>();
  readonly services = new Map<number, FakeService>();
  readonly invoices = new Map<number, FakeInvoice>();
  readonly transactions: FakeTransaction[] = [];
  readonly tickets = new Map<number, FakeTicket>();
  /** How often each call came. */
  readonly asked = new Map<string, number>();
  /** Answers that let nobody in. */
  failures = 0;
  /** The list of addresses does not have ours. */
  foreign = false;
  /** Calls that the API role lacks. */
  readonly withheld = new Set<string>();
  /** So many of the next calls are answered by a proxy that has had enough. */
  busy = 0;
  currency = "BRL";
  /** The module says that it did, and did not. */
  idle = false;
  /** Asked before its module suspends; true aborts. */
  preModuleSuspend: ((serviceId: number, reason: string) => Promise<boolean>) | null = null;
  #now = "2026-12-01 09:00:00";
  #count = 0;

  /** Whole numbers of its own, as its database gives them. */
  next(): number {
    return (this.#count += 1);
  }

  /** As new: nobody in it, and all its moods forgotten. */
  reset(): void {
    for (const held of [this.clients, this.services, this.invoices, this.tickets, this.asked, this.withheld, this.named]) held.clear();
    this.transactions.length = 0;
    this.calls.length = 0;
    Object.assign(this, {
      failures: 0,
      foreign: false,
      busy: 0,
      idle: false,
      currency: "BRL",
      preModuleSuspend: null,
      instead: null,
      loses: false,
    });
    this.#now = "2026-12-01 09:00:00";
  }

  /** `2026-12-08 10:00:00` on its own clock. */
  set now(text: string) {
    this.#now = text;
  }

  addClient(fields: Fields = {}): number {
    const id = this.next();
    const base = {
      firstname: "Ana",
      lastname: `Cliente ${id}`,
      companyname: "",
      email: `c${id}@cliente.example`,
      datecreated: "2024-01-15",
    };
    this.clients.set(id, { ...base, status: "Active", language: "", phonenumber: "", tax_id: "", ...fields });
    return id;
  }

  addService(clientid: number, fields: Partial<FakeService> = {}): number {
    const id = this.next();
    const base = {
      name: "Plano Básico",
      domain: `site${id}.example`,
      username: `site${id}`,
      serverid: 1,
      servername: "Saturno",
      status: "Active",
    };
    const more = {
      suspensionreason: "",
      nextduedate: "2027-01-01",
      amount: "29.90",
      overideautosuspend: "",
      overidesuspenduntil: "0000-00-00",
    };
    this.services.set(id, { id, clientid, ...base, ...more, ...fields });
    return id;
  }

  addInvoice(userid: number, duedate: string, cents = 2990, change: Partial<FakeInvoice> & { service?: number } = {}): number {
    const id = this.next();
    const { service, ...more } = change;
    const items = service === undefined ? [] : [{ type: "Hosting", relid: service, amount: cents }];
    const base = { date: duedate, duedate, datepaid: "0000-00-00 00:00:00", total: cents, credit: 0, status: "Unpaid", items };
    this.invoices.set(id, { id, userid, ...base, ...more });
    return id;
  }

  /** Somebody pays there: a gateway's module, or an administrator. */
  pay(invoiceid: number, cents: number, transid: string, gateway = "banktransfer"): FakeTransaction {
    const invoice = this.invoices.get(invoiceid);
    if (!invoice) throw new Error(`no invoice ${invoiceid}`);
    const made = {
      id: this.next(),
      userid: invoice.userid,
      gateway,
      date: this.#now,
      amountin: cents,
      amountout: 0,
      transid,
      invoiceid,
      refundid: 0,
    };
    this.transactions.push(made);
    if (this.#balance(invoice) <= 0 && invoice.status === "Unpaid") this.#settle(invoice);
    return made;
  }

  /** Money that went back; an administrator sets the invoice to what it is then. */
  refund(paid: FakeTransaction, status: "Refunded" | "Unpaid"): void {
    this.transactions.push({
      ...paid,
      id: this.next(),
      date: this.#now,
      amountin: 0,
      amountout: paid.amountin,
      transid: `${paid.transid}-r`,
      refundid: paid.id,
    });
    const invoice = this.invoices.get(paid.invoiceid);
    if (invoice) invoice.status = status;
  }

  openTicket(userid: number, message: string, deptid = 1): number {
    const id = this.next();
    const first = { replyid: 0, admin: "", name: "Ana", message, date: this.#now };
    this.tickets.set(id, {
      id,
      tid: `51${id}`,
      userid,
      deptid,
      subject: "Preciso de ajuda",
      status: "Open",
      date: this.#now,
      lastreply: this.#now,
      replies: [first],
    });
    return id;
  }

  userReplies(ticketid: number, message: string): void {
    const ticket = this.tickets.get(ticketid);
    ticket?.replies.push({ replyid: this.next(), admin: "", name: "Ana", message, date: this.#now });
    if (ticket) Object.assign(ticket, { status: "Customer-Reply", lastreply: this.#now });
  }

  /** Its daily automation: suspends services so many days past their next due date, unless that is held off or a hook aborts. Answers which. */
  async cron(today: string, afterDays = 5): Promise<number[]> {
    this.#now = `${today} 11:00:00`;
    const limit = new Date(Date.parse(`${today}T00:00:00Z`) - afterDays * 86_400_000).toISOString().slice(0, 10);
    const suspended: number[] = [];
    for (const service of this.services.values()) {
      if (service.status !== "Active" || service.nextduedate > limit) continue;
      const held = /^(on|1)$/u.test(service.overideautosuspend);
      if (held && (service.overidesuspenduntil === "0000-00-00" || service.overidesuspenduntil >= today)) continue;
      if (await this.preModuleSuspend?.(service.id, "")) continue;
      Object.assign(service, { status: "Suspended", suspensionreason: "" });
      this.changes += 1;
      suspended.push(service.id);
    }
    return suspended;
  }

  // As a panel: accounts by a name that stands for the service's number.
  readonly named = new Map<string, number>();

  add(name: string): void {
    this.named.set(name, this.addService(this.addClient(), { domain: `${name}.test`, username: name }));
  }

  truth(name: string): AccountState["access"] {
    const { status } = this.services.get(this.named.get(name) ?? 0) ?? { status: "Terminated" };
    return status === "Active" ? "active" : status === "Suspended" ? "suspended" : "absent";
  }

  suspendByHand(name: string): void {
    const found = this.services.get(this.named.get(name) ?? 0);
    if (found) Object.assign(found, { status: "Suspended", suspensionreason: "Phishing" });
    this.changes += 1;
  }

  isAct({ form }: FakeRequest): boolean {
    return ACTS.test(form.get("action") ?? "");
  }

  answer({ form, path, method }: FakeRequest): FakeAnswer {
    const action = form.get("action") ?? "";
    this.asked.set(action, (this.asked.get(action) ?? 0) + 1);
    if (method !== "POST" || !path.endsWith("/includes/api.php")) return { code: 404, text: "<html>Not Found</html>" };
    if (this.busy > 0) {
      this.busy -= 1;
      return { code: 429, text: "<html>Too Many Requests</html>", headers: { "retry-after": "1" } };
    }
    if (this.foreign) return this.#shut("Invalid IP 192.0.2.7");
    if (form.get("identifier") !== WHMCS.identifier || form.get("secret") !== WHMCS.secret) return this.#shut("Authentication Failed");
    if (form.get("responsetype") !== "json") return { text: "result=success;" };
    if (this.withheld.has(action)) return fails(`Invalid Permissions: API action "${action}" is not allowed`, 403);
    if (this.refusing && ACTS.test(action)) return fails(`Server said no to ${WHMCS.secret}`);
    return this.#work(action, form) ?? fails(`Command Not Found`);
  }

  #shut(message: string): FakeAnswer {
    this.failures += 1;
    return fails(message, 403);
  }

  #work(action: string, form: URLSearchParams): FakeAnswer | null {
    const field = (name: string): string => form.get(name) ?? "";
    switch (action) {
      case "GetClients":
        return page(
          form,
          "clients",
          "client",
          [...this.clients].map(([id, { phonenumber: _p, tax_id: _t, language: _l, ...fields }]) => ({ id, ...fields, groupid: 0 })),
        );
      case "GetClientsDetails": {
        const found = this.clients.get(Number(field("clientid")));
        return found ? ok({ client: { id: Number(field("clientid")), ...found } }) : fails("Client Not Found");
      }
      case "GetClientsProducts":
        return this.#products(form);
      case "GetInvoices":
        return this.#list(form);
      case "GetInvoice":
        return this.#invoice(Number(field("invoiceid")));
      case "GetTransactions":
        return page(
          null,
          "transactions",
          "transaction",
          this.transactions.filter((one) => !form.has("transid") || one.transid === field("transid")).map(sayTransaction),
        );
      case "GetPaymentMethods":
        return ok({ totalresults: 1, paymentmethods: { paymentmethod: [{ module: "banktransfer", displayname: "Pix" }] } });
      case "GetTickets":
        return page(
          form,
          "tickets",
          "ticket",
          [...this.tickets.values()].filter(({ status }) => /^(Open|Customer-Reply)$/u.test(status)).map(sayTicket),
        );
      case "GetTicket":
        return this.#ticket(Number(field("ticketid")));
      default:
        return this.#act(action, field);
    }
  }

  #products(form: URLSearchParams): FakeAnswer {
    const [client, service] = [form.get("clientid"), form.get("serviceid")];
    const rows = [...this.services.values()]
      .filter((one) => (client === null || one.clientid === Number(client)) && (service === null || one.id === Number(service)))
      .map((one) => ({
        ...one,
        id: String(one.id),
        clientid: String(one.clientid),
        serverid: String(one.serverid),
        qty: "1",
        recurringamount: one.amount,
        customfields: { customfield: [] },
      }));
    return page(form, "products", "product", rows, { text: true });
  }

  #list(form: URLSearchParams): FakeAnswer {
    const status = form.get("status");
    const rows = [...this.invoices.values()].filter((one) => status === null || one.status === status);
    const desc = form.get("order") === "desc";
    return page(form, "invoices", "invoice", desc ? rows.reverse() : rows, {
      say: (one) => ({ ...sayInvoice(one as FakeInvoice), currencycode: this.currency }),
    });
  }

  #invoice(id: number): FakeAnswer {
    const found = this.invoices.get(id);
    if (!found) return fails("Invoice ID Not Found");
    const paid = this.transactions.filter(({ invoiceid }) => invoiceid === id).map(sayTransaction);
    const { id: _id, ...head } = sayInvoice(found);
    const items = found.items.map((item, i) => ({ id: i + 1, ...item, amount: money(item.amount), description: "", taxed: 0 }));
    return ok({
      invoiceid: id,
      ...head,
      balance: money(this.#balance(found)),
      items: items.length === 0 ? "" : { item: items },
      transactions: paid.length === 0 ? "" : { transaction: paid },
    });
  }

  #ticket(id: number): FakeAnswer {
    const found = this.tickets.get(id);
    if (!found) return fails("Ticket ID Not Found");
    const { id: _id, ...head } = sayTicket(found);
    const replies = found.replies.map((reply) => ({
      ...reply,
      replyid: String(reply.replyid),
      userid: String(found.userid),
      message: reply.message.replaceAll("\n", "\r\n").replaceAll('"', "&quot;"),
      attachments: [[]],
      requestor_type: reply.admin === "" ? "Owner" : "Operator",
    }));
    return ok({ ticketid: String(id), ...head, replies: { reply: replies }, notes: "" });
  }

  #act(action: string, field: (name: string) => string): FakeAnswer | null {
    if (action === "AddInvoicePayment") return this.#book(field);
    if (action === "AddTicketReply") return this.#reply(field);
    if (!/^(Module|UpdateClientProduct)/u.test(action)) return null;
    if (field("serviceid") === "") return fails("Service ID is required");
    const service = this.services.get(Number(field("serviceid")));
    if (!service) return fails("Service ID not found");
    if (action === "UpdateClientProduct") return this.#update(service, field);
    if (service.serverid === 0) return fails("Service not assigned to a module");
    if (this.idle) return ok({});
    if (action === "ModuleSuspend") Object.assign(service, { status: "Suspended", suspensionreason: field("suspendreason") });
    else if (action === "ModuleUnsuspend") Object.assign(service, { status: "Active", suspensionreason: "" });
    else service.status = "Terminated";
    this.changes += 1;
    return ok({});
  }

  #update(service: FakeService, field: (name: string) => string): FakeAnswer {
    if (field("status") !== "") service.status = field("status");
    if (field("suspendreason") !== "") service.suspensionreason = field("suspendreason");
    if (field("unset[0]") === "suspendreason") service.suspensionreason = "";
    if (field("overideautosuspend") !== "") service.overideautosuspend = field("overideautosuspend");
    if (field("overidesuspenduntil") !== "") service.overidesuspenduntil = field("overidesuspenduntil");
    return ok({ serviceid: String(service.id) });
  }

  /** As documented: the same number books again, and without an amount the whole invoice. */
  #book(field: (name: string) => string): FakeAnswer {
    const invoice = this.invoices.get(Number(field("invoiceid")));
    if (!invoice) return fails("Invoice ID Not Found");
    if (invoice.status === "Cancelled") return fails("It is not possible to add a payment to an invoice that is Cancelled");
    const cents = field("amount") === "" ? this.#balance(invoice) : Math.round(Number(field("amount")) * 100);
    this.pay(invoice.id, cents, field("transid"), field("gateway"));
    return ok({});
  }

  #reply(field: (name: string) => string): FakeAnswer {
    const ticket = this.tickets.get(Number(field("ticketid")));
    if (!ticket) return fails("Ticket ID Not Found");
    if (field("message") === "") return fails("Message is required");
    ticket.replies.push({ replyid: this.next(), admin: "Régua", name: "", message: field("message"), date: this.#now });
    Object.assign(ticket, { status: field("status") || "Answered", lastreply: this.#now });
    return ok({});
  }

  #balance(invoice: FakeInvoice): number {
    const paid = this.transactions.filter(({ invoiceid }) => invoiceid === invoice.id);
    return invoice.total - paid.reduce((sum, { amountin, amountout }) => sum + amountin - amountout, 0);
  }

  /** A paid invoice moves its services on, and lifts suspensions of WHMCS's own reason alone. */
  #settle(invoice: FakeInvoice): void {
    Object.assign(invoice, { status: "Paid", datepaid: this.#now });
    for (const { type, relid } of invoice.items) {
      const service = type === "Hosting" ? this.services.get(relid) : undefined;
      if (!service) continue;
      service.nextduedate = "2027-01-01";
      if (service.status === "Suspended" && /^(Overdue on Payment)?$/u.test(service.suspensionreason)) service.status = "Active";
    }
  }
}

const ok = (body: Record<string, unknown>): FakeAnswer => json({ result: "success", ...body });
const fails = (message: string, code = 200): FakeAnswer => json({ result: "error", message }, code);

/** Nested twice; `""` where nothing is; the total a number here and text there. */
function page(
  form: URLSearchParams | null,
  outer: string,
  inner: string,
  rows: readonly unknown[],
  { text = false, say = (row) => row }: { text?: boolean; say?: (row: unknown) => unknown } = {},
): FakeAnswer {
  const start = Number(form?.get("limitstart") ?? 0);
  const some = (form ? rows.slice(start, start + Number(form.get("limitnum") ?? 25)) : rows).map(say);
  const totalresults = text ? String(rows.length) : rows.length;
  return ok({ totalresults, startnumber: start, numreturned: some.length, [outer]: some.length === 0 ? "" : { [inner]: some } });
}

const sayInvoice = (one: FakeInvoice) => ({
  id: one.id,
  userid: one.userid,
  invoicenum: "",
  date: one.date,
  duedate: one.duedate,
  datepaid: one.datepaid,
  subtotal: money(one.total + one.credit),
  credit: money(one.credit),
  tax: "0.00",
  tax2: "0.00",
  total: money(one.total),
  status: one.status,
  paymentmethod: "banktransfer",
  notes: "",
});

const sayTransaction = (one: FakeTransaction) => ({
  id: String(one.id),
  userid: String(one.userid),
  currency: "0",
  gateway: one.gateway,
  date: one.date,
  description: "Invoice Payment",
  amountin: money(one.amountin),
  fees: "0.00",
  amountout: money(one.amountout),
  rate: "1.00000",
  transid: one.transid,
  invoiceid: String(one.invoiceid),
  refundid: String(one.refundid),
});

const sayTicket = (one: FakeTicket) => ({
  id: String(one.id),
  tid: one.tid,
  deptid: String(one.deptid),
  userid: String(one.userid),
  name: "Ana",
  date: one.date,
  subject: one.subject,
  status: one.status,
  priority: "Medium",
  admin: "",
  lastreply: one.lastreply,
  flag: "0",
  service: "",
});
