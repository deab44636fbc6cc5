// The service API on a test's own engine, asked without sockets; and the outside it needs to see access follow.
import pino from "pino";
import { SandboxPanel, type SandboxAccounts } from "../../src/adapters/panels/sandbox.ts";
import { SandboxMailer } from "../../src/adapters/mail/sandbox.ts";
import type { Api } from "../../src/api/api.ts";
import { makeMetrics } from "../../src/api/metrics.ts";
import { buildApi } from "../../src/api/server.ts";
import { addApiKey } from "../../src/engine/api-keys.ts";
import type { ProofTools } from "../../src/engine/submit-claim.ts";
import { dispatch } from "../../src/jobs/dispatch.ts";
import type { AccountState } from "../../src/ports/control-panel.ts";
import type { World } from "./engine.ts";

export interface Answer {
  code: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads what the schema of the route promises
  body: any;
  text: string;
  headers: Record<string, unknown>;
}

export interface Service {
  api: Api;
  /** The log's lines, as JSON. */
  lines: string[];
  /** Asks with the writing key, a fresh Idempotency-Key, and JSON, unless told otherwise. `null` leaves a header out. */
  ask(method: string, url: string, options?: AskOptions): Promise<Answer>;
  /** Another key, by name. */
  key(name: string, scopes: ("read" | "write")[]): Promise<string>;
  /** Does what the outbox holds. */
  work(): Promise<void>;
}

export interface AskOptions {
  body?: unknown;
  key?: string | null;
  once?: string | null;
  headers?: Record<string, string>;
}

export async function makeService(world: World, motor: "working" | "starting" = "working", proofs?: () => ProofTools): Promise<Service> {
  const lines: string[] = [];
  let tokens = 0;
  const newToken = () => `token-${(tokens += 1)}`;
  const { engine } = world;
  const api = await buildApi({
    engine,
    panels: ["sandbox"],
    ...(proofs ? { proofs } : {}),
    mode: "sandbox",
    metrics: makeMetrics(engine),
    motor: () => motor,
    version: "0.0.0",
    log: pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
    newToken,
  });
  let keys = 0;
  const key = (name: string, scopes: ("read" | "write")[]) =>
    addApiKey(engine, { name, scopes, secret: `secret-of-test-${(keys += 1)}-0123456789abcdef`, by: "tests" });
  const writing = await key("billing", ["read", "write"]);
  return {
    api,
    lines,
    key,
    ask: async (method, url, options = {}) => {
      const bearer = options.key === undefined ? writing : options.key;
      const once = options.once === undefined ? newToken() : options.once;
      const answer = await api.inject({
        method: method as "GET",
        url,
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(once === null || method !== "POST" ? {} : { "idempotency-key": once }),
          ...options.headers,
        },
        ...(options.body === undefined ? {} : { payload: options.body as object }),
      });
      const json = String(answer.headers["content-type"]).includes("json");
      return {
        code: answer.statusCode,
        body: json ? answer.json<unknown>() : null,
        text: answer.body,
        headers: answer.headers,
      };
    },
    work: async () => {
      const outside = {
        mailers: new Map([["email", new SandboxMailer()]]),
        panels: new Map([["sandbox", new SandboxPanel({ accounts: sandboxAccounts(world) })]]),
      };
      await dispatch({ engine, outside, newToken, parallel: 2 });
    },
  };
}

/** The panel of the sandbox, in the database of a test. */
export function sandboxAccounts(world: World): SandboxAccounts {
  const stateOf = (row: { access: string; by: string | null; reason: string | null }): AccountState =>
    row.access === "suspended"
      ? { access: "suspended", by: row.by === "us" ? "us" : "other", reason: row.reason }
      : { access: row.access as "active" | "absent" };
  return {
    read: async (account) => {
      const [row] = await world.rows<{ access: string; by: string | null; reason: string | null }>(
        "SELECT access, by, reason FROM sandbox_account WHERE account = $1",
        [account],
      );
      return row ? stateOf(row) : null;
    },
    write: async (account, state) => {
      const down = state.access === "suspended" ? state : null;
      await world.rows(
        `INSERT INTO sandbox_account (account, access, by, reason) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account) DO UPDATE SET access = excluded.access, by = excluded.by, reason = excluded.reason`,
        [account, state.access, down?.by ?? null, down?.reason ?? null],
      );
    },
    list: () => Promise.resolve([]),
  };
}
