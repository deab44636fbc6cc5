// The HTTP server: one scope per audience, errors as problem documents, the OpenAPI document made from the schemas that validate.
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import fastify, { LogController, type FastifyBaseLogger, type FastifyRequest, type RouteOptions } from "fastify";
import { createJsonSchemaTransform, serializerCompiler, validatorCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { ReguaError } from "../kernel/errors.ts";
import type { ProofTools } from "../engine/submit-claim.ts";
import type { Charger } from "../jobs/charges.ts";
import type { GatewayIntake } from "../jobs/gateway-intake.ts";
import { BASE } from "../pages/frame.ts";
import type { Api, ApiContext } from "./api.ts";
import { requireKey } from "./auth.ts";
import { healthRoutes, type Health } from "./health.ts";
import { gatewayHooks } from "./hooks/gateways.ts";
import { carryOutOnce } from "./once.ts";
import { asReguaError, problem, PROBLEM_TYPE, sendProblem } from "./problem.ts";
import { portalScope } from "./portal/portal.ts";
import type { PortalOptions } from "./portal/desk.ts";
import { suspendedRoute } from "./portal/suspended.ts";
import { addressRoutes } from "./service/addresses.ts";
import { chargeRoutes } from "./service/charges.ts";
import { claimRoutes } from "./service/claims.ts";
import { conversationRoutes } from "./service/conversations.ts";
import { customerRoutes } from "./service/customers.ts";
import { holdRoutes } from "./service/holds.ts";
import { invoiceRoutes } from "./service/invoices.ts";
import { matterRoutes } from "./service/matters.ts";
import { moneyRoutes } from "./service/money.ts";
import { promiseRoutes } from "./service/promises.ts";
import { receiptRoutes } from "./service/receipts.ts";
import { serviceRoutes } from "./service/services.ts";

/** 500 receipts with long reasons are a tenth of it. */
const BODY_MAX = 1_048_576;

export interface ApiOptions extends ApiContext, Health {
  /** Takes gateways' webhooks in; absent: none are set up. */
  intake?: GatewayIntake;
  /** Makes the charges of invoices; absent or null: none are made here. */
  charger?: Charger | null;
  /** What reads payment proofs; absent: none are taken here. */
  proofs?: () => ProofTools;
  /** The customers' portal; absent: none is served here. */
  portal?: PortalOptions;
  version: string;
  log: FastifyBaseLogger;
  /** Names a request, in the log and in its answer. */
  newToken: () => string;
}

/** The server, ready to listen. */
export async function buildApi(options: ApiOptions): Promise<Api> {
  const app = fastify({
    loggerInstance: options.log,
    // Fastify's own lines hold the address asked for, and with it names and searches; ours, below, hold the route.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_MAX,
    genReqId: () => options.newToken(),
    requestIdHeader: false,
    // A proxy with TLS stands on the same machine; no other may say who asks.
    trustProxy: "loopback",
    routerOptions: { maxParamLength: 600 },
    forceCloseConnections: "idle",
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser("text/plain");
  app.decorateRequest("actor", "");
  app.decorateRequest("once", null);
  observe(app, options);
  sayErrors(app);
  await app.register(helmet);
  await app.register(rateLimit, { global: false });
  await describe(app, options.version);
  await healthRoutes(app, options, options);
  await app.register(
    async (service: Api) => {
      service.addHook("onRoute", describeRoute);
      requireKey(service, options);
      carryOutOnce(service, options);
      for (const add of [customerRoutes, serviceRoutes, invoiceRoutes, receiptRoutes, moneyRoutes, promiseRoutes, holdRoutes, matterRoutes])
        add(service, options);
      addressRoutes(service, options);
      chargeRoutes(service, { ...options, charger: options.charger ?? null });
      conversationRoutes(service, { ...options, proofs: options.proofs ?? null });
      const { proofs } = options;
      if (proofs) await claimRoutes(service, { ...options, proofs });
      // Within the scope, so that only who signed in learns what is there.
      service.setNotFoundHandler(notFound);
    },
    { prefix: "/v1" },
  );
  const { intake, portal } = options;
  if (portal) {
    const { engine, mode, proofs: readers } = options;
    await app.register(async (scope: Api) => portalScope(scope, { ...portal, engine, mode, proofs: readers ?? null }), { prefix: BASE });
    suspendedRoute(app, engine, portal.url ?? BASE);
  }
  if (intake) await app.register(async (hooks: Api) => gatewayHooks(hooks, intake), { prefix: "/hooks" });
  app.get("/openapi.json", { schema: { hide: true } }, async (_request, reply) =>
    reply.type("application/json").send(JSON.stringify(app.swagger())),
  );
  await app.ready();
  return app;
}

function observe(app: Api, { metrics }: ApiOptions): void {
  app.addHook("onRequest", async (request, reply) => void reply.header("x-request-id", request.id));
  app.addHook("onResponse", async (request, reply) => {
    const seen = { method: request.method, route: request.routeOptions.url ?? "none", code: reply.statusCode };
    metrics.observe(seen, reply.elapsedTime / 1000);
    request.log.info({ ...seen, ms: Math.round(reply.elapsedTime), actor: request.actor || undefined }, "request");
  });
}

async function notFound(request: FastifyRequest): Promise<never> {
  throw new ReguaError("route_unknown", { method: request.method, path: request.url.split("?")[0]?.slice(0, 200) ?? "" });
}

function sayErrors(app: Api): void {
  app.setErrorHandler(async (error, request, reply) => {
    const said = asReguaError(error, request);
    if (said.http >= 500) request.log.error({ err: said.cause ?? said, code: said.code }, "request failed");
    return sendProblem(said, request, reply);
  });
  app.setNotFoundHandler(notFound);
}

async function describe(app: Api, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Régua",
        version,
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
        description:
          "The dunning ladder's service API. Amounts are whole cents with their currency, instants ISO 8601 in UTC, days without a zone.",
      },
      components: { securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key: rk_…" } } },
    },
    transform: createJsonSchemaTransform({ schemaRegistry: z.registry<{ id?: string }>() }),
  });
}

const headers = z.looseObject({
  "idempotency-key": z
    .string()
    .describe("A name of your own for this act, 1 to 128 visible characters. Sent again with the same request it answers the same."),
});

/** What every route of the service has: it needs a key, answers problems, and a POST needs its Idempotency-Key. */
function describeRoute(route: RouteOptions): void {
  const { schema } = route;
  if (!schema) return;
  const writes = route.method === "POST";
  const errors = { description: "A problem (RFC 9457)", content: { [PROBLEM_TYPE]: { schema: problem } } };
  Object.assign(schema, {
    security: [{ key: [] }],
    tags: [tagOf(route.url)],
    response: { ...(schema.response as object), "4xx": errors, "5xx": errors },
    ...(writes ? { headers } : {}),
  });
}

/** `/v1/customers/:ref/promises/offer` is about promises. */
function tagOf(url: string): string {
  const names = url.split("/").filter((name) => name !== "" && name !== "v1" && !name.startsWith(":"));
  return (names[0] === "customers" ? names[1] : undefined) ?? names[0] ?? "";
}
