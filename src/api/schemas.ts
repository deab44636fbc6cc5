// The small schemas that requests and answers are made of: numbers, days, instants, amounts, and texts without control characters.
import { z } from "zod";
import { LANGS } from "../kernel/lang.ts";
import { parseDay, parseInstant } from "../kernel/time.ts";

/** PostgreSQL keeps no NUL in a text, and a line break in a name would be a line of a message. */
const ONE_LINE = /^[^\p{Cc}]*$/u;
// eslint-disable-next-line no-control-regex -- named in order to be refused
const NO_CONTROL = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u;

export const line = (max: number) => z.string().trim().min(1).max(max).regex(ONE_LINE, "it has a line break or another control character");
/** Words of a person; line breaks are kept. */
export const words = z.string().trim().min(1).max(2_000).regex(NO_CONTROL, "it has a control character");

/** A number of the provider's own, as it is given to a new customer, service or invoice. */
export const newRef = line(64).describe("The provider's own number; unique.");
/** A number that something has already. */
export const ref = z.string().min(1).max(200).regex(ONE_LINE, "it has a control character").describe("The provider's own number.");

export const dayIn = z.iso.date().transform(parseDay);
export const instantIn = z.iso.datetime({ offset: true }).transform(parseInstant);
export const day = z.string().describe("A day: 2026-11-22.");
export const instant = z.string().describe("An instant in UTC: 2026-11-22T12:00:00.000Z.");

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/u, "it is not three capital letters")
  .describe("ISO 4217.");
/** A billion of the currency: more is a misplaced decimal. */
export const amountIn = z.int().min(1).max(100_000_000_000).describe("Whole cents.");
export const cents = z.int().describe("Whole cents.");
export const count = z.int();

export const lang = z.enum(LANGS);
export const email = z.email().max(254);
export const tags = z.array(line(64)).max(50);

/** How many, and after which: a list's next page is asked for with the cursor of the page before. */
export const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().describe("`next` of the page before."),
});
export const next = z.string().nullable().describe("The cursor of the next page; null when this is the last.");

export const byRef = z.strictObject({ ref });
