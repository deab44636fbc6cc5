// The console's lists: today at a glance, what comes, customers by filter or search, one box that finds anything, promises of everybody.
import { z } from "zod";
import { refreshComing, showComing, type ComingShown } from "../../engine/coming-days.ts";
import { todays } from "../../engine/today.ts";
import { findAnything, listMatters } from "../../engine/matters.ts";
import { ladderSteps } from "../../engine/reports.ts";
import { promiseLists } from "../../engine/promise-lists.ts";
import type { CustomerListed } from "../../engine/list-customers.ts";
import type { Setting } from "../../engine/setting.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { sayBecause } from "../../words/reasons.ts";
import type { Api, ApiContext } from "../api.ts";
import { cents, count, currency, day, instant, line, next } from "../schemas.ts";
import { promiseShape } from "../service/customer-view.ts";
import { comingShape, iso, viewComing } from "../views.ts";

export const matterShape = z.object({
  ref: z.string(),
  name: z.string(),
  owedCents: cents,
  currency,
  openInvoices: count,
  dueOn: day.nullable().describe("Of the invoice open longest."),
  daysPastDue: count.nullable(),
  step: z.string().nullable().describe("The highest rung climbed."),
  stepAt: instant.nullable(),
  servicesDown: count,
  next: comingShape.nullable(),
  waitsFor: z.object({ rule: z.string(), text: z.string() }).nullable(),
  attention: z.array(z.string()),
});

/** A step of the ladder that most customers are on. */
export const ladderStepShape = z.object({
  step: z.string(),
  offset: count,
  act: z.enum(["notify", "warn", "suspend", "warn_termination", "terminate"]),
});

export function viewMatter(row: CustomerListed, setting: Setting): z.infer<typeof matterShape> {
  const { dueOn, stepAt, next: coming, waitsFor, ...rest } = row;
  return {
    ...rest,
    dueOn: dueOn === null ? null : formatDay(dueOn),
    stepAt: iso(stepAt),
    next: coming && viewComing(coming, setting),
    waitsFor: waitsFor && { rule: waitsFor, text: sayBecause({ rule: waitsFor }, setting.provider.lang, setting.zone) },
  };
}

export function listRoutes(app: Api, context: ApiContext): void {
  todayRoute(app, context);
  comingRoute(app, context);
  matterRoute(app, context);
  findRoute(app, context);
  promiseRoute(app, context);
}

const todayShape = z.object({
  now: instant,
  today: day,
  policy: z.string(),
  currency,
  counts: z.object({
    customers: count,
    lateCustomers: count,
    lateCents: cents,
    openCents: cents,
    suspendedServices: count,
    attention: count,
    claims: count,
    waitingMoney: count,
    waitingCents: cents,
    promisesRunning: count,
    promisesDue: count.describe("That end today or tomorrow."),
    proposals: count,
    writeOffs: count,
    undeliverable: count.describe("Messages of seven days that no address accepted."),
    webhooksStopped: count.describe("Webhooks that are told no more until somebody looks."),
    outboxOpen: count.describe("Messages and panel calls under way."),
  }),
  received: z.array(z.object({ day, cents, receipts: count })),
  recovered: z.object({ sinceYesterday: cents, inThirtyDays: cents, invoices: count }),
  notices: z.array(z.object({ step: z.string(), accepted: count, undeliverable: count, pending: count })),
  breaker: z.object({ trippedAt: instant.nullable(), because: z.string().nullable() }),
});

function todayRoute(app: Api, { engine }: ApiContext): void {
  const today = todays(engine);
  app.get("/today", { schema: { operationId: "getToday", summary: "The day at a glance", response: { 200: todayShape } } }, async () => {
    const { now, today: on, setting, received, breaker, ...rest } = await today();
    return {
      ...rest,
      now: formatInstant(now),
      today: formatDay(on),
      policy: setting.policy.version,
      received: received.map((row) => ({ ...row, day: formatDay(row.day) })),
      breaker: { trippedAt: iso(breaker.trippedAt), because: breaker.because },
    };
  });
}

const comingDaysShape = z.object({
  coming: z
    .object({
      factsAt: instant.describe("The instant whose facts it was made from."),
      from: day,
      through: day,
      total: count,
      looked: count.describe("Customers looked at."),
      touched: count.describe("Customers to whom something comes."),
      faults: count.describe("Customers that could not be projected, and are left out."),
      days: z.array(
        z.object({
          day,
          counts: z.object({
            message: count,
            suspension: count,
            release: count,
            promise: count,
            claim: count,
            termination: count,
            person: count,
          }),
        }),
      ),
      first: z.array(comingShape.extend({ customer: z.string(), name: z.string() })).describe("The first of them."),
      breaker: z.object({ at: instant, suspensions: count, limit: count, rule: z.string() }).nullable(),
    })
    .nullable()
    .describe("The last result; null: there is none yet."),
  working: z.object({ done: count, total: count }).nullable().describe("The next one, under way: customers looked at, of how many."),
  comes: z.boolean().describe("The next one begins in a moment, or is under way."),
});

