// The portal's scope: its headers, sessions, forms and limits, and every route of its table.
import cookie from "@fastify/cookie";
import multipart from "@fastify/multipart";
import type { FastifyReply, FastifyRequest } from "fastify";
import { customerOfSession } from "../../engine/portal-sign-in.ts";
import { addressee } from "../../engine/portal-links.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { sameSecret, sha256 } from "../../kernel/hash.ts";
import type { Id } from "../../kernel/ids.ts";
import { LANGS, type Lang } from "../../kernel/lang.ts";
import { BASE, type Frame } from "../../pages/frame.ts";
import { problemPage } from "../../pages/sign-in.ts";
import type { Api } from "../api.ts";
import { within, type Limiter } from "../limits.ts";
import { asReguaError } from "../problem.ts";
import { assetPaths, assetRoutes, readAssets } from "./assets.ts";
import type { Answer, Desk, PortalOptions, PortalRoute, Visit } from "./desk.ts";
import { readForm, urlencoded, type Form } from "./form.ts";
import { HOME_ROUTES } from "./home.ts";
import { MATTER_ROUTES } from "./matters.ts";
import { PROOF_ROUTES } from "./proof.ts";
import { cookieNames, SIGN_IN_ROUTES } from "./sign-in.ts";

/** All there is; a test tries each with a customer that it is not about. */
export const PORTAL_ROUTES: readonly PortalRoute[] = [...HOME_ROUTES, ...PROOF_ROUTES, ...MATTER_ROUTES, ...SIGN_IN_ROUTES];

/** Nothing but our own style, script and pictures; forms go to us; no page of another site holds ours. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** The proof reader takes 10 MB; what stands around a file in a form is a few hundred bytes. */
const FILE_MAX = 10 * 1024 * 1024;
const FORM_MAX = 64 * 1024;
/** Pages of one address in a minute: a shop behind one router, with its telephones. */
const A_MINUTE = 600;

export async function portalScope(app: Api, options: PortalOptions & Omit<Desk, "assets">): Promise<void> {
  const desk: Desk = { ...options, assets: readAssets() };
  await app.register(cookie);
  urlencoded(app, FORM_MAX);
  await app.register(multipart, {
    throwFileSizeLimit: false,
    limits: { files: 1, fields: 8, fieldSize: 4_096, parts: 9, fileSize: FILE_MAX },
  });
  app.addHook("onSend", async (_request, reply) => {
    reply.header("content-security-policy", POLICY);
    reply.header("referrer-policy", "same-origin");
    // Assets said so themselves; every page is one customer's.
    if (!reply.hasHeader("cache-control")) reply.header("cache-control", "no-store");
  });
  app.setErrorHandler(async (error, request, reply) => sayProblem(desk, error, request, reply));
  app.setNotFoundHandler(async () => {
    throw new ReguaError("route_unknown", { method: "", path: "" });
  });
  assetRoutes(app, desk.assets);
  const everyone = app.createRateLimit({ max: A_MINUTE, timeWindow: 60_000 });
  for (const route of PORTAL_ROUTES) addRoute(app, desk, route, everyone);
}

function addRoute(app: Api, desk: Desk, route: PortalRoute, everyone: Limiter): void {
  const { limit } = route;
  const own =
    limit && app.createRateLimit({ max: limit.max, timeWindow: limit.minutes * 60_000, keyGenerator: (request) => request.actor });
  app.route({
    method: route.method,
    url: route.path,
    schema: { hide: true },
    // Programs that only look whether an address is there must not open a link by it.
    exposeHeadRoute: false,
    ...(route.upload ? { bodyLimit: FILE_MAX + FORM_MAX } : {}),
    handler: async (request, reply) => {
      await within(everyone, request, reply);
      const secure = isSecure(desk, request);
      const token = request.cookies[cookieNames(secure).session] ?? null;
      const customerId = route.who === "customer" ? await signedIn(desk, token) : null;
      if (route.who === "customer" && customerId === null) return notSignedIn(route, reply);
      // Beside the route's name, so that one customer's haste does not slow another's.
      request.actor = customerId === null ? `${route.path} ${request.ip}` : `${route.path} customer ${customerId}`;
      if (own) await within(own, request, reply);
      request.actor = customerId === null ? "" : "customer";
      const form = route.method === "POST" ? await readForm(request, route) : null;
      if (form) fromOurPage(desk, request, form, customerId === null ? null : token);
      const frame = await frameOf(desk, request, secure, customerId, token);
      const visit: Visit = {
        request,
        reply,
        lang: frame.lang,
        frame,
        customerId,
        field: (name) => form?.fields.get(name) ?? "",
        file: form?.file ?? null,
        tooLarge: form?.tooLarge ?? false,
        secure,
      };
      return send(reply, await route.run(desk, visit));
    },
  });
}

