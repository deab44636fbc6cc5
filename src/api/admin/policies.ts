// The ladder for its editor: versions, one as a document, a draft checked and drawn, kept, and put in force by a second person.
import { z } from "zod";
import { findingsIn } from "../../engine/check-policy.ts";
import { activateVersion, draftPolicy, keepPolicy, onePolicy, policyVersions } from "../../engine/policies.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { langOf } from "../language.ts";
import { count, day, dayIn, instant } from "../schemas.ts";
import { iso } from "../views.ts";
import { markShape, viewMark } from "./case.ts";

const version = z.object({
  version: z.string(),
  name: z.string(),
  storedAt: instant,
  storedBy: z.string(),
  activatedAt: instant.nullable(),
  activatedBy: z.string().nullable(),
  inForce: z.boolean(),
});

const doc = z
  .record(z.string(), z.unknown())
  .describe("The policy as a document; /openapi.json of the service does not describe it, docs/policy.md does.");
const byVersion = z.strictObject({ version: z.string().min(1).max(200) });

const draft = z.object({
  ok: z.boolean(),
  version: z.string().nullable(),
  source: z.string().describe("As a file."),
  findings: z.array(z.object({ severity: z.enum(["error", "warning"]), place: z.string(), problem: z.string(), cure: z.string() })),
  changes: z.array(z.string()).describe("Against the version in force, a line a place."),
  drawn: z
    .object({
      dueOn: day,
      marks: z.array(markShape),
      closed: z.array(count),
      texts: z.array(
        z.object({
          offset: count,
          at: instant,
          steps: z.array(z.string()),
          template: z.string(),
          channel: z.string(),
          lang: z.enum(["pt-BR", "en"]),
          subject: z.string(),
          text: z.string(),
        }),
      ),
    })
    .nullable(),
});

export function policyRoutes(app: Api, context: ApiContext): void {
  const { engine } = context;
  app.get(
    "/policies",
    {
      schema: {
        operationId: "listPolicies",
        summary: "Every version that was kept",
        response: { 200: z.object({ inForce: z.string(), versions: z.array(version) }) },
      },
    },
    async () => {
      const { versions, inForce } = await policyVersions(engine);
      return {
        inForce,
        versions: versions.map(({ hash: _, storedAt, activatedAt, ...row }) => ({
          ...row,
          storedAt: formatInstant(storedAt),
          activatedAt: iso(activatedAt),
        })),
      };
    },
  );
  app.get(
    "/policies/:version",
    {
      schema: {
        operationId: "getPolicy",
        summary: "A version as a document",
        params: byVersion,
        response: { 200: z.object({ version: z.string(), source: z.string(), doc }) },
      },
    },
    async ({ params }) => ({ ...(await onePolicy(engine, params.version)) }),
  );
  draftRoute(app, context);
  keepRoutes(app);
}

function draftRoute(app: Api, { engine }: ApiContext): void {
  app.post(
    "/policies/draft",
    {
      schema: {
        operationId: "checkPolicy",
        summary: "What a draft would do to one invoice, with its texts and findings; writes nothing",
        body: z.strictObject({ doc, dueOn: dayIn.optional().describe("The example's due date; absent: in a week.") }),
        response: { 200: draft },
      },
    },
    async (request) => {
      const { body } = request;
      const lang = langOf(request);
      const { drawn, findings, changes, ...found } = await draftPolicy(engine, body.doc, body.dueOn ?? null);
      const setting = await engine.settings.load(engine.db, engine.clock.now());
      return {
        ...found,
        findings: findingsIn(findings, lang),
        changes: changes[lang],
        drawn: drawn && {
          dueOn: formatDay(drawn.dueOn),
          closed: drawn.closed,
          marks: drawn.marks.map((mark) => viewMark(mark, setting)),
          texts: drawn.texts.map((text) => ({ ...text, at: formatInstant(text.at) })),
        },
      };
    },
  );
}

function keepRoutes(app: Api): void {
  app.post(
    "/policies",
    {
      schema: {
        operationId: "storePolicy",
        summary: "Keep a policy as a version; it changes nothing until somebody else puts it in force",
        body: z.strictObject({ doc }),
        response: { 201: z.object({ version: z.string() }) },
      },
    },
    async (request, reply) => reply.code(201).send(await keepPolicy(engineOf(request), request.body.doc, request.actor)),
  );
  app.post(
    "/policies/:version/activate",
    {
      schema: {
        operationId: "activatePolicy",
        summary: "Put a version in force, now or from a day on; who wrote it cannot",
        params: byVersion,
        body: z.strictObject({ on: dayIn.optional() }),
        response: { 200: z.object({ from: instant, customers: count.describe("That are looked at again.") }) },
      },
    },
    async (request) => {
      const ask = { version: request.params.version, on: request.body.on ?? null, by: request.actor };
      const { customers, from } = await activateVersion(engineOf(request), ask);
      return { customers, from: formatInstant(from) };
    },
  );
}
