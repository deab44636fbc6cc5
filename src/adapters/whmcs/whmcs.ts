// WHMCS as a billing system beside us, over its API (developers.whmcs.com/api-reference).
import { systemClock, type Clock } from "../../kernel/clock.ts";
import { formatDay, type Day } from "../../kernel/time.ts";
import type {
  BilledClient,
  BilledInvoice,
  BilledPayment,
  BilledService,
  BillingSystem,
  Page,
  PageAt,
  PaymentToBook,
  Ticket,
  TicketHead,
  WholeInvoice,
} from "../../ports/billing-system.ts";
import { done, refused, type CallContext, type Outcome } from "../../ports/outcome.ts";
import { WhmcsApi, withoutPart, type WhmcsAccess } from "./api.ts";
import { clientOf, invoiceOf, pageOf, paymentOf, serviceOf, ticketHeadOf, ticketOf, wholeInvoiceOf } from "./rows.ts";
import { listOf, textOf, Unreadable, type Row } from "./shapes.ts";

export interface WhmcsOptions extends WhmcsAccess {
  /** System name of the payment method under which payments are booked. */
  paymentMethod: string;
  /** Whose name stands under answers to tickets. */
  admin?: string;
}

/** The calls that are made, in the words of WHMCS's page for API roles. Reads are tried by {@link WhmcsBilling.test}; acts show when they are needed. */
export const NEEDED = [
  ...["GetClients", "GetClientsDetails", "GetClientsProducts", "GetInvoices", "GetInvoice", "GetTransactions", "GetPaymentMethods"],
  ...["GetTickets", "GetTicket", "AddInvoicePayment", "UpdateClientProduct", "AddTicketReply"],
] as const;
/** Besides, where WHMCS acts on our word. */
export const NEEDED_TO_ACT = ["ModuleSuspend", "ModuleUnsuspend"] as const;

const CLIENTS = { outer: "clients", inner: "client", about: "clients" };
const SERVICES = { outer: "products", inner: "product", about: "services" };
const INVOICES = { outer: "invoices", inner: "invoice", about: "invoices" };
const TRANSACTIONS = { outer: "transactions", inner: "transaction", about: "transactions" };
const TICKETS = { outer: "tickets", inner: "ticket", about: "tickets" };

export class WhmcsBilling implements BillingSystem {
  readonly kind = "whmcs";
  readonly #api: WhmcsApi;
  readonly #paymentMethod: string;
  readonly #admin: string | null;

  /** @throws ReguaError `panel_option_invalid` */
  constructor(options: WhmcsOptions, clock: Clock = systemClock) {
    this.#api = new WhmcsApi(options, clock);
    this.#paymentMethod = options.paymentMethod;
    this.#admin = options.admin ?? null;
  }

