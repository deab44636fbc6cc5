// Conversations with customers, mail and portal together: listed with those that wait for a person first, shown, answered, closed, assigned.
import { z } from "zod";
import {
  assignConversation,
  claimFromMail,
  closeConversation,
  conversations,
  replyTo,
  showConversation,
  type ConversationListed,
  type ConversationShown,
} from "../../engine/conversations.ts";
import { suggestAnswers } from "../../engine/suggest-answers.ts";
import type { ProofTools } from "../../engine/submit-claim.ts";
import { MESSAGE_CHARS_MAX } from "../../engine/write-message.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { count, instant, lang, ref } from "../schemas.ts";
import { iso } from "../views.ts";
import { formatInstant } from "../../kernel/time.ts";

const id = z
  .string()
  .regex(/^[cm]-\d{1,15}$/u)
  .describe("`c-…` for a customer's conversation, `m-…` for that of somebody whom nobody knows.");
const byId = z.strictObject({ id });
const author = z.enum(["customer", "staff", "automatic", "stranger"]);

const listed = z.object({
  id,
  customer: z.string().nullable().describe("The customer's number; null: nobody knows whose it is."),
  name: z.string().nullable(),
  address: z.string().nullable().describe("A stranger's address."),
  subject: z.string().nullable(),
  lastAt: instant,
  lastBy: author,
  lastText: z.string().describe("The beginning of the last message."),
  waitsSince: instant.nullable().describe("Since when it waits for a person; null: it does not."),
  matter: z.string().nullable().describe("What the last mail was taken for."),
  unsure: z.string().nullable().describe("Why a person has to look, as a code; null: the last mail was understood."),
});

const message = z.object({
  id: count,
  author,
  by: z.string(),
  via: z.enum(["portal", "mail"]),
  at: instant,
  text: z.string(),
  waits: z.boolean(),
  mail: z
    .object({
      subject: z.string().nullable(),
      from: z.string().nullable(),
      ownAddress: z.boolean().nullable().describe("It came from the address that the customer has on record."),
      vouched: z.string().nullable().describe("signed, unsigned, broken or unknown: whether the sender's domain signed it."),
      kind: z.string().nullable(),
      matter: z.string().nullable(),
      intents: z.array(z.string()),
      reasons: z
        .array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])))
        .describe("The rules that held, with the words they held for."),
      unsure: z.string().nullable(),
      outcome: z.string().nullable().describe("What was done, as a code."),
      claim: count.nullable().describe("The payment proof that came of it."),
      files: z.array(z.object({ name: z.string(), type: z.string(), sha256: z.string(), bytes: count, inline: z.boolean() })),
    })
    .nullable()
    .describe("Of a mail that came in."),
  delivery: z
    .object({ state: z.enum(["open", "done", "refused"]), answer: z.string().nullable() })
    .nullable()
    .describe("Of a mail that goes out."),
});

const shown = z.object({
  id,
  customer: z.string().nullable(),
  name: z.string().nullable(),
  address: z.string().nullable().describe("Where a reply by mail goes."),
  waitsSince: instant.nullable().describe("Since when it waits for a person; null: it does not."),
  messages: z.array(message).describe("The newest 200, oldest of them first."),
  facts: z
    .array(
      z.discriminatedUnion("kind", [
        z.object({
          kind: z.literal("promise"),
          at: instant,
          protocol: z.string(),
          state: z.enum(["running", "kept", "broken", "cancelled"]),
          until: instant,
          by: z.string(),
        }),
        z.object({
          kind: z.literal("claim"),
          at: instant,
          id: count,
          state: z.enum(["under_review", "confirmed", "contradicted", "refused", "expired"]),
          invoice: z.string(),
        }),
      ]),
    )
    .describe("Time granted and payment proofs since the first of the messages, the oldest first."),
});

const suggested = z.object({
  lang,
  answers: z.array(
    z.object({
      kind: z.string().describe("What it answers."),
      fits: z.boolean().describe("It answers what was asked since the last answer of a person."),
      text: z.string(),
    }),
  ),
});

export function conversationRoutes(app: Api, context: ApiContext & { proofs: (() => ProofTools) | null }): void {
  const { engine } = context;
  app.get(
    "/conversations",
    {
      schema: {
        operationId: "listConversations",
        summary: "Conversations, those that wait for a person first, the longest first",
        querystring: z.strictObject({
          waiting: z.enum(["true", "false"]).default("false").describe("true: only those that wait for a person."),
          limit: z.coerce.number().int().min(1).max(200).default(100),
        }),
        response: { 200: z.object({ conversations: z.array(listed) }) },
      },
    },
    async ({ query }) => ({
      conversations: (await conversations(engine, { waiting: query.waiting === "true", limit: query.limit })).map(viewListed),
    }),
  );
  app.get(
    "/conversations/:id",
    {
      schema: {
        operationId: "getConversation",
        summary: "One conversation: each message with what it was taken for and why, its files, and how ours were delivered",
        params: byId,
        response: { 200: shown },
      },
    },
    async ({ params }) => viewShown(await showConversation(engine, params.id)),
  );
  app.get(
    "/conversations/:id/suggestions",
    {
      schema: {
        operationId: "suggestAnswers",
        summary:
          "Calm answers to be read over, changed and sent by a person, in the customer's language; those that fit what was asked first",
        params: byId,
        response: { 200: suggested },
      },
    },
    async ({ params }) => suggestAnswers(engine, params.id),
  );
  writeRoutes(app, context);
  const { proofs } = context;
  if (proofs) claimRoute(app, { ...context, proofs });
}

