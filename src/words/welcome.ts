// What a person reads when the server starts: what this is, what the ladder did so far, and what to try next; in both languages.
import type { Lang } from "../kernel/lang.ts";

/** Numbers and names come in already written. */
export interface Story {
  customers: number;
  withDebt: number;
  /** Notices that were accepted, by step, as `lembrete 120`. */
  notices: readonly string[];
  suspended: number;
  kept: number;
  broken: number;
  running: number;
  receipts: number;
  received: string;
}

/** A command to try, and what it does. */
export type Hint = "rehearse" | "show" | "advance" | "keys" | "doctor";

export interface WelcomeTexts {
  building: string;
  listening(address: string): string;
  /** Where the console is; `first`: the link by which its first person comes in. */
  console(address: string, first: string | null): string[];
  working: string;
  sandbox: string;
  soFar: string;
  customers(story: Story): string;
  notices(list: string): string;
  access(story: Story): string;
  money(story: Story): string;
  nothingYet: string;
  tryNext: string;
  hints: Readonly<Record<Hint, string>>;
  /** Above the link that opens the portal as a suspended customer. */
  portal(customer: string): string;
  stop: string;
  gone: string;
}

const n = (lang: Lang, count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat(lang).format(count)} ${count === 1 ? one : many}`;

const EN: WelcomeTexts = {
  building: "Building a sandbox: sample customers live five months through the real engine. This happens once.",
  listening: (address) => `Listening on ${address}`,
  console: (address, first) =>
    first === null
      ? [`The console: ${address}/console/`]
      : [
          "Nobody can sign in to the console yet. Open this link once to become its owner; it is good for three days:",
          `  ${address}${first}`,
        ],
  working: "Working without HTTP; other processes answer requests.",
  sandbox: "A sandbox: no message and no call leaves this machine, and its date moves only when you move it.",
  soFar: "So far",
  customers: (s) => `${n("en", s.customers, "customer", "customers")}, ${n("en", s.withDebt, "of them owes", "of them owe")} something now`,
  notices: (list) => `Notices sent: ${list}`,
  access: (s) =>
    `${n("en", s.suspended, "service", "services")} suspended now · promises: ${s.kept} kept, ${s.broken} broken, ${s.running} running`,
  money: (s) => `${s.received} received in ${n("en", s.receipts, "receipt", "receipts")}`,
  nothingYet: "There are no customers yet. `regua import` brings them, or the service API.",
  tryNext: "Three things to try, in another terminal",
  hints: {
    rehearse: "what happens to whom tomorrow, and why",
    show: "one customer's whole story",
    advance: "let a week pass and see what the ladder does",
    keys: "a key for the service API, described at /openapi.json",
    doctor: "whether everything this installation needs is there",
  },
  portal: (customer) => `The customers' portal, as ${customer} sees it (a link for seven days)`,
  stop: "Ctrl-C stops it; nothing is lost.",
  gone: "The sandbox was reset by another command. Start again to begin anew.",
};

const PT: WelcomeTexts = {
  building: "Montando um ambiente de ensaio: clientes de exemplo vivem cinco meses no motor de verdade. Isto acontece uma vez só.",
  listening: (address) => `Escutando em ${address}`,
  console: (address, first) =>
    first === null
      ? [`O console: ${address}/console/`]
      : [
          "Ninguém entra no console ainda. Abra este link uma vez para ser a pessoa responsável; ele vale três dias:",
          `  ${address}${first}`,
        ],
  working: "Trabalhando sem HTTP; outros processos atendem as requisições.",
  sandbox: "Um ensaio: nenhuma mensagem e nenhuma chamada sai desta máquina, e a data só anda quando você a move.",
  soFar: "Até aqui",
  customers: (s) => `${n("pt-BR", s.customers, "cliente", "clientes")}, ${n("pt-BR", s.withDebt, "com algo", "com algo")} em aberto agora`,
  notices: (list) => `Avisos enviados: ${list}`,
  access: (s) =>
    `${n("pt-BR", s.suspended, "serviço suspenso", "serviços suspensos")} agora · promessas: ${n("pt-BR", s.kept, "cumprida", "cumpridas")}, ` +
    `${n("pt-BR", s.broken, "não cumprida", "não cumpridas")}, ${s.running} em andamento`,
  money: (s) => `${s.received} recebidos em ${n("pt-BR", s.receipts, "pagamento", "pagamentos")}`,
  nothingYet: "Ainda não há clientes. Eles entram por `regua import` ou pela API do serviço.",
  tryNext: "Três coisas para experimentar, em outro terminal",
  hints: {
    rehearse: "o que acontece com quem amanhã, e por quê",
    show: "a história inteira de um cliente",
    advance: "deixar passar uma semana e ver o que a régua faz",
    keys: "uma chave para a API do serviço, descrita em /openapi.json",
    doctor: "se tudo de que esta instalação precisa está no lugar",
  },
  portal: (customer) => `O portal do cliente, como ${customer} o vê (um link para sete dias)`,
  stop: "Ctrl-C encerra; nada se perde.",
  gone: "O ensaio foi reiniciado por outro comando. Inicie de novo para recomeçar.",
};

const TEXTS: Readonly<Record<Lang, WelcomeTexts>> = { en: EN, "pt-BR": PT };

export function welcomeTexts(lang: Lang): WelcomeTexts {
  return TEXTS[lang];
}
