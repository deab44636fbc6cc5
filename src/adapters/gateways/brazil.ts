// The day it is in Brazil: gateways state days there, whatever the provider's own time zone is.
import { z } from "zod";
import { Zone, parseDay, parseInstant } from "../../kernel/time.ts";
import type { Day, Instant } from "../../kernel/time.ts";

const BRASILIA = new Zone("America/Sao_Paulo");

export const brazilDayOf = (instant: Instant): Day => BRASILIA.dayOf(instant);

/** The first instant after a day. */
export const brazilEndOf = (day: Day): Instant => BRASILIA.startOf(day + 1);

function reading<T>(read: (text: string) => T) {
  return (text: string, context: z.RefinementCtx): T => {
    try {
      return read(text);
    } catch {
      context.addIssue({ code: "custom", message: "not a date that can be read" });
      return z.NEVER;
    }
  };
}

/** `2026-11-22T12:00:00.000-03:00`, as an instant. */
export const instantText = z.string().transform(reading(parseInstant));

/** `2026-11-22`, as a day. */
export const dayText = z.string().transform(reading(parseDay));
