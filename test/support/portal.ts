// The customers' portal on a test's own engine: visitors with cookies of their own, asked without sockets or in a real browser.
import pino from "pino";
import { SandboxMailer } from "../../src/adapters/mail/sandbox.ts";
import { SandboxPanel } from "../../src/adapters/panels/sandbox.ts";
import type { Api } from "../../src/api/api.ts";
import { makeMetrics } from "../../src/api/metrics.ts";
import { buildApi } from "../../src/api/server.ts";
import { PortalLinks } from "../../src/engine/portal-links.ts";
import type { ProofTools } from "../../src/engine/submit-claim.ts";
import { dispatch } from "../../src/jobs/dispatch.ts";
import type { Mailer } from "../../src/ports/mailer.ts";
import { sandboxAccounts } from "./api.ts";
import type { Row, World } from "./engine.ts";

export interface Page {
  code: number;
  text: string;
  to: string | null;
  headers: Record<string, unknown>;
}

export interface Visitor {
  get(path: string, headers?: Record<string, string>): Promise<Page>;
  /** Sends a form; the key of the last page with one is in it unless told otherwise. */
  post(path: string, fields?: Record<string, string>, options?: { key?: string; headers?: Record<string, string> }): Promise<Page>;
  cookies: Map<string, string>;
}

export interface Portal {
  api: Api;
  links: PortalLinks;
  /** The log's lines, as JSON. */
  lines: string[];
  visitor(host?: string): Visitor;
  /** Somebody who opened the link of a customer. */
  signedIn(customer: Row): Promise<Visitor>;
  tokenFor(customer: Row): Promise<string>;
  /** Does what the outbox holds. */
  work(): Promise<void>;
}

export interface PortalWorld {
  mode?: "sandbox" | "live";
  url?: string | null;
  mailer?: Mailer | null;
  proofs?: () => ProofTools;
}

/** Of all portals of a test: two on one database must not name a session alike. */
let tokens = 0;

export async function makePortal(world: World, options: PortalWorld = {}): Promise<Portal> {
  const { engine } = world;
  const { mode = "sandbox", url = null, mailer = null, proofs } = options;
  const lines: string[] = [];
  const newToken = () => `token-${(tokens += 1)}`;
  const newSecret = () => `secret-of-test-${(tokens += 1)}-0123456789abcdef`;
  const links = new PortalLinks(engine, newSecret);
  const api = await buildApi({
    engine,
    panels: ["sandbox"],
    ...(proofs ? { proofs } : {}),
    portal: { links, newSecret, mailer, url },
    mode,
    metrics: makeMetrics(engine),
    motor: () => "working",
    version: "0.0.0",
    log: pino({ level: "info" }, { write: (line: string) => void lines.push(line) }),
    newToken,
  });
  const tokenFor = async (customer: Row): Promise<string> => {
    const [row] = await world.rows<{ email: string | null }>("SELECT email FROM customer WHERE customer_id = $1", [customer.id]);
    return links.make({ customerId: customer.id, outboxId: null, to: row?.email ?? null });
  };
  const visitor = (host = "127.0.0.1"): Visitor => makeVisitor(api, host);
  return {
    api,
    links,
    lines,
    visitor,
    tokenFor,
    signedIn: async (customer) => {
      const someone = visitor();
      await someone.get(`/portal/i/${await tokenFor(customer)}`);
      return someone;
    },
    work: async () => {
      const outside = {
        mailers: new Map<string, Mailer>([["email", mailer ?? new SandboxMailer()]]),
        panels: new Map([["sandbox", new SandboxPanel({ accounts: sandboxAccounts(world) })]]),
        links,
      };
      await dispatch({ engine, outside, newToken, parallel: 2 });
    },
  };
}

function makeVisitor(api: Api, host: string): Visitor {
  const cookies = new Map<string, string>();
  let key = "";
  const ask = async (method: "GET" | "POST", url: string, more: Record<string, string>, payload?: string): Promise<Page> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await api.inject({
      method,
      url,
      headers: {
        host,
        ...(cookie === "" ? {} : { cookie }),
        ...(payload === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        ...more,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    for (const { name, value } of answer.cookies)
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    key = /name="key" value="([0-9a-f]{32})"/u.exec(answer.body)?.[1] ?? key;
    return { code: answer.statusCode, text: answer.body, to: answer.headers.location ?? null, headers: answer.headers };
  };
  return {
    cookies,
    get: (path, headers = {}) => ask("GET", path, headers),
    post: (path, fields = {}, options = {}) =>
      ask("POST", path, options.headers ?? {}, new URLSearchParams({ key: options.key ?? key, ...fields }).toString()),
  };
}
