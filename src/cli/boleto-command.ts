// boleto decode: what a boleto's digit line or bar code says, and what is wrong with one. Needs no installation.
import type { Command } from "commander";
import type { Bill } from "../codes/bill.ts";
import { formatDigitLine, readBoleto, type Boleto, type BoletoProblem } from "../codes/boleto.ts";
import { bankOf } from "../codes/institutions.ts";
import { alike, inEach, ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney } from "../kernel/money.ts";
import { formatDay, parseDay, Zone, type Day } from "../kernel/time.ts";
import { codeTexts } from "../words/codes.ts";
import { labelled } from "./code-page.ts";
import type { Run, Tools } from "./tools.ts";

/** Boletos are Brazilian: their day is that of the banks. */
const ZONE = "America/Sao_Paulo";

export function boletoCommands(program: Command, run: Run): void {
  const boleto = program.command("boleto").description("Codes of boletos: the digit line and the bar code.");
  boleto
    .command("decode")
    .description("What a digit line or a bar code says: bank, amount, due date. Check digits are checked.")
    .argument("<code...>", "47 or 44 digits, with spaces and points or without")
    .option("--on <date>", "the day of reading, which tells the two counts of due dates apart (default: today)")
    .addHelpText("after", "\nExample:\n  regua boleto decode 23791.23405 40000.000048 56012.345601 5 69340000271716 --on 2016-09-20")
    .action(run((tools, code: string[], options: { on?: string }) => decode(tools, code.join(" "), options)));
}

function decode({ io }: Tools, text: string, options: { on?: string }): Promise<void> {
  const on = options.on === undefined ? new Zone(ZONE).dayOf(io.host.now()) : parseDay(options.on);
  const reading = readBoleto(text, on);
  if (!reading.ok) {
    throw refusal(reading.problem);
  }
  io.result(forMachines(reading.boleto, on), () => page(reading.boleto, on, io.lang).join("\n"));
  return Promise.resolve();
}

function refusal(problem: BoletoProblem): ReguaError {
  const said = inEach(sentence(problem, "en"), sentence(problem, "pt-BR"));
  if (problem.code === "bill") return new ReguaError("boleto_is_bill", { ...problem.bill, currency: "BRL", sentence: said });
  const { code, ...place } = problem;
  return new ReguaError("boleto_refused", { problem: alike(code), ...place, sentence: said });
}

function sentence(problem: BoletoProblem, lang: Lang): string {
  if (problem.code === "bill") return billSentence(problem.bill, lang);
  return codeTexts(lang).boleto.problems[problem.code]({
    // People count from 1; of what is too long they are told how much there may be.
    at: "at" in problem ? problem.at + (problem.code === "long" ? 0 : 1) : 0,
    found: "found" in problem ? String(problem.found) : "",
    right: "right" in problem ? String(problem.right) : "",
    number: problem.code === "length" ? problem.digits : problem.code === "field_check" ? problem.field : 0,
  });
}

function billSentence({ segment, amountCents, wrong }: Bill, lang: Lang): string {
  const { bill } = codeTexts(lang);
  const amount = amountCents === null ? null : formatMoney(amountCents, "BRL", lang);
  return `${bill.what(bill.segments[segment] ?? bill.otherSegment, amount)} ${wrong.length === 0 ? bill.right : bill.wrong}`;
}

function forMachines(boleto: Boleto, on: Day): Record<string, unknown> {
  const { due, bank } = boleto;
  return {
    ...boleto,
    bankName: bankOf(bank)?.name ?? null,
    due: {
      factor: due.factor,
      day: due.day === null ? null : formatDay(due.day),
      candidates: due.candidates.map(({ base, day }) => ({ base: formatDay(base), day: formatDay(day) })),
    },
    on: formatDay(on),
  };
}

function page(boleto: Boleto, on: Day, lang: Lang): string[] {
  const { boleto: texts } = codeTexts(lang);
  const { bank, amountCents, currency, digitLine, barCode, freeField } = boleto;
  const amount = amountCents === null ? texts.payerTypes : formatMoney(amountCents, "BRL", lang);
  return [
    texts.title(`${bankOf(bank)?.name ?? texts.unknownBank} (${bank})`),
    ...labelled([
      [texts.digitLine, formatDigitLine(digitLine)],
      [texts.barCode, barCode],
      [texts.amount, currency === null ? texts.otherUnit : amount],
      [texts.due, dueText(boleto, on, lang)],
      [texts.freeField, freeField],
    ]),
    texts.proves,
  ];
}

function dueText({ due }: Boleto, on: Day, lang: Lang): string {
  const { boleto: texts } = codeTexts(lang);
  if (due.candidates.length === 0) return texts.noDate;
  const days = due.candidates.map(({ day }) => formatDay(day));
  if (due.day === null) return texts.dueOpen(days, formatDay(on));
  const day = formatDay(due.day);
  return texts.dueSure(day, days.filter((other) => other !== day).join(", "));
}
