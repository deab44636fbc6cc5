// What the bytes of a PDF say without being understood: how often it was written on, and the dates as PDF writes them.
import type { Instant } from "../../kernel/time.ts";
import { instantOf, LOCAL_OFFSET_MINUTES } from "./picture-marks.ts";

const END = Buffer.from("startxref");

/**
 * How often something was appended after the PDF was made: each writing ends with `startxref`, a place and `%%EOF`. A PDF laid out for the
 * web (linearized) has one more at its beginning, whose place is 0.
 */
export function updatesOf(bytes: Uint8Array): number {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let writings = 0;
  for (let at = file.indexOf(END); at >= 0; at = file.indexOf(END, at + END.length)) {
    const after = file.toString("latin1", at + END.length, at + END.length + 40);
    const place = /^\s{1,4}(\d{1,10})\s{1,6}%%EOF/u.exec(after)?.[1];
    if (place !== undefined && Number(place) > 0) writings += 1;
  }
  return Math.max(0, writings - 1);
}

/** Reads `D:20261122143321-03'00'`, of which only the year is sure to be there. Null: it is no date. */
export function pdfDate(written: unknown): Instant | null {
  if (typeof written !== "string" || written.length > 40) return null;
  const match = /^(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:([Zz])|([+-])(\d{2})'?(?:(\d{2})'?)?)?/u.exec(written.trim());
  if (!match) return null;
  const [year, month = "01", day = "01", hour = "0", minute = "0", second = "0"] = match.slice(1, 7);
  const [utc, sign, hours, minutes = "0"] = match.slice(7);
  const away = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const offset = utc !== undefined ? 0 : sign === undefined ? LOCAL_OFFSET_MINUTES : away;
  return instantOf([year, month, day, hour, minute, second].map(Number), offset);
}
