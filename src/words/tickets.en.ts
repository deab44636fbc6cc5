// The answer to a ticket in English: calm, with what is open, what comes next and when.
import type { TicketWords } from "./tickets-texts.ts";

export const TICKETS_EN: TicketWords = {
  greeting: (name) => (name === null ? "Hello," : `Hello ${name},`),
  received: "Your message has arrived, and a person of our team will read it. Meanwhile, this is how your account stands:",
  invoice: (ref, amount, due, past) => `Invoice ${ref}, ${amount}, ${past ? "was" : "is"} due on ${due}.`,
  total: (amount) => `Open in all: ${amount}.`,
  suspended: (names) =>
    `Suspended for lack of payment: ${names}. As soon as the payment comes in, access comes back by itself, within seconds, at any hour.`,
  suspensionAt: (on) => `If nothing changes, access will be suspended ${on}. With a payment before then, everything stays up.`,
  nothingSoon: "No suspension is due for now.",
  promised: (on) => `Access is kept for the time agreed, which ends ${on}.`,
  underReview: "Your proof of payment is under review; nothing is suspended until it is over.",
  howToPay: "How to pay:",
  askHowToPay: (email) => `To learn how to pay, write to ${email}.`,
  portal: (address) => `To pay, to ask for more time or to send a proof of payment, at any hour: ${address}`,
  moreTime: (email) => `If you need more time, tell us until when, here or by e-mail: ${email}.`,
  reference: (mark) => `Reference: ${mark}`,
};
