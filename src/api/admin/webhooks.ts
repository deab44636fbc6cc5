// Webhooks to other systems, kept by owners: where events go and how each place answers. Secrets are answered once and kept in no answer.
import { z } from "zod";
import { WEBHOOK_EVENTS } from "../../engine/webhook-events.ts";
import { addWebhook, removeWebhook, resumeWebhook, rotateWebhook, testWebhook, webhooks, type WebhookDesk } from "../../engine/webhooks.ts";
import { WEBHOOK_CALL_MS } from "../../jobs/webhooks.ts";
import { deadline } from "../../kernel/clock.ts";
import { formatInstant } from "../../kernel/time.ts";
import type { Api } from "../api.ts";
import { count, instant } from "../schemas.ts";
import { iso } from "../views.ts";

const shape = z.object({
  name: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  state: z.enum(["on", "stopped"]),
  stoppedAt: instant.nullable(),
  stoppedBecause: z.string().nullable().describe("failing: nothing was accepted for three days. gone: it answered 410."),
  failingSince: instant.nullable().describe("Of the attempts since the last that was accepted."),
  oldSecretUntil: instant.nullable().describe("The secret before signs too until then."),
  lastAt: instant.nullable(),
  lastEvent: z.string().nullable(),
  lastAccepted: z.boolean().nullable(),
  lastAnswer: z.string().nullable(),
  open: count.describe("Events on their way."),
  givenUp: count,
  madeAt: instant,
  madeBy: z.string(),
});

const secret = z.string().describe("whsec_…; shown this once.");
const params = z.strictObject({ name: z.string().max(40) });
const body = z.strictObject({}).nullish();
const context = () => ({ signal: deadline(WEBHOOK_CALL_MS) });

export function webhookRoutes(app: Api, desk: WebhookDesk, newSecret: () => string): void {
  app.get(
    "/webhooks",
    {
      schema: {
        operationId: "listWebhooks",
        summary: "Systems that are told of events, with their last answer",
        response: { 200: z.object({ webhooks: z.array(shape), events: z.array(z.string()).describe("Every event there is.") }) },
      },
    },
    async () => ({
      events: [...WEBHOOK_EVENTS],
      webhooks: (await webhooks(desk.engine)).map((row) => ({
        ...row,
        stoppedAt: iso(row.stoppedAt),
        failingSince: iso(row.failingSince),
        oldSecretUntil: iso(row.oldSecretUntil),
        lastAt: iso(row.lastAt),
        madeAt: formatInstant(row.madeAt),
      })),
    }),
  );
  app.post(
    "/webhooks",
    {
      schema: {
        operationId: "addWebhook",
        summary: "Tell a system of events from now on",
        body: z.strictObject({
          name: z.string().max(40),
          url: z.string().max(500),
          events: z.array(z.string().max(60)).max(60).describe("Events or subjects, such as `promise`; none: all."),
        }),
        response: { 201: z.object({ secret }) },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ secret: await addWebhook(desk, { ...request.body, secret: newSecret(), by: request.actor }, context()) }),
  );
  actRoutes(app, desk, newSecret);
}

function actRoutes(app: Api, desk: WebhookDesk, newSecret: () => string): void {
  app.post(
    "/webhooks/:name/test",
    {
      schema: {
        operationId: "testWebhook",
        summary: "Send a test event now, once",
        params,
        body,
        response: {
          200: z.object({ outcome: z.enum(["done", "refused", "unknown"]), code: z.int().nullable(), answer: z.string(), ms: count }),
        },
      },
    },
    async (request) => {
      const { motorClock } = desk.engine;
      const began = motorClock.now();
      const { outcome, code, words } = await testWebhook(desk, { name: request.params.name, id: newSecret() }, context());
      return { outcome, code, answer: words, ms: Math.round(motorClock.now() - began) };
    },
  );
  app.post(
    "/webhooks/:name/rotate",
    {
      schema: {
        operationId: "rotateWebhook",
        summary: "A new secret; for a day the old one signs beside it",
        params,
        body,
        response: { 200: z.object({ secret, oldUntil: instant }) },
      },
    },
    async (request) => {
      const made = await rotateWebhook(desk, { name: request.params.name, secret: newSecret(), by: request.actor });
      return { secret: made.secret, oldUntil: formatInstant(made.oldUntil) };
    },
  );
  app.post(
    "/webhooks/:name/resume",
    {
      schema: {
        operationId: "resumeWebhook",
        summary: "Tell a stopped system again, also of what was given up",
        params,
        body,
        response: { 200: z.object({ resumed: z.literal(true) }) },
      },
    },
    async (request) => {
      await resumeWebhook(desk.engine, request.params.name, request.actor);
      return { resumed: true as const };
    },
  );
  app.post(
    "/webhooks/:name/remove",
    {
      schema: {
        operationId: "removeWebhook",
        summary: "Tell it no more; what was on its way there is dropped",
        params,
        body,
        response: { 200: z.object({ removed: z.literal(true) }) },
      },
    },
    async (request) => {
      await removeWebhook(desk.engine, request.params.name, request.actor);
      return { removed: true as const };
    },
  );
}
