// The sentences of a payment proof's checks, in English.
import type { ProofTexts } from "./proofs-texts.ts";

export const PROOFS_EN: ProofTexts = {
  rules: {
    slip_code: {
      title: "Boleto code",
      says: {
        none: "There is no digit line and no bar code in the document.",
        this_invoice: "The digit line {line} is that of the boleto we issued for invoice {invoice}.",
        other_customer: "The digit line {line} is that of a boleto issued for another customer.",
        other_invoice: "The digit line {line} is that of invoice {invoice}, of the same customer.",
        unknown: "The digit line {line} is valid, and is not of a boleto issued by us.",
      },
    },
    pix_code: {
      title: "Pix code",
      says: {
        none: "There is no Pix code in the document.",
        this_invoice: "The Pix code is that of the charge for invoice {invoice}.",
        other_customer: "The Pix code is that of a charge made to another customer.",
        other_invoice: "The Pix code is that of the charge for invoice {invoice}, of the same customer.",
        other_key: "The Pix code pays to the key {key}, which is not ours.",
        our_key: "The Pix code pays to our key {key}.",
        unknown: "The Pix code does not say which charge it is for.",
      },
    },
    receiver: {
      title: "Receiver",
      says: {
        tax_id: "The document shows our number {value}.",
        name: "The document shows our name or key: {value}.",
        not_found: "Our name and number were not found in the document.",
      },
    },
    amount: {
      title: "Amount",
      says: {
        none: "No amount was found in the document.",
        fits: "The amount {cents} is what settles the invoice.",
        less: "The largest amount in the document, {cents}, is less than the {open} that are open.",
        other: "The largest amount in the document is {cents}; {open} are open.",
      },
    },
    end_to_end_id: {
      title: "Pix end-to-end id",
      says: {
        none: "There is no end-to-end id of a Pix in the document.",
        well_formed: "The id {id} has the form that the Banco Central prescribes, and a possible date.",
        ahead: "The id {id} has a date in the future, like that of a scheduled Pix.",
        returned: "The id {id} is that of a return, not of a payment.",
        before_pix: "The id {id} has a date from before Pix existed.",
        malformed: "The id {id} does not have the form that the Banco Central prescribes; no bank issues one like it.",
      },
    },
    payment_date: {
      title: "Date of payment",
      says: {
        none: "No date was found in the document.",
        future: "The payment would have a date in the future: {day}.",
        disagrees: "The date in the Pix id, {day}, differs by more than a day from the dates printed.",
        before_invoice: "The date {day} is from before the invoice was issued.",
        agrees: "The date in the Pix id, {day}, is the one that is printed.",
        only_id: "The Pix id holds the date {day}; no other is printed.",
        recent: "The date {day} is from after the invoice was issued.",
      },
    },
    institution: {
      title: "Payer's institution",
      says: {
        none: "The document holds no institution's code.",
        known: "The code {ispb} is that of {name}.",
        unknown: "The code {ispb} is not among the institutions we know, which says nothing against the document.",
      },
    },
    scheduled: {
      title: "Scheduling",
      says: {
        no_sign: "Nothing in the document speaks of scheduling.",
        order: "The document is an order for later (“{words}”): the bank has not paid yet. When it pays, the money reaches us.",
      },
    },
    same_file: {
      title: "File sent before",
      says: {
        first: "This file was not sent before.",
        this_invoice: "This same file was sent for this invoice already.",
        other_invoice: "This same file was sent for another invoice.",
        other_customer: "This same file was sent by another customer.",
      },
    },
    same_look: {
      title: "Similar picture",
      says: {
        first: "No similar picture was sent before.",
        told_apart: "There are similar pictures, as is common among receipts of one bank; their codes are others.",
        alike: "There are {count} pictures almost the same, and no legible code that tells them apart.",
      },
    },
    same_codes: {
      title: "Codes shown before",
      says: {
        none: "There is no id and no authentication to compare.",
        first: "The id or authentication was not shown before.",
        booked: "The bank has told us already of payment {id}, for this invoice.",
        booked_for_another: "Payment {id} was received already, and is another customer's.",
        booked_for_other_invoice: "Payment {id} was received already, and settled another invoice of the same customer.",
        other_invoice: "The code {id} was shown for another invoice.",
        other_customer: "The code {id} was shown by another customer.",
      },
    },
    bank_mail: {
      title: "Mail of the bank",
      says: {
        none: "The proof did not come as a bank's mail.",
        not_a_bank: "The mail does not come from a bank's address.",
        signed: "The signature of {domain} holds: the mail was sent by that domain and was not altered.",
        altered: "The signature of {domain} does not fit the mail; it changed on the way or later.",
        unsigned: "The mail says that it comes from {domain} and is not signed by that domain.",
      },
    },
    edited: {
      title: "Editing",
      says: {
        no_sign: "Nothing in the file speaks of editing.",
        editor: "The file was written by a program for editing: {program}.",
        changed_later: "The file was changed after it was made.",
      },
    },
  },
  unsure: "This was read from a picture and may be misread: a person will look.",
  verdict: { supports: "supports", neutral: "says nothing", contradicts: "contradicts" },
  recommendation: {
    release: "release while the bank confirms",
    wait: "wait for the scheduled day",
    person: "a person looks first",
  },
};
