// What a rule for reading a reply is: words that point to something asked or said, and words before them that take it back.

/** What a reply asks for or says. The first four have a next step of their own; the others are a person's to answer. */
export const INTENTS = [
  "more_time",
  "paid",
  "how_to_pay",
  "cancel",
  "dispute",
  "installments",
  "insult",
  "legal",
  "personal_data",
  "fewer_messages",
  "thanks",
] as const;
export type Intent = (typeof INTENTS)[number];

export interface ReplyRule {
  /** Stable, for the record: `pt.more_time.days`. */
  id: string;
  intent: Intent;
  /** Over text in small letters without accents, white space as single blanks. */
  pattern: RegExp;
  /** Right before the match this turns it into its opposite. */
  unless?: RegExp;
  /** Right after the match this makes it speak of something else. */
  unlessAfter?: RegExp;
}

export interface ReplyRules {
  lang: "pt" | "en";
  rules: readonly ReplyRule[];
}
