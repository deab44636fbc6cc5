// What the portal's routes work with, and what each is given: the customer of the session, the form, the frame of the page.
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Engine } from "../../engine/engine.ts";
import type { PortalLinks } from "../../engine/portal-links.ts";
import type { ProofTools } from "../../engine/submit-claim.ts";
import { assert } from "../../kernel/assert.ts";
import type { Id } from "../../kernel/ids.ts";
import type { Lang } from "../../kernel/lang.ts";
import type { Frame } from "../../pages/frame.ts";
import type { Mailer } from "../../ports/mailer.ts";
import type { Assets } from "./assets.ts";

export interface PortalOptions {
  links: PortalLinks;
  /** 32 random bytes, for the tokens of sessions. */
  newSecret: () => string;
  /** Sends codes; null where mail is not set up: then only links open the portal. */
  mailer: Mailer | null;
  /** The portal's public address; null: none was configured. */
  url: string | null;
}

/** What the routes share. */
export interface Desk extends PortalOptions {
  engine: Engine;
  proofs: (() => ProofTools) | null;
  mode: "sandbox" | "live";
  assets: Assets;
}

/** One request. */
export interface Visit {
  request: FastifyRequest;
  reply: FastifyReply;
  lang: Lang;
  frame: Frame;
  /** Null on pages that are open to anyone. */
  customerId: Id | null;
  /** A field of the form; empty where it is not there. */
  field(name: string): string;
  /** The one file of the form. */
  file: Uint8Array | null;
  /** A file came, and was larger than may be. */
  tooLarge: boolean;
  secure: boolean;
}

/** A page, a file to keep, or where to go instead. */
export type Answer = { page: string; code?: number } | { to: string } | { text: string } | { pdf: Buffer; name: string };

/** Every route of the portal is one of these, so that a test can try them all. */
export interface PortalRoute {
  method: "GET" | "POST";
  path: string;
  /** `customer`: only with a session, and about its customer alone. */
  who: "anyone" | "customer";
  /** How often in how many minutes: by the customer where there is one, else by the address. */
  limit?: { max: number; minutes: number };
  upload?: true;
  run(desk: Desk, visit: Visit): Promise<Answer>;
}

/** The customer of the session. */
export function customerOf(visit: Visit): Id {
  assert(visit.customerId !== null, "a customer's route without its session");
  return visit.customerId;
}
