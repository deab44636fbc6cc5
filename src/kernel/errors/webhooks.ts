// Errors of webhooks to other systems: their names, their addresses, their secrets.
import type { ErrorEntry } from "./entry.ts";

export const WEBHOOK_ERRORS = {
  webhook_name_taken: {
    http: 409,
    exit: 1,
    message: "There is a webhook “{value}” already.",
    cure: "Choose another name, or remove that one first.",
  },
  webhook_unknown: {
    http: 404,
    exit: 1,
    message: "There is no webhook “{value}”.",
    cure: "`regua webhooks list` shows them, and so does the console under Settings.",
  },
  webhook_address_refused: {
    http: 422,
    exit: 1,
    message: "Webhooks cannot go to this address: {problem}.",
    cure: "Give an https:// address on the public internet; in the sandbox, one of this machine, such as http://127.0.0.1:3000/regua.",
  },
  webhook_event_unknown: {
    http: 422,
    exit: 1,
    message: "There is no event “{value}”.",
    cure: "docs/api.md lists the events. A subject such as `promise` stands for all of its events.",
  },
  webhook_secret_closed: {
    http: 409,
    exit: 1,
    message: "The secret of the webhook “{value}” does not open under the key of this machine.",
    cure: "Bring back the key it was sealed under (secret.key in the data folder, or REGUA_SECRET_KEY), or remove the webhook and add it again.",
  },
  webhook_not_accepted: {
    http: 502,
    exit: 1,
    message: "The webhook “{value}” did not accept the test: {answer}.",
    cure: "Look into the receiver's log for the same moment; docs/api.md shows how a signature is checked.",
  },
} as const satisfies Record<string, ErrorEntry>;
