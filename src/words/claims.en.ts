// What a customer is told of a payment proof, in English.
import type { ClaimWords } from "./claims-texts.ts";

export const CLAIMS_EN: ClaimWords = {
  released: (invoice, until) =>
    `We received the payment proof for invoice ${invoice}. The service is up until ${until}, while the bank confirms the payment. Nothing more is needed from you.`,
  wait: (invoice, until) =>
    `The document for invoice ${invoice} is a scheduled payment: the bank has not made it yet. We wait for it until ${until}; when it arrives, everything settles by itself.`,
  person: (invoice, until) =>
    `We received the payment proof for invoice ${invoice}. A person looks at it, by ${until} at the latest; if the bank confirms the payment before, everything settles by itself.`,
  confirmed: (invoice) => `The payment of invoice ${invoice} is confirmed. Thank you.`,
  contradicted: (invoice) =>
    `We did not find the payment of the proof for invoice ${invoice} in our account, and the invoice is open. If it left your account, please send us your bank's own statement of that day and we look again.`,
  refused: (invoice) =>
    `The proof for invoice ${invoice} was not used, and the invoice stays as it was. If you paid, the payment is seen when the bank tells us of it.`,
  expired: (invoice) =>
    `The bank has not told us of the payment for invoice ${invoice} yet, and the time in which we wait for it is over. The invoice is open; when the payment arrives, everything settles by itself.`,
  subject: {
    received: (invoice) => `We received the payment proof for invoice ${invoice}`,
    confirmed: (invoice) => `The payment of invoice ${invoice} is confirmed`,
    contradicted: (invoice) => `We did not find the payment of invoice ${invoice}`,
    refused: (invoice) => `About the payment proof for invoice ${invoice}`,
    expired: (invoice) => `The payment of invoice ${invoice} has not reached us yet`,
  },
  state: {
    under_review: "under review",
    confirmed: "confirmed",
    contradicted: "contradicted",
    refused: "not used",
    expired: "expired",
  },
};
