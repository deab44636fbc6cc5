// Answers by rule in English: what was understood, and what to do next.
import type { AnswerTexts } from "./answers-texts.ts";

export const ANSWERS_EN: AnswerTexts = {
  more_time: ({ until }) =>
    until === null
      ? "We have your request for more time. What can be agreed today, with the reasons, is in your customer area, at the address below. A person of our team will read your request too."
      : `We have your request for more time. Today it can be agreed until ${until}. It begins once you confirm it in your customer area, at the address below, where the conditions are.`,
  paid: ({ open }) =>
    open
      ? "We have your word that it was paid. When the bank confirms it, the invoice is settled by itself and, if the service is suspended, it comes back by itself, at any hour. A boleto may take one business day. To be quicker, send the proof of payment in your customer area, at the address below."
      : "We have your word that it was paid. Nothing is open in your account. Thank you.",
  how_to_pay: ({ open }) =>
    open ? "We have your message. The ways to pay are below." : "We have your message. Nothing is open in your account at this moment.",
  cancel: () =>
    "We have your message about ending the service. Nothing was changed by it: the request is made by you in your customer area, at the address below. There you choose the day, see what stays open, and what happens to your data and when.",
  proof_by_link: () =>
    "We have the file that you sent. For it to be looked at as a proof of payment, send it in your customer area, at the address below, next to the invoice it belongs to: then we know that it comes from you.",
  proof_unread: () =>
    "We have the file that you sent, but no proof of payment could be read from it. Send a PDF or a legible picture in your customer area, at the address below. A person of our team will look at your message too.",
  proofs_off: () =>
    "We have the proof of payment, thank you. Here the confirmation comes from the bank itself: when the money is in, the invoice is settled by itself and, if the service is suspended, it comes back by itself. A Pix is confirmed within seconds.",
  received: ({ open }) =>
    `We have your message. A person of our team will read it and answer.${open ? " Meanwhile, what is open and the ways to settle it are below." : ""}`,
};
