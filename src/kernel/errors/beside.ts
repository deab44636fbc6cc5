// Errors of the billing system beside us.
import type { ErrorEntry } from "./entry.ts";

export const BESIDE_ERRORS = {
  whmcs_off: {
    http: 404,
    exit: 1,
    message: "No WHMCS is set up here.",
    cure: "Set one up with `regua whmcs add FILE`; docs/whmcs.md says what it needs.",
  },
  whmcs_there_already: {
    http: 409,
    exit: 1,
    message: "A WHMCS is set up already. Nothing was written.",
    cure: "Give --replace to take the new settings for it.",
  },
  whmcs_not_reached: {
    http: 502,
    exit: 1,
    message: "WHMCS did not take the call: {reason}",
    cure: "Correct its settings or its API role and try again with `regua whmcs test`; docs/whmcs.md says what it needs.",
  },
  whmcs_busy: {
    http: 409,
    exit: 1,
    message: "Another process is reading WHMCS at this moment.",
    cure: "It goes on by itself; `regua whmcs status` shows how far it is.",
  },
  whmcs_hook_refused: {
    http: 401,
    exit: 1,
    message: "The call does not prove that it comes from WHMCS's hook file, or came before.",
    cure: "Compare hook_secret and the clocks of both machines. Nothing was stored, and nothing is lost: WHMCS is read every minute too.",
  },
} as const satisfies Record<string, ErrorEntry>;
