// Which language an answer is in: what the request asks for, else the staff member's own, else English, as an API key's always was.
import type { FastifyRequest } from "fastify";
import type { Lang } from "../kernel/lang.ts";

/** The best of the two languages that an Accept-Language header names; null when it names neither (`*` asks for none). RFC 9110, 12.5.4. */
export function askedLang(header: string | undefined): Lang | null {
  let best: { lang: Lang; weight: number } | null = null;
  for (const part of (header ?? "").toLowerCase().split(",").slice(0, 20)) {
    const [tag = "", ...params] = part.split(";").map((each) => each.trim());
    const lang = /^pt\b/u.test(tag) ? "pt-BR" : /^en\b/u.test(tag) ? "en" : null;
    const q = params.find((each) => each.startsWith("q="));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (lang !== null && weight > (best?.weight ?? 0)) best = { lang, weight };
  }
  return best?.lang ?? null;
}

export function langOf(request: FastifyRequest): Lang {
  return askedLang(request.headers["accept-language"]) ?? request.staff?.lang ?? "en";
}
