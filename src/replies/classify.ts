// What a reply asks for, by stated rules, with the words that told; and whether a person must look before it counts as understood.
import { EN } from "./rules.en.ts";
import { PT } from "./rules.pt.ts";
import type { Intent, ReplyRule } from "./rules.ts";

export interface ReplyText {
  subject: string;
  /** What the sender wrote: see `ownWords`. */
  words: string;
  /** It came as an answer to a message of ours; only then its subject is ours, and says nothing. */
  answersOurs: boolean;
  /** Files that may be payment proofs: PDF, JPEG, PNG, or a mail. */
  files: number;
}

/** The rule that held, and the words that it held for. */
export interface ReplyReason {
  rule: string;
  intent: Intent;
  words: string;
}

/** What the answer is about. `proof`: with a file that may show a payment. `person`: nothing that can be answered by itself. */
export type ReplyMatter = "proof" | "paid" | "more_time" | "how_to_pay" | "cancel" | "thanks" | "person";

export interface Classified {
  matter: ReplyMatter;
  intents: Intent[];
  reasons: ReplyReason[];
  /** False: a person looks at it, whatever was answered meanwhile. */
  sure: boolean;
  /** Why not; null where it is. */
  unsure: Unsure | null;
}

/** `several`: it asks for things that do not go together. `conditional`: it says what would be asked if. */
export type Unsure = "nothing_known" | "several" | "conditional" | "for_a_person" | "long" | "only_a_file";

/** Requests that go together, the one that is answered first. A calendar of both is on the same page of the portal. */
const ANSWERED: readonly Intent[] = ["paid", "more_time", "how_to_pay"];
const FOR_A_PERSON: ReadonlySet<Intent> = new Set<Intent>([
  "dispute",
  "installments",
  "insult",
  "legal",
  "personal_data",
  "fewer_messages",
]);
/** “If you suspend it I will cancel” asks for nothing yet. */
const CONDITION =
  /\b(?:se (?:voces|vcs|vc|nao|for|isso|continuar|suspender\w*|cortar\w*)|caso|senao|do contrario|if you|otherwise|unless)\b/u;
/** A longer text tells a story that rules do not follow. */
const WORDS_LONG = 1_500;
/** “Thanks, noted.” and no more than that. */
const THANKS_LONG = 80;
const REASON_MAX = 80;

const RULES: readonly ReplyRule[] = [...PT.rules, ...EN.rules];

/** Small letters without accents, single blanks, plain apostrophes: what the rules are written for. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[\u2018\u2019\u00b4`]/gu, "'")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}'.:@-]+/gu, " ")
    .trim();
}

/** The same text gives the same answer; never throws. */
export function classify(reply: ReplyText): Classified {
  const said = plain(reply.answersOurs ? reply.words : `${reply.subject}\n${reply.words}`);
  const reasons = reasonsIn(said);
  const intents = [...new Set(reasons.map((reason) => reason.intent))];
  const has = (intent: Intent): boolean => intents.includes(intent);
  const answer = (matter: ReplyMatter, unsure: Unsure | null = null): Classified => ({
    matter,
    intents,
    reasons,
    sure: unsure === null,
    unsure,
  });
  const asked = ANSWERED.filter(has);
  const proof = reply.files > 0 && (has("paid") || asked.length === 0) && !has("cancel") && !has("dispute");
  const doubt = doubtOf(said, intents, reply);
  if (proof) return answer("proof", doubt ?? (has("paid") || said.length <= THANKS_LONG ? null : "only_a_file"));
  if (has("cancel")) return asked.length > 0 ? answer("person", "several") : answer("cancel", doubt);
  const [first] = asked;
  // Who says that it is paid asks for no more time.
  if (first === "paid" && has("more_time")) return answer("paid", doubt ?? "several");
  if (first === "paid" || first === "more_time" || first === "how_to_pay") return answer(first, doubt);
  if (doubt !== null) return answer("person", doubt);
  if (has("thanks") && said.length <= THANKS_LONG) return answer("thanks");
  return answer("person", "nothing_known");
}

function doubtOf(said: string, intents: readonly Intent[], reply: ReplyText): Unsure | null {
  if (intents.some((intent) => FOR_A_PERSON.has(intent))) return "for_a_person";
  if (intents.includes("cancel") && CONDITION.test(said)) return "conditional";
  return reply.words.length > WORDS_LONG ? "long" : null;
}

function reasonsIn(said: string): ReplyReason[] {
  const reasons: ReplyReason[] = [];
  for (const { id, intent, pattern, unless, unlessAfter } of RULES) {
    // Each place is tried: “not paid yet … paid today” is paid.
    for (const match of said.matchAll(new RegExp(pattern.source, "gu"))) {
      if (unless?.test(said.slice(Math.max(0, match.index - 40), match.index))) continue;
      if (unlessAfter?.test(said.slice(match.index + match[0].length, match.index + match[0].length + 40))) continue;
      reasons.push({ rule: id, intent, words: match[0].trim().slice(0, REASON_MAX) });
      break;
    }
  }
  return reasons;
}