function comingRoute(app: Api, { engine }: ApiContext): void {
  app.get(
    "/coming",
    {
      schema: {
        operationId: "getComing",
        summary: "What comes from today on if nobody pays, counted by day, as it was last worked out",
        response: { 200: comingDaysShape },
      },
    },
    async () => viewComingDays(await showComing(engine)),
  );
  app.post(
    "/coming/refresh",
    {
      schema: {
        operationId: "refreshComing",
        summary: "Have what comes worked out anew; the answer shows the last result until then",
        body: z.strictObject({}).nullish(),
        response: { 200: comingDaysShape },
      },
    },
    async () => viewComingDays(await refreshComing(engine)),
  );
}

function viewComingDays({ kept, working, comes, setting }: ComingShown): z.infer<typeof comingDaysShape> {
  if (kept === null) return { coming: null, working, comes };
  const { from, days: rows, first, breaker, ...counts } = kept.result;
  return {
    coming: {
      ...counts,
      factsAt: formatInstant(kept.factsAt),
      from: formatDay(from),
      through: formatDay(from + rows.length - 1),
      days: rows.map((row) => ({ ...row, day: formatDay(row.day) })),
      first: first.map((each) => ({ ...viewComing(each, setting), customer: each.customer, name: each.name })),
      breaker: breaker && { ...breaker, at: formatInstant(breaker.at) },
    },
    working,
    comes,
  };
}

const days = z.coerce.number().int().min(0).max(3650).optional();

/** What the list of customers is filtered by. */
export const matterFilters = z.strictObject({
  filter: z.enum(["all", "owing", "late", "suspended", "attention", "promised"]).default("all"),
  search: line(100).optional().describe("Beginnings of words: name, domain, address, CPF or CNPJ, the provider's numbers."),
  daysFrom: days.describe("Past due at least this long."),
  daysTo: days.describe("Past due at most this long."),
});

function matterRoute(app: Api, { engine }: ApiContext): void {
  app.get(
    "/matters",
    {
      schema: {
        operationId: "listMatters",
        summary: "Customers by filter, who owes longest first; or those that a search finds",
        querystring: matterFilters.extend({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: z.string().max(40).optional(),
        }),
        response: { 200: z.object({ customers: z.array(matterShape), next, today: day, ladder: z.array(ladderStepShape) }) },
      },
    },
    async ({ query }) => {
      const found = await listMatters(engine, query);
      const { setting, now } = found;
      return {
        customers: found.customers.map((row) => viewMatter(row, setting)),
        next: found.next,
        today: formatDay(setting.zone.dayOf(now)),
        ladder: ladderSteps(setting, setting.zone.dayOf(now)),
      };
    },
  );
}

function findRoute(app: Api, { engine }: ApiContext): void {
  const exact = z.object({
    kind: z.enum(["customer", "service", "invoice", "end_to_end", "slip", "charge", "waiting_money"]),
    value: z.string(),
    customer: z.string().nullable(),
    name: z.string().nullable(),
  });
  app.get(
    "/find",
    {
      schema: {
        operationId: "find",
        summary: "Anything by what was typed: names, domains, numbers, slips, end-to-end ids",
        querystring: z.strictObject({ text: line(100) }),
        response: { 200: z.object({ exact: z.array(exact), customers: z.array(matterShape) }) },
      },
    },
    async ({ query }) => {
      const { exact: hits, customers, setting } = await findAnything(engine, query.text);
      return {
        exact: hits.map(({ kind, value, customer, name }) => ({ kind, value, customer, name })),
        customers: customers.map((row) => viewMatter(row, setting)),
      };
    },
  );
}

const promiseListed = promiseShape.omit({ invoices: true }).extend({ customer: z.string(), name: z.string(), overWeekend: z.boolean() });

function promiseRoute(app: Api, { engine }: ApiContext): void {
  const shape = z.object({
    currency,
    running: z.array(promiseListed),
    ended: z.array(promiseListed),
    outcomes: z
      .array(
        z.object({ days: count, weekend: z.boolean(), kept: count, broken: count, cents: cents.describe("Owed under the broken ones.") }),
      )
      .describe("Kept and broken by length."),
  });
  app.get(
    "/promises",
    {
      schema: {
        operationId: "listRunningPromises",
        summary: "Promises of everybody: running, ended lately, and how they end",
        response: { 200: shape },
      },
    },
    async () => {
      const { running, ended, outcomes, currency: paidIn } = await promiseLists(engine);
      const view = (row: (typeof running)[number]) => ({
        ...row,
        grantedAt: formatInstant(row.grantedAt),
        until: formatInstant(row.until),
        endedAt: iso(row.endedAt),
      });
      return { currency: paidIn, running: running.map(view), ended: ended.map(view), outcomes };
    },
  );
}
