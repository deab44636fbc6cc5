// Every message in every language: who asks, what is open, what comes next and how to avoid it, in a calm voice.
import { describe, expect, it } from "vitest";
import { Bug } from "../kernel/assert.ts";
import { LANGS, type Lang } from "../kernel/lang.ts";
import { parseDay, parseInstant } from "../kernel/time.ts";
import type { MessageContent, StepAct, Template } from "../policy/decision.ts";
import { writeMessage } from "./messages.ts";
import { aContent, anInvoice, aPromise, aProvider, contentFor, TEMPLATES, zone } from "./testing/builders.ts";
import { harshness } from "./tone.ts";

const write = (template: Template, change: Partial<MessageContent> = {}, provider = aProvider()) =>
  writeMessage(template, contentFor(template, change), provider, zone);

const cases = TEMPLATES.flatMap((template) => LANGS.map((lang) => [template, lang] as const));
const WHEN: Record<Lang, string> = { "pt-BR": "sexta-feira, 27 de novembro, às 9h", en: "Friday, 27 November, 9:00" };
const AMOUNT: Record<Lang, string> = { "pt-BR": "R$ 29,90", en: "R$29.90" };

describe.each(cases)("the message “%s” in %s", (template, lang) => {
  it("names the supplier: name, registered name, CNPJ, address and how to answer", () => {
    const { text } = write(template, { lang, invoices: [] });
    for (const part of [
      "Servidor Bom (Servidor Bom Hospedagem Ltda)",
      "CNPJ 12.345.678/0001-90",
      "Rua das Flores, 10, Curitiba, 80000-000",
    ])
      expect(text).toContain(part);
    expect(text).toContain("financeiro@servidorbom.example · +55 41 3333-4444 · https://servidorbom.example");
  });

  it("lists each open invoice with service, due date, amount and days, and the total", () => {
    const invoices = [anInvoice(), anInvoice({ id: 2, ref: "1043", service: null, dueOn: parseDay("2026-11-25"), open: 100_000 })];
    const { text } = write(template, { lang, invoices });
    const expected = {
      "pt-BR": [
        "- Fatura 1042, Hospedagem Plus: R$ 29,90, venceu em 23/11/2026 (há 3 dias)\n",
        "- Fatura 1043: R$ 1.000,00, venceu em 25/11/2026 (há 1 dia)\n",
        "Total em aberto: R$ 1.029,90\n",
      ],
      en: [
        "- Invoice 1042, Hospedagem Plus: R$29.90, was due 23 Nov 2026 (3 days ago)\n",
        "- Invoice 1043: R$1,000.00, was due 25 Nov 2026 (1 day ago)\n",
        "Total open: R$1,029.90\n",
      ],
    }[lang];
    for (const part of expected) expect(text).toContain(part);
  });

  it("says the next step with its exact date, how to pay, how to ask for time and where a proof goes", () => {
    const { text } = write(template, { lang });
    expect(text).toContain(WHEN[lang]);
    expect(text).toContain(AMOUNT[lang]);
    expect(text).toContain("\n- Portal: https://servidorbom.example/portal\n");
    expect(text).toMatch(
      lang === "en" ? /Need (?:more time|another date)\? Reply/u : /Precisa (?:de mais prazo|mudar o prazo)\? Responda/u,
    );
    expect(text).toContain(lang === "en" ? "https://servidorbom.example/proof" : "https://servidorbom.example/comprovante");
  });

  it("is calm, whatever the next step is and whether anything is open", () => {
    const acts: (StepAct | null)[] = ["notify", "warn", "suspend", "warn_termination", "terminate", null];
    for (const act of acts)
      for (const invoices of [[], [anInvoice()], [anInvoice(), anInvoice({ dueOn: parseDay("2026-12-01") })]])
        for (const services of [[], ["Hospedagem Plus"], ["Hospedagem Plus", "Servidor 2"]])
          for (const kind of ["release", "postponement", "courtesy"] as const) {
            const next = act && { act, at: parseInstant("2026-11-27T12:00:00Z") };
            const { subject, text } = write(template, { lang, invoices, services, next, promise: aPromise(kind) });
            expect(harshness(`${subject}\n${text}`, lang)).toEqual([]);
            expect(`${subject}\n${text}`).not.toMatch(/undefined|null|NaN|\[object|\$\{| {2}|,,|\.\./u);
          }
  });

  it("has a subject of one line and at most 120 characters", () => {
    const services = ["S".repeat(200), "T".repeat(200), "U", "V"];
    const { subject } = write(template, { lang, services, invoices: [anInvoice({ ref: "9".repeat(200) })] });
    expect(subject.length).toBeLessThanOrEqual(120);
    expect(subject).not.toMatch(/[\r\n]/u);
    expect(subject.length).toBeGreaterThan(10);
  });

  it("is the same for the same facts", () => {
    expect(write(template, { lang })).toEqual(write(template, { lang }));
  });
});

describe("the warning", () => {
  it("puts the day to pay by in the subject and says how to keep the service up", () => {
    const { subject, text } = write("warning");
    expect(subject).toBe("Para o serviço continuar no ar, pague até sexta-feira, 27 de novembro, às 9h");
    expect(text).toContain("Para que o serviço continue no ar, pague até sexta-feira, 27 de novembro, às 9h.");
  });
});

describe("the suspension notice", () => {
  it("says which invoice causes it, that data is kept, and that a payment brings the service back", () => {
    const { text } = write("suspended");
    expect(text).toContain(
      "O serviço Hospedagem Plus está suspenso, porque a fatura 1042 está em aberto. Seus dados estão guardados. " +
        "Assim que o pagamento entrar, ele volta sozinho, em segundos, a qualquer hora.",
    );
  });

  it("speaks of several services in the plural, naming three and counting the others", () => {
    const { text } = write("suspended", { services: ["A1", "B2", "C3", "D4", "E5"] });
    expect(text).toContain("Os serviços A1, B2, C3 e mais 2 estão suspensos");
    expect(text).toContain("eles voltam sozinhos");
  });
});

describe("the termination warning", () => {
  it("says what happens to the data, when, and how to avoid it", () => {
    const { text } = write("termination_warning", { next: { act: "terminate", at: parseInstant("2027-01-05T12:30:00Z") } });
    expect(text).toContain("com a remoção dos dados guardados, marcado para terça-feira, 5 de janeiro de 2027, às 9h30.");
    expect(text).toContain("pague antes desse horário ou peça um novo prazo");
  });
});

describe("a promise", () => {
  it.each([
    ["release", "volta agora e fica no ar até segunda-feira, 30 de novembro, às 18h"],
    ["postponement", "o novo prazo vai até segunda-feira, 30 de novembro, às 18h"],
    ["courtesy", "como cortesia, o serviço Hospedagem Plus fica no ar até segunda-feira, 30 de novembro, às 18h"],
  ] as const)("of the kind %s says until when it holds, under which protocol, and what its end brings", (kind, words) => {
    const { text } = write("promise_granted", { promise: aPromise(kind), next: null });
    expect(text).toContain(words);
    expect(text).toContain("Protocolo: 20261126-7");
    expect(text).toMatch(/Sem pagamento até lá, (?:o serviço Hospedagem Plus volta a ficar suspenso|os passos seguintes continuam)/u);
  });

  it("is needed by the messages about promises: without it the text is a defect, not a half sentence", () => {
    for (const template of ["promise_granted", "promise_due", "promise_broken", "promise_kept"] as const)
      expect(() => writeMessage(template, aContent({ promise: null }), aProvider(), zone)).toThrow(Bug);
  });
});

describe("due dates", () => {
  const dueOn = parseDay("2026-11-21"); // a Saturday
  const invoices = [anInvoice({ dueOn, effectiveDueOn: parseDay("2026-11-23") })];

  it("are said as they will be: ahead, today, past", () => {
    const lead = (today: string) => write("reminder", { today: parseDay(today), invoices: [anInvoice()] }).text.split("\n")[2];
    expect(lead("2026-11-20")).toContain("vence na segunda-feira, 23 de novembro.");
    expect(lead("2026-11-23")).toContain("vence hoje, segunda-feira, 23 de novembro.");
    expect(lead("2026-11-24")).toContain("venceu na segunda-feira, 23 de novembro.");
  });

  it("on a Saturday are payable until Monday at no extra cost, and the days count from there", () => {
    const before = write("due", { today: dueOn, invoices }).text;
    expect(before).toContain("vence hoje, sábado, 21 de novembro, e pode ser paga até segunda-feira, 23 de novembro sem acréscimo");
    const between = write("reminder", { today: parseDay("2026-11-22"), invoices }).text;
    expect(between).toContain("venceu no sábado, 21 de novembro, e pode ser paga até segunda-feira, 23 de novembro sem acréscimo");
    const after = write("reminder", { invoices }).text;
    expect(after).toContain("venceu no sábado, 21 de novembro. ");
    expect(after).toContain("venceu em 21/11/2026, com pagamento até 23/11/2026 (há 3 dias)");
  });

  it("carry the year when it is another one", () => {
    const { text } = write("before_due", { today: parseDay("2026-12-30"), invoices: [anInvoice({ dueOn: parseDay("2027-01-01") })] });
    expect(text).toContain("vence na sexta-feira, 1º de janeiro de 2027.");
  });

  it("use the provider's clock", () => {
    const { text } = write("warning", { next: { act: "suspend", at: parseInstant("2026-11-28T02:59:00Z") } });
    expect(text).toContain("sexta-feira, 27 de novembro, às 23h59");
    expect(text).toContain("Horários no fuso America/Sao_Paulo");
  });
});

describe("the provider's choices", () => {
  it("a rehearsal says so, and only a rehearsal", () => {
    expect(write("warning", {}, aProvider({ sandbox: true })).text).toContain("nada foi enviado para fora");
    expect(write("warning", { lang: "en" }, aProvider({ sandbox: true })).text).toContain("nothing was sent outside");
    expect(write("warning").text).not.toContain("nsaio");
  });

  it("without proofs, none is asked for", () => {
    expect(write("warning", {}, aProvider({ proof: null })).text).not.toContain("comprovante");
  });

  it("without payment lines, the message says where to ask", () => {
    const { text } = write("warning", {}, aProvider({ payment: { "pt-BR": [" "], en: [] } }));
    expect(text).toContain("Para saber como pagar, responda a esta mensagem.");
    expect(text).not.toContain("Como pagar:");
  });

  it("tells a person's CPF from a company's CNPJ, old and new, and leaves other numbers alone", () => {
    const line = (taxId: string) => write("warning", {}, aProvider({ taxId })).text.split("\n---\n")[1]?.split("\n")[1];
    expect(line("123.456.789-09")).toBe("CPF 123.456.789-09");
    expect(line("12.ABC.345/01DE-35")).toBe("CNPJ 12.ABC.345/01DE-35");
    expect(line("VAT GB 123456789")).toBe("VAT GB 123456789");
  });

  it("one name is not written twice", () => {
    const { text } = write("warning", {}, aProvider({ legalName: "Servidor Bom" }));
    expect(text).toContain("\n---\nServidor Bom\nCNPJ");
  });
});
