// Writes the answer to a ticket in the billing system: plain text, the same facts give the same words.
import { formatMoney, type Cents, type Currency } from "../kernel/money.ts";
import type { Lang } from "../kernel/lang.ts";
import type { Day, Instant, Zone } from "../kernel/time.ts";
import { greetingName, oneLine } from "./clean.ts";
import { sayOnMoment, sayShortDay } from "./dates.ts";
import type { Provider } from "./provider.ts";
import type { TicketWords } from "./tickets-texts.ts";
import { TICKETS_EN } from "./tickets.en.ts";
import { TICKETS_PT_BR } from "./tickets.pt-BR.ts";

const TEXTS: Readonly<Record<Lang, TicketWords>> = { "pt-BR": TICKETS_PT_BR, en: TICKETS_EN };

export interface TicketFacts {
  customerName: string;
  lang: Lang;
  invoices: readonly { ref: string; open: Cents; currency: Currency; dueOn: Day }[];
  /** Names of services that are down by our own act. */
  suspended: readonly string[];
  /** When one will be, if nobody pays. */
  suspensionAt: Instant | null;
  promisedUntil: Instant | null;
  underReview: boolean;
  /** By which our own answer is known again. */
  mark: string;
}

const NAME_MAX = 60;
const LINE_MAX = 300;
/** More are in the portal. */
const INVOICES_MAX = 10;

export function ticketAnswer(facts: TicketFacts, provider: Provider, zone: Zone, today: Day): string {
  const { lang, invoices, suspended, suspensionAt, promisedUntil } = facts;
  const texts = TEXTS[lang];
  const lines = [texts.greeting(greetingName(facts.customerName)), "", texts.received];
  for (const { ref, open, currency, dueOn } of invoices.slice(0, INVOICES_MAX))
    lines.push(`- ${texts.invoice(oneLine(ref, NAME_MAX), formatMoney(open, currency, lang), sayShortDay(dueOn, lang), dueOn < today)}`);
  const [first] = invoices;
  if (first && invoices.length > 1)
    lines.push(
      texts.total(
        formatMoney(
          invoices.reduce((sum, { open }) => sum + open, 0),
          first.currency,
          lang,
        ),
      ),
    );
  lines.push("");
  if (suspended.length > 0) lines.push(texts.suspended(suspended.map((name) => oneLine(name, NAME_MAX)).join(", ")));
  if (facts.underReview) lines.push(texts.underReview);
  else if (promisedUntil !== null) lines.push(texts.promised(sayOnMoment(promisedUntil, lang, zone, today)));
  else if (suspensionAt !== null) lines.push(texts.suspensionAt(sayOnMoment(suspensionAt, lang, zone, today)));
  else if (suspended.length === 0) lines.push(texts.nothingSoon);
  lines.push("");
  const ways = provider.payment[lang].map((way) => oneLine(way, LINE_MAX)).filter((way) => way !== "");
  const email = oneLine(provider.email, LINE_MAX);
  if (ways.length > 0) lines.push(texts.howToPay, ...ways.map((way) => `- ${way}`), "");
  else if (!provider.portal) lines.push(texts.askHowToPay(email), "");
  lines.push(provider.portal ? texts.portal(provider.portal) : texts.moreTime(email));
  lines.push("", texts.reference(facts.mark), oneLine(provider.name, LINE_MAX));
  return lines.join("\n");
}
