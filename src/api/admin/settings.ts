// What is set up here, without its secrets; and each part reached for when a person asks.
import { z } from "zod";
import { readSchema, readVitals } from "../../engine/vitals.ts";
import type { WebhookDesk } from "../../engine/webhooks.ts";
import { PART_KINDS, type Reach } from "../../jobs/reach.ts";
import { sha256 } from "../../kernel/hash.ts";
import { formatInstant } from "../../kernel/time.ts";
import { testLetter } from "../../words/test-letter.ts";
import type { Api, ApiContext } from "../api.ts";
import { langOf } from "../language.ts";
import { within } from "../limits.ts";
import { count, instant } from "../schemas.ts";
import { staffOf } from "./gate.ts";

/** What the configuration names, as far as it may be shown. */
export interface Installed {
  version: string;
  /** Tests a part by its name: `mail`, `panel:cpanel1`. */
  reach: Reach;
  /** What tells other systems of events; absent: none are told from here. */
  webhooks?: WebhookDesk;
}

const part = z.object({ name: z.string(), kind: z.enum(PART_KINDS), detail: z.string() });

const shape = z.object({
  version: z.string(),
  mode: z.enum(["sandbox", "live"]),
  timeZone: z.string(),
  currency: z.string(),
  policy: z.string(),
  channels: z.array(z.string()),
  identity: z.object({
    name: z.string(),
    legalName: z.string(),
    taxId: z.string(),
    address: z.string(),
    email: z.string(),
    phone: z.string().nullable(),
    site: z.string().nullable(),
  }),
  parts: z.array(part),
  migrations: z.array(z.string()),
  due: count.describe("Customers whose time has come and who wait to be decided."),
  outbox: z.array(z.object({ kind: z.string(), open: count, oldestAt: instant.nullable() })),
});

const tried = z.object({ outcome: z.enum(["done", "refused", "unknown"]), detail: z.string(), ms: count });

export function settingRoutes(app: Api, { engine }: ApiContext, { version, reach }: Installed, newToken: () => string): void {
  app.get("/settings", { schema: { operationId: "getSettings", summary: "What is set up here", response: { 200: shape } } }, async () => {
    const setting = await engine.settings.load(engine.db, engine.clock.now());
    const { provider } = setting;
    const { due, outbox } = await readVitals(engine);
    const { name, legalName, taxId, address, email, phone, site } = provider;
    return {
      version,
      mode: setting.mode,
      timeZone: setting.zone.id,
      currency: setting.currency,
      policy: setting.policy.version,
      channels: [...setting.channels],
      identity: { name, legalName, taxId, address, email, phone, site },
      parts: reach.parts(),
      migrations: await readSchema(engine),
      due,
      outbox: outbox.map((row) => ({ ...row, oldestAt: row.oldestAt === null ? null : formatInstant(row.oldestAt) })),
    };
  });
  app.post(
    "/settings/test",
    {
      schema: {
        operationId: "testSetting",
        summary: "Reach for a part now; nothing is sent and nothing is changed there",
        body: z.strictObject({ kind: z.enum(PART_KINDS), name: z.string().max(60) }),
        response: { 200: tried },
      },
    },
    async ({ body }) => reach.test(body.kind, body.name),
  );
  letterRoute(app, { engine, reach, newToken });
}

/** A person tries a few times while they mend a setting; a mail server takes more than this for a flood. */
const LETTERS_A_MINUTE = 5;

/** To nobody but who asks: the address is their own. */
function letterRoute(app: Api, { engine, reach, newToken }: Pick<ApiContext, "engine"> & { reach: Reach; newToken: () => string }): void {
  const limit = app.createRateLimit({ max: LETTERS_A_MINUTE, timeWindow: 60_000, keyGenerator: (request) => request.actor });
  app.post(
    "/settings/letter",
    { schema: { operationId: "sendTestLetter", summary: "Send a test letter to one's own address", response: { 200: tried } } },
    async (request, reply) => {
      await within(limit, request, reply);
      const { email } = staffOf(request);
      const { provider } = await engine.settings.load(engine.db, engine.clock.now());
      const letter = testLetter(provider, langOf(request));
      const messageId = `<${sha256(newToken()).slice(0, 32)}@${provider.email.split("@")[1] ?? "localhost"}>`;
      return reach.send({ ...letter, messageId, to: email, repeat: false });
    },
  );
}