function writeRoutes(app: Api, { engine }: ApiContext): void {
  app.post(
    "/conversations/:id/reply",
    {
      schema: {
        operationId: "replyToConversation",
        summary: "Answer: it stands in the thread, which waits no longer, and goes by mail where the customer wrote one",
        params: byId,
        body: z.strictObject({
          text: z.string().min(1).max(MESSAGE_CHARS_MAX),
          via: z.enum(["portal", "mail"]).optional().describe("Absent: the way of the customer's last mail, if there was one."),
        }),
        response: { 201: shown.extend({ via: z.enum(["portal", "mail"]) }) },
      },
    },
    async (request, reply) => {
      const ask = { id: request.params.id, by: request.actor, ...given(request.body) };
      const { via } = await replyTo(engineOf(request), ask);
      return reply.code(201).send({ ...viewShown(await showConversation(engine, ask.id)), via });
    },
  );
  app.post(
    "/conversations/:id/close",
    {
      schema: {
        operationId: "closeConversation",
        summary: "Nothing needs to be answered: it waits no longer",
        params: byId,
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ closed: z.boolean().describe("false: it did not wait.") }) },
      },
    },
    async (request) => closeConversation(engineOf(request), { id: request.params.id, by: request.actor }),
  );
  app.post(
    "/conversations/:id/assign",
    {
      schema: {
        operationId: "assignConversation",
        summary: "A stranger's mail is this customer's: it moves into that conversation. The address is not taken over",
        params: byId,
        body: z.strictObject({ customer: ref }),
        response: { 200: z.object({ id }) },
      },
    },
    async (request) => assignConversation(engineOf(request), { id: request.params.id, customer: request.body.customer, by: request.actor }),
  );
}

function claimRoute(app: Api, { engine, proofs }: ApiContext & { proofs: () => ProofTools }): void {
  app.post(
    "/conversations/:id/claims",
    {
      schema: {
        operationId: "claimFromConversation",
        summary: "Take a file of a customer's mail as a payment proof, where nobody vouched for the mail",
        params: byId,
        body: z.strictObject({
          mail: count.describe("The message's id."),
          sha256: z.string().regex(/^[0-9a-f]{64}$/u),
          invoice: ref.describe("The invoice that it shows the payment of."),
        }),
        response: { 201: z.object({ claim: count }) },
      },
    },
    async (request, reply) => {
      const tools = proofs();
      const ask = { id: request.params.id, by: request.actor, ...request.body, files: tools.files };
      const { claimId } = await claimFromMail(engineOf(request), tools, ask, engine);
      return reply.code(201).send({ claim: claimId });
    },
  );
}

type Reasons = NonNullable<z.infer<typeof message>["mail"]>["reasons"];

function viewListed(row: ConversationListed): z.infer<typeof listed> {
  const { customer, name, address, subject, lastAt, lastBy, lastText, waitsSince, matter, unsure } = row;
  return {
    id: row.id,
    customer,
    name,
    address,
    subject,
    lastAt: formatInstant(lastAt),
    lastBy,
    lastText,
    waitsSince: iso(waitsSince),
    matter,
    unsure,
  };
}

function viewShown(conversation: ConversationShown): z.infer<typeof shown> {
  const { customer, address } = conversation;
  return {
    facts: conversation.facts.map((fact) =>
      fact.kind === "promise"
        ? { ...fact, at: formatInstant(fact.at), until: formatInstant(fact.until) }
        : { ...fact, at: formatInstant(fact.at) },
    ),
    id: conversation.id,
    customer: customer?.ref ?? null,
    name: customer?.name ?? null,
    address,
    waitsSince: iso(conversation.waitsSince),
    messages: conversation.messages.map((each) => ({
      id: each.id,
      author: each.author,
      by: each.by,
      via: each.via,
      at: formatInstant(each.at),
      text: each.text,
      waits: each.waits,
      mail:
        each.kind === null
          ? null
          : {
              subject: each.subject,
              from: each.from,
              ownAddress: each.ownAddress,
              vouched: each.vouched,
              kind: each.kind,
              matter: each.matter,
              intents: each.intents ?? [],
              reasons: (each.reasons ?? []) as Reasons,
              unsure: each.unsure,
              outcome: each.outcome,
              claim: each.claimId,
              files: each.files,
            },
      delivery: each.delivery === null ? null : { state: each.delivery, answer: each.answer },
    })),
  };
}
