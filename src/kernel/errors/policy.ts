// Errors of policy files and calendars.
import type { ErrorEntry } from "./entry.ts";

export const POLICY_ERRORS = {
  policy_invalid: {
    http: 422,
    exit: 1,
    message: "The policy cannot be used: {summary}",
    cure: "Correct the places named, then check the file again with `regua policy check FILE`.",
  },
  preset_unknown: {
    http: 404,
    exit: 1,
    message: "There is no preset policy “{value}”.",
    cure: "The presets are {names}.",
  },
  holidays_unknown: {
    http: 422,
    exit: 1,
    message: "No holiday calendar is known for “{value}”.",
    cure: "Use BR for the Brazilian banking calendar, another two-letter country code of ISO 3166 such as PT, or none for no holidays.",
  },
  calendar_never_open: {
    http: 422,
    exit: 1,
    message: "The policy's calendar leaves no room for {what}: {days} days in a row are closed.",
    cure: "Leave at least one day of the week, or a part of one, open in {field}.",
  },
  policy_unknown: {
    http: 404,
    exit: 1,
    message: "There is no policy “{value}” stored.",
    cure: "`regua policy show` lists the stored ones; `regua policy import FILE` adds one.",
  },
  policy_day_past: {
    http: 422,
    exit: 1,
    message: "A policy cannot take effect on {value}, which is past.",
    cure: "Give today or a later day, or leave --on out: it then takes effect at once.",
  },
} as const satisfies Record<string, ErrorEntry>;
