// The console's server on a test's own engine, asked without sockets: people come in by a one-time link and act under their role.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { InMemorySandboxCharges } from "../../src/adapters/gateways/sandbox/charges.ts";
import { SandboxGateway } from "../../src/adapters/gateways/sandbox/gateway.ts";
import { SandboxMailer } from "../../src/adapters/mail/sandbox.ts";
import type { Api } from "../../src/api/api.ts";
import { makeMetrics } from "../../src/api/metrics.ts";
import { buildApi } from "../../src/api/server.ts";
import { inviteStaff } from "../../src/engine/staff.ts";
import type { ProofTools } from "../../src/engine/submit-claim.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { makeReach, type Reached } from "../../src/jobs/reach.ts";
import { openStaffDatabase, type Role } from "../../src/store/staff.ts";
import type { Answer } from "./api.ts";
import { makeDesk } from "./claims.ts";
import { freshDatabase } from "./database.ts";
import { at, makeEngine, type World } from "./engine.ts";
import { aCourier } from "./webhooks.ts";

export interface Person {
  email: string;
  /** Their cookies, as a browser would send them. */
  cookie: string;
  ask(method: string, url: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
}

export interface Console {
  api: Api;
  /** Somebody with a role, signed in. */
  person(role: Role, email?: string): Promise<Person>;
  /** A request by nobody. */
  ask(method: string, url: string, options?: { body?: unknown; headers?: Record<string, string>; cookie?: string }): Promise<Answer>;
  invite(role: Role, about?: { email?: string | null; by?: string }): Promise<string>;
  close(): Promise<void>;
}

export const PASSWORD = "quatro palavras bem simples";
export const ORIGIN = "http://localhost:80";

async function makeConsole(world: World, url: string, proofs: () => ProofTools, reached: Partial<Reached>): Promise<Console> {
  const { engine } = world;
  let tokens = 0;
  const newToken = (): string => `token-${(tokens += 1)}`;
  const newSecret = (): string => `secret-of-a-test-${(tokens += 1)}-0123456789`;
  const pages = mkdtempSync(join(tmpdir(), "regua-tests-pages-"));
  const staff = openStaffDatabase({ url, role: null });
  const outside = { mailers: new Map([["email", new SandboxMailer()]]), panels: new Map() };
  const receiver = { pixKey: "pix@hospedagem.example", name: "Hospedagem Exemplo", city: "Curitiba" };
  const banco = new SandboxGateway({ charges: new InMemorySandboxCharges(), receiver, clock: engine.clock });
  const api = await buildApi({
    engine,
    panels: ["sandbox"],
    proofs,
    mode: "live",
    metrics: makeMetrics(engine),
    motor: () => "working",
    version: "0.0.0",
    log: pino({ level: "silent" }),
    newToken,
    console: {
      database: staff.db,
      secret: "a secret of this test, long enough to sign with",
      issuer: "Régua",
      version: "0.0.0",
      reach: makeReach({ outside, gateways: new Map([["banco", banco]]), clock: engine.motorClock, ...reached }),
      webhooks: aCourier(world),
      newSecret,
      pages,
    },
  });
  const ask: Console["ask"] = async (method, path, options = {}) => {
    const answer = await api.inject({
      method: method as "GET",
      url: path,
      headers: {
        host: "localhost:80",
        // Everybody from an address of their own: the door counts tries by it.
        "x-forwarded-for": `192.0.2.${(tokens += 1) % 250}`,
        ...(method === "GET" ? {} : { origin: ORIGIN, "idempotency-key": newToken() }),
        ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { payload: options.body as object }),
    });
    const json = String(answer.headers["content-type"]).includes("json");
    return { code: answer.statusCode, body: json ? answer.json<unknown>() : null, text: answer.body, headers: answer.headers };
  };
  const invite: Console["invite"] = async (role, { email = null, by = "tests" } = {}) =>
    (await inviteStaff(engine, { role, email, secret: newSecret(), by })).token;
  return {
    api,
    ask,
    invite,
    person: async (role, email = `${role}@provedor.example`) => {
      const token = await invite(role);
      const body = { token, name: `Pessoa ${role}`, email, password: PASSWORD, lang: "pt-BR" };
      const answer = await ask("POST", "/admin/invite/accept", { body });
      if (answer.code !== 200) throw new Error(`nobody came in: ${answer.text}`);
      const cookie = cookiesOf(answer);
      return { email, cookie, ask: (method, path, options = {}) => ask(method, path, { ...options, cookie }) };
    },
    close: async () => {
      await api.close();
      await staff.close();
      rmSync(pages, { recursive: true, force: true });
    },
  };
}

/** A console on an engine and a database of its own, on the morning of 24 November 2026. */
export interface Site {
  world: World;
  site: Console;
  close(): Promise<void>;
}

/** `reached`: what "test now" finds, other than the sandbox's own parts. */
export async function openSite(reached: Partial<Reached> = {}): Promise<Site> {
  const database = await freshDatabase();
  const world = await makeEngine(database.url, { now: at("2026-11-24T10:00") });
  // Staff's sessions go by the machine's own clock, so that the rules' stands still here and theirs does not.
  world.engine.motorClock = systemClock;
  const desk = makeDesk(world);
  const site = await makeConsole(world, database.url, () => desk.tools, reached);
  return {
    world,
    site,
    close: async () => {
      await site.close();
      desk.close();
      await world.close();
      await database.drop();
    },
  };
}

/** What a browser would send back. */
export function cookiesOf(answer: Answer): string {
  const set = answer.headers["set-cookie"];
  const lines = Array.isArray(set) ? (set as string[]) : typeof set === "string" ? [set] : [];
  return lines.map((line) => line.split(";")[0] ?? "").filter((pair) => !pair.endsWith("=")).join("; "); // prettier-ignore
}
