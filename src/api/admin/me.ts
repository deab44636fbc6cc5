// Oneself: who is signed in and may what, the language, the second factor, and the sessions there are.
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { changeStaff, noteSecondFactor } from "../../engine/staff.ts";
import { endMySession, endMyOtherSessions, mySessions } from "../../engine/staff-sessions.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { formatInstant } from "../../kernel/time.ts";
import type { Api, ApiContext } from "../api.ts";
import { within } from "../limits.ts";
import { count, instant, lang } from "../schemas.ts";
import type { StaffAuth } from "./auth.ts";
import { staffOf, TRIES_A_MINUTE } from "./gate.ts";
import { PERMISSIONS } from "./permissions.ts";
import { setCookies } from "./sign-in.ts";

const role = z.enum(["owner", "finance", "support", "auditor"]);
const password = z.string().min(1).max(128);

const me = z.object({
  name: z.string(),
  email: z.string(),
  role,
  lang,
  twoFactor: z.boolean(),
  may: z.array(z.string()).describe("Operations that the role may do."),
  provider: z.object({ name: z.string(), mode: z.enum(["sandbox", "live"]), timeZone: z.string(), currency: z.string() }),
  now: instant.describe("The time that the rules go by; the sandbox's stands still until it is moved."),
});

export function meRoutes(app: Api, context: ApiContext, auth: StaffAuth): void {
  const { engine } = context;
  app.get("/me", { schema: { operationId: "getMe", summary: "Who is signed in", response: { 200: me } } }, async (request) => {
    const { name, email, role: mine, lang: tongue, twoFactor } = staffOf(request);
    const now = engine.clock.now();
    const { provider, mode, zone, currency } = await engine.settings.load(engine.db, now);
    const may = Object.entries(PERMISSIONS).flatMap(([operation, roles]) => (roles.includes(mine) ? [operation] : []));
    const installation = { name: provider.name, mode, timeZone: zone.id, currency };
    return { name, email, role: mine, lang: tongue, twoFactor, may, provider: installation, now: formatInstant(now) };
  });
  app.post(
    "/me/language",
    {
      schema: {
        operationId: "setLanguage",
        summary: "The language that the console speaks to oneself",
        body: z.strictObject({ lang }),
        response: { 200: z.object({ lang }) },
      },
    },
    async (request) => {
      await changeStaff(engine, staffOf(request).id, { lang: request.body.lang }, request.actor);
      return { lang: request.body.lang };
    },
  );
  sessionRoutes(app, context);
  factorRoutes(app, context, auth);
}

const session = z.object({
  id: z.string(),
  current: z.boolean(),
  ip: z.string().nullable(),
  agent: z.string().nullable(),
  createdAt: instant,
  seenAt: instant,
  expiresAt: instant,
});

function sessionRoutes(app: Api, { engine }: ApiContext): void {
  app.get(
    "/me/sessions",
    {
      schema: {
        operationId: "listSessions",
        summary: "Where oneself is signed in",
        response: { 200: z.object({ sessions: z.array(session) }) },
      },
    },
    async (request) => {
      const { id, sessionId } = staffOf(request);
      const rows = await mySessions(engine, id);
      return {
        sessions: rows.map(({ staffId: _, createdAt, seenAt, expiresAt, ...row }) => ({
          ...row,
          current: row.id === sessionId,
          createdAt: formatInstant(createdAt),
          seenAt: formatInstant(seenAt),
          expiresAt: formatInstant(expiresAt),
        })),
      };
    },
  );
  app.post(
    "/me/sessions/:id/end",
    {
      schema: {
        operationId: "endSession",
        summary: "End one of one's own sessions",
        params: z.strictObject({ id: z.string().max(100) }),
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ ended: count }) },
      },
    },
    async (request) => ({ ended: (await endMySession(engine, staffOf(request).id, request.params.id)) ? 1 : 0 }),
  );
  app.post(
    "/me/sessions/end-others",
    {
      schema: {
        operationId: "endOtherSessions",
        summary: "End every session of oneself but this one",
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ ended: count }) },
      },
    },
    async (request) => ({ ended: await endMyOtherSessions(engine, staffOf(request).id, staffOf(request).sessionId) }),
  );
}

function factorRoutes(app: Api, { engine }: ApiContext, auth: StaffAuth): void {
  const slow = slowDown(app);
  app.post(
    "/me/second-factor",
    {
      schema: {
        operationId: "beginSecondFactor",
        summary: "A secret for an authenticator app; it counts once a code of it was given",
        body: z.strictObject({ password }),
        response: { 200: z.object({ uri: z.string(), codes: z.array(z.string()).describe("Each works once, if the app is lost.") }) },
      },
    },
    async (request, reply) => {
      await slow(request, reply);
      const answer = await auth.pass(request, "POST", "/two-factor/enable", { ...request.body, method: "totp" });
      if (answer.code >= 400) throw new ReguaError("credentials_wrong");
      setCookies(answer, reply);
      return { uri: String(answer.body.totpURI), codes: answer.body.backupCodes as string[] };
    },
  );
  app.post(
    "/me/second-factor/confirm",
    {
      schema: {
        operationId: "confirmSecondFactor",
        summary: "The first code of the app: from now on one is asked for at each sign-in",
        body: z.strictObject({ code: z.string().regex(/^\d{6}$/u) }),
        response: { 200: z.object({ on: z.literal(true) }) },
      },
    },
    async (request, reply) => {
      await slow(request, reply);
      const answer = await auth.pass(request, "POST", "/two-factor/verify-totp", request.body);
      if (answer.code >= 400) throw new ReguaError("credentials_wrong");
      setCookies(answer, reply);
      const { email, twoFactor } = staffOf(request);
      await noteSecondFactor(engine, { email, before: twoFactor, after: true });
      return { on: true as const };
    },
  );
  app.post(
    "/me/second-factor/end",
    {
      schema: {
        operationId: "endSecondFactor",
        summary: "Sign in with the password alone again",
        body: z.strictObject({ password }),
        response: { 200: z.object({ on: z.literal(false) }) },
      },
    },
    async (request, reply) => {
      await slow(request, reply);
      const answer = await auth.pass(request, "POST", "/two-factor/disable", request.body);
      if (answer.code >= 400) throw new ReguaError("credentials_wrong");
      setCookies(answer, reply);
      const { email, twoFactor } = staffOf(request);
      await noteSecondFactor(engine, { email, before: twoFactor, after: false });
      return { on: false as const };
    },
  );
}

/** Who holds a session that was left open must not find its password out here. */
function slowDown(app: Api): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const limit = app.createRateLimit({ max: TRIES_A_MINUTE, timeWindow: 60_000, keyGenerator: (request) => request.actor });
  return async (request, reply) => {
    await within(limit, request, reply);
  };
}
