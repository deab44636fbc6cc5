// Answers that staff are offered in a conversation: in the customer's language, to be read over, changed and sent by a person.
import type { Lang } from "../kernel/lang.ts";
import type { Zone } from "../kernel/time.ts";
import type { MessageContent } from "../policy/decision.ts";
import { DRAFTS_EN } from "./drafts.en.ts";
import { DRAFTS_PT_BR } from "./drafts.pt-BR.ts";
import type { DraftKind, DraftTexts, DraftView } from "./drafts-texts.ts";
import { writeBody } from "./messages.ts";
import { portalAddress } from "./portal.ts";
import type { Provider } from "./provider.ts";

const TEXTS: Readonly<Record<Lang, DraftTexts>> = { "pt-BR": DRAFTS_PT_BR, en: DRAFTS_EN };

/** What stands below the text: nothing, what is open and the portal, or that with every way to pay. */
const BELOW: Readonly<Record<DraftKind, "nothing" | "open" | "ways">> = {
  how_to_pay: "ways",
  more_time: "open",
  paid: "open",
  suspended: "ways",
  cancel: "open",
  dispute: "nothing",
  installments: "open",
  insult: "open",
  legal: "nothing",
  personal_data: "nothing",
  fewer_messages: "nothing",
  thanks: "nothing",
  unknown_address: "nothing",
  received: "nothing",
};

/** To a customer: with what is open and the next step where that belongs to it. The portal's address is the plain one. */
export function draftAnswer(kind: DraftKind, view: DraftView, content: MessageContent, provider: Provider, zone: Zone): string {
  const lead = TEXTS[content.lang][kind](view).join("\n\n");
  const text = writeBody(lead, BELOW[kind], content, provider, zone);
  return provider.portal ? text.replaceAll(portalAddress(provider.portal), provider.portal) : text;
}

/** To an address that no customer has: nothing of anybody is in it. */
export function draftToStranger(kind: DraftKind, lang: Lang): string {
  return TEXTS[lang][kind]({ open: false, portal: false, until: null, down: [], offer: [], known: false }).join("\n\n");
}

/**
 * Staff's words as they go to the customer's own address by mail: the portal's plain address, where it stands for itself, becomes the mark
 * of that customer's own link.
 */
export function markPortal(text: string, provider: Provider): string {
  const { portal } = provider;
  if (!portal) return text;
  // Split by the address, so that what a page of it is called stays as it was written.
  return text.split(portal).reduce((said, rest) => `${said}${/^(?:[\s.,;:)]|$)/u.test(rest) ? portalAddress(portal) : portal}${rest}`);
}
