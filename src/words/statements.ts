// What a person reads about a bank's file, in both languages.
import type { Lang } from "../kernel/lang.ts";

export interface StatementTexts {
  account: (account: string, format: string) => string;
  heads: readonly [day: string, amount: string, about: string, number: string];
  summary: (lines: number, credits: string, debits: string) => string;
  refused: (count: number) => string;
  refusedLine: (line: number, column: number, reason: string) => string;
  nothingWritten: string;
  imported: (done: { lines: number; known: number; out: number; explained: number; booked: number; waiting: number }) => string[];
}

const TEXTS: Readonly<Record<Lang, StatementTexts>> = {
  "pt-BR": {
    account: (account, format) => `Conta ${account === "" ? "não identificada" : account} (${format})`,
    heads: ["data", "valor", "histórico", "documento"],
    summary: (lines, credits, debits) => `${lines} ${lines === 1 ? "lançamento" : "lançamentos"}: entradas ${credits}, saídas ${debits}.`,
    refused: (count) =>
      count === 1
        ? "1 lançamento não pôde ser lido com certeza e ficou de fora:"
        : `${count} lançamentos não puderam ser lidos com certeza e ficaram de fora:`,
    refusedLine: (line, column, reason) => `  linha ${line}, coluna ${column}: ${reason}`,
    nothingWritten: "Nada foi gravado: este comando apenas lê.",
    imported: ({ lines, known, out, explained, booked, waiting }) => [
      `${lines} lançamentos: ${known} já conhecidos, ${out} saídas, ${explained} confirmam o que já se sabia, ${booked} baixados, ${waiting} aguardam uma pessoa.`,
      ...(waiting > 0 ? ["Os que aguardam aparecem em `regua money waiting`, com os clientes de quem podem ser."] : []),
    ],
  },
  en: {
    account: (account, format) => `Account ${account === "" ? "not named" : account} (${format})`,
    heads: ["day", "amount", "about", "document"],
    summary: (lines, credits, debits) => `${lines} ${lines === 1 ? "line" : "lines"}: ${credits} in, ${debits} out.`,
    refused: (count) =>
      count === 1
        ? "1 line could not be read with certainty and was left out:"
        : `${count} lines could not be read with certainty and were left out:`,
    refusedLine: (line, column, reason) => `  line ${line}, column ${column}: ${reason}`,
    nothingWritten: "Nothing was written: this command only reads.",
    imported: ({ lines, known, out, explained, booked, waiting }) => [
      `${lines} lines: ${known} known before, ${out} money out, ${explained} confirm what was known, ${booked} booked, ${waiting} wait for a person.`,
      ...(waiting > 0 ? ["Those that wait are listed by `regua money waiting`, with the customers they could be of."] : []),
    ],
  },
};

export function statementTexts(lang: Lang): StatementTexts {
  return TEXTS[lang];
}
