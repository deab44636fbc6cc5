// Values for machines: instants and days as ISO text, known by the names of their fields; amounts stay whole cents.
import { formatDay, formatInstant } from "../kernel/time.ts";

/** `at`, `until`, `decidedAt`, `untilAt`. */
const INSTANT = /^(?:at|until)$|At$/u;
/** `day`, `today`, `since`, `dueOn`, `fromDay`. */
const DAY = /^(?:day|today|since)$|(?:On|Day)$/u;

/** The same value with its numbers that are times written out. */
export function forMachines(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forMachines);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      if (typeof member === "number" && INSTANT.test(key)) return [key, formatInstant(member)];
      if (typeof member === "number" && DAY.test(key)) return [key, formatDay(member)];
      return [key, forMachines(member)];
    }),
  );
}
