// What visitors of a suspended site may be led to: the same file that `regua portal suspended-page` writes for web servers.
import { createHash } from "node:crypto";
import type { Engine } from "../../engine/engine.ts";
import { SUSPENDED_STYLE, suspendedPage } from "../../pages/suspended.ts";
import type { Api } from "../api.ts";

/** The page has its style in it, and may have no other. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(SUSPENDED_STYLE).digest("base64")}'; img-src data:; base-uri 'none'; form-action 'none'`;

export function suspendedRoute(app: Api, engine: Engine, portal: string): void {
  app.get("/suspended", { schema: { hide: true } }, async (_request, reply) => {
    const { provider } = await engine.settings.load(engine.db, engine.clock.now());
    return reply
      .header("content-security-policy", POLICY)
      .header("cache-control", "public, max-age=300")
      .type("text/html; charset=utf-8")
      .send(suspendedPage(provider, portal));
  });
}
