// The door of the console: password, second factor, the one-time link of an invitation, and leaving. The only routes nobody is signed in for.
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { acceptInvite, invited } from "../../engine/staff.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { formatInstant } from "../../kernel/time.ts";
import type { Api, ApiContext } from "../api.ts";
import { within } from "../limits.ts";
import { email, instant, lang, line } from "../schemas.ts";
import { PASSWORD_MIN, type AuthAnswer, type StaffAuth } from "./auth.ts";
import { TRIES_A_MINUTE } from "./gate.ts";

const role = z.enum(["owner", "finance", "support", "auditor"]);
const password = z.string().min(1).max(128);
const token = z.string().regex(/^[\w-]{20,100}$/u, "it is not the end of a one-time link");
const step = z.object({
  next: z.enum(["done", "second_factor"]).describe("second_factor: a code is asked for before the session begins."),
});

export function signInRoutes(app: Api, { engine }: ApiContext, auth: StaffAuth): void {
  const limits = slowDown(app);
  app.post(
    "/sign-in",
    {
      schema: {
        operationId: "signIn",
        summary: "Sign in with e-mail and password",
        body: z.strictObject({ email, password }),
        response: { 200: step },
      },
    },
    async (request, reply) => {
      await limits(request, reply, request.body.email);
      const answer = await auth.pass(request, "POST", "/sign-in/email", request.body);
      return { next: finish(answer, reply).twoFactorRedirect === true ? ("second_factor" as const) : ("done" as const) };
    },
  );
  app.post(
    "/sign-in/code",
    {
      schema: {
        operationId: "giveCode",
        summary: "The code of the authenticator app, or one of the codes kept for its loss",
        body: z.strictObject({ code: z.string().trim().min(6).max(20) }),
        response: { 200: step },
      },
    },
    async (request, reply) => {
      await limits(request, reply, null);
      const { code } = request.body;
      const path = /^\d{6}$/u.test(code) ? "/two-factor/verify-totp" : "/two-factor/verify-backup-code";
      finish(await auth.pass(request, "POST", path, { code }), reply);
      return { next: "done" as const };
    },
  );
  app.post(
    "/sign-out",
    { schema: { operationId: "signOut", summary: "End this session", response: { 200: z.object({ signedOut: z.literal(true) }) } } },
    async (request, reply) => {
      setCookies(await auth.pass(request, "POST", "/sign-out"), reply);
      return { signedOut: true as const };
    },
  );
  inviteRoutes(app, { engine, limits, auth });
}

type Limits = ReturnType<typeof slowDown>;

function inviteRoutes(app: Api, { engine, limits, auth }: { engine: ApiContext["engine"]; limits: Limits; auth: StaffAuth }): void {
  app.post(
    "/invite",
    {
      schema: {
        operationId: "readInvite",
        summary: "What a one-time link is for. A POST, so that its token stands in no log of addresses",
        body: z.strictObject({ token }),
        response: { 200: z.object({ role, email: z.string().nullable(), madeBy: z.string(), expiresAt: instant }) },
      },
    },
    async (request, reply) => {
      await limits(request, reply, null);
      const { expiresAt, ...rest } = await invited(engine, request.body.token);
      return { ...rest, expiresAt: formatInstant(expiresAt) };
    },
  );
  app.post(
    "/invite/accept",
    {
      schema: {
        operationId: "acceptInvite",
        summary: "Come in by a one-time link: it makes the person and signs them in",
        body: z.strictObject({ token, name: line(100), email, password: z.string().max(128), lang }),
        response: { 200: step },
      },
    },
    async (request, reply) => {
      await limits(request, reply, null);
      const { token: link, ...person } = request.body;
      if (person.password.length < PASSWORD_MIN) throw new ReguaError("password_weak");
      // Asked before the password is hashed, which takes a tenth of a second.
      await invited(engine, link);
      const { name, email: address, lang: tongue } = person;
      await acceptInvite(engine, link, { name, email: address, lang: tongue, ...(await auth.enrol(person.password)) });
      finish(await auth.pass(request, "POST", "/sign-in/email", { email: person.email, password: person.password }), reply);
      return { next: "done" as const };
    },
  );
}

/** Passes cookies on, and turns the library's refusal into one of ours: which of the two was wrong nobody is told. */
function finish(answer: AuthAnswer, reply: FastifyReply): Record<string, unknown> {
  setCookies(answer, reply);
  if (answer.code === 429) throw new ReguaError("too_many_requests", { seconds: 60 });
  if (answer.code >= 400) throw new ReguaError("credentials_wrong");
  return answer.body;
}

export function setCookies({ cookies }: AuthAnswer, reply: FastifyReply): void {
  if (cookies.length > 0) reply.header("set-cookie", cookies);
}

/** Counts tries by the address they come from, and by the account they are about. */
function slowDown(app: Api): (request: FastifyRequest, reply: FastifyReply, account: string | null) => Promise<void> {
  const window = { max: TRIES_A_MINUTE, timeWindow: 60_000 };
  const byAddress = app.createRateLimit(window);
  const byAccount = app.createRateLimit({
    ...window,
    keyGenerator: (request) => String((request.body as { email?: string }).email ?? "").toLowerCase(),
  });
  return async (request, reply, account) => {
    for (const limit of account === null ? [byAddress] : [byAddress, byAccount]) {
      await within(limit, request, reply);
    }
  };
}
