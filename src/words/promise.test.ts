// Every reason, change and condition of a request for more time is one calm sentence in both languages.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LANGS } from "../kernel/lang.ts";
import { parseDay, parseInstant } from "../kernel/time.ts";
import type { Condition, Reason, Refusal, WouldChange } from "../policy/offer.ts";
import { PROMISE_PT_BR } from "./promise.pt-BR.ts";
import { sayChange, sayCondition, sayOffer, sayReason, type Tongue } from "./promise.ts";
import { zone } from "./testing/builders.ts";
import { harshness } from "./tone.ts";

const tongue = (lang: Tongue["lang"]): Tongue => ({ lang, zone, currency: "BRL", today: parseDay("2026-11-24") });
const until = parseInstant("2026-11-26T21:00:00Z");
const RULES = Object.keys(PROMISE_PT_BR.reasons) as Reason["rule"][];
const CHANGES = Object.keys(PROMISE_PT_BR.changes) as WouldChange["what"][];

const numbers = fc.record(
  {
    count: fc.integer({ min: 0, max: 5 }),
    limit: fc.integer({ min: 0, max: 60 }),
    days: fc.integer({ min: 0, max: 400 }),
    cents: fc.integer({ min: 0, max: 1_000_000 }),
    limitCents: fc.integer({ min: 0, max: 1_000_000 }),
    day: fc.constant(parseDay("2026-10-12")),
    promise: fc.constantFrom("P-20261012-4K7Q", "a\nb"),
    detail: fc.constantFrom("padaria.example", "a\r\nb"),
  },
  { requiredKeys: [] },
);

const conditions: Condition[] = [
  { condition: "pay_by", until, cents: 2990, invoices: ["1042"] },
  { condition: "pay_by", until, cents: 2990, invoices: ["1", "2", "3", "4", "5", "6", "7"] },
  { condition: "access_ends", until },
  { condition: "ladder_continues", until },
  { condition: "lowers_next", days: 2 },
  { condition: "released_days_charged", days: 1, cents: 100 },
  { condition: "released_days_charged", days: 3, cents: null },
  { condition: "weekend_charged", days: 4, cents: 400 },
  { condition: "late_fee_counts", finePercent: "2", interestPercentMonth: "0.5" },
  { condition: "late_fee_counts", finePercent: "0", interestPercentMonth: "1" },
  { condition: "other_hold_stays", hold: "abuse" },
];

function expectCalm(sentence: string, lang: Tongue["lang"]): void {
  expect(sentence).toMatch(/^\p{Lu}[^\n\r]*[^\s.]\.$/u);
  expect(sentence).not.toMatch(/undefined|null|NaN|\[object| {2}| [.,:)]|\(\)/u);
  expect(harshness(sentence.replace(/P-\d+-\w+/gu, ""), lang)).toEqual([]);
}

describe.each(LANGS)("in %s", (lang) => {
  it.each(RULES)("the reason %s is one calm sentence", (rule) => {
    fc.assert(fc.property(numbers, (known) => expectCalm(sayReason({ rule, wouldChange: null, ...known }, tongue(lang)), lang)));
  });

  it.each(CHANGES)("the change %s is one calm sentence", (what) => {
    fc.assert(
      fc.property(numbers, ({ day, cents, count }) => {
        const change: WouldChange = {
          what,
          ...(day === undefined ? {} : { day }),
          ...(cents === undefined ? {} : { cents }),
          ...(count === undefined ? {} : { count }),
        };
        expectCalm(sayChange(change, tongue(lang)), lang);
      }),
    );
  });

  it.each(conditions)("the condition $condition is one calm sentence", (condition) => {
    expectCalm(sayCondition(condition, tongue(lang)), lang);
  });
});

describe("the whole answer", () => {
  const broken: Refusal = {
    rule: "promises_broken",
    count: 2,
    limit: 1,
    day: parseDay("2026-10-12"),
    wouldChange: { what: "ask_from", day: parseDay("2027-02-01") },
  };

  it("refuses with the reason, what would change it, and the way that always works", () => {
    expect(sayOffer({ granted: false, reasons: [broken] }, true, tongue("pt-BR"))).toEqual([
      "Desta vez não podemos liberar antes do pagamento.",
      "O último prazo combinado (segunda-feira, 12 de outubro) não foi cumprido. A partir de segunda-feira, 1º de fevereiro de 2027, isso já não impede um novo pedido.",
      "Assim que o pagamento entrar, o serviço volta sozinho, em segundos, a qualquer hora.",
    ]);
    expect(sayOffer({ granted: false, reasons: [broken] }, false, tongue("en"))[0]).toBe("This time we cannot give more time.");
  });

  it("grants with the exact moment and the conditions", () => {
    const offer = {
      granted: true,
      kind: "release",
      until,
      invoices: ["1042"],
      owed: 2990,
      reasons: [],
      overridden: [],
      conditions,
    } as const;
    const [lead, first, , second] = sayOffer(offer, true, tongue("pt-BR"));
    expect(lead).toBe("Mais prazo é possível até quinta-feira, 26 de novembro, às 18h, nestas condições:");
    expect(first).toBe("O pagamento de R$ 29,90 (fatura 1042) chega até quinta-feira, 26 de novembro, às 18h.");
    expect(second).toBe(
      "Sem o pagamento até quinta-feira, 26 de novembro, às 18h, o serviço volta a ficar suspenso; os dados continuam guardados.",
    );
    expect(sayOffer(offer, true, tongue("en"))[1]).toBe("The payment of R$29.90 (invoice 1042) arrives by Thursday, 26 November, 18:00.");
  });
});
