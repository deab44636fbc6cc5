// The reports of the console, as JSON for the pages and as CSV for a spreadsheet.
import { z } from "zod";
import { reportCsv, reportName, reports, REPORTS } from "../../engine/reports.ts";
import type { Engine } from "../../engine/engine.ts";
import { releasesBehind, trustCsv, trustReports, TRUST_REPORTS } from "../../engine/reports-trust.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { proofTexts } from "../../words/proofs.ts";
import type { Api, ApiContext } from "../api.ts";
import { ladderStepShape } from "./lists.ts";
import { cents, count, currency, day, instant } from "../schemas.ts";
import { iso } from "../views.ts";

const ask = z.strictObject({ days: z.coerce.number().int().min(7).max(1100).default(150) });

const shape = z.object({
  from: day,
  through: day,
  currency,
  curve: z.object({ total: count, totalCents: cents, rows: z.array(z.object({ offset: count, invoices: count, cents })) }),
  steps: z.array(ladderStepShape),
  recovery: z.array(z.object({ step: z.string(), channel: z.string(), told: count, settled: count, cents })),
  ageing: z.array(z.object({ from: count, to: count.nullable(), invoices: count, customers: count, cents })),
  reactivation: z
    .object({ count, median: z.number().nullable(), p95: z.number().nullable() })
    .describe("Seconds from the decision to the panel's answer."),
});

export function reportRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/reports",
    {
      schema: {
        operationId: "getReports",
        summary: "When people pay, and what the ladder brings back",
        querystring: ask,
        response: { 200: shape },
      },
    },
    async ({ query }) => {
      const { from, through, ...rest } = await reports(engine, query.days);
      return { ...rest, from: formatDay(from), through: formatDay(through) };
    },
  );
  app.get(
    "/reports/:which",
    {
      schema: {
        operationId: "exportReport",
        summary: "One report as CSV",
        params: z.strictObject({ which: z.enum([...REPORTS, ...TRUST_REPORTS]) }),
        querystring: ask,
        response: { 200: z.string() },
      },
    },
    async ({ params: { which }, query }, reply) => {
      const { found, text } = isTrust(which) ? await trust(engine, query.days, which) : await paid(engine, query.days, which);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${reportName(found, which)}"`)
        .send(text);
    },
  );
  trustRoutes(app, engine);
}

type Paid = (typeof REPORTS)[number];
type Trust = (typeof TRUST_REPORTS)[number];

const isTrust = (which: Paid | Trust): which is Trust => (TRUST_REPORTS as readonly string[]).includes(which);

async function paid(engine: Engine, days: number, which: Paid) {
  const found = await reports(engine, days);
  return { found, text: reportCsv(found, which) };
}

async function trust(engine: Engine, days: number, which: Trust) {
  const found = await trustReports(engine, days);
  return { found, text: trustCsv(found, which) };
}

const releaseKind = z.enum(["promise", "claim"]);

const trustShape = z.object({
  from: day,
  through: day,
  currency,
  releases: z
    .array(z.object({ month: z.string(), what: releaseKind, outcome: z.string(), count, cents }))
    .describe("Promises by the month they were granted in, payment proofs by the month they came in, and how each ended."),
  weekdays: z.array(
    z.object({
      weekend: z.boolean().describe("Granted from Friday to Sunday; else from Monday to Thursday."),
      releases: count,
      customers: count,
      kept: count,
      broken: count,
      days: count.describe("Days given, up to the end of each."),
      owedCents: cents,
      inTimeCents: cents.describe("Paid for the promised invoices up to the deadline."),
      laterCents: cents,
      lost: count.describe("Broken, or followed by a request to end a service."),
      lostDays: count,
      lostCents: cents.describe("Those days at the services' monthly price, by days of a month of 30."),
    }),
  ),
  lastDay: z
    .object({
      habit: count.describe("From so many times on it counts as often."),
      totals: z.object({ paid: count, lastDay: count, cents, customers: count, often: count }),
      payers: z.array(z.object({ customer: z.string(), name: z.string(), lastDay: count, paid: count, cents })),
    })
    .nullable()
    .describe("Null: the policy in force suspends nothing."),
  proofs: z.object({
    totals: z.object({ received: count, contradicted: count, refused: count, contradictedCents: cents }),
    checks: z.array(
      z.object({
        rule: z.string().nullable().describe("Null: no check spoke against it; the bank's data or a person did."),
        title: z.string().nullable(),
        contradicted: count,
        refused: count,
        customers: count,
        cents,
      }),
    ),
    senders: z.array(z.object({ customer: z.string(), name: z.string(), contradicted: count, refused: count, lastOn: day })),
  }),
});

function trustRoutes(app: Api, engine: Engine): void {
  app.get(
    "/reports/trust",
    {
      schema: {
        operationId: "getTrustReports",
        summary: "How releases end, what weekends cost, who pays on the last day, and proofs that were not borne out",
        querystring: ask,
        response: { 200: trustShape },
      },
    },
    async ({ query }) => {
      const { from, through, lang, proofs, ...rest } = await trustReports(engine, query.days);
      const { rules } = proofTexts(lang);
      return {
        ...rest,
        from: formatDay(from),
        through: formatDay(through),
        proofs: {
          ...proofs,
          checks: proofs.checks.map((row) => ({ ...row, title: row.rule === null ? null : (rules[row.rule]?.title ?? row.rule) })),
          senders: proofs.senders.map((row) => ({ ...row, lastOn: formatDay(row.lastOn) })),
        },
      };
    },
  );
  app.get(
    "/reports/trust/releases",
    {
      schema: {
        operationId: "listReleases",
        summary: "The releases behind a number of the report, the latest hundred",
        querystring: ask.extend({
          month: z
            .string()
            .regex(/^\d{4}-\d{2}$/u)
            .optional(),
          what: releaseKind.optional(),
          outcome: z.string().max(20).optional(),
          weekend: z.enum(["true", "false"]).optional(),
        }),
        response: {
          200: z.object({
            currency,
            releases: z.array(
              z.object({
                customer: z.string(),
                name: z.string(),
                what: releaseKind,
                ref: z.string().describe("A promise's protocol; of a proof, its invoice."),
                at: instant,
                until: instant,
                endedAt: instant.nullable(),
                outcome: z.string(),
                cents,
              }),
            ),
          }),
        },
      },
    },
    async ({ query: { days, weekend, ...filter } }) => {
      const found = await releasesBehind(engine, days, { ...filter, ...(weekend === undefined ? {} : { weekend: weekend === "true" }) });
      const setting = await engine.settings.load(engine.db, engine.clock.now());
      const releases = found.map((row) => ({
        ...row,
        at: formatInstant(row.at),
        until: formatInstant(row.until),
        endedAt: iso(row.endedAt),
      }));
      return { currency: setting.currency, releases };
    },
  );
}
