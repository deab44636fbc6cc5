// The console's part of the server: its door, its gate, and behind it the service's own routes and the pages' own, each by its permission.
import swagger from "@fastify/swagger";
import { createJsonSchemaTransform } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RouteOptions } from "fastify";
import type { Engine } from "../../engine/engine.ts";
import { ReguaError } from "../../kernel/errors.ts";
import type { Api } from "../api.ts";
import { carryOutOnce } from "../once.ts";
import { problem, PROBLEM_TYPE } from "../problem.ts";
import { everyServiceRoute, type ServiceContext } from "../service/routes.ts";
import { makeStaffAuth, type AuthOptions } from "./auth.ts";
import { bulkRoutes } from "./bulk.ts";
import { caseRoutes } from "./case.ts";
import { requireStaff, sameOrigin } from "./gate.ts";
import { listRoutes } from "./lists.ts";
import { meRoutes } from "./me.ts";
import { policyRoutes } from "./policies.ts";
import { recordRoutes } from "./record.ts";
import { replayRoutes } from "./replay.ts";
import { reportRoutes } from "./reports.ts";
import { runRoutes } from "./run.ts";
import { settingRoutes, type Installed } from "./settings.ts";
import { savedViewRoutes } from "./saved-views.ts";
import { signInRoutes } from "./sign-in.ts";
import { speakTheirLanguage, SpokenSettings } from "./spoken.ts";
import { teamRoutes } from "./team.ts";
import { webhookRoutes } from "./webhooks.ts";

export interface ConsoleOptions extends Omit<AuthOptions, "engine">, Installed {
  /** 32 random bytes, base64url. */
  newSecret: () => string;
  /** Where the built pages lie. */
  pages: string;
}

/** Everything under `/admin`. */
export function adminScope(context: ServiceContext, options: ConsoleOptions) {
  return async (admin: Api): Promise<void> => {
    const auth = makeStaffAuth({ ...options, engine: context.engine });
    // Sentences are said in the reader's language; what is written keeps to the provider's, as `engineOf` has it.
    const engine: Engine = { ...context.engine, settings: new SpokenSettings() };
    const spoken = { ...context, engine };
    await describe(admin, options.version);
    admin.addHook("onRoute", describeRoute);
    sameOrigin(admin);
    speakTheirLanguage(admin);
    await admin.register(async (door: Api) => signInRoutes(door, context, auth));
    // What these answer is shown once and must be kept nowhere, so that they are not carried out by key.
    await admin.register(async (own: Api) => {
      requireStaff(own, context, auth);
      meRoutes(own, context, auth);
      teamRoutes(own, context, options.newSecret);
      settingRoutes(own, spoken, options, options.newSecret);
      if (options.webhooks) webhookRoutes(own, options.webhooks, options.newSecret);
    });
    await admin.register(async (inside: Api) => {
      requireStaff(inside, context, auth);
      carryOutOnce(inside, context);
      await everyServiceRoute(inside, spoken);
      for (const add of [
        listRoutes,
        runRoutes,
        savedViewRoutes,
        bulkRoutes,
        caseRoutes,
        policyRoutes,
        replayRoutes,
        reportRoutes,
        recordRoutes,
      ])
        add(inside, spoken);
      inside.setNotFoundHandler(async (request) => {
        throw new ReguaError("route_unknown", { method: request.method, path: request.url.split("?")[0]?.slice(0, 200) ?? "" });
      });
    });
    admin.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) =>
      reply.type("application/json").send(JSON.stringify((admin as Api & { consoleApi: () => object }).consoleApi())),
    );
  };
}

/** A document of its own: the pages' client is made from it, and other systems need not read it. */
async function describe(admin: Api, version: string): Promise<void> {
  await admin.register(swagger, {
    decorator: "consoleApi" as "swagger",
    openapi: { openapi: "3.1.0", info: { title: "Régua, console", version } },
    transform: createJsonSchemaTransform({ schemaRegistry: z.registry<{ id?: string }>() }),
  });
}

function describeRoute(route: RouteOptions): void {
  const { schema } = route;
  if (!schema || (schema as { hide?: boolean }).hide === true) return;
  const errors = { description: "A problem (RFC 9457)", content: { [PROBLEM_TYPE]: { schema: problem } } };
  Object.assign(schema, { response: { ...(schema.response as object), "4xx": errors, "5xx": errors } });
}
