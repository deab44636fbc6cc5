// Every reason is one calm sentence in both languages, whichever of its facts are known.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANGS, type Lang } from "../kernel/lang.ts";
import { parseInstant } from "../kernel/time.ts";
import type { Because, Rule } from "../policy/decision.ts";
import { REASONS_EN } from "./reasons.en.ts";
import { REASONS_PT_BR } from "./reasons.pt-BR.ts";
import { sayAct, sayBecause, sayStep } from "./reasons.ts";
import { zone } from "./testing/builders.ts";
import { harshness } from "./tone.ts";

const RULES = Object.keys(REASONS_PT_BR) as Rule[];
const at = parseInstant("2026-11-27T12:00:00Z");

const facts = (detail: fc.Arbitrary<string>) =>
  fc.record(
    {
      invoice: fc.constantFrom("1042", "1042, 1043", "a\nb"),
      service: fc.constant("padaria.example"),
      step: fc.constantFrom("warning", "promise_due", "my-own-step"),
      promise: fc.constant("20261126-7"),
      hold: fc.constantFrom("dispute", "legal", "abuse", "manual", "overdue"),
      days: fc.integer({ min: -40, max: 400 }),
      cents: fc.integer({ min: 0, max: 10_000_000 }),
      at: fc.constant(at),
      until: fc.constant(at),
      detail,
    },
    { requiredKeys: [] },
  );

describe.each(RULES.flatMap((rule) => LANGS.map((lang) => [rule, lang] as const)))("the reason %s in %s", (rule, lang) => {
  it("is one sentence without gaps, and calm", () => {
    fc.assert(
      fc.property(facts(fc.constantFrom("weekend", "holiday:2026-12-25", "active", "another thing")), (known) => {
        const sentence = sayBecause({ rule, ...known }, lang, zone, "BRL");
        expect(sentence).toMatch(/^\p{Lu}[^\n]*[^\s.]\.$/u);
        expect(sentence).not.toMatch(/undefined|null|NaN|\[object|\$\{| {2}| [.,:)]|\(\)/u);
        expect(harshness(sentence, lang)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("reasons", () => {
  const say = (because: Because, lang: Lang = "pt-BR") => sayBecause(because, lang, zone, "BRL");

  it("tell the numbers they rest on", () => {
    const due: Because = { rule: "step_due", invoice: "1042", step: "warning", days: 4, cents: 2990 };
    expect(say(due)).toBe("A fatura 1042 venceu há 4 dias (R$ 29,90): é a vez do passo aviso de suspensão.");
    expect(say(due, "en")).toBe("Invoice 1042 was due 4 days ago (R$29.90): the step suspension warning is next.");
  });

  it("write an amount bare when its currency is not known", () => {
    const because: Because = { rule: "small_remainder", invoice: "1042", cents: 5 };
    expect(sayBecause(because, "pt-BR", zone)).toBe("O que falta da fatura 1042 (0,05) é pouco para uma suspensão.");
    expect(sayBecause({ ...because, cents: 123_456 }, "en", zone)).toContain("(1234.56)");
  });

  it("say the closed calendar in words, with the holiday's day", () => {
    const because: Because = { rule: "closed_calendar", detail: "eve:2026-12-25", until: at };
    expect(say(because)).toBe(
      "O calendário não permite começar uma suspensão agora (véspera de feriado de 25/12/2026): a próxima data possível é sexta-feira, 27 de novembro de 2026, às 9h.",
    );
    expect(say(because, "en")).toContain("(eve of a holiday, 2026-12-25): the next possible time is Friday, 27 November 2026, 9:00.");
  });

  it("tell a gap that is waited for from one that was kept", () => {
    expect(say({ rule: "gap", invoice: "1042", step: "suspend", until: at })).toContain("só chega na sexta-feira, 27 de novembro de 2026");
    expect(say({ rule: "gap", invoice: "1042", step: "suspend", at })).toContain("foi respeitado: o aviso foi aceito na sexta-feira");
  });

  it("exist for the same rules in both languages", () => {
    expect(Object.keys(REASONS_EN).sort()).toEqual([...RULES].sort());
  });
});

describe("steps", () => {
  it("are said in words where the name is one of ours, and quoted where it is the provider's", () => {
    expect(sayStep("termination_warning", "pt-BR")).toBe("aviso de encerramento");
    expect(sayStep("promise-granted", "en")).toBe("confirmation of the promise");
    expect(sayStep("ligar-para-o-cliente", "pt-BR")).toBe("“ligar-para-o-cliente”");
  });

  it("and acts have a name in both languages", () => {
    expect(sayAct("warn", "pt-BR")).toBe("aviso de suspensão");
    expect(sayAct("terminate", "en")).toBe("termination");
  });
});

describe("the list of harsh words", () => {
  it("finds threats, blame and shouting", () => {
    expect(harshness("ÚLTIMO AVISO! Pague imediatamente sob pena de protesto.", "pt-BR").length).toBeGreaterThanOrEqual(5);
    expect(harshness("FINAL NOTICE! You must pay or else.", "en").length).toBeGreaterThanOrEqual(4);
    expect(harshness("Sua fatura vence na sexta-feira.", "pt-BR")).toEqual([]);
  });
});
