// Payment proofs judged: honest ones are given time and never accused, each kind of trick is held back or shown to a person.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeStaticBrCode } from "../codes/make-br-code.ts";
import { makeBoleto } from "../codes/boleto.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import { findIn } from "./findings.ts";
import { checkProof } from "./judge.ts";
import type { Proof } from "./proof.ts";
import { SENTENCES } from "./proof.ts";
import { checkOf, context, endToEnd, NOW, proof, receiptText, recommended, TODAY } from "./testing/builders.ts";

const ours = makeBoleto({ bank: "237", amountCents: 2990, due: TODAY, freeField: "1234040000000045601234560" });
const mailFrom = (from: string, signatures: NonNullable<Proof["mail"]>["signatures"]): Partial<Proof> => ({
  mail: { from, sentAt: NOW - HOUR_MS, signatures },
});
const signed = (domain: string, result: "pass" | "fail") => [{ domain, result, reason: null }];

describe("an honest proof", () => {
  const honest: Record<string, Proof> = {
    "a PDF receipt": proof(receiptText()),
    "a screenshot that was recognised": proof(receiptText(), "ocr"),
    "a screenshot of which nothing could be read": proof("", "ocr", { texts: [] }),
    "a photo with a digit lost from its amount": proof(receiptText({ amount: "R$ 9,90" }), "ocr"),
    "a photo whose id lost a letter": proof(receiptText({ id: endToEnd(NOW - HOUR_MS).slice(0, 31) }), "ocr"),
    "a receipt with fine and interest": proof(receiptText({ amount: "R$ 30,50" })),
    "a receipt from an institution that we do not know": proof(
      receiptText({ id: endToEnd(NOW - HOUR_MS).replace("18236120", "99999999") }),
    ),
    "a receipt of a scheduling that was carried out": proof(receiptText({ more: "Agendamento efetivado com sucesso" })),
    "a receipt that mentions that nothing is scheduled": proof(receiptText({ more: "Não há pagamento agendado." })),
    "a slip that we issued": proof(`Comprovante de pagamento de boleto\n${ours.digitLine}\nValor R$ 29,90\nData 22/11/2026`),
    "a mail of a bank": proof(receiptText(), "mail", mailFrom("info.itau.com.br", signed("itau.com.br", "pass"))),
    "a mail that the customer forwards": proof(receiptText(), "mail", mailFrom("cliente.example", signed("cliente.example", "pass"))),
  };

  it.each(Object.entries(honest))("as %s is contradicted by nothing and gets its release", (_name, sent) => {
    const checks = checkProof(sent, findIn(sent, TODAY), context({ issued: [issued("this_invoice")] }));
    expect(checks.filter(({ verdict }) => verdict === "contradicts")).toEqual([]);
    expect(recommended(sent, context({ issued: [issued("this_invoice")] }))).toBe("release");
  });

  it("that looks like another of the same bank is told apart by its codes", () => {
    const alike = context({ seen: [{ kind: "look", value: "0f", whose: "other_customer", distance: 2 }] });
    expect(recommended(proof(receiptText()), alike)).toBe("release");
  });

  it("sent twice for the same invoice is no offence", () => {
    const again = context({ seen: [{ kind: "file", value: "a".repeat(64), whose: "this_invoice", distance: 0 }] });
    expect(checkOf("same_file", proof(receiptText()), again)).toMatchObject({ verdict: "neutral", because: "this_invoice", look: false });
  });

  it("of a scheduled payment is no payment, and waits for its day without a person", () => {
    const sent = proof(receiptText({ title: "Comprovante de agendamento", at: NOW + 3 * DAY_MS }));
    expect(checkOf("scheduled", sent)).toMatchObject({ verdict: "contradicts", because: "order" });
    expect(recommended(sent)).toBe("wait");
  });

  it("whose payment the bank has told of is supported by that", () => {
    const id = endToEnd(NOW - HOUR_MS);
    const booked = context({ booked: [{ endToEndId: id, whose: "this_invoice" }] });
    expect(checkOf("same_codes", proof(receiptText({ id })), booked)).toMatchObject({ verdict: "supports", because: "booked" });
  });
});

function issued(whose: "this_invoice" | "other_invoice" | "other_customer") {
  return { kind: "bar_code" as const, value: ours.barCode, whose, invoice: "F-9" };
}

