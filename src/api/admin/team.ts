// The team and the keys of other systems: who may come in, by which role, and which programs act here.
import { z } from "zod";
import { addApiKey, apiKeys, revokeApiKey } from "../../engine/api-keys.ts";
import { changeStaff, inviteStaff, staffList } from "../../engine/staff.ts";
import { formatInstant } from "../../kernel/time.ts";
import { given, type Api, type ApiContext } from "../api.ts";
import { email, instant, lang } from "../schemas.ts";
import { iso } from "../views.ts";

const role = z.enum(["owner", "finance", "support", "auditor"]);
const scope = z.enum(["read", "write"]);

const member = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  lang,
  twoFactor: z.boolean(),
  disabledAt: instant.nullable(),
  createdAt: instant,
  lastSeenAt: instant.nullable(),
});

export function teamRoutes(app: Api, { engine }: ApiContext, newSecret: () => string): void {
  app.get(
    "/team",
    {
      schema: {
        operationId: "listStaff",
        summary: "Everybody who may come in, or might",
        response: { 200: z.object({ staff: z.array(member) }) },
      },
    },
    async () => ({
      staff: (await staffList(engine)).map(({ disabledAt, createdAt, lastSeenAt, ...row }) => ({
        ...row,
        disabledAt: iso(disabledAt),
        createdAt: formatInstant(createdAt),
        lastSeenAt: iso(lastSeenAt),
      })),
    }),
  );
  app.post(
    "/team/invite",
    {
      schema: {
        operationId: "inviteStaff",
        summary: "A one-time link for a colleague; it is shown this once",
        body: z.strictObject({ role, email: email.optional() }),
        response: { 201: z.object({ path: z.string().describe("What follows the console's address."), expiresAt: instant }) },
      },
    },
    async (request, reply) => {
      const ask = { role: request.body.role, email: request.body.email ?? null, secret: newSecret(), by: request.actor };
      const { token, expiresAt } = await inviteStaff(engine, ask);
      return reply.code(201).send({ path: `/console/enter#${token}`, expiresAt: formatInstant(expiresAt) });
    },
  );
  app.post(
    "/team/:id",
    {
      schema: {
        operationId: "changeStaff",
        summary: "Another role, or switched off: sessions end at once",
        params: z.strictObject({ id: z.string().max(100) }),
        body: z.strictObject({ role: role.optional(), disabled: z.boolean().optional() }),
        response: { 200: z.object({ changed: z.literal(true) }) },
      },
    },
    async (request) => {
      await changeStaff(engine, request.params.id, given(request.body), request.actor);
      return { changed: true as const };
    },
  );
  keyRoutes(app, { engine }, newSecret);
}

const key = z.object({
  name: z.string(),
  scopes: z.array(scope),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});

function keyRoutes(app: Api, { engine }: Pick<ApiContext, "engine">, newSecret: () => string): void {
  app.get(
    "/keys",
    { schema: { operationId: "listApiKeys", summary: "Keys of the service API", response: { 200: z.object({ keys: z.array(key) }) } } },
    async () => ({
      keys: (await apiKeys(engine)).map(({ createdAt, lastUsedAt, revokedAt, ...row }) => ({
        ...row,
        createdAt: formatInstant(createdAt),
        lastUsedAt: iso(lastUsedAt),
        revokedAt: iso(revokedAt),
      })),
    }),
  );
  app.post(
    "/keys",
    {
      schema: {
        operationId: "addApiKey",
        summary: "A key for another system; it is shown this once",
        body: z.strictObject({ name: z.string().max(40), scopes: z.array(scope).min(1).max(2) }),
        response: { 201: z.object({ key: z.string() }) },
      },
    },
    async (request, reply) =>
      reply.code(201).send({ key: await addApiKey(engine, { ...request.body, secret: newSecret(), by: request.actor }) }),
  );
  app.post(
    "/keys/:name/revoke",
    {
      schema: {
        operationId: "revokeApiKey",
        summary: "Refuse a key from this moment on",
        params: z.strictObject({ name: z.string().max(40) }),
        body: z.strictObject({}).nullish(),
        response: { 200: z.object({ revoked: z.literal(true) }) },
      },
    },
    async (request) => {
      await revokeApiKey(engine, request.params.name, request.actor);
      return { revoked: true as const };
    },
  );
}
