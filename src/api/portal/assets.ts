// The portal's style and script as files that may be kept for ever: their names change with their bytes.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Api } from "../api.ts";
import { sha256 } from "../../kernel/hash.ts";
import { BASE } from "../../pages/frame.ts";

interface Asset {
  path: string;
  type: string;
  bytes: Buffer;
  gzipped: Buffer;
}

export interface Assets {
  css: Asset;
  js: Asset;
}

export function readAssets(): Assets {
  const read = (name: string, type: string): Asset => {
    const bytes = readFileSync(new URL(`../../pages/assets/${name}`, import.meta.url));
    const [base = "", ending = ""] = name.split(".");
    return { path: `/assets/${base}.${sha256(bytes).slice(0, 12)}.${ending}`, type, bytes, gzipped: gzipSync(bytes, { level: 9 }) };
  };
  return { css: read("portal.css", "text/css; charset=utf-8"), js: read("portal.js", "text/javascript; charset=utf-8") };
}

/** Their addresses, as pages name them. */
export function assetPaths({ css, js }: Assets): { css: string; js: string } {
  return { css: BASE + css.path, js: BASE + js.path };
}

export function assetRoutes(app: Api, { css, js }: Assets): void {
  for (const asset of [css, js])
    app.get(asset.path, { schema: { hide: true } }, async (request, reply) => {
      const gzip = /\bgzip\b/u.test(request.headers["accept-encoding"] ?? "");
      reply.header("cache-control", "public, max-age=31536000, immutable").header("vary", "accept-encoding").type(asset.type);
      if (gzip) reply.header("content-encoding", "gzip");
      return reply.send(gzip ? asset.gzipped : asset.bytes);
    });
}
