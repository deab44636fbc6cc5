// Payment proofs: sent in, listed for staff with everything that helps to judge them, shown, decided.
import { z } from "zod";
import { viewClaim } from "../../engine/claim-view.ts";
import { decideClaim } from "../../engine/end-claim.ts";
import { claimPicture, listClaims, showClaim } from "../../engine/read-claims.ts";
import { submitClaim, type ProofTools } from "../../engine/submit-claim.ts";
import { formatDay } from "../../kernel/time.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { formAsBody, takeForms } from "../upload.ts";
import { cents, count, currency, day, instant, ref, words } from "../schemas.ts";

/** 10 MB as base64, and what stands around it. */
const BODY_MAX = 14_000_000;

const both = z.object({ "pt-BR": z.string(), en: z.string() });
const found = z.record(z.string(), z.unknown());

const claimShape = z.object({
  id: count,
  customer: z.string(),
  customerName: z.string(),
  invoice: z.string(),
  openCents: cents.describe("Still open of the invoice."),
  currency,
  state: z.enum(["under_review", "confirmed", "contradicted", "refused", "expired"]),
  recommendation: z.enum(["release", "wait", "person"]).nullable(),
  receivedAt: instant,
  releaseUntil: instant.nullable().describe("Access is given back until then; null: it is not."),
  reviewUntil: instant.describe("Ends by itself then, if neither the bank nor a person has spoken."),
  endedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  reason: z.string().nullable(),
  file: z
    .object({ sha256: z.string(), form: z.string(), bytes: count, picture: z.boolean(), removedAt: instant.nullable() })
    .nullable()
    .describe("Null: somebody only said that it was paid."),
  found: found.nullable().describe("What was read, with how sure its letters are: code, text or ocr."),
  checks: z.array(
    z.object({
      rule: z.string().describe("A stable name."),
      verdict: z.enum(["supports", "neutral", "contradicts"]),
      look: z.boolean().describe("A person should look at it."),
      title: both,
      text: both,
    }),
  ),
  notes: z.array(z.string()).describe("What could not be read on this machine; says nothing against anybody."),
  message: both.describe("What the customer can be told now."),
});

const byId = z.strictObject({ id: z.coerce.number().int().min(1) });

export async function claimRoutes(app: Api, context: ApiContext & { proofs: () => ProofTools }): Promise<void> {
  // In a scope of its own: only here a body may be a form.
  await app.register(async (forms: Api) => {
    await takeForms(forms);
    submitRoute(forms, context);
  });
  readRoutes(app, context);
  app.post(
    "/claims/:id/decide",
    {
      schema: {
        operationId: "decideClaim",
        summary: "End a claim's review. Confirming books no money: a receipt does; contradicting takes a release back",
        params: byId,
        body: z.strictObject({ end: z.enum(["confirmed", "contradicted", "refused"]), reason: words }),
        response: { 200: claimShape },
      },
    },
    async (request) => {
      const { id } = request.params;
      await decideClaim(engineOf(request), { claimId: id, ...request.body, by: request.actor });
      return shown(context, id);
    },
  );
}

async function shown({ engine }: ApiContext, id: number): Promise<z.infer<typeof claimShape>> {
  const [{ claim }, setting] = [await showClaim(engine, id), await engine.settings.load(engine.db, engine.clock.now())];
  return shape(viewClaim(claim, setting.zone));
}

function shape(claim: ReturnType<typeof viewClaim>): z.infer<typeof claimShape> {
  return { ...claim, found: claim.found as z.infer<typeof found> | null };
}

