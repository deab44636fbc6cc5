// The timeline of a policy and its drawing: every step with its date, what the calendar moved and why, within a hundred columns.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { soundPolicy } from "../../test/support/policy-arbitraries.ts";
import { plain, preset, ZONE } from "../../test/support/timeline.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatDay, parseDay, type Day } from "../kernel/time.ts";
import { sayDay, sayMoment } from "../words/dates.ts";
import { sayBecause, sayStep } from "../words/reasons.ts";
import { compilePolicy } from "./compile.ts";
import { drawRuler, type RulerWords } from "./ruler.ts";
import type { PolicyDoc } from "./schema.ts";
import { policyTimeline, type Sample, type TimelineLine } from "./timeline.ts";

const words = (lang: Lang): RulerWords => ({
  lang,
  day: (day) => sayDay(day, lang, null),
  moment: (instant) => sayMoment(instant, lang, ZONE, null),
  step: (step) => sayStep(step, lang),
  because: (because) => sayBecause(because, lang, ZONE),
});

const sample = (dueOn: Day, change: Partial<Sample> = {}): Sample => ({
  issuedOn: dueOn - 10,
  dueOn,
  amount: 2990,
  currency: "BRL",
  ...change,
});

function story(doc: PolicyDoc, due: string, change: Partial<Sample> = {}): TimelineLine[] {
  return policyTimeline(compilePolicy(doc, ZONE), sample(parseDay(due), change));
}

const short = (line: TimelineLine): string => `${line.offset} ${line.kind}${line.step === null ? "" : ` ${line.step}`}`;

describe("the timeline", () => {
  it("tells the plain ladder", () => {
    expect(story(plain(), "2026-11-23").map(short)).toEqual([
      "-10 issued",
      "0 due",
      "3 message reminder",
      "4 message warning",
      "5 suspended suspend",
    ]);
  });

  it("tells where a due date and a suspension were moved, why and to when", () => {
    const lines = story(preset("hospedagem-br"), "2026-12-20", { issuedOn: parseDay("2026-12-08") });
    expect(lines.map((line) => `${formatDay(line.day)} ${short(line)}`)).toEqual([
      "2026-12-08 -13 issued",
      "2026-12-08 -13 message issued",
      "2026-12-18 -3 message before-due",
      "2026-12-20 -1 due",
      "2026-12-21 0 due_moved",
      "2026-12-21 0 message due",
      "2026-12-24 3 message reminder",
      "2026-12-25 4 message warning",
      "2026-12-26 5 moved suspend",
      "2026-12-28 7 suspended suspend",
      "2027-01-20 30 message termination-warning",
      "2027-02-04 45 termination_proposed terminate",
    ]);
    expect(lines[8]?.because).toMatchObject({ rule: "closed_calendar", detail: "weekend", until: ZONE.at(parseDay("2026-12-28"), 540) });
    const onHoliday = story(preset("hospedagem-br"), "2026-11-20").find((line) => line.kind === "due_moved");
    expect(onHoliday).toMatchObject({ offset: 0, holiday: { en: "Black Awareness Day" } });
  });

  it("tells the ladder of the segment that fits", () => {
    const segments = [
      { segment: "resellers", when: { plans: ["reseller"] }, ladder: [{ step: "late", day: 40, at: "00:00", do: "notify" }] },
    ];
    expect(story(plain({ segments }), "2026-11-23", { plan: "reseller" }).map(short)).toEqual(["-10 issued", "0 due", "40 message late"]);
    expect(story(plain({ segments }), "2026-11-23")).toHaveLength(5);
  });
});

