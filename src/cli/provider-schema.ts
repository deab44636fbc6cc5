// The provider file's keys, and what each holds.
import { z } from "zod";

const line = (what: string, max = 200) => z.string().trim().min(1).max(max).describe(what);
/** What stands in a message stands on one line of it. */
const oneLine = (what: string, max = 200) => line(what, max).regex(/^[^\r\n]*$/u, "it has a line break");

export const providerSchema = z.strictObject({
  name: oneLine("The name your customers know you by.", 80),
  legal_name: oneLine("The registered name. Leave it out when it is the same.").optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/u, "it is not two capital letters")
    .default("BR")
    .describe("ISO 3166 country you are registered in, for example BR: there the tax_id is checked as CPF or CNPJ."),
  tax_id: oneLine("Your CPF or CNPJ, with or without dots; for another country, its tax number.", 40),
  address: oneLine("Your postal address in one line: street, number, district, postal code, city, state."),
  email: z
    .email("it is not an e-mail address")
    .describe("An address where an answer reaches a person, for example financeiro@example.com.br."),
  phone: oneLine("A telephone number, as customers would dial it.", 40).optional(),
  site: z
    .url({ protocol: /^https?$/u, error: "it is not a web address" })
    .optional()
    .describe("Your site, with https://."),
  lang: z.enum(["pt-BR", "en"]).default("pt-BR").describe("Language for what is not addressed to one customer: pt-BR or en."),
  time_zone: oneLine("An IANA name, for example America/Sao_Paulo.", 60).default("America/Sao_Paulo"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/u, "it is not three capital letters")
    .default("BRL")
    .describe("ISO 4217 code of the currency you are paid in, for example BRL."),
  payment: z
    .strictObject({
      "pt-BR": z.array(oneLine("One line that says how to pay.", 300)).min(1).max(8).describe("Lines that say how to pay, in Portuguese."),
      en: z.array(oneLine("One line that says how to pay.", 300)).min(1).max(8).describe("Lines that say how to pay, in English."),
    })
    .describe("How to pay, in both languages: a Pix key, the portal's address."),
  pix: z
    .strictObject({
      key: oneLine("The Pix key that receives: CPF, CNPJ, e-mail, telephone with +55, or random key.", 77),
      city: oneLine("The city of the account, as it stands in Pix codes; at most 15 letters are shown.", 60),
    })
    .optional()
    .describe("Where Pix is received: the portal makes codes for it, each with the amount and the invoice in it. Leave it out for none."),
  proof: z
    .strictObject({
      "pt-BR": oneLine("Where to send a payment proof, in Portuguese: an e-mail address or a page."),
      en: oneLine("Where to send a payment proof, in English: an e-mail address or a page."),
    })
    .optional()
    .describe("Where to send a payment proof, in both languages. Leave it out when you accept none."),
});

export type Provider = z.infer<typeof providerSchema>;
