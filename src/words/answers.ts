// Answers by rule to customers' mail, in the customer's language.
import type { Lang } from "../kernel/lang.ts";
import type { Instant, Zone } from "../kernel/time.ts";
import type { MessageContent } from "../policy/decision.ts";
import { ANSWERS_EN } from "./answers.en.ts";
import { ANSWERS_PT_BR } from "./answers.pt-BR.ts";
import type { AnswerKind, AnswerTexts } from "./answers-texts.ts";
import { sayMoment } from "./dates.ts";
import { writeAnswer, type Message } from "./messages.ts";
import type { Provider } from "./provider.ts";

const TEXTS: Readonly<Record<Lang, AnswerTexts>> = { "pt-BR": ANSWERS_PT_BR, en: ANSWERS_EN };

/** `until`: what may be agreed today. `subject`: of the mail that is answered. */
export function answerMail(
  kind: AnswerKind,
  about: { subject: string; until: Instant | null },
  content: MessageContent,
  provider: Provider,
  zone: Zone,
): Message {
  const { lang, today, invoices } = content;
  const until = about.until === null ? null : sayMoment(about.until, lang, zone, today);
  return writeAnswer(TEXTS[lang][kind]({ until, open: invoices.length > 0 }), about.subject, content, provider, zone);
}
