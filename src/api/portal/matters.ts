// What a customer asks for: more time, a proof of payment, a copy of the data, the end of a service, the terms, a word with the provider.
import { askCancellation, cancellationTerms, withdrawCancellation } from "../../engine/ask-cancellation.ts";
import { grantPromise, offerPromise, type PromiseShown } from "../../engine/grant-promise.ts";
import { backupOffers, requestBackup } from "../../engine/request-backup.ts";
import { showCustomer } from "../../engine/show-customer.ts";
import { acceptTerms, termsOf } from "../../engine/terms.ts";
import { MESSAGE_CHARS_MAX, thread, writeMessage } from "../../engine/write-message.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { backupPage } from "../../pages/backup.ts";
import { BASE } from "../../pages/frame.ts";
import { leavePage, type LeaveView } from "../../pages/leave.ts";
import { messagesPage } from "../../pages/messages.ts";
import { termsPage } from "../../pages/terms.ts";
import { timeGrantedPage, timePage } from "../../pages/time.ts";
import { sayMoment } from "../../words/dates.ts";
import { LINK_MARK } from "../../words/portal.ts";
import { sayCondition, sayOffer, sayReason, type Tongue } from "../../words/promise.ts";
import { customerOf, type Answer, type Desk, type PortalRoute, type Visit } from "./desk.ts";

/** Who acts, as the evidence says it. */
const BY = "customer";
const WORDS_MAX = 500;

export const MATTER_ROUTES: readonly PortalRoute[] = [
  { method: "GET", path: "/time", who: "customer", run: (desk, visit) => showTime(desk, visit, false) },
  { method: "POST", path: "/time", who: "customer", limit: { max: 10, minutes: 60 }, run: askTime },
  { method: "GET", path: "/leave", who: "customer", run: (desk, visit) => showLeave(desk, visit, null) },
  { method: "POST", path: "/leave", who: "customer", limit: { max: 20, minutes: 60 }, run: askLeave },
  { method: "POST", path: "/leave/keep", who: "customer", limit: { max: 20, minutes: 60 }, run: keep },
  { method: "GET", path: "/backup", who: "customer", run: (desk, visit) => showBackup(desk, visit, false) },
  { method: "POST", path: "/backup", who: "customer", limit: { max: 20, minutes: 60 }, run: askBackup },
  { method: "GET", path: "/terms", who: "customer", run: showTerms },
  { method: "POST", path: "/terms", who: "customer", limit: { max: 20, minutes: 60 }, run: accept },
  { method: "GET", path: "/messages", who: "customer", run: showMessages },
  { method: "POST", path: "/messages", who: "customer", limit: { max: 20, minutes: 10 }, run: write },
];

/** In the language of the page, not of the customer's record. */
const inTongue = ({ tongue }: PromiseShown, { lang }: Visit): Tongue => ({ ...tongue, lang });

async function showTime(desk: Desk, visit: Visit, invalid: boolean): Promise<Answer> {
  const answer = await offerPromise(desk.engine, { customer: customerOf(visit), by: "customer" });
  const tongue = inTongue(answer, visit);
  const { offer } = answer;
  const [lead = "", ...rest] = sayOffer(offer, answer.suspended, tongue);
  if (offer.granted) {
    const reasons = offer.reasons.map((reason) => sayReason(reason, tongue));
    return { page: timePage(visit.frame, { lead, close: null, conditions: rest, reasons, until: offer.until, invalid }) };
  }
  const page = timePage(visit.frame, {
    lead,
    close: rest.at(-1) ?? null,
    conditions: [],
    reasons: rest.slice(0, -1),
    until: null,
    invalid,
  });
  return { page };
}

async function askTime(desk: Desk, visit: Visit): Promise<Answer> {
  const customer = customerOf(visit);
  const reason = visit.field("reason").slice(0, WORDS_MAX).trim();
  const shown = await offerPromise(desk.engine, { customer, by: "customer" });
  const until = shown.offer.granted ? String(shown.offer.until) : null;
  // What was shown is what is accepted: an offer that became another one meanwhile is shown anew.
  if (reason === "" || visit.field("accepted") !== "yes" || visit.field("until") !== until) return showTime(desk, visit, reason === "");
  try {
    const made = await grantPromise(desk.engine, { customer, reason, askedBy: "customer", owner: "portal", acceptedConditions: true });
    const tongue = inTongue(shown, visit);
    return {
      page: timeGrantedPage(visit.frame, {
        until: sayMoment(made.until, visit.lang, tongue.zone, tongue.today),
        protocol: made.protocol,
        conditions: made.conditions.map((condition) => sayCondition(condition, tongue)),
      }),
    };
  } catch (error) {
    if (error instanceof ReguaError && error.code === "promise_refused") return showTime(desk, visit, false);
    throw error;
  }
}

