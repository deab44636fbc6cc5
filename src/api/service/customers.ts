// Customers: listed, shown, entered, corrected; why a matter stands as it does; the evidence as a bundle.
import { z } from "zod";
import { switchClaims } from "../../engine/bar-claims.ts";
import { explain } from "../../engine/explain.ts";
import { customerRecord, customersPage } from "../../engine/read-records.ts";
import { createCustomer, editCustomer } from "../../engine/save-customer.ts";
import { showCustomer } from "../../engine/show-customer.ts";
import { exportBundle } from "../../evidence/bundle.ts";
import { writeDossier } from "../../evidence/dossier.ts";
import { writeBundle } from "../../evidence/format.ts";
import { formatInstant } from "../../kernel/time.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import {
  byRef,
  cents,
  count,
  currency,
  dayIn,
  email,
  instant,
  instantIn,
  lang,
  line,
  newRef,
  next,
  page,
  tags,
  words,
} from "../schemas.ts";
import { becauseShape, iso, recordShape, viewBecause, viewRecord } from "../views.ts";
import { customerShape, viewCustomer } from "./customer-view.ts";

const summary = recordShape.extend({ owedCents: cents, currency, openInvoices: count, suspendedServices: count });

const fields = {
  name: line(200),
  email: email.nullable(),
  phone: line(40).nullable(),
  taxId: line(40).nullable(),
  lang,
  since: dayIn.describe("First day as a customer."),
  tags,
};

const newCustomer = z.strictObject({
  ref: newRef,
  name: fields.name,
  email: fields.email.optional(),
  phone: fields.phone.optional(),
  taxId: fields.taxId.optional(),
  lang: fields.lang.optional().describe("Absent: the provider's."),
  since: fields.since.optional().describe("First day as a customer; absent: today."),
  tags: fields.tags.optional(),
});

const edit = z.strictObject(fields).partial();

const explained = z.object({
  customer: z.string(),
  at: instant.describe("The instant it is judged at."),
  policy: z.string(),
  access: z.array(
    z.object({
      service: z.string(),
      desired: z.enum(["active", "suspended"]),
      cause: z.string().nullable(),
      because: z.array(becauseShape),
    }),
  ),
  waits: z.array(
    z.object({
      invoice: z.string().nullable(),
      service: z.string().nullable(),
      step: z.string().nullable(),
      until: instant.nullable().describe("Null: until something happens."),
      because: becauseShape,
    }),
  ),
  attention: z.array(z.object({ kind: z.string(), because: z.array(becauseShape) })),
  nextCheckAt: instant.nullable(),
  past: z.array(
    z.object({ seq: count, at: instant, policy: z.string().nullable(), what: z.array(z.string()), because: z.array(becauseShape) }),
  ),
});

/** Its whole shape is the evidence room's; a reader needs no more than to keep the bytes. */
const bundle = z.looseObject({
  format: z.string().describe("regua-evidence/1"),
  exported_at: instant,
  seal: z.string().describe("SHA-256 of the bytes before it; whoever keeps the file keeps its bytes."),
});

export function customerRoutes(app: Api, context: ApiContext): void {
  const { engine } = context;
  app.get(
    "/customers",
    {
      schema: {
        operationId: "listCustomers",
        summary: "Customers, in the order they were entered",
        querystring: page.extend({
          search: line(100).optional().describe("Part of a number, name, e-mail address or tax number."),
        }),
        response: { 200: z.object({ customers: z.array(summary), next }) },
      },
    },
    async ({ query }) => {
      const { rows, next: after, currency: paidIn } = await customersPage(engine, query);
      const customers = rows.map((row) => ({
        ...viewRecord(row),
        owedCents: row.owed,
        currency: paidIn,
        openInvoices: row.openInvoices,
        suspendedServices: row.suspendedServices,
      }));
      return { customers, next: after };
    },
  );
  app.post(
    "/customers",
    { schema: { operationId: "createCustomer", summary: "Enter a customer", body: newCustomer, response: { 201: recordShape } } },
    async (request, reply) => {
      const { id } = await createCustomer(engineOf(request), { ...given(request.body), by: request.actor });
      return reply.code(201).send(viewRecord(await customerRecord(engine, id)));
    },
  );
  app.get(
    "/customers/:ref",
    { schema: { operationId: "getCustomer", summary: "One customer, whole", params: byRef, response: { 200: customerShape } } },
    async ({ params }) => viewCustomer(await showCustomer(engine, params.ref)),
  );
  app.patch(
    "/customers/:ref",
    {
      schema: {
        operationId: "editCustomer",
        summary: "Correct what is known of a customer; what is not named stays",
        params: byRef,
        body: edit,
        response: { 200: recordShape },
      },
    },
    async (request) => {
      const { ref } = request.params;
      await editCustomer(engine, { customer: ref, edit: given(request.body), by: request.actor });
      return viewRecord(await customerRecord(engine, ref));
    },
  );
  explainRoute(app, context);
  evidenceRoute(app, context);
  claimsSwitchRoute(app);
}

