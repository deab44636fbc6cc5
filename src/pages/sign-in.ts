// Signing in: the address, then the code that was sent to it.
import { BASE, document, note, wordsOf, type Frame } from "./frame.ts";
import { html } from "./html.ts";

export type SignInNote = "expired" | "invalid" | "wrong" | "signedOut";

/** `why`: what brought the person here. */
export function signInPage(frame: Frame, view: { why: SignInNote | null }): string {
  const t = wordsOf(frame).signIn;
  const body = html`<h1>${t.title}</h1>
    ${view.why && note(view.why === "signedOut" ? "done" : "attention", t[view.why])}
    <p class="lead">${t.lead}</p>
    <form method="post" action="${BASE}/sign-in">
      <label for="email">${t.email}</label>
      <input id="email" name="email" type="email" autocomplete="email" inputmode="email" required maxlength="254" />
      <button class="main">${t.send}</button>
    </form>
    <p class="small">${wordsOf(frame).needHelp(frame.provider.email)}</p>`;
  return document(frame, { title: t.title, body });
}

export function codePage(frame: Frame, view: { minutes: number; wrong: boolean; sandboxCode: string | null }): string {
  const t = wordsOf(frame).signIn;
  const body = html`<h1>${t.codeTitle}</h1>
    ${view.wrong && note("attention", t.wrong)}
    <p class="lead">${t.codeLead(view.minutes)}</p>
    ${view.sandboxCode !== null && note("done", t.sandboxCode(view.sandboxCode))}
    <form method="post" action="${BASE}/sign-in/code">
      <label for="code">${t.code}</label>
      <input
        id="code"
        name="code"
        class="digits"
        inputmode="numeric"
        autocomplete="one-time-code"
        pattern="[0-9 ]{6,7}"
        maxlength="7"
        required
      />
      <button class="main">${t.enter}</button>
    </form>
    <p><a href="${BASE}/sign-in">${t.again}</a></p>`;
  return document(frame, { title: t.codeTitle, body });
}

/** A page that says what is the matter, and leads back. */
export function problemPage(frame: Frame, kind: keyof ReturnType<typeof wordsOf>["problem"]): string {
  const t = wordsOf(frame);
  const { title, text } = t.problem[kind];
  const body = html`<h1>${title}</h1>
    <p class="lead">${text}</p>
    <p><a class="second" href="${BASE}/">${t.backHome}</a></p>
    <p class="small">${t.needHelp(frame.provider.email)}</p>`;
  return document(frame, { title, body });
}
