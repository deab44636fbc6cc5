// Answers that staff are offered in a conversation: those that fit what was asked first, with today's facts in them. Sends nothing.
import type { Id } from "../kernel/ids.ts";
import type { Lang } from "../kernel/lang.ts";
import { classify, type ReplyReason } from "../replies/classify.ts";
import { INTENTS, type Intent } from "../replies/rules.ts";
import type { ConversationMessage } from "../store/conversations.ts";
import { oneLine } from "../words/clean.ts";
import { sayMoment } from "../words/dates.ts";
import { draftAnswer, draftToStranger } from "../words/drafts.ts";
import type { DraftKind, DraftView } from "../words/drafts-texts.ts";
import { sayOffer } from "../words/promise.ts";
import { showConversation } from "./conversations.ts";
import type { Engine } from "./engine.ts";
import { offerPromise } from "./grant-promise.ts";
import { answerContent } from "./mail-answer.ts";
import { withCase } from "./one-case.ts";

const NAME_MAX = 60;

export interface SuggestedAnswer {
  kind: DraftKind;
  /** It answers what was asked since the last answer of a person. */
  fits: boolean;
  text: string;
}

export interface Suggested {
  lang: Lang;
  /** Those that fit first. */
  answers: SuggestedAnswer[];
}

/** What a person is offered whatever was written, in this order. */
const ALWAYS: readonly DraftKind[] = ["received", "how_to_pay", "paid", "more_time", "dispute", "installments", "cancel"];
const TO_STRANGERS: readonly DraftKind[] = ["unknown_address", "received"];
const TO_STRANGERS_ASKED: ReadonlySet<DraftKind> = new Set<DraftKind>(["legal", "personal_data", "fewer_messages", "thanks"]);

/** Reads only. @throws ReguaError `conversation_unknown` */
export async function suggestAnswers(engine: Engine, id: string): Promise<Suggested> {
  const conversation = await showConversation(engine, id);
  const { intents, lang } = askedIn(conversation.messages);
  if (conversation.customer === null) {
    const { provider } = await engine.settings.load(engine.db, engine.clock.now());
    const tongue = lang ?? provider.lang;
    const asked = intents.filter((intent) => TO_STRANGERS_ASKED.has(intent));
    return { lang: tongue, answers: ordered(asked, TO_STRANGERS, (kind) => draftToStranger(kind, tongue)) };
  }
  return suggestTo(engine, conversation.customer.id, intents);
}

async function suggestTo(engine: Engine, customerId: Id, intents: readonly Intent[]): Promise<Suggested> {
  // What the customer may have today by itself.
  const { offer, suspended, tongue } = await offerPromise(engine, { customer: customerId, by: "customer" });
  return withCase(engine, customerId, async ({ found: { facts }, setting, now }) => {
    const content = answerContent(facts, setting, now);
    const { lang } = facts;
    const open = content.invoices.length > 0;
    const down = facts.services.filter(({ id, actual, suspendedByUs }) => {
      const overdue = facts.holds.some((hold) => hold.kind === "overdue" && (hold.serviceId === null || hold.serviceId === id));
      return actual === "suspended" && suspendedByUs && overdue;
    });
    const view: DraftView = {
      open,
      portal: Boolean(setting.provider.portal),
      until: offer.granted ? sayMoment(offer.until, lang, setting.zone, content.today) : null,
      down: down.map(({ name }) => oneLine(name, NAME_MAX)),
      offer: sayOffer(offer, suspended, tongue),
      known: true,
    };
    // Nobody is offered time, or parts of a sum, where nothing is open.
    const fits = (kind: DraftKind): boolean => open || (kind !== "more_time" && kind !== "installments");
    const always: readonly DraftKind[] = down.length > 0 ? ["suspended", ...ALWAYS] : ALWAYS;
    const write = (kind: DraftKind): string => draftAnswer(kind, view, content, setting.provider, setting.zone);
    return { lang, answers: ordered(intents.filter(fits), always.filter(fits), write) };
  });
}

function ordered(asked: readonly DraftKind[], always: readonly DraftKind[], write: (kind: DraftKind) => string): SuggestedAnswer[] {
  return [...new Set([...asked, ...always])].map((kind) => ({ kind, fits: asked.includes(kind), text: write(kind) }));
}

/** What was asked since the last word of a person of ours. Mail was read as it came; what was written in the portal is read by the same rules. */
function askedIn(messages: readonly ConversationMessage[]): { intents: Intent[]; lang: Lang | null } {
  const last = messages.findLastIndex(({ author }) => author === "staff");
  const found = messages.slice(last + 1).flatMap(({ author, kind, text, reasons }) => {
    if (author === "automatic") return [];
    return kind === null ? classify({ subject: "", words: text, answersOurs: true, files: 0 }).reasons : told(reasons);
  });
  const english = found.filter(({ rule }) => rule.startsWith("en.")).length;
  const lang = found.length === 0 ? null : english * 2 > found.length ? "en" : "pt-BR";
  return { intents: [...new Set(found.map(({ intent }) => intent))], lang };
}

/** The reasons of a reply as they were kept; those of a delivery report are of another kind. */
function told(reasons: unknown): Pick<ReplyReason, "rule" | "intent">[] {
  if (!Array.isArray(reasons)) return [];
  return (reasons as Partial<ReplyReason>[]).flatMap(({ rule, intent }) =>
    rule !== undefined && intent !== undefined && INTENTS.includes(intent) ? [{ rule, intent }] : [],
  );
}