  /** One small call of each right that reads. A right to write cannot be tried without writing. */
  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#api.forget();
    const one = { limitstart: 0, limitnum: 1 };
    const lacking: string[] = [];
    let clients = 0;
    for (const [action, fields] of [
      ["GetClients", one],
      ["GetClientsProducts", one],
      ["GetInvoices", one],
      ["GetTransactions", { transid: "regua-test" }],
      ["GetTickets", one],
    ] as const) {
      const said = await this.#api.call(action, fields, context);
      if (said.outcome === "refused" && said.credentials === undefined && !said.retry) lacking.push(said.reason);
      else if (said.outcome !== "done") return said;
      else if (action === "GetClients") clients = Number(said.value.totalresults);
    }
    const methods = await this.#api.call("GetPaymentMethods", {}, context);
    if (methods.outcome !== "done") lacking.push(methods.reason);
    else {
      const names = (listOf(methods.value, "paymentmethods", "paymentmethod") ?? []).map((row) => textOf(row, "module"));
      if (!names.includes(this.#paymentMethod))
        lacking.push(`the payment method ${this.#paymentMethod} is not active there; these are: ${names.join(", ") || "none"}`);
    }
    if (lacking.length > 0) return refused(lacking.join("; "));
    return done({ detail: `WHMCS answers, with ${clients} clients. Least privilege: an API role with ${NEEDED.join(", ")}.` });
  }

  clients({ start, count }: PageAt, context: CallContext): Promise<Outcome<Page<BilledClient>>> {
    // By number, so that who comes meanwhile stands at the end and moves no page.
    return this.#page("GetClients", { limitstart: start, limitnum: count, orderby: "id", sorting: "ASC" }, CLIENTS, clientOf, context);
  }

  async client(id: number, context: CallContext): Promise<Outcome<BilledClient | null>> {
    const said = await this.#api.call("GetClientsDetails", { clientid: id }, context);
    if (said.outcome !== "done") return isMissing(said, /client not found|client id not found/iu) ? done(null) : said;
    // Newer versions nest the client, older ones give its fields at the top as well.
    const { client } = said.value;
    return this.#read("GetClientsDetails", () => clientOf((client ?? said.value) as Row));
  }

  services(at: PageAt & { clientId?: number }, context: CallContext): Promise<Outcome<Page<BilledService>>> {
    const { start, count, clientId } = at;
    const fields = { limitstart: start, limitnum: count, ...(clientId === undefined ? {} : { clientid: clientId }) };
    return this.#page("GetClientsProducts", fields, SERVICES, serviceOf, context);
  }

  async service(id: number, context: CallContext): Promise<Outcome<BilledService | null>> {
    const page = await this.#page("GetClientsProducts", { serviceid: id }, SERVICES, serviceOf, context);
    if (page.outcome !== "done") return page;
    const [broken] = page.value.refused;
    if (broken) return refused(`GetClientsProducts: ${broken.reason.en}`);
    return done(page.value.rows.find((row) => row.id === id) ?? null);
  }

  invoices(at: PageAt & { state?: "Unpaid"; newestFirst?: boolean }, context: CallContext): Promise<Outcome<Page<BilledInvoice>>> {
    const { start, count, state, newestFirst } = at;
    const fields = { limitstart: start, limitnum: count, orderby: "id", order: newestFirst ? "desc" : "asc" };
    return this.#page("GetInvoices", { ...fields, ...(state ? { status: state } : {}) }, INVOICES, invoiceOf, context);
  }

  async invoice(id: number, context: CallContext): Promise<Outcome<WholeInvoice | null>> {
    const said = await this.#api.call("GetInvoice", { invoiceid: id }, context);
    if (said.outcome !== "done") return isMissing(said, /invoice id not found/iu) ? done(null) : said;
    return this.#read("GetInvoice", () => wholeInvoiceOf(said.value));
  }

  async paymentsNamed(transid: string, context: CallContext): Promise<Outcome<readonly BilledPayment[]>> {
    const page = await this.#page("GetTransactions", { transid }, TRANSACTIONS, paymentOf, context);
    if (page.outcome !== "done") return page;
    const [broken] = page.value.refused;
    // What cannot be read may be the very payment: it is not booked a second time on a guess.
    if (broken) return refused(`GetTransactions: ${broken.reason.en}`);
    return done(page.value.rows.filter((row) => row.transid === transid));
  }

  async bookPayment({ invoiceId, transid, amount, on }: PaymentToBook, context: CallContext): Promise<Outcome<null>> {
    const fields = { invoiceid: invoiceId, transid, gateway: this.#paymentMethod, date: `${formatDay(on)} 12:00:00` };
    // Without an amount WHMCS takes the whole invoice for paid.
    return nothing(await this.#api.call("AddInvoicePayment", { ...fields, amount: (amount / 100).toFixed(2) }, context));
  }

  async holdOff(serviceId: number, until: Day, context: CallContext): Promise<Outcome<null>> {
    // Spelt with one r, as the API has it.
    const fields = { serviceid: serviceId, overideautosuspend: "on", overidesuspenduntil: formatDay(until) };
    return nothing(await this.#api.call("UpdateClientProduct", fields, context));
  }

  async setState(serviceId: number, state: "Active" | "Suspended", reason: string, context: CallContext): Promise<Outcome<null>> {
    const why: Record<string, string> = state === "Suspended" ? { suspendreason: reason } : { "unset[0]": "suspendreason" };
    return nothing(await this.#api.call("UpdateClientProduct", { serviceid: serviceId, status: state, ...why }, context));
  }

  tickets({ start, count }: PageAt, context: CallContext): Promise<Outcome<Page<TicketHead>>> {
    const fields = { limitstart: start, limitnum: count, status: "Awaiting Reply", ignore_dept_assignments: "true" };
    return this.#page("GetTickets", fields, TICKETS, ticketHeadOf, context);
  }

  async ticket(id: number, context: CallContext): Promise<Outcome<Ticket | null>> {
    const said = await this.#api.call("GetTicket", { ticketid: id, repliessort: "ASC" }, context);
    if (said.outcome !== "done") return isMissing(said, /ticket (id )?not found/iu) ? done(null) : said;
    return this.#read("GetTicket", () => ticketOf(said.value));
  }

  async reply(ticketId: number, text: string, context: CallContext): Promise<Outcome<null>> {
    const fields = { ticketid: ticketId, message: text, ...(this.#admin === null ? {} : { adminusername: this.#admin }) };
    // Open as before: a person reads it all the same.
    return nothing(await this.#api.call("AddTicketReply", { ...fields, status: "Customer-Reply" }, context));
  }

  async #page<T>(
    action: string,
    fields: Readonly<Record<string, string | number>>,
    names: { outer: string; inner: string; about: string },
    read: (row: Row) => T,
    context: CallContext,
  ): Promise<Outcome<Page<T>>> {
    const said = await this.#api.call(action, fields, context);
    if (said.outcome !== "done") return said;
    const page = pageOf(said.value, names, read);
    return page ? done(page) : withoutPart(action, names.outer);
  }

  #read<T>(action: string, read: () => T): Outcome<T> {
    try {
      return done(read());
    } catch (error) {
      if (error instanceof Unreadable) return refused(`${action}: ${error.message} (${error.field})`);
      throw error;
    }
  }
}

const nothing = (said: Outcome<unknown>): Outcome<null> => (said.outcome === "done" ? done(null) : said);

const isMissing = (said: Outcome<unknown>, words: RegExp): boolean => said.outcome === "refused" && words.test(said.reason);
