// Errors of payment proofs that somebody sent.
import type { ErrorEntry } from "./entry.ts";

export const CLAIM_ERRORS = {
  proof_refused: {
    http: 422,
    exit: 1,
    message: "The file cannot be taken as a payment proof: {problem}.",
    cure: "Send the PDF that the bank made, a photo or a screenshot (JPEG or PNG), or the bank's mail as .eml; at most 10 MB and 10 pages, without a password.",
  },
  proof_unread: {
    http: 422,
    exit: 1,
    message: "The file could not be read in the time there is for one. Nothing is wrong with the payment by that.",
    cure: "Send it once more, or a screenshot of it. A payment is seen in the bank account whether a proof is sent or not.",
  },
  proof_infected: {
    http: 422,
    exit: 1,
    message: "The virus scanner turned the file away: it names “{name}”.",
    cure: "Send a screenshot in its place, or the file as the bank made it. The file was not kept.",
  },
  claims_spent: {
    http: 409,
    exit: 1,
    message: "{count} proofs were sent for invoice {value}, and none of them is confirmed.",
    cure: "The service comes back by itself when the bank tells of the payment. Staff can look for it among the money that waits for its owner.",
  },
  claim_not_open: {
    http: 409,
    exit: 1,
    message: "The claim {value} is not under review any more: it is {state}.",
    cure: "Look at it again with `regua claim show`: the bank, time or somebody else was faster. Nothing was changed.",
  },
  claim_not_known: {
    http: 404,
    exit: 1,
    message: "There is no claim {value}.",
    cure: "`regua claim list` lists those under review, and with --customer all of one customer.",
  },
  claim_picture_gone: {
    http: 404,
    exit: 1,
    message: "There is no picture of the claim {value}.",
    cure: "A mail without attachment has none, and files are deleted after the days that `claims.keep_files_days` says. What was read from it stays.",
  },
} as const satisfies Record<string, ErrorEntry>;
