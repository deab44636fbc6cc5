// One customer's matter for its page: the whole record, the ruler's marks, the facts in order, and the exact texts that were sent.
import { z } from "zod";
import { askCancellation } from "../../engine/ask-cancellation.ts";
import { tellStory, type Ruler, type StoryEntry } from "../../engine/tell-story.ts";
import { writeOffsWaiting } from "../../engine/write-off.ts";
import type { Setting } from "../../engine/setting.ts";
import { formatDay, formatInstant } from "../../kernel/time.ts";
import type { TimelineLine } from "../../policy/timeline.ts";
import { engineOf, type Api, type ApiContext } from "../api.ts";
import { byRef, count, day, dayIn, instant, ref } from "../schemas.ts";
import { customerShape, viewCustomer } from "../service/customer-view.ts";
import { viewWriteOff, writeOffShape } from "../service/write-offs.ts";
import { becauseShape, iso, viewBecause } from "../views.ts";

export const markShape = z.object({
  kind: z.enum(["issued", "due", "due_moved", "message", "suspended", "termination_proposed", "moved", "person"]),
  at: instant,
  day,
  offset: count.describe("Days from the effective due date."),
  step: z.string().nullable(),
  act: z.enum(["notify", "warn", "suspend", "warn_termination", "terminate"]).nullable(),
  channel: z.string().nullable(),
  because: z.string().nullable(),
  holiday: z.string().nullable(),
});

export function viewMark(line: TimelineLine, setting: Setting): z.infer<typeof markShape> {
  const { at, day: on, because, holiday, ...rest } = line;
  return {
    ...rest,
    at: formatInstant(at),
    day: formatDay(on),
    because: because && viewBecause(because, setting).text,
    holiday: holiday && holiday[setting.provider.lang],
  };
}

const entry = z.object({
  seq: count,
  at: instant,
  kind: z.string(),
  actor: z.string(),
  body: z.record(z.string(), z.unknown()),
});

const message = z.object({
  id: count,
  template: z.string(),
  channel: z.string(),
  to: z.string(),
  lang: z.string(),
  subject: z.string(),
  text: z.string().describe("Exactly as it was sent; its hash is in the evidence."),
  messageId: z.string(),
  steps: z.array(z.string()),
  state: z.enum(["open", "done", "refused", "superseded"]),
  attempts: count,
  unknowns: count.describe("Attempts whose answer was lost."),
  answer: z.string().nullable().describe("The receiving server's last word."),
  decidedAt: instant,
  endedAt: instant.nullable(),
});

const shape = z.object({
  customer: customerShape,
  ruler: z
    .object({ invoice: z.string(), dueOn: day, today: day, marks: z.array(markShape), closed: z.array(count) })
    .nullable()
    .describe("The story of the invoice open longest, as the ruler draws it."),
  entries: z.array(entry).describe("What happened, the newest first."),
  before: count.nullable().describe("Ask with it for older ones."),
  messages: z.array(message),
  views: z.array(z.object({ at: instant, actor: z.string() })).describe("Staff who looked at this record."),
  conversation: z.object({ id: z.string(), messages: count, waitsSince: instant.nullable() }).describe("With this customer."),
  now: instant,
  writeOffs: z.array(writeOffShape).describe("Proposals to give an invoice up that wait for a second person."),
  because: z.array(z.object({ seq: count, reasons: z.array(becauseShape) })).describe("The sentences of each decision's reasons."),
});

export function caseRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/cases/:ref",
    {
      schema: {
        operationId: "getCase",
        summary: "One customer's matter, whole",
        params: byRef,
        querystring: z.strictObject({ before: z.coerce.number().int().min(2).optional() }),
        response: { 200: shape },
      },
    },
    async ({ params, query }) => {
      const { shown, entries, before, messages, views, ruler, reasons, conversation } = await tellStory(
        engine,
        params.ref,
        query.before ?? null,
      );
      const { setting, now } = shown;
      return {
        customer: viewCustomer(shown),
        ruler: ruler && viewRuler(ruler, setting),
        entries: entries.map(viewEntry),
        before,
        messages: messages.map((row) => {
          const { payload, decidedAt, endedAt, ...rest } = row;
          const { template, channel, to, lang, subject, text, messageId } = JSON.parse(payload) as Record<string, string>;
          const said = { template, channel, to, lang, subject, text, messageId } as Record<string, string>;
          return { ...rest, ...(said as Said), decidedAt: formatInstant(decidedAt), endedAt: iso(endedAt) };
        }),
        views: views.map(({ at, actor }) => ({ at: formatInstant(at), actor })),
        conversation: { ...conversation, waitsSince: iso(conversation.waitsSince) },
        now: formatInstant(now),
        writeOffs: (await writeOffsWaiting(engine, params.ref)).map(viewWriteOff),
        because: [...reasons].map(([seq, list]) => ({ seq, reasons: list.map((each) => viewBecause(each, setting)) })),
      };
    },
  );
  app.post(
    "/customers/:ref/cancellation",
    {
      schema: {
        operationId: "askCancellation",
        summary: "The customer asks to leave: recorded with its day; until then no time is granted on trust",
        params: byRef,
        body: z.strictObject({ service: ref, on: dayIn }),
        response: { 200: z.object({ recorded: z.literal(true) }) },
      },
    },
    async (request) => {
      await askCancellation(engineOf(request), { ...request.body, customer: request.params.ref, by: request.actor });
      return { recorded: true as const };
    },
  );
}

type Said = Pick<z.infer<typeof message>, "template" | "channel" | "to" | "lang" | "subject" | "text" | "messageId">;

function viewRuler(ruler: Ruler, setting: Setting) {
  const { invoice, dueOn, today, marks, closed } = ruler;
  return { invoice, dueOn: formatDay(dueOn), today: formatDay(today), marks: marks.map((mark) => viewMark(mark, setting)), closed };
}

function viewEntry({ at, body, ...rest }: StoryEntry): z.infer<typeof entry> {
  return { ...rest, at: formatInstant(at), body: body };
}
