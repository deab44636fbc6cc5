// Signing in, by better-auth: passwords, second factors and sessions are its own; tables, cookies and the routes it answers are ours.
import type { FastifyRequest } from "fastify";
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { twoFactor } from "better-auth/plugins";
import { mayEnter } from "../../engine/staff.ts";
import type { Engine } from "../../engine/engine.ts";
import { assert } from "../../kernel/assert.ts";
import type { Instant } from "../../kernel/time.ts";
import type { openStaffDatabase, Role } from "../../store/staff.ts";

/** Who is signed in. */
export interface Staff {
  id: string;
  sessionId: string;
  /** When the session was last used, as far as that is written down. */
  seenAt: Instant;
  name: string;
  email: string;
  role: Role;
  lang: "pt-BR" | "en";
  twoFactor: boolean;
}

/** What the library answered, as far as it is passed on. */
export interface AuthAnswer {
  code: number;
  body: Record<string, unknown>;
  cookies: string[];
}

export interface StaffAuth {
  /** Lets the library answer one of its own routes, for example `/sign-in/email`. */
  pass(request: FastifyRequest, method: "GET" | "POST", path: string, body?: object): Promise<AuthAnswer>;
  /** Who the request's cookie belongs to; null: nobody. */
  who(request: FastifyRequest): Promise<Staff | null>;
  /** What a new person is kept by: names of the library's making, and the password as it keeps it. */
  enrol(password: string): Promise<{ id: string; accountId: string; passwordHash: string }>;
}

/** A password of four words; more is the person's choice. */
export const PASSWORD_MIN = 12;
/** Signed in for a working week. */
const SESSION_S = 7 * 24 * 3600;
const REFRESH_S = 24 * 3600;

/** Only ever seen by the library: what it takes for its own address. */
const INSIDE = "http://console.invalid";
const PATH = "/auth";
const ADDRESS_HEADER = "x-regua-address";

export interface AuthOptions {
  engine: Engine;
  database: ReturnType<typeof openStaffDatabase>["db"];
  secret: string;
  /** The provider's name, as an authenticator app shows it. */
  issuer: string;
}

export function makeStaffAuth(options: AuthOptions): StaffAuth {
  // Over TLS the cookies bear the prefix by which a browser refuses them from anywhere but this very host; loopback has no TLS.
  const secure = makeLibrary(options, true);
  const plain = makeLibrary(options, false);
  const of = (request: FastifyRequest): Library => (request.protocol === "https" ? secure : plain);
  return {
    pass: async (request, method, path, body) => {
      const answer = await of(request).handler(
        new Request(`${INSIDE}${PATH}${path}`, {
          method,
          headers: headersOf(request),
          ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
        }),
      );
      const text = await answer.text();
      return { code: answer.status, body: readBody(text), cookies: answer.headers.getSetCookie() };
    },
    who: async (request) => {
      // Most requests of strangers carry no cookie: they cost nothing.
      if (!request.headers.cookie?.includes(COOKIES)) return null;
      const found = await of(request).api.getSession({ headers: headersOf(request), query: { disableRefresh: true } });
      if (!found) return null;
      const { user, session } = found;
      const { role, lang, disabledAt } = user as unknown as { role: Role; lang: "pt-BR" | "en"; disabledAt?: Date | null };
      // Sessions end when a person is switched off; one that began at that very moment is stopped here.
      if (disabledAt) return null;
      return {
        id: user.id,
        sessionId: session.id,
        seenAt: session.updatedAt.getTime(),
        name: user.name,
        email: user.email,
        role,
        lang,
        twoFactor: user.twoFactorEnabled === true,
      };
    },
    enrol: async (text) => {
      const { generateId, password } = await plain.$context;
      const [id, accountId] = [generateId({ model: "user" }), generateId({ model: "account" })];
      assert(id !== false && accountId !== false, "the library leaves ids to the database");
      return { id, accountId, passwordHash: await password.hash(text) };
    },
  };
}

const COOKIES = "regua.";

function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers({ "content-type": "application/json", [ADDRESS_HEADER]: request.ip });
  for (const name of ["cookie", "user-agent"] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}

function readBody(text: string): Record<string, unknown> {
  if (text === "") return {};
  const value: unknown = JSON.parse(text);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

type Library = ReturnType<typeof makeLibrary>;

function makeLibrary({ engine, database, secret, issuer }: AuthOptions, secure: boolean) {
  return betterAuth({
    appName: issuer,
    baseURL: INSIDE,
    basePath: PATH,
    secret,
    database: { db: database, type: "postgres" },
    logger: { disabled: true },
    telemetry: { enabled: false },
    // Ours counts by address and by account, before the library is asked.
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: PASSWORD_MIN },
    user: {
      ...TABLES.user,
      additionalFields: {
        role: { type: "string", required: true, input: false },
        lang: { type: "string", required: true, input: false },
        disabledAt: { type: "date", required: false, input: false, fieldName: "disabled_at" },
      },
    },
    session: { ...TABLES.session, expiresIn: SESSION_S, updateAge: REFRESH_S },
    account: TABLES.account,
    verification: TABLES.verification,
    plugins: [twoFactor({ issuer, schema: TABLES.twoFactor })],
    databaseHooks: {
      session: { create: { before: async (session) => ((await mayEnter(engine, session.userId)) ? undefined : false) } },
    },
    advanced: {
      cookiePrefix: secure ? "__Host-regua" : "regua",
      // The library's own prefix would be `__Secure-`, which any host of the domain may set.
      useSecureCookies: false,
      defaultCookieAttributes: { secure, sameSite: "strict", path: "/", httpOnly: true },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // Checked before the library is asked, against the host that was really asked for.
      disableCSRFCheck: true,
      disableOriginCheck: true,
    },
  });
}

const TIMES = { createdAt: "created_at", updatedAt: "updated_at" };

const TABLES = {
  user: {
    modelName: "staff",
    fields: { emailVerified: "email_verified", ...TIMES },
  },
  session: {
    modelName: "staff_session",
    fields: { expiresAt: "expires_at", ipAddress: "ip_address", userAgent: "user_agent", userId: "staff_id", ...TIMES },
  },
  account: {
    modelName: "staff_account",
    fields: {
      accountId: "account_id",
      providerId: "provider_id",
      userId: "staff_id",
      accessToken: "access_token",
      refreshToken: "refresh_token",
      idToken: "id_token",
      accessTokenExpiresAt: "access_token_expires_at",
      refreshTokenExpiresAt: "refresh_token_expires_at",
      ...TIMES,
    },
  },
  verification: { modelName: "staff_verification", fields: { expiresAt: "expires_at", ...TIMES } },
  twoFactor: {
    user: { fields: { twoFactorEnabled: "two_factor_enabled" } },
    twoFactor: {
      modelName: "staff_two_factor",
      fields: {
        backupCodes: "backup_codes",
        userId: "staff_id",
        failedVerificationCount: "failed_verification_count",
        lockedUntil: "locked_until",
      },
    },
  },
} as const satisfies Record<string, unknown> & Partial<Pick<BetterAuthOptions, "user" | "session" | "account" | "verification">>;
