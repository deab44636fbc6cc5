// Answers offered to staff in English.
import type { DraftTexts } from "./drafts-texts.ts";

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

export const DRAFTS_EN: DraftTexts = {
  how_to_pay: ({ open }) => [
    open
      ? "Here are the ways to pay what is open. There is no need to tell us afterwards: the payment is booked by itself."
      : "Nothing is open in your account at this moment.",
  ],
  more_time: ({ until, portal, offer }) =>
    until !== null && portal
      ? [
          `Today more time can be agreed until ${until}. It begins once you confirm it in your customer area, at the address below, where the conditions are.`,
        ]
      : until !== null
        ? [...offer, "If you agree, answer this message."]
        : offer,
  paid: ({ open, portal }) => [
    open
      ? `Thank you for telling us of the payment. It is not to be seen here yet. When the bank confirms it, the invoice is settled by itself and, if the service is suspended, it comes back by itself, at any hour. A Pix is confirmed within seconds; a boleto may take one business day.${portal ? " To be quicker, send the proof of payment in your customer area, at the address below." : ""}`
      : "Nothing is open in your account: the payment is booked. Thank you.",
  ],
  suspended: ({ down }) => [
    `${down.length > 1 ? `The services ${list(down)} are suspended` : `The service ${list(down)} is suspended`} because of what is open. The data is kept. As soon as the payment is in, ${down.length > 1 ? "they come back by themselves" : "it comes back by itself"}, within seconds, at any hour.`,
  ],
  cancel: ({ portal }) => [
    portal
      ? "I have your message about ending the service. Nothing was changed by this conversation: the request is made by you in your customer area, at the address below. There you choose the day, see what stays open, and what happens to your data and when."
      : "I have your message about ending the service. Nothing was changed by this conversation. Please say which service, and from which day; before it is recorded I tell you what stays open, and what happens to your data and when.",
  ],
  dispute: () => [
    "Thank you for pointing this out. We compare the charge with what was agreed and answer here. If you can, say which item or amount you do not recognise.",
    "If there is a mistake it is corrected, and you have the confirmation in writing.",
  ],
  installments: ({ until, portal }) => [
    `I have your request to pay in parts. We see what is possible and answer here.${until === null ? "" : ` Meanwhile more time can be agreed today until ${until}${portal ? ", in your customer area, at the address below" : ""}.`}`,
  ],
  insult: () => [
    "I am sorry for the trouble and would like to help. Below is what stands in your account today. If something is not right, say what it is, and it is checked.",
  ],
  legal: ({ known }) => [
    `We have your message. Whoever answers for this matter reads it and answers in writing, here.${known ? " If you need it, we send you the complete record of messages and decisions about your account." : ""}`,
  ],
  personal_data: ({ known }) => [
    `We have your request about personal data. The complete answer goes out in writing within 15 days, as the Brazilian data protection act says (Lei 13.709/2018, art. 19).${known ? "" : " To protect the data it goes to the e-mail address of the account."}`,
  ],
  fewer_messages: ({ known }) => [
    known
      ? "We have your request for fewer messages. We see which reminders can be left out and answer here. The warning before a suspension stays, because no service is suspended without it."
      : "We have your request for fewer messages. Please say at which address they arrive, so that we can find the account.",
  ],
  thanks: () => ["Thank you for your message. If you need anything, just answer here."],
  unknown_address: () => [
    "Thank you for your message. This address belongs to no account with us; for safety we speak of no invoices or services here.",
    "Please write from the address of the account, or say the customer number and the domain, so that we can find it.",
  ],
  received: () => ["We have your message and look into it. The answer comes here."],
};
