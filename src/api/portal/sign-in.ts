// Coming in and going out: the link of a message, a code by e-mail, the language, and the end of the session.
import type { CookieSerializeOptions } from "@fastify/cookie";
import { askCode, CODE_MINUTES, enterByCode, enterByLink, leaveSession, SESSION_MS, type CodeSent } from "../../engine/portal-sign-in.ts";
import { deadline } from "../../kernel/clock.ts";
import { ReguaError } from "../../kernel/errors.ts";
import { sha256 } from "../../kernel/hash.ts";
import { LANGS, type Lang } from "../../kernel/lang.ts";
import { BASE } from "../../pages/frame.ts";
import { codePage, signInPage, type SignInNote } from "../../pages/sign-in.ts";
import { greetingName } from "../../words/clean.ts";
import { layoutHtml } from "../../words/layout.ts";
import { RULE } from "../../words/messages.ts";
import { portalTexts } from "../../words/portal.ts";
import type { Answer, Desk, PortalRoute, Visit } from "./desk.ts";

const YEAR_S = 365 * 86_400;
const MAIL_MS = 30_000;

/** `__Host-` cookies exist under TLS only; on a machine's own address they have a plain name. */
export const cookieNames = (secure: boolean): { session: string; attempt: string; lang: string } => {
  const name = (what: string): string => `${secure ? "__Host-" : ""}regua-${what}`;
  return { session: name("portal"), attempt: name("code"), lang: name("lang") };
};

function setCookie({ reply, secure }: Visit, name: string, value: string, seconds: number): void {
  const options: CookieSerializeOptions = { path: "/", httpOnly: true, sameSite: "lax", secure, maxAge: seconds };
  void reply.setCookie(name, value, options);
}

export const SIGN_IN_ROUTES: readonly PortalRoute[] = [
  { method: "GET", path: "/i/:link", who: "anyone", limit: { max: 60, minutes: 10 }, run: openLink },
  {
    method: "GET",
    path: "/sign-in",
    who: "anyone",
    run: (_desk, visit) => Promise.resolve({ page: signInPage(visit.frame, { why: whyOf(visit) }) }),
  },
  { method: "POST", path: "/sign-in", who: "anyone", limit: { max: 10, minutes: 15 }, run: sendCode },
  { method: "POST", path: "/sign-in/code", who: "anyone", limit: { max: 20, minutes: 15 }, run: takeCode },
  { method: "POST", path: "/sign-out", who: "customer", run: signOut },
  { method: "GET", path: "/lang/:lang", who: "anyone", run: (_desk, visit) => Promise.resolve(switchLang(visit)) },
];

const NOTES: readonly SignInNote[] = ["expired", "invalid", "wrong", "signedOut"];

function whyOf({ request }: Visit): SignInNote | null {
  const { why } = request.query as { why?: string };
  return NOTES.find((each) => each === why) ?? null;
}

async function openLink(desk: Desk, visit: Visit): Promise<Answer> {
  const { link } = visit.request.params as { link: string };
  try {
    const { token } = await enterByLink(desk.engine, desk.links, {
      link,
      token: desk.newSecret(),
      userAgent: visit.request.headers["user-agent"],
    });
    setCookie(visit, cookieNames(visit.secure).session, token, SESSION_MS / 1000);
    return { to: `${BASE}/` };
  } catch (error) {
    if (!(error instanceof ReguaError)) throw error;
    if (error.code === "portal_link_expired") return { to: `${BASE}/sign-in?why=expired` };
    if (error.code === "portal_link_invalid") return { to: `${BASE}/sign-in?why=invalid` };
    throw error;
  }
}

/** Known address or not, the answer is the same, and does not wait for the mail server. */
async function sendCode(desk: Desk, visit: Visit): Promise<Answer> {
  const email = visit.field("email").slice(0, 254);
  if (!/^\S+@\S+$/u.test(email)) return { page: signInPage(visit.frame, { why: null }), code: 422 };
  const attempt = desk.newSecret();
  const code = String(Number.parseInt(sha256(desk.newSecret()).slice(0, 12), 16) % 1_000_000).padStart(6, "0");
  const sent = await askCode(desk.engine, { email, attempt, code });
  setCookie(visit, cookieNames(visit.secure).attempt, attempt, CODE_MINUTES * 60);
  if (sent && desk.mode === "live") void mail(desk, visit, sent);
  const sandboxCode = sent && desk.mode === "sandbox" ? code : null;
  return { page: codePage(visit.frame, { minutes: CODE_MINUTES, wrong: false, sandboxCode }) };
}

async function mail({ mailer, newSecret }: Desk, { request, frame }: Visit, { to, code }: CodeSent): Promise<void> {
  if (!mailer || to.email === null) return;
  const t = portalTexts(to.lang).codeMail;
  const { provider } = frame;
  const text = `${t.text(greetingName(to.name), code, CODE_MINUTES)}\n${RULE}\n${provider.name}\n${provider.address}\n`;
  const html = layoutHtml({ subject: t.subject, text }, provider, to.lang);
  const domain = provider.email.split("@")[1] ?? "localhost";
  const messageId = `<${sha256(newSecret()).slice(0, 32)}@${domain}>`;
  const outcome = await mailer
    .send({ messageId, to: to.email, subject: t.subject, text, html, repeat: false }, { signal: deadline(MAIL_MS) })
    .catch((error: unknown) => ({ outcome: "unknown" as const, reason: String(error) }));
  if (outcome.outcome !== "done") request.log.warn({ reason: outcome.reason }, "a code for the portal was not accepted by the mail server");
}

async function takeCode(desk: Desk, visit: Visit): Promise<Answer> {
  const attempt = visit.request.cookies[cookieNames(visit.secure).attempt] ?? "";
  try {
    const { token } = await enterByCode(desk.engine, {
      attempt,
      code: visit.field("code"),
      token: desk.newSecret(),
      userAgent: visit.request.headers["user-agent"],
    });
    setCookie(visit, cookieNames(visit.secure).session, token, SESSION_MS / 1000);
    setCookie(visit, cookieNames(visit.secure).attempt, "", 0);
    return { to: `${BASE}/` };
  } catch (error) {
    if (!(error instanceof ReguaError) || error.code !== "portal_code_wrong") throw error;
    return { page: codePage(visit.frame, { minutes: CODE_MINUTES, wrong: true, sandboxCode: null }), code: 403 };
  }
}

async function signOut(desk: Desk, visit: Visit): Promise<Answer> {
  const { session } = cookieNames(visit.secure);
  await leaveSession(desk.engine, visit.request.cookies[session] ?? "");
  setCookie(visit, session, "", 0);
  return { to: `${BASE}/sign-in?why=signedOut` };
}

function switchLang(visit: Visit): Answer {
  const { lang } = visit.request.params as { lang: string };
  const { back } = visit.request.query as { back?: unknown };
  const known: Lang | undefined = LANGS.find((each) => each === lang);
  if (known) setCookie(visit, cookieNames(visit.secure).lang, known, YEAR_S);
  // Only within the portal: an address from outside would lead people away under our name.
  const within = typeof back === "string" && /^\/portal\/[\w\-./%?=&]*$/u.test(back) && !back.includes("..");
  return { to: within ? back : `${BASE}/` };
}
