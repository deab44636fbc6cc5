// The console's way to its server: a client made from the server's own description, and its refusals as errors with words for a person.
import createClient, { type Middleware } from "openapi-fetch";
import type { paths } from "../generated/api.d.ts";
import { currentLang } from "./i18n.ts";

/** A refusal as the server words it: what happened, and what to do about it. */
export class Problem extends Error {
  readonly code: string;
  readonly cure: string;
  readonly status: number;
  readonly details: Record<string, unknown>;

  constructor(body: { code?: string; detail?: string; cure?: string; details?: Record<string, unknown> }, status: number) {
    super(body.detail ?? "");
    this.code = body.code ?? "unreachable";
    this.cure = body.cure ?? "";
    this.status = status;
    this.details = body.details ?? {};
  }
}

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set("accept-language", currentLang());
    // Each act has a name of its own, so that a repeat by the network does nothing twice.
    if (request.method !== "GET" && !request.headers.has("idempotency-key")) request.headers.set("idempotency-key", crypto.randomUUID());
    return request;
  },
};

const client = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
client.use(manners);

export const api = client;

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The answer, or the refusal thrown. */
export async function must<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch {
    throw new Problem({}, 0);
  }
  if (answer.data === undefined || !answer.response.ok) {
    throw new Problem(answer.error ?? {}, answer.response.status);
  }
  return answer.data;
}

/** The body of a route's answer. */
export type AnswerOf<Path extends keyof paths, Method extends keyof paths[Path] & string> = paths[Path][Method] extends {
  responses: infer All;
}
  ? All extends Record<number, unknown>
    ? All[Extract<keyof All, 200 | 201>] extends { content: { "application/json": infer Body } }
      ? Body
      : never
    : never
  : never;

export type Me = AnswerOf<"/admin/me", "get">;
export type Matter = AnswerOf<"/admin/matters", "get">["customers"][number];
export type Coming = NonNullable<AnswerOf<"/admin/coming", "get">["coming"]>["first"][number];
export type Case = AnswerOf<"/admin/cases/{ref}", "get">;
export type Mark = NonNullable<Case["ruler"]>["marks"][number];
export type Claim = AnswerOf<"/admin/claims", "get">["claims"][number];
export type ClaimPage = AnswerOf<"/admin/claims/{id}", "get">;
export type Waiting = AnswerOf<"/admin/money/waiting", "get">["waiting"][number];
export type Draft = AnswerOf<"/admin/policies/draft", "post">;
export type Reports = AnswerOf<"/admin/reports", "get">;
export type PromiseListed = AnswerOf<"/admin/promises", "get">["running"][number];
export type BulkAct = NonNullable<paths["/admin/bulk"]["post"]["requestBody"]>["content"]["application/json"]["act"];
export type BulkForeseen = AnswerOf<"/admin/bulk/preview", "post">["rows"][number];
export type BulkDone = AnswerOf<"/admin/bulk", "post">;
export type SavedView = AnswerOf<"/admin/me/views", "get">["views"][number];
export type ConversationListed = AnswerOf<"/admin/conversations", "get">["conversations"][number];
export type Conversation = AnswerOf<"/admin/conversations/{id}", "get">;
export type ConversationMessage = Conversation["messages"][number];
export type ConversationFact = Conversation["facts"][number];
