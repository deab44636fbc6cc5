// Writes the types that the console's client speaks by: the server's own routes, as OpenAPI, as TypeScript. `node tools/web-types.ts`
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from "kysely";
import openapiTS, { astToString } from "openapi-typescript";
import pino from "pino";
import { makeMetrics } from "../src/api/metrics.ts";
import { buildApi } from "../src/api/server.ts";
import type { Engine } from "../src/engine/engine.ts";
import { Settings } from "../src/engine/setting.ts";
import type { ProofTools } from "../src/engine/submit-claim.ts";
import { systemClock } from "../src/kernel/clock.ts";

const file = join(dirname(fileURLToPath(import.meta.url)), "../web/src/generated/api.d.ts");

/** A database that answers nothing: routes are described, none is asked. */
function nowhere<T>(): Kysely<T> {
  return new Kysely<T>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

async function document(): Promise<object> {
  const ids = { take: () => Promise.reject(new Error("no ids here")) };
  const engine: Engine = { db: nowhere(), settings: new Settings(), ids, clock: systemClock, motorClock: systemClock, wake: null };
  const token = (): string => "token-of-nobody-at-all";
  const nobody = (): Promise<never> => Promise.reject(new Error("nobody to tell here"));
  const api = await buildApi({
    engine,
    panels: [],
    proofs: (): ProofTools => {
      throw new Error("no proofs here");
    },
    mode: "sandbox",
    metrics: makeMetrics(engine),
    motor: () => "starting",
    version: "0",
    log: pino({ level: "silent" }),
    newToken: token,
    console: {
      database: nowhere(),
      secret: "of-nobody-and-for-nothing-0123456789",
      issuer: "Régua",
      version: "0",
      reach: { parts: () => [], test: nobody, send: nobody },
      webhooks: { engine, sender: { vet: nobody, send: nobody }, vault: { seal: (_place, text) => text, open: () => null } },
      newSecret: token,
      pages: "",
    },
  });
  const answer = await api.inject({ method: "GET", url: "/admin/openapi.json" });
  await api.close();
  return answer.json<object>();
}

const tree = await openapiTS(JSON.stringify(await document()));
const text = `// The console's routes as types; made by tools/web-types.ts, kept out of the repository.\n${astToString(tree)}`;
mkdirSync(dirname(file), { recursive: true });
// Left alone when nothing changed, so that whoever watches it does not begin again.
if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
