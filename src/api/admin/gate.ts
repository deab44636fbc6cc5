// The gate of the console's routes: the request comes from the console itself, somebody is signed in, and their role may do it.
import type { FastifyRequest } from "fastify";
import { noteViews } from "../../engine/note-view.ts";
import { noteUse } from "../../engine/staff-sessions.ts";
import { assert } from "../../kernel/assert.ts";
import { ReguaError } from "../../kernel/errors.ts";
import type { Api, ApiContext } from "../api.ts";
import { within } from "../limits.ts";
import type { Staff, StaffAuth } from "./auth.ts";
import { PERMISSIONS, PERSONAL } from "./permissions.ts";
import { rolesIn } from "../../words/inserts.ts";
import { operationIn } from "../../words/operations.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is signed in; null outside the console. */
    staff: Staff | null;
  }
  interface FastifyContextConfig {
    operation?: string;
  }
}

const READING = new Set(["GET", "HEAD"]);

/** A page of another site may send a form here with the visitor's cookie; it cannot hide where it comes from. */
export function sameOrigin(app: Api): void {
  app.addHook("onRequest", async (request, reply) => {
    reply.header("cache-control", "no-store");
    if (READING.has(request.method)) return;
    const { origin } = request.headers;
    const site = request.headers["sec-fetch-site"];
    if (site !== undefined && site !== "same-origin") throw new ReguaError("origin_refused");
    if (origin === undefined ? site === undefined : origin !== `${request.protocol}://${request.host}`)
      throw new ReguaError("origin_refused");
  });
}

/** Six hundred a minute of one person: a page asks for a dozen, and nobody turns ten a second. */
const REQUESTS_A_MINUTE = 600;

export function requireStaff(app: Api, { engine }: ApiContext, auth: StaffAuth): void {
  app.addHook("onRoute", (route) => {
    const operation = route.schema?.operationId;
    // HEAD is made of GET, and answers no more than it.
    assert(operation !== undefined && PERMISSIONS[operation] !== undefined, `the route ${route.url} is not in the permission table`);
    route.config = { ...route.config, operation };
  });
  const limit = app.createRateLimit({ max: REQUESTS_A_MINUTE, timeWindow: 60_000, keyGenerator: (request) => request.actor });
  const views = noteViews(engine);
  app.addHook("onRequest", async (request, reply) => {
    const staff = await auth.who(request);
    if (!staff) throw new ReguaError("session_missing");
    request.staff = staff;
    request.actor = `staff:${staff.email}`;
    await noteUse(engine, staff);
    await within(limit, request, reply);
    allow(staff, request);
  });
  // Before the answer leaves: a view that a crash could keep out of the evidence would prove nothing.
  app.addHook("onSend", async (request, reply, payload) => {
    const kind = PERSONAL[request.routeOptions.config.operation ?? ""];
    const value = kind && reply.statusCode === 200 ? named(request) : null;
    if (kind && value !== null) {
      const view = { about: { kind, value }, by: request.actor, what: request.routeOptions.config.operation ?? "" };
      await views(view).catch((error: unknown) => request.log.error({ err: error }, "a view of personal data was not noted"));
    }
    return payload;
  });
}

/** What a route's address names: in its path, or in its query. */
function named(request: FastifyRequest): string | null {
  const { ref, id } = request.params as { ref?: string; id?: string | number };
  const { customer } = request.query as { customer?: string };
  const value = ref ?? id ?? customer;
  return value === undefined ? null : String(value);
}

function allow(staff: Staff, request: FastifyRequest): void {
  const { operation } = request.routeOptions.config;
  // Unknown addresses fall to the scope's own answer.
  if (operation === undefined) return;
  const roles = PERMISSIONS[operation] ?? [];
  if (!roles.includes(staff.role))
    throw new ReguaError("role_missing", {
      role: rolesIn([staff.role]),
      operation: operationIn(operation),
      roles: rolesIn(roles),
    });
}

/** Tries of one secret in a minute. Whoever mistypes five times is slowed; whoever guesses is stopped. */
export const TRIES_A_MINUTE = 10;

/** Who is signed in, on a route behind the gate. */
export function staffOf(request: FastifyRequest): Staff {
  assert(request.staff, "a console's route without its gate");
  return request.staff;
}