function claimsSwitchRoute(app: Api): void {
  app.post(
    "/customers/:ref/claims/switch",
    {
      schema: {
        operationId: "switchClaims",
        summary: "Take no more payment proofs from a customer, or take them again; those under review go on",
        params: byRef,
        body: z.strictObject({ accept: z.boolean(), reason: words }),
        response: { 200: z.object({ changed: z.boolean().describe("False: it was so already.") }) },
      },
    },
    (request) => switchClaims(engineOf(request), { ...request.body, customer: request.params.ref, by: request.actor }),
  );
}

function explainRoute(app: Api, { engine }: ApiContext): void {
  app.get(
    "/customers/:ref/explain",
    {
      schema: {
        operationId: "explainCustomer",
        summary: "Why the matter stands as it does, and what it waits for",
        params: byRef,
        querystring: z.strictObject({ at: instantIn.optional().describe("Judged at another instant, with the facts of now.") }),
        response: { 200: explained },
      },
    },
    async ({ params, query }) => {
      const { facts, setting, decision, past } = await explain(engine, params.ref, query.at ?? null);
      const because = (list: readonly Parameters<typeof viewBecause>[0][]) => list.map((each) => viewBecause(each, setting));
      const names = new Map(facts.services.map((service) => [service.id, service.ref]));
      return {
        customer: facts.ref,
        at: formatInstant(decision.at),
        policy: decision.policyVersion,
        access: decision.levels.map((level) => ({
          service: names.get(level.serviceId) ?? "",
          desired: level.desired,
          cause: level.cause,
          because: because(level.because),
        })),
        waits: decision.waits.map((wait) => ({ ...wait, until: iso(wait.until), because: viewBecause(wait.because, setting) })),
        attention: decision.attention.map((item) => ({ kind: item.kind, because: because(item.because) })),
        nextCheckAt: iso(decision.nextCheckAt),
        past: past.map(({ seq, at, policyVersion, what, because: why }) => ({
          seq,
          at: formatInstant(at),
          policy: policyVersion,
          what,
          because: because(why),
        })),
      };
    },
  );
}

function evidenceRoute(app: Api, { engine }: ApiContext): void {
  app.get(
    "/customers/:ref/evidence",
    {
      schema: {
        operationId: "exportEvidence",
        summary: "The customer's evidence as a sealed bundle; `regua evidence verify FILE` checks it anywhere",
        params: byRef,
        response: { 200: bundle },
      },
    },
    async ({ params }, reply) => {
      const found = await exportBundle(engine.db, params.ref, { now: engine.clock.now() });
      return reply
        .type("application/json")
        .header("content-disposition", "attachment")
        .send(writeBundle(found) as never);
    },
  );
  app.get(
    "/customers/:ref/dossier",
    {
      schema: {
        operationId: "exportDossier",
        summary: "The same story as a PDF to read and print; the bundle is its proof",
        params: byRef,
        querystring: z.strictObject({ lang: lang.default("pt-BR") }),
        response: { 200: z.unknown().describe("application/pdf") },
      },
    },
    async ({ params, query }, reply) => {
      const found = await exportBundle(engine.db, params.ref, { now: engine.clock.now() });
      const pdf = await writeDossier(found, query.lang);
      return reply.type("application/pdf").header("content-disposition", "attachment").send(pdf);
    },
  );
}
