// The portal's texts by language.
import type { Lang } from "../kernel/lang.ts";
import { PORTAL_EN } from "./portal.en.ts";
import { PORTAL_PT_BR } from "./portal.pt-BR.ts";
import type { PortalTexts } from "./portal-texts.ts";

const TEXTS: Readonly<Record<Lang, PortalTexts>> = { "pt-BR": PORTAL_PT_BR, en: PORTAL_EN };

export function portalTexts(lang: Lang): PortalTexts {
  return TEXTS[lang];
}

/**
 * Stands in a message's text for the link's token. The text is evidence, and goes into dossiers; the token opens the customer's portal, and
 * goes to the customer's address alone, put in when the message is handed over.
 */
export const LINK_MARK = "{link}";

/** The line of a message that leads to the portal. */
export function portalAddress(portal: string): string {
  return `${portal}/i/${LINK_MARK}`;
}
