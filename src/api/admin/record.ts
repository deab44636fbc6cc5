// The record of the house: who changed who may do what, and when. Read by owners and auditors, written by nobody here.
import { z } from "zod";
import { houseRecord } from "../../engine/house-record.ts";
import { formatInstant } from "../../kernel/time.ts";
import { sayHouse } from "../../words/house-record.ts";
import type { Api, ApiContext } from "../api.ts";
import { langOf } from "../language.ts";
import { count, instant, next, page } from "../schemas.ts";

const facts = z.record(z.string(), z.unknown()).nullable();

const row = z.object({
  seq: count,
  at: instant,
  actor: z.string(),
  kind: z.string().describe("For example `staff.role`, `key.made`."),
  subject: z.string().nullable().describe("An address, or the name of a key, a webhook or a policy; null: whoever received the link."),
  sentence: z.string().describe("The same in the reader's language."),
  before: facts,
  after: facts,
  hash: z.string().describe("Each row's hash takes in the hash of the row before it."),
});

export function recordRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/record",
    {
      schema: {
        operationId: "listRecord",
        summary: "Who changed who may do what, newest first",
        querystring: page,
        response: { 200: z.object({ record: z.array(row), next }) },
      },
    },
    async (request) => {
      const { zone } = await engine.settings.load(engine.db, engine.clock.now());
      const { rows, next: after } = await houseRecord(engine, request.query);
      const lang = langOf(request);
      const record = rows.map(({ prev: _, at, ...rest }) => ({ ...rest, at: formatInstant(at), sentence: sayHouse(rest, lang, zone) }));
      return { record, next: after };
    },
  );
}
