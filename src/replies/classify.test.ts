// Replies as customers write them, in both languages, and what each is taken for.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify, type Classified, type ReplyMatter, type Unsure } from "./classify.ts";

const read = (words: string, change: { subject?: string; files?: number; answersOurs?: boolean } = {}): Classified =>
  classify({ subject: "Re: Aviso", words, answersOurs: true, files: 0, ...change });

type Row = [words: string, matter: ReplyMatter, unsure?: Unsure];

const PORTUGUESE: Row[] = [
  ["Bom dia, preciso de mais prazo para pagar essa fatura.", "more_time"],
  ["Consigo pagar só na sexta, pode ser?", "more_time"],
  ["Vou pagar amanhã sem falta", "more_time"],
  ["Me dá mais uns 5 dias por favor", "more_time"],
  ["Por favor não suspendam o site, recebo dia 10", "more_time"],
  ["Solicito liberação por confiança até segunda", "more_time"],
  ["dá pra prorrogar o vencimento?", "more_time"],
  ["Ainda não paguei, posso pagar semana que vem?", "more_time"],
  ["Já paguei ontem pelo banco", "paid"],
  ["O boleto já foi pago na segunda", "paid"],
  ["Paguei agora. Podem liberar?", "paid"],
  ["Me envia o pix por favor", "how_to_pay"],
  ["Preciso da segunda via do boleto", "how_to_pay"],
  ["Como faço para pagar?", "how_to_pay"],
  ["O boleto venceu, podem gerar outro?", "how_to_pay"],
  ["Quero cancelar meu plano de hospedagem", "cancel"],
  ["Solicito o cancelamento da conta", "cancel"],
  ["Não quero mais renovar, podem encerrar", "cancel"],
  ["Obrigado, ciente.", "thanks"],
  ["Se vocês suspenderem meu site vou cancelar tudo", "cancel", "conditional"],
  ["Vou pagar amanhã, senão podem cancelar a conta", "person", "several"],
  ["Vocês são uns ladrões!!!", "person", "for_a_person"],
  ["Bando de incompetentes, quero cancelar minha conta já", "cancel", "for_a_person"],
  ["Seus picaretas, vou pagar amanhã", "more_time", "for_a_person"],
  ["Não reconheço essa cobrança", "person", "for_a_person"],
  ["Já cancelei esse serviço em março", "person", "for_a_person"],
  ["Quero cancelar essa cobrança indevida", "person", "for_a_person"],
  ["Vou no Procon e no Reclame Aqui", "person", "for_a_person"],
  ["Dá pra parcelar em 3x?", "person", "for_a_person"],
  ["Com base na LGPD peço que apaguem meus dados", "person", "for_a_person"],
  ["Parem de me mandar e-mail", "person", "for_a_person"],
  ["Qual o horário de atendimento de vocês?", "person", "nothing_known"],
  ["", "person", "nothing_known"],
];

const ENGLISH: Row[] = [
  ["Hi, I need more time to pay this one.", "more_time"],
  ["We’ll pay on Friday", "more_time"],
  ["Please don't suspend the site, I can pay next week", "more_time"],
  ["Could you extend the due date?", "more_time"],
  ["I have already paid this invoice", "paid"],
  ["The invoice has been paid yesterday", "paid"],
  ["I haven't paid yet, I will pay tomorrow", "more_time"],
  ["How can I pay?", "how_to_pay"],
  ["Please resend the invoice", "how_to_pay"],
  ["Please cancel my account", "cancel"],
  ["I no longer need the hosting", "cancel"],
  ["Thanks, noted", "thanks"],
  ["You are thieves", "person", "for_a_person"],
  ["My lawyer will write to you", "person", "for_a_person"],
  ["Can I have a payment plan?", "person", "for_a_person"],
  ["Does the plan include backups?", "person", "nothing_known"],
];

describe("what a reply asks for", () => {
  it.each([...PORTUGUESE, ...ENGLISH])("“%s” is %s", (words, matter, unsure) => {
    const found = read(words);
    expect([found.matter, found.unsure]).toEqual([matter, unsure ?? null]);
    expect(found.sure).toBe(unsure === undefined);
  });

  it("takes a file with a few words, or none, for a payment proof", () => {
    expect(read("segue comprovante", { files: 1 })).toMatchObject({ matter: "proof", sure: true });
    expect(read("", { files: 1 })).toMatchObject({ matter: "proof", sure: true });
    expect(read("Receipt attached, thanks", { files: 1 })).toMatchObject({ matter: "proof", sure: true });
  });

  it("lets a person look at a file that comes with a story", () => {
    const story = "Bom dia, segue em anexo o que conversamos por telefone sobre a mudança de endereço da empresa e dos dados.";
    expect(read(story, { files: 1 })).toMatchObject({ matter: "proof", sure: false, unsure: "only_a_file" });
  });

  it("takes no file for a proof where an end or an error is spoken of", () => {
    expect(read("Quero cancelar meu plano, contrato anexo", { files: 1 }).matter).toBe("cancel");
    expect(read("Cobrança indevida, veja anexo", { files: 1 }).matter).toBe("person");
  });

  it("reads the subject only where it is the sender's own", () => {
    expect(read("Segue abaixo.", { subject: "Cancelamento da conta", answersOurs: false }).matter).toBe("cancel");
    expect(read("Segue abaixo.", { subject: "Re: Cancelamento da conta" }).matter).toBe("person");
  });

  it("names the rule and the words that told", () => {
    expect(read("Preciso de mais prazo").reasons).toEqual([{ rule: "pt.more_time.term", intent: "more_time", words: "mais prazo" }]);
  });

  it("lets a person read a long story, whatever it asks for", () => {
    expect(read(`Preciso de mais prazo. ${"Explico a situação toda. ".repeat(80)}`)).toMatchObject({ matter: "more_time", unsure: "long" });
  });

  it("answers any text, the same each time, and quickly", () => {
    const words = fc.oneof(
      fc.string({ maxLength: 4_000 }),
      fc
        .array(fc.constantFrom("pago", "nao", "ate", "dia 1", "cancelar", "mais", "quero", "pix", "envia", "a", "b"), { maxLength: 400 })
        .map((all) => all.join(" ")),
    );
    fc.assert(
      fc.property(words, fc.nat(2), (text, files) => {
        const once = read(text, { files });
        expect(read(text, { files })).toEqual(once);
        expect(once.sure).toBe(once.unsure === null);
      }),
    );
  });
});
