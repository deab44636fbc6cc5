// Which facts other systems are told of, and what they are told: numbers and states, and no more of a person than the customer's number.
import type { Entry } from "../kernel/chain.ts";
import { sha256, type Json } from "../kernel/hash.ts";
import type { DeliveryInsert } from "../store/webhook-deliveries.ts";

/** Every kind of event, by the subject it is about (Standard Webhooks 1.0.0: names in a hierarchy, parted by full stops). */
export const WEBHOOK_EVENTS = [
  "notice.accepted",
  "notice.undeliverable",
  "notice.bounced",
  "service.suspended",
  "service.reactivated",
  "service.terminated",
  "promise.granted",
  "promise.kept",
  "promise.broken",
  "promise.cancelled",
  "receipt.booked",
  "receipt.settled",
  "receipt.returned",
  "claim.opened",
  "claim.decided",
  "hold.placed",
  "hold.released",
  "invoice.issued",
  "invoice.voided",
  "invoice.written_off",
  "termination.proposed",
  "termination.confirmed",
  "termination.approved",
  "termination.withdrawn",
  "cancellation.asked",
  "cancellation.withdrawn",
  "message.received",
  "attention.raised",
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** Sent by a person who wants to see whether an endpoint listens. */
export const TEST_EVENT = "webhook.test";

/** Where events go, as every unit of work knows it: an endpoint's name, and what it wants to hear of. */
export interface WebhookTarget {
  name: string;
  events: readonly string[];
}

interface Told {
  event: WebhookEvent;
  data: Record<string, Json | undefined>;
}

type Body = { readonly [key: string]: Json | undefined };
type Teller = (body: Body) => Told | readonly Told[] | null;

const tell = (event: WebhookEvent, data: Told["data"]): Told => ({ event, data });
const list = (value: Json | undefined): readonly Body[] => (Array.isArray(value) ? (value as readonly Body[]) : []);

const notice =
  (event: WebhookEvent): Teller =>
  (body) =>
    tell(event, { channel: body.channel, template: body.template, messageId: body.message_id });

/** Only what our own call changed, as the panel confirmed it: what another party did is a matter for staff. */
const access =
  (event: WebhookEvent): Teller =>
  (body) =>
    body.changed === true ? tell(event, { service: body.service }) : null;

const receipt =
  (event: WebhookEvent): Teller =>
  (body) =>
    tell(event, {
      source: body.source,
      externalId: body.external_id,
      amountCents: body.amount_cents,
      currency: body.currency,
      invoices: body.allocations === undefined ? undefined : list(body.allocations).map((part) => part.invoice ?? null),
    });

const claimEnd =
  (end: string): Teller =>
  (body) =>
    tell("claim.decided", { invoice: body.invoice, end });

const about =
  (event: WebhookEvent, ...names: readonly string[]): Teller =>
  (body) =>
    tell(
      event,
      Object.fromEntries(names.map((name) => [name.replace(/_(\w)/gu, (_all, letter: string) => letter.toUpperCase()), body[name]])),
    );

/** One decision ends promises and claims, proposes terminations and asks for persons. */
const decision: Teller = (body) => [
  ...list(body.promises).map(({ end, promise }) => tell(`promise.${end as "kept" | "broken" | "cancelled"}`, { promise })),
  ...list(body.claims).map(({ end, because }) => tell("claim.decided", { invoice: list(because)[0]?.invoice, end })),
  ...list(body.terminations).map(({ service, invoice }) => tell("termination.proposed", { service, invoice })),
  ...(typeof body.terminations_withdrawn === "number" ? [tell("termination.withdrawn", { count: body.terminations_withdrawn })] : []),
  ...(body.attention === undefined ? [] : [tell("attention.raised", { kinds: list(body.attention).map(({ kind }) => kind ?? null) })]),
];

/** By the kind of the entry. An entry that is not here is nobody's business but the evidence's. */
const TELLERS: Readonly<Record<string, Teller>> = {
  decision,
  "message.accepted": notice("notice.accepted"),
  "message.undeliverable": notice("notice.undeliverable"),
  "message.bounced": notice("notice.bounced"),
  "access.suspended": access("service.suspended"),
  "access.active": access("service.reactivated"),
  terminated: about("service.terminated", "service"),
  "promise.granted": (body) =>
    tell("promise.granted", {
      promise: body.protocol,
      kind: body.kind,
      until: body.until,
      invoices: body.invoices,
      owedCents: body.owed_cents,
    }),
  "promise.cancelled": (body) => tell("promise.cancelled", { promise: body.protocol }),
  receipt: receipt("receipt.booked"),
  "receipt.settled": receipt("receipt.settled"),
  "receipt.returned": receipt("receipt.returned"),
  "claim.opened": about("claim.opened", "invoice", "release_until", "review_until"),
  "claim.confirmed": claimEnd("confirmed"),
  "claim.contradicted": claimEnd("contradicted"),
  "claim.refused": claimEnd("refused"),
  "hold.placed": about("hold.placed", "kind", "effect", "service", "invoice", "until"),
  "hold.released": about("hold.released", "kind", "effect"),
  "invoice.issued": about("invoice.issued", "invoice", "service", "due_on", "amount_cents", "currency"),
  "invoice.voided": about("invoice.voided", "invoice"),
  "invoice.written_off": about("invoice.written_off", "invoice", "amount_cents"),
  "termination.confirmed": about("termination.confirmed", "service"),
  "termination.approved": about("termination.approved", "service"),
  "cancellation.asked": about("cancellation.asked", "service", "on"),
  "cancellation.withdrawn": about("cancellation.withdrawn", "service"),
  "mail.received": () => tell("message.received", { via: "mail" }),
  "conversation.message": (body) => (body.from === "customer" ? tell("message.received", { via: "portal" }) : null),
};

/** The rows that a customer's new entries put on their way: an event for each endpoint that wants its kind. */
export function deliveriesOf(targets: readonly WebhookTarget[], entries: readonly Entry[]): readonly DeliveryInsert[] {
  return entries.flatMap((entry) => {
    const teller = TELLERS[entry.kind];
    if (!teller) return [];
    const { at, customer, body } = JSON.parse(entry.text) as { at: string; customer: string; body: Body };
    const told = teller(body) ?? [];
    return (Array.isArray(told) ? (told as readonly Told[]) : [told as Told]).flatMap(({ event, data }, i) => {
      const wanting = targets.filter(({ events }) => events.includes(event));
      if (wanting.length === 0) return [];
      const text = eventText(event, at, { customer, evidence: entry.seq, ...data });
      // Of the chain's own hash: the same fact has the same id at every endpoint and at every attempt.
      const eventId = `msg_${sha256(`${entry.hash} ${i}`).slice(0, 32)}`;
      return wanting.map(({ name }) => ({ eventId, endpoint: name, event, body: text, entry: entry.seq }));
    });
  });
}

/** What is sent, byte for byte. */
export function eventText(type: string, timestamp: string, data: Record<string, Json | undefined>): string {
  return JSON.stringify({ type, timestamp, data });
}