describe("the ruler", () => {
  it("draws the days, the steps above them, what is closed, and the list below", () => {
    const doc = preset("hospedagem-br");
    const drawn = drawRuler(compilePolicy(doc, ZONE), story(doc, "2026-12-20", { issuedOn: parseDay("2026-12-08") }), words("pt-BR"));
    expect(drawn).toBe(`Régua hospedagem-br, vencimento domingo, 20 de dezembro de 2026

  ○                 ○        ○        ○  ◐        ●                 ◇                 ◆
  ┴──┴──┴──┄┄┄┴──┴──┴──░░░░░░┼──┴──┴──┴──░░░░░░░░░┴──┴──┴──┄┄┄┴──┴──┴──┴──┴──┄┄┄┴──┴──┴──
  −13               −3    −1 0        +3 +4 +5    +7                +30               +45

  ○ mensagem   ◐ aviso de suspensão   ● suspensão   ◇ aviso de encerramento   ◆ encerramento
  ░ fim de semana ou feriado   ┄ dias sem passos

   −13    terça-feira, 8 de dezembro de 2026            a fatura é emitida
   −13 ○  terça-feira, 8 de dezembro de 2026, às 9h     fatura emitida, por e-mail
    −3 ○  sexta-feira, 18 de dezembro de 2026, às 9h    lembrete antes do vencimento, por e-mail
    −1    domingo, 20 de dezembro de 2026               vencimento
     0    segunda-feira, 21 de dezembro de 2026         vencimento efetivo, porque a data caiu em
                                                        fim de semana: os dias contam daqui
     0 ○  segunda-feira, 21 de dezembro de 2026, às 9h  aviso do dia do vencimento, por e-mail
    +3 ○  quinta-feira, 24 de dezembro de 2026, às 9h   lembrete, por e-mail
    +4 ◐  sexta-feira, 25 de dezembro de 2026, às 9h    aviso de suspensão, por e-mail
    +5 ·  sábado, 26 de dezembro de 2026, às 9h         O calendário não permite começar uma
                                                        suspensão agora (fim de semana): a próxima
                                                        data possível é segunda-feira, 28 de
                                                        dezembro de 2026, às 9h.
    +7 ●  segunda-feira, 28 de dezembro de 2026, às 9h  o serviço é suspenso, com os dados
                                                        guardados; o cliente é avisado
   +30 ◇  quarta-feira, 20 de janeiro de 2027, às 9h    aviso de encerramento, por e-mail
   +45 ◆  quinta-feira, 4 de fevereiro de 2027, às 9h   o encerramento é proposto e espera a
                                                        aprovação de duas pessoas
`);
  });

  it("draws every day where they fit, and says it in English too", () => {
    const drawn = drawRuler(compilePolicy(plain(), ZONE), story(plain(), "2026-11-23"), words("en"));
    expect(drawn.split("\n").slice(0, 8)).toEqual([
      "Ladder plain-3-4-5, due Monday, 23 November 2026",
      "",
      "                                         ○  ◐  ●",
      "  ┴──┴──┴──┴──┴──┴──┴──┴──┴──┴──┼──┴──┴──┴──┴──┴──",
      "  −10                           0        +3 +4 +5",
      "",
      "  ○ message   ◐ warning   ● suspension",
      "",
    ]);
    expect(drawn).toMatch(
      /\+5 ● {2}Saturday, 28 November 2026, 0:00 {2}the service is suspended, its data kept; the customer is\n +told\n/u,
    );
  });

  it("stays within a hundred columns and marks each step, for any policy and due date", () => {
    fc.assert(
      fc.property(
        soundPolicy,
        fc.integer({ min: 20000, max: 22000 }),
        fc.integer({ min: 0, max: 400 }),
        fc.constantFrom<Lang>("pt-BR", "en"),
        (doc, dueOn, lead, lang) => {
          let policy;
          try {
            policy = compilePolicy(doc, ZONE);
          } catch (error) {
            fc.pre(!(error instanceof ReguaError));
            throw error;
          }
          const lines = policyTimeline(policy, sample(dueOn, { issuedOn: dueOn - lead }));
          const drawn = drawRuler(policy, lines, words(lang));
          for (const row of drawn.split("\n")) {
            expect([...row].length).toBeLessThanOrEqual(100);
            expect(row).toBe(row.trimEnd());
          }
          const [, , marks = "", axis = ""] = drawn.split("\n");
          expect(axis).toContain("┼");
          expect(drawn).toContain("●");
          // A mark stands above a day, never above a break.
          for (const [i, letter] of [...marks].entries()) if (letter !== " ") expect([...axis][i]).toMatch(/[┴┼░]/u);
          expect(lines.map((line) => line.at)).toEqual(lines.map((line) => line.at).toSorted((a, b) => a - b));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("shades weekends and holidays, and nothing under a policy without a calendar", () => {
    const axis = (doc: PolicyDoc): string =>
      drawRuler(compilePolicy(doc, ZONE), story(doc, "2026-11-23"), words("en")).split("\n")[3] ?? "";
    expect(axis(plain())).not.toContain("░");
    // From Friday the 13th: the weekends, and the holiday on Friday the 20th before the second one.
    expect(axis(plain({ calendar: { holidays: "BR", weekend: ["saturday", "sunday"] } }))).toBe(
      "  ┴──░░░░░░┴──┴──┴──┴──░░░░░░░░░┼──┴──┴──┴──┴──░░░",
    );
  });
});
