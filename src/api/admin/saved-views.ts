// Named filters of the customers' list: each person's own, beside the list that they filter.
import { z } from "zod";
import { forgetView, renameView, saveView, savedViews, VIEW_NAME_MAX, VIEWS_MAX } from "../../engine/saved-views.ts";
import { engineOf, given, type Api, type ApiContext } from "../api.ts";
import { count, line } from "../schemas.ts";
import { staffOf } from "./gate.ts";
import { matterFilters } from "./lists.ts";

const search = z
  .strictObject({ ...matterFilters.shape, filter: matterFilters.shape.filter.unwrap().optional() })
  .describe("As the list's address has it; without a filter: who is late.");
const view = z.object({ id: count, name: z.string(), search });
const name = line(VIEW_NAME_MAX);
const byId = z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

export function savedViewRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/me/views",
    {
      schema: {
        operationId: "listSavedViews",
        summary: "One's own named filters of the customers' list",
        response: { 200: z.object({ views: z.array(view) }) },
      },
    },
    async (request) => ({ views: (await savedViews(engine, staffOf(request).id)) as z.infer<typeof view>[] }),
  );
  app.post(
    "/me/views",
    {
      schema: {
        operationId: "saveView",
        summary: `Keep filters under a name; at most ${VIEWS_MAX}`,
        body: z.strictObject({ name, search }),
        response: { 201: view },
      },
    },
    async (request, reply) => {
      const ask = { staffId: staffOf(request).id, name: request.body.name, search: given(request.body.search) };
      return reply.code(201).send((await saveView(engineOf(request), ask)) as z.infer<typeof view>);
    },
  );
  app.post(
    "/me/views/:id/rename",
    {
      schema: {
        operationId: "renameView",
        summary: "Another name for the same filters",
        params: byId,
        body: z.strictObject({ name }),
        response: { 200: z.object({ renamed: z.literal(true) }) },
      },
    },
    async (request) => {
      await renameView(engineOf(request), { staffId: staffOf(request).id, id: request.params.id, name: request.body.name });
      return { renamed: true as const };
    },
  );
  app.post(
    "/me/views/:id/forget",
    {
      schema: {
        operationId: "forgetView",
        summary: "The name is gone; no customer is touched",
        params: byId,
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ forgotten: z.literal(true) }) },
      },
    },
    async (request) => {
      await forgetView(engineOf(request), { staffId: staffOf(request).id, id: request.params.id });
      return { forgotten: true as const };
    },
  );
}
