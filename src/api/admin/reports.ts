// The reports of the console, as JSON for the pages and as CSV for a spreadsheet.
import { z } from "zod";
import { reportCsv, reportName, reports, REPORTS } from "../../engine/reports.ts";
import { formatDay } from "../../kernel/time.ts";
import type { Api, ApiContext } from "../api.ts";
import { ladderStepShape } from "./lists.ts";
import { cents, count, currency, day } from "../schemas.ts";

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
        params: z.strictObject({ which: z.enum(REPORTS) }),
        querystring: ask,
        response: { 200: z.string() },
      },
    },
    async ({ params, query }, reply) => {
      const found = await reports(engine, query.days);
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${reportName(found, params.which)}"`)
        .send(reportCsv(found, params.which));
    },
  );
}
