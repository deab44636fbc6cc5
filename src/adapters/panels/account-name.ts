// Which account names we hand to a panel, and how foreign text is made fit for a reason.

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._@-]{0,127}$/u;
const NAME_WITH_SLASH = /^[A-Za-z0-9_][A-Za-z0-9._@/-]{0,127}$/u;

/**
 * Whether a name can be handed on as one argument: it cannot become an option (no leading dash), end early (no NUL,
 * no line break) or walk through folders (no slash unless the setting allows it, never `..`).
 */
export function isAccountName(name: string, allowSlash = false): boolean {
  return (allowSlash ? NAME_WITH_SLASH : NAME).test(name) && !name.split("/").includes("..");
}

/** The refusal of a name we do not hand on. */
export const BAD_NAME = "Not sent: the account name has characters that we hand to no panel.";

/** Control characters (C0, DEL, C1) of foreign text. */
const CONTROL = /\p{Cc}+/gu;

/** Foreign text as one short line, with every secret covered. */
export function fitForReason(text: string, secrets: readonly string[], limit = 300): string {
  let line = text;
  for (const secret of secrets) if (secret !== "") line = line.replaceAll(secret, "•••");
  line = line.replace(CONTROL, " ").replace(/ {2,}/gu, " ").trim();
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