async function showLeave(desk: Desk, visit: Visit, done: LeaveView["done"], invalid = false): Promise<Answer> {
  const { customer, setting, now } = await showCustomer(desk.engine, customerOf(visit));
  const staying = customer.services.filter((service) => service.terminatedAt === null && service.actual !== "absent");
  const services: LeaveView["services"][number][] = [];
  for (const { ref } of staying) {
    const { name, termEnds, owedCents, currency, cancelOn } = await cancellationTerms(desk.engine, {
      customer: customerOf(visit),
      service: ref,
    });
    services.push({ ref, name, termEnds, owedCents, currency, cancelOn });
  }
  return { page: leavePage(visit.frame, { today: setting.zone.dayOf(now), services, done, invalid }) };
}

async function askLeave(desk: Desk, visit: Visit): Promise<Answer> {
  const customer = customerOf(visit);
  const service = visit.field("service");
  const when = visit.field("when");
  const terms = await cancellationTerms(desk.engine, { customer, service });
  if (terms.cancelOn !== null) throw new ReguaError("cancellation_open", { value: service });
  if (when !== "now" && when !== "term") return showLeave(desk, visit, null, true);
  const reason = visit.field("reason").slice(0, WORDS_MAX);
  await askCancellation(desk.engine, { customer, service, on: when === "now" ? terms.today : terms.termEnds, by: BY, reason });
  return { to: `${BASE}/leave` };
}

async function keep(desk: Desk, visit: Visit): Promise<Answer> {
  await withdrawCancellation(desk.engine, { customer: customerOf(visit), service: visit.field("service"), by: BY });
  return showLeave(desk, visit, "kept");
}

async function showBackup(desk: Desk, visit: Visit, asked: boolean): Promise<Answer> {
  const { services, requests } = await backupOffers(desk.engine, customerOf(visit));
  const { zone, today } = await calendarOf(desk);
  return { page: backupPage(visit.frame, { zone, today, services, requests, asked }) };
}

async function askBackup(desk: Desk, visit: Visit): Promise<Answer> {
  try {
    await requestBackup(desk.engine, { customer: customerOf(visit), service: visit.field("service"), by: BY });
    return await showBackup(desk, visit, true);
  } catch (error) {
    // The page says why, and from when.
    if (error instanceof ReguaError && (error.code === "backup_refused" || error.code === "backup_waits"))
      return showBackup(desk, visit, false);
    throw error;
  }
}

async function showTerms(desk: Desk, visit: Visit): Promise<Answer> {
  const { zone, today } = await calendarOf(desk);
  return { page: termsPage(visit.frame, { zone, today, ...(await termsOf(desk.engine, customerOf(visit))) }) };
}

async function accept(desk: Desk, visit: Visit): Promise<Answer> {
  const { request } = visit;
  const version = Number(visit.field("version"));
  const userAgent = request.headers["user-agent"] ?? null;
  await acceptTerms(desk.engine, { customer: customerOf(visit), version, by: BY, address: request.ip, userAgent });
  return { to: `${BASE}/terms` };
}

async function showMessages(desk: Desk, visit: Visit): Promise<Answer> {
  const { sent } = visit.request.query as { sent?: unknown };
  const { zone, today } = await calendarOf(desk);
  const messages = (await thread(desk.engine, customerOf(visit))).map(({ author, at, text }) => ({
    author: author === "customer" ? author : ("staff" as const),
    at,
    // An answer by mail names its link by a mark; here its reader is in the portal already.
    text: text.replaceAll(LINK_MARK, ""),
  }));
  return { page: messagesPage(visit.frame, { zone, today, messages, sent: sent !== undefined, max: MESSAGE_CHARS_MAX }) };
}

/** Answered with another address: the page that says so can be loaded again without the words going out twice. */
async function write(desk: Desk, visit: Visit): Promise<Answer> {
  const text = visit.field("text");
  if (text.trim() === "") return { to: `${BASE}/messages` };
  await writeMessage(desk.engine, { customer: customerOf(visit), by: BY, text });
  return { to: `${BASE}/messages?sent` };
}

async function calendarOf({ engine }: Desk): Promise<{ zone: Tongue["zone"]; today: number }> {
  const now = engine.clock.now();
  const { zone } = await engine.settings.load(engine.db, now);
  return { zone, today: zone.dayOf(now) };
}
