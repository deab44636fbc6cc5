// How the process is: alive, ready to work, and its numbers. Open to whoever reaches the address; nothing personal is in them.
import { z } from "zod";
import { readSchema } from "../engine/vitals.ts";
import type { Api, ApiContext } from "./api.ts";
import type { Metrics } from "./metrics.ts";

export interface Health {
  mode: "sandbox" | "live";
  metrics: Metrics;
  /** Whether the motor takes work in this process. */
  motor: () => "working" | "starting" | "stopping";
}

const part = z.enum(["ok", "failing"]);

export async function healthRoutes(app: Api, { engine }: ApiContext, health: Health): Promise<void> {
  // What the program migrated to when it opened the database: another set is another program's.
  const schema = (await readSchema(engine)).join(" ");
  app.get(
    "/healthz",
    {
      schema: {
        operationId: "healthz",
        summary: "The process is alive",
        response: { 200: z.object({ alive: z.literal(true), mode: z.enum(["sandbox", "live"]) }) },
      },
    },
    async () => ({ alive: true as const, mode: health.mode }),
  );
  const readiness = z.object({ ready: z.boolean(), database: part, schema: part, motor: z.enum(["working", "starting", "stopping"]) });
  app.get(
    "/readyz",
    {
      schema: {
        operationId: "readyz",
        summary: "The database answers, its schema is this program's, and the motor takes work",
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const found = await readSchema(engine).catch(() => null);
      const motor = health.motor();
      const parts = {
        database: found === null ? ("failing" as const) : ("ok" as const),
        schema: found?.join(" ") === schema ? ("ok" as const) : ("failing" as const),
        motor,
      };
      const ready = parts.database === "ok" && parts.schema === "ok" && motor === "working";
      return reply.code(ready ? 200 : 503).send({ ready, ...parts });
    },
  );
  app.get(
    "/metrics",
    { schema: { operationId: "metrics", summary: "Numbers in the Prometheus text format", response: { 200: z.string() } } },
    async (_request, reply) => {
      const text = await health.metrics.text();
      return reply.type(health.metrics.contentType).send(text);
    },
  );
}
