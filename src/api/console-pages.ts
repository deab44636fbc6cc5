// The console's built pages: static files under a policy that runs no script but theirs, and one page for every address within.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyReply } from "fastify";
import type { Api } from "./api.ts";

/** A year: the name of a file changes with its content. */
const YEAR_S = 31_536_000;

/** What the pages may load: themselves. `nonce` is for the style elements that the component library makes. */
function policyOf(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // Positions and widths are computed; a style attribute runs nothing.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** A name with a dot or a tilde; a customer's own number may have them. */
const FILE = /^(?!customers\/).*[.~][^/]*$/u;

export async function consolePages(app: Api, folder: string, newNonce: () => string): Promise<void> {
  const index = join(folder, "index.html");
  app.get("/", { schema: { hide: true } }, async (_request, reply) => reply.redirect("/console/", 302));
  if (!existsSync(index)) {
    app.get("/console/*", { schema: { hide: true } }, async (_request, reply) => notBuilt(reply));
    return;
  }
  const html = readFileSync(index, "utf8");
  const page = async (reply: FastifyReply): Promise<FastifyReply> => {
    const nonce = newNonce();
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .header("content-security-policy", policyOf(nonce))
      .header("referrer-policy", "same-origin")
      .send(html.replaceAll("%NONCE%", nonce));
  };
  await app.register(fastifyStatic, {
    root: join(folder, "assets"),
    prefix: "/console/assets/",
    preCompressed: true,
    maxAge: YEAR_S * 1000,
    immutable: true,
    decorateReply: false,
    schemaHide: true,
  });
  app.get("/console", { schema: { hide: true } }, async (_request, reply) => reply.redirect("/console/", 302));
  // Addresses within are the page's own; what looks like a file is none, so that no scanner and no person takes the page for a copy left behind.
  app.get<{ Params: { "*": string } }>("/console/*", { schema: { hide: true } }, async (request, reply) =>
    FILE.test(request.params["*"]) ? reply.callNotFound() : page(reply),
  );
}

function notBuilt(reply: FastifyReply): FastifyReply {
  return reply
    .code(503)
    .type("text/plain; charset=utf-8")
    .send(
      "The console's pages are not built here. Run `npm run build:web` in the folder of the program, and start it again.\n" +
        "As páginas do console não foram montadas. Rode `npm run build:web` na pasta do programa e inicie de novo.\n",
    );
}