function send(reply: FastifyReply, answer: Answer): FastifyReply {
  if ("to" in answer) return reply.redirect(answer.to, 303);
  if ("text" in answer) return reply.type("text/plain; charset=utf-8").send(answer.text);
  // To be kept: a viewer inside the page would need more than the page's own rules for content allow.
  if ("pdf" in answer)
    return reply.type("application/pdf").header("content-disposition", `attachment; filename="${answer.name}"`).send(answer.pdf);
  return reply
    .code(answer.code ?? 200)
    .type("text/html; charset=utf-8")
    .send(answer.page);
}

async function signedIn({ engine }: Desk, token: string | null): Promise<Id | null> {
  return token === null ? null : customerOfSession(engine, token);
}

/** The page's own question must not be answered with another page. */
function notSignedIn(route: PortalRoute, reply: FastifyReply): FastifyReply {
  if (route.path === "/pulse") return reply.code(401).type("text/plain").send("");
  return reply.redirect(`${BASE}/sign-in`, 303);
}

/** Under TLS, or on the machine itself, or with invented customers: elsewhere a session could be read on the way. */
function isSecure(desk: Desk, request: FastifyRequest): boolean {
  if (request.protocol === "https" || desk.url?.startsWith("https://") === true) return true;
  const host = request.hostname.replace(/^\[|\]$/gu, "");
  const local = host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/u.test(host);
  if (!local && desk.mode !== "sandbox") throw new ReguaError("portal_needs_tls");
  return false;
}

/**
 * A form of another site is refused by what the browser says of its origin, and by a key that only our pages of this session carry.
 * The forms for signing in have no session yet: there the origin speaks alone.
 */
function fromOurPage(desk: Desk, request: FastifyRequest, form: Form, token: string | null): void {
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const strange =
    (site !== undefined && site !== "same-origin" && site !== "none") || (origin !== undefined && !ours(desk, origin, request));
  const keyed = token === null || sameSecret(form.fields.get("key") ?? "", formKeyOf(token));
  if (strange || !keyed) throw new ReguaError("portal_form_stale");
}

/** By name: a proxy may leave the port out, or put its own name in the place of ours. */
function ours({ url }: Desk, origin: string, request: FastifyRequest): boolean {
  if (!URL.canParse(origin)) return false;
  const { hostname } = new URL(origin);
  return hostname === request.hostname || (url !== null && hostname === new URL(url).hostname);
}

/** Of the session's token, which no page has in it. */
function formKeyOf(token: string): string {
  return sha256(`portal form ${token}`).slice(0, 32);
}

async function frameOf(desk: Desk, request: FastifyRequest, secure: boolean, customerId: Id | null, token: string | null): Promise<Frame> {
  const { engine } = desk;
  const { provider, zone } = await engine.settings.load(engine.db, engine.clock.now());
  const customer = customerId === null ? null : await addressee(engine, customerId);
  return {
    lang: langOf(request, secure, customer?.lang ?? null) ?? provider.lang,
    provider,
    zoneId: zone.id,
    // A link's token is no address to come back to.
    path: request.routeOptions.url?.includes(":link") === true || request.method !== "GET" ? `${BASE}/` : request.url,
    signedIn: customer && token !== null ? { name: customer.name, ref: customer.ref, formKey: formKeyOf(token) } : null,
    assets: assetPaths(desk.assets),
  };
}

/** What was chosen here, else the customer's own, else the browser's. */
function langOf(request: FastifyRequest, secure: boolean, own: Lang | null): Lang | null {
  const chosen = LANGS.find((lang) => lang === request.cookies[cookieNames(secure).lang]);
  if (chosen ?? own) return chosen ?? own;
  const wanted = (request.headers["accept-language"] ?? "").toLowerCase().split(",");
  for (const each of wanted) {
    if (each.trim().startsWith("pt")) return "pt-BR";
    if (each.trim().startsWith("en")) return "en";
  }
  return null;
}

type Problem = Parameters<typeof problemPage>[1];

function problemOf({ code, http }: ReguaError): Problem {
  if (code === "portal_form_stale") return "stale";
  if (code === "portal_needs_tls") return "tls";
  if (code === "messages_spent") return "spent";
  if (http === 429) return "tooMany";
  if (http === 404) return "notFound";
  if (http === 409) return "changed";
  return http >= 500 ? "fault" : "invalid";
}

async function sayProblem(desk: Desk, error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const said = asReguaError(error, request);
  if (said.http >= 500) request.log.error({ err: said.cause ?? said, code: said.code }, "portal request failed");
  reply.code(said.http);
  try {
    const frame = await frameOf(desk, request, false, null, null);
    return await reply.type("text/html; charset=utf-8").send(problemPage({ ...frame, path: `${BASE}/` }, problemOf(said)));
  } catch (fault) {
    // The database is away, and with it the provider's name.
    request.log.error({ err: fault }, "portal problem without its page");
    return reply.code(503).type("text/plain; charset=utf-8").send("503");
  }
}