function submitRoute(app: Api, context: ApiContext & { proofs: () => ProofTools }): void {
  app.post(
    "/claims",
    {
      bodyLimit: BODY_MAX,
      preValidation: formAsBody,
      schema: {
        operationId: "submitClaim",
        summary: "Send a payment proof: PDF, JPEG, PNG or a bank's mail. It is a claim, never a payment; reading it takes seconds",
        consumes: ["application/json", "multipart/form-data"],
        body: z.strictObject({
          customer: ref,
          invoice: ref.describe("The invoice that it shows the payment of."),
          file: z.base64().min(4).max(13_400_000).describe("The file, at most 10 MB: in base64, or as it is in a form."),
        }),
        response: { 201: claimShape },
      },
    },
    async (request, reply) => {
      const { customer, invoice, file } = request.body;
      const bytes = new Uint8Array(Buffer.from(file, "base64"));
      const ask = { customer, invoice, bytes, by: request.actor };
      const { claimId } = await submitClaim(engineOf(request), context.proofs(), ask, context.engine);
      return reply.code(201).send(await shown(context, claimId));
    },
  );
}

const page = claimShape.extend({
  receipts: z
    .array(z.object({ source: z.string(), externalId: z.string(), amountCents: cents, paidOn: day, invoice: z.string().nullable() }))
    .describe("The customer's last payments."),
  waiting: z
    .array(
      z.object({ id: count, source: z.string(), amountCents: cents, paidOn: day, memo: z.string(), endToEndId: z.string().nullable() }),
    )
    .describe("Money that waits for its owner and could be this customer's."),
});

function readRoutes(app: Api, context: ApiContext & { proofs: () => ProofTools }): void {
  const { engine } = context;
  app.get(
    "/claims",
    {
      schema: {
        operationId: "listClaims",
        summary: "Payment proofs under review, those that wait for a person first; or all of one customer, the newest first",
        querystring: z.strictObject({ customer: ref.optional() }),
        response: { 200: z.object({ claims: z.array(claimShape) }) },
      },
    },
    async ({ query }) => {
      const { zone } = await engine.settings.load(engine.db, engine.clock.now());
      return { claims: (await listClaims(engine, query.customer ?? null)).map((row) => shape(viewClaim(row, zone))) };
    },
  );
  app.get(
    "/claims/:id",
    {
      schema: {
        operationId: "getClaim",
        summary: "One payment proof, with the customer's last payments and the money that could be its own",
        params: byId,
        response: { 200: page },
      },
    },
    async ({ params }) => {
      const { claim, receipts, waiting } = await showClaim(engine, params.id);
      const { zone } = await engine.settings.load(engine.db, engine.clock.now());
      return {
        ...shape(viewClaim(claim, zone)),
        receipts: receipts.map(({ source, externalId, amount, paidOn, namedInvoice }) => ({
          source,
          externalId,
          amountCents: amount,
          paidOn: formatDay(paidOn),
          invoice: namedInvoice,
        })),
        waiting: waiting.map(({ id, source, amount, paidOn, memo, endToEndId }) => ({
          id,
          source,
          amountCents: amount,
          paidOn: formatDay(paidOn),
          memo,
          endToEndId,
        })),
      };
    },
  );
  pictureRoute(app, context);
}

function pictureRoute(app: Api, { engine, proofs }: ApiContext & { proofs: () => ProofTools }): void {
  app.get(
    "/claims/:id/picture",
    {
      schema: {
        operationId: "getClaimPicture",
        summary: "The first page as a picture drawn anew from it. The file that was sent is never answered",
        params: byId,
        response: {
          200: { description: "A JPEG or PNG.", content: { "image/jpeg": { schema: z.any() }, "image/png": { schema: z.any() } } },
        },
      },
    },
    async ({ params }, reply) => {
      const { type, bytes } = await claimPicture(engine, proofs().files, params.id);
      const name = `claim-${params.id}.${type === "image/png" ? "png" : "jpg"}`;
      return (
        reply
          .type(type)
          .header("content-disposition", `attachment; filename="${name}"`)
          .header("x-content-type-options", "nosniff")
          .header("content-security-policy", "sandbox; default-src 'none'")
          .header("cache-control", "private, no-store")
          // Bytes: no schema of JSON is theirs.
          .serializer((payload: unknown) => payload as string)
          .send(Buffer.from(bytes))
      );
    },
  );
}