describe("a proof that is not what it says", () => {
  const id = endToEnd(NOW - HOUR_MS);
  const seen = (kind: "end_to_end" | "authentication" | "file" | "look", value: string, whose: "other_invoice" | "other_customer") =>
    context({ seen: [{ kind, value, whose, distance: 0 }] });
  const otherKey = makeStaticBrCode({
    key: "outra@pessoa.example",
    name: "Outra Pessoa",
    city: "Curitiba",
    amountCents: 2990,
    txid: null,
  });
  const code = "A1B2C3D4E5F60718";
  const cases: [string, Proof, ReturnType<typeof context>, string][] = [
    ["with an id of an impossible date", proof(receiptText({ id: "E18236120202613451430s0326120V4K" })), context(), "end_to_end_id"],
    ["with an id from before Pix", proof(receiptText({ id: "E18236120201901011430s0326120V4K" })), context(), "end_to_end_id"],
    ["with the id of a return", proof(receiptText({ id: id.replace(/^E/u, "D") })), context(), "end_to_end_id"],
    ["with an id of another day than it prints", proof(receiptText({ id: endToEnd(NOW - 9 * DAY_MS) })), context(), "payment_date"],
    ["dated tomorrow", proof(receiptText({ at: NOW + DAY_MS })), context(), "payment_date"],
    ["with an id that another customer showed", proof(receiptText({ id })), seen("end_to_end", id, "other_customer"), "same_codes"],
    ["with an id shown for another invoice", proof(receiptText({ id })), seen("end_to_end", id, "other_invoice"), "same_codes"],
    [
      "with an authentication that another customer showed",
      proof(receiptText({ id: null, more: `Autenticação: ${code}` })),
      seen("authentication", code, "other_customer"),
      "same_codes",
    ],
    [
      "of a payment booked for another",
      proof(receiptText({ id })),
      context({ booked: [{ endToEndId: id, whose: "other_customer" }] }),
      "same_codes",
    ],
    ["as a file that another customer sent", proof(receiptText()), seen("file", "a".repeat(64), "other_customer"), "same_file"],
    [
      "with another customer's slip",
      proof(`Boleto ${ours.digitLine} R$ 29,90`),
      context({ issued: [issued("other_customer")] }),
      "slip_code",
    ],
    ["with a Pix code of another key", proof(receiptText(), "pdf_text", { codes: [otherKey] }), context(), "pix_code"],
  ];

  it.each(cases)("%s is contradicted and goes to a person", (_name, sent, known, rule) => {
    const checks = checkProof(sent, findIn(sent, TODAY), known).filter(({ verdict }) => verdict === "contradicts");
    expect(checks.map((check) => check.rule)).toContain(rule);
    expect(recommended(sent, known)).toBe("person");
  });

  const looks: [string, Proof, ReturnType<typeof context>][] = [
    [
      "saved by an editor of pictures",
      proof(receiptText(), "pdf_text", { made: { programs: ["Adobe Photoshop 25.0"], createdAt: null, modifiedAt: null, updates: 0 } }),
      context(),
    ],
    [
      "changed after it was made",
      proof(receiptText(), "pdf_text", {
        made: { programs: [], createdAt: NOW - DAY_MS, modifiedAt: NOW - DAY_MS + 5 * MINUTE_MS, updates: 0 },
      }),
      context(),
    ],
    ["of less than is owed", proof(receiptText({ amount: "R$ 9,90" })), context()],
    ["older than the invoice", proof(receiptText({ at: NOW - 40 * DAY_MS })), context()],
    ["of another invoice's slip", proof(`Boleto ${ours.digitLine} R$ 29,90`), context({ issued: [issued("other_invoice")] })],
    ["as a bank's mail that was altered", proof(receiptText(), "mail", mailFrom("itau.com.br", signed("itau.com.br", "fail"))), context()],
    ["as a bank's mail that nobody signed", proof(receiptText(), "mail", mailFrom("itau.com.br", [])), context()],
    ["almost the same as another, without any code", proof("borrado", "ocr"), seen("look", "0f", "other_customer")],
    ["a recognised id that another customer showed", proof(receiptText({ id }), "ocr"), seen("end_to_end", id, "other_customer")],
    ["a recognised scheduling", proof(receiptText({ title: "Comprovante de agendamento" }), "ocr"), context()],
  ];

  it.each(looks)("%s is shown to a person, and nobody is accused", (_name, sent, known) => {
    expect(checkProof(sent, findIn(sent, TODAY), known).filter(({ verdict }) => verdict === "contradicts")).toEqual([]);
    expect(recommended(sent, known)).toBe("person");
  });

  it("once before sends every later proof to a person", () => {
    expect(recommended(proof(receiptText()), context(), { forgedBefore: true })).toBe("person");
  });

  it("cannot borrow a bank's name by a domain that merely ends like it", () => {
    const sent = proof(receiptText(), "mail", mailFrom("meuitau.com.br", signed("meuitau.com.br", "pass")));
    expect(checkOf("bank_mail", sent)).toMatchObject({ verdict: "neutral", because: "not_a_bank" });
  });
});

describe("any text", () => {
  it("gives every rule once, each with a sentence, and nothing contradicts from recognised letters alone", () => {
    const pieces = fc.constantFrom(
      receiptText(),
      ours.digitLine,
      "E99",
      endToEnd(NOW + 30 * DAY_MS),
      "Comprovante de agendamento",
      "R$ 1,00",
      "Autenticação: 123456789012",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(pieces, fc.string()), { maxLength: 6 }),
        fc.constantFrom("ocr", "pdf_text", "mail"),
        (parts, source) => {
          const sent = proof(parts.join("\n"), source);
          const checks = checkProof(sent, findIn(sent, TODAY), context({ issued: [issued("other_customer")] }));
          expect(checks.map(({ rule }) => rule)).toEqual(Object.keys(SENTENCES));
          for (const { rule, because, verdict } of checks) {
            expect(SENTENCES[rule] as readonly string[]).toContain(because);
            if (source === "ocr") expect(verdict).not.toBe("contradicts");
          }
        },
      ),
    );
  });
});
