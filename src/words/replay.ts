// What a replay says in words: what it takes for granted, and the heads of its table, in both languages.
import type { Lang } from "../kernel/lang.ts";

interface ReplayTexts {
  title(from: string, through: string): string;
  /** What is assumed, a sentence each. */
  assumed(payers: "as_they_did" | "answering"): string[];
  present: string;
  changed: string;
  rows: {
    messages: string;
    suspensions: string;
    releases: string;
    daysDown: string;
    customersDown: string;
    persons: string;
    received: string;
    receivedWhileDown: string;
  };
  looked(looked: number, base: number): string;
  real(messages: number, suspensions: number): string;
  differing(count: number): string;
  row(customer: string, name: string, present: string, changed: string): string;
  down(suspensions: number, days: string): string;
  nobody: string;
  faults(count: number): string;
}

const en: ReplayTexts = {
  title: (from, through) => `Replay of ${from} to ${through}. Nothing is changed.`,
  assumed: (payers) => [
    "Invoices, promises, payment proofs and holds are as they were; each invoice is known from its day of issue.",
    payers === "as_they_did"
      ? "People pay when they paid, whatever they are told."
      : "Who paid within three days of a step pays as long after the same step; all others pay when they paid.",
    "Mail servers and panels answer at once; where a customer's last message did not arrive, none does.",
    "The present policy stands for all that time, also where another was in force.",
    "The breaker lets everything through, nobody approves a termination, and a boleto's days of clearing are not known.",
  ],
  present: "present",
  changed: "changed",
  rows: {
    messages: "messages",
    suspensions: "suspensions",
    releases: "services back",
    daysDown: "days down",
    customersDown: "customers with a service down",
    persons: "matters for a person",
    received: "received",
    receivedWhileDown: "of that while down",
  },
  looked: (looked, base) =>
    looked === base ? `${looked} customers.` : `A sample of ${looked} of ${base} customers, even over all of them.`,
  real: (messages, suspensions) => `In truth these days had ${messages} messages and ${suspensions} suspensions.`,
  differing: (count) =>
    count === 1 ? "One customer fares differently:" : `${count} customers fare differently; those with most days apart:`,
  row: (customer, name, present, changed) => `${customer} ${name}: ${present} → ${changed}`,
  down: (suspensions, days) => `${suspensions} suspension${suspensions === 1 ? "" : "s"}, ${days} days down`,
  nobody: "Nobody fares differently.",
  faults: (count) => `${count} customer${count === 1 ? "" : "s"} could not be played:`,
};

const ptBR: ReplayTexts = {
  title: (from, through) => `Reprise de ${from} a ${through}. Nada é alterado.`,
  assumed: (payers) => [
    "Faturas, prazos combinados, comprovantes e bloqueios são os que houve; cada fatura é conhecida desde o dia da emissão.",
    payers === "as_they_did"
      ? "As pessoas pagam quando pagaram, digam os avisos o que disserem."
      : "Quem pagou até três dias depois de um passo paga o mesmo tempo depois do mesmo passo; os outros pagam quando pagaram.",
    "Servidores de e-mail e painéis respondem na hora; onde a última mensagem a um cliente não chegou, nenhuma chega.",
    "A política atual vale por todo esse tempo, mesmo onde outra estava em vigor.",
    "O disjuntor deixa tudo passar, ninguém aprova encerramento, e os dias de compensação de um boleto não são conhecidos.",
  ],
  present: "atual",
  changed: "alterada",
  rows: {
    messages: "mensagens",
    suspensions: "suspensões",
    releases: "serviços de volta",
    daysDown: "dias fora do ar",
    customersDown: "clientes com serviço fora do ar",
    persons: "assuntos para uma pessoa",
    received: "recebido",
    receivedWhileDown: "disso, com o serviço fora do ar",
  },
  looked: (looked, base) =>
    looked === base ? `${looked} clientes.` : `Uma amostra de ${looked} de ${base} clientes, igual por toda a base.`,
  real: (messages, suspensions) => `De fato, esses dias tiveram ${messages} mensagens e ${suspensions} suspensões.`,
  differing: (count) =>
    count === 1 ? "Para um cliente o resultado muda:" : `Para ${count} clientes o resultado muda; os de maior diferença em dias:`,
  row: (customer, name, present, changed) => `${customer} ${name}: ${present} → ${changed}`,
  down: (suspensions, days) => `${suspensions} ${suspensions === 1 ? "suspensão" : "suspensões"}, ${days} dias fora do ar`,
  nobody: "Para ninguém o resultado muda.",
  faults: (count) => (count === 1 ? "Um cliente não pôde ser reprisado:" : `${count} clientes não puderam ser reprisados:`),
};

export function replayTexts(lang: Lang): ReplayTexts {
  return lang === "en" ? en : ptBR;
}
