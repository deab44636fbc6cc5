// Tickets of the billing system beside us: kept raw with their customer, in the evidence by their hash, and answered at once where that is wished.
import { sha256 } from "../kernel/hash.ts";
import { DAY_MS } from "../kernel/time.ts";
import type { CustomerFacts } from "../policy/facts.ts";
import type { Ticket } from "../ports/billing-system.ts";
import { knownRows } from "../store/billing.ts";
import { addTasks, answeredSince } from "../store/billing-tasks.ts";
import { keepTicket, ticketsOf, type KeptTicket } from "../store/billing-tickets.ts";
import { ticketAnswer, type TicketFacts } from "../words/tickets.ts";
import { WHMCS, type BesideTerms } from "./billing-rows.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { outlook } from "./outlook.ts";
import { whoIs, type Who } from "./who.ts";

/** One answer a day: on the day of a suspension tickets come in heaps, and a second one says nothing new. */
const ANSWER_EVERY_MS = DAY_MS;
const AHEAD_MS = 40 * DAY_MS;
const SHOWN = 50;

/** Keeps what was written, and makes the answer a task where the last word is the customer's. A ticket of nobody we know is left. */
export async function takeTicket(engine: Engine, terms: BesideTerms, ticket: Ticket): Promise<void> {
  const { clientId } = ticket;
  const client = clientId === null ? null : (await knownRows(engine.db, "client", [clientId])).get(clientId);
  if (!client) return;
  const { customerId } = client;
  const taskId = (await engine.ids.take(1)).next();
  await changeCustomer(engine, customerId, async (unit, { facts }) => {
    const fresh = await keepTicket(unit.trx, customerId, ticket, unit.now);
    for (const { replyId, author, name, writtenAt, text } of fresh)
      unit.record(customerId, "ticket.message", WHMCS, {
        ticket: ticket.number,
        reply: replyId,
        from: author,
        name,
        written_at: writtenAt,
        text_sha256: sha256(text),
      });
    const last = ticket.messages.at(-1);
    if (last?.author !== "customer" || !fresh.includes(last)) return;
    if (!terms.answerDepartments.includes(ticket.department) || !hasMatter(facts)) return;
    if (await answeredSince(unit.trx, customerId, unit.now - ANSWER_EVERY_MS)) return;
    const mark = `R-${taskId}`;
    const text = answerTo(unit, facts, mark);
    const payload = { text, mark, ticket: ticket.number };
    const key = `reply:${ticket.id}:${last.replyId}`;
    await addTasks(unit.trx, [{ id: taskId, customerId, kind: "reply", key, billingId: ticket.id, payload }], unit.now);
  });
}

/** Who owes nothing and is up writes about something else: a person answers. */
const hasMatter = (facts: CustomerFacts): boolean => facts.invoices.length > 0 || facts.services.some(isDown);

const isDown = (service: CustomerFacts["services"][number]): boolean => service.desired === "suspended";

function answerTo({ setting, now }: Unit, facts: CustomerFacts, mark: string): string {
  const { policy, zone, provider } = setting;
  const coming = outlook(facts, policy, now, now + AHEAD_MS).find(({ kind }) => kind === "suspension");
  const promises = facts.promises.map(({ until }) => until);
  const said: TicketFacts = {
    customerName: facts.name,
    lang: facts.lang,
    invoices: facts.invoices,
    suspended: facts.services.filter(isDown).map(({ name }) => name),
    suspensionAt: coming?.at ?? null,
    promisedUntil: promises.length === 0 ? null : Math.max(...promises),
    underReview: facts.claims.length > 0,
    mark,
  };
  return ticketAnswer(said, provider, zone, zone.dayOf(now));
}

/** @throws ReguaError `customer_unknown` */
export async function customerTickets(engine: Engine, who: Who): Promise<KeptTicket[]> {
  return ticketsOf(engine.db, await whoIs(engine.db, who), SHOWN);
}
