// The number that every Pix carries from the payer's bank to the receiver's (EndToEndId), and that of its return (RtrId).
import { civil, DAY_MS, dayOf, HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import { institutionOf } from "./institutions.ts";

export interface EndToEnd {
  id: string;
  /** E a payment, D its return. */
  kind: "payment" | "return";
  /** The payer's institution, or the one that keeps its account for it. Letters too since API Pix 2.9.0. */
  ispb: string;
  /** Its name; null when we do not know it, which says nothing against it. */
  institution: string | null;
  /** When the order was handed in, or for a scheduled payment when it is to be; to the minute. */
  at: Instant;
  /** Eleven letters or digits that the institution chose. */
  rest: string;
}

/** Why a text is not such a number. `at` is a position in it, from 0. */
export interface EndToEndProblem {
  code: "length" | "prefix" | "ispb" | "date" | "letters";
  at: number;
}

export type EndToEndReading = { ok: true; id: EndToEnd } | { ok: false; problem: EndToEndProblem };

export const END_TO_END_LENGTH = 32;
/** The first payments in limited operation, 3 November 2020; the Banco Central opened Pix to all on the 16th. */
const PIX_BEGAN = dayOf(2020, 11, 3) * DAY_MS;
/** What the SPI allows between the number's time and its own, in either direction. */
const TOLERANCE_MS = 12 * HOUR_MS;

/** Reads `E` + ISPB (8) + yyyyMMddHHmm in UTC + 11. Total; says nothing about whether the payment exists. */
export function readEndToEnd(written: string): EndToEndReading {
  const id = written.trim();
  if (id.length !== END_TO_END_LENGTH) return refused("length", Math.min(id.length, END_TO_END_LENGTH));
  const prefix = id[0];
  if (prefix !== "E" && prefix !== "D") return refused("prefix", 0);
  const [ispb, stamp, rest] = [id.slice(1, 9), id.slice(9, 21), id.slice(21)];
  if (!/^[0-9A-Z]{8}$/u.test(ispb)) return refused("ispb", 1);
  const at = instantOf(stamp);
  if (at === null) return refused("date", 9);
  if (!/^[0-9A-Za-z]{11}$/u.test(rest)) return refused("letters", 21);
  const kind = prefix === "E" ? "payment" : "return";
  return { ok: true, id: { id, kind, ispb, institution: institutionOf(ispb)?.name ?? null, at, rest } };
}

function refused(code: EndToEndProblem["code"], at: number): EndToEndReading {
  return { ok: false, problem: { code, at } };
}

function instantOf(stamp: string): Instant | null {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})$/u.exec(stamp);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const number = dayOf(year, month, day);
  const back = civil(number);
  if (back.year !== year || back.month !== month || back.day !== day || hour > 23 || minute > 59) return null;
  return number * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;
}

/**
 * Whether its time can be that of a payment seen at `now`. `ahead`: more than the twelve hours the SPI tolerates after now, as the
 * number of a payment that is scheduled and not made; `before_pix`: before 3 November 2020.
 */
export function datePlausible(at: Instant, now: Instant): "plausible" | "ahead" | "before_pix" {
  if (at > now + TOLERANCE_MS) return "ahead";
  return at < PIX_BEGAN ? "before_pix" : "plausible";
}
