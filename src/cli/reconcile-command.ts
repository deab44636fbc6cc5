// reconcile: a day's money compared from every side, the gateways asked again; what does not fit is listed, and nothing is changed.
import type { Command } from "commander";
import { reconcileDay, type AccountDay, type AskedAgain, type GatewayDay, type Reconciliation } from "../engine/reconcile-day.ts";
import { readGatewayDay } from "../jobs/read-gateway-day.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney, type Cents } from "../kernel/money.ts";
import { formatDay, parseDay } from "../kernel/time.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { forMachines } from "./json.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

interface ReconcileOptions {
  day?: string;
  remembered?: boolean;
}

export function reconcileCommand(program: Command, run: Run): void {
  program
    .command("reconcile")
    .description("Compare a day's money: gateways, bank statements, receipts. Changes nothing.")
    .option("--day <date>", "the day (default: yesterday)")
    .option("--remembered", "go by what the gateways told before, and do not ask them again")
    .addHelpText("after", "\nExample:\n  regua reconcile --day 2026-11-24 --json")
    .action(run(async (tools, options: ReconcileOptions) => tools.withApp((app) => reconcile(tools, app, options))));
}

async function reconcile({ io }: Tools, app: App, options: ReconcileOptions): Promise<void> {
  const zone = app.engine.settings.zone(app.provider.timeZone);
  const now = app.clock.now();
  const today = zone.dayOf(now);
  const day = options.day === undefined ? today - 1 : parseDay(options.day);
  if (day > today) throw new ReguaError("reconcile_future", { day: formatDay(day), today: formatDay(today) });
  const asked = new Map<string, AskedAgain>();
  if (!options.remembered)
    for (const [name, gateway] of app.gateways()) asked.set(name, await readGatewayDay(gateway, zone.startOf(day), now));
  const found = await reconcileDay(app.engine, { day, asked });
  io.result(forMachines(found), () => [banner(app), ...page(found, io.lang)].join("\n"));
}

const TEXTS = {
  "pt-BR": {
    head: (day: string) => `Conciliação de ${day}`,
    balanced: "Tudo confere.",
    unbalanced: "Há diferenças, listadas abaixo.",
    noGateways: "Nenhum pagamento em gateways neste dia.",
    gateway: (name: string, payments: number, captured: string, booked: string) =>
      `${name}: pagamentos ${payments}, capturado ${captured}, registrado ${booked}`,
    partWaits: (amount: string) => `${amount} ainda sem dono`,
    failed: (reason: string) => `o gateway não respondeu (${reason}); vale o que ele informou antes`,
    not_booked: (id: string, told: string) => `${id}: ${told} no gateway, sem registro aqui`,
    not_told: (id: string, _told: string, booked: string) => `${id}: ${booked} registrado aqui, desconhecido no gateway`,
    amount_differs: (id: string, told: string, booked: string) => `${id}: ${told} no gateway, ${booked} aqui`,
    returned_differs: (id: string, told: string, booked: string) => `${id}: devolvido ${told} no gateway, ${booked} aqui`,
    noLines: "Nenhuma linha de extrato neste dia.",
    account: (name: string, lines: number, money: string, out: string, explained: number, dismissed: number) =>
      `${name}: linhas ${lines}, entradas ${money}, saídas ${out}; explicadas ${explained}, postas de lado ${dismissed}`,
    waiting: (amount: string, memo: string) => `${amount} espera pelo dono: ${memo}`,
    line_differs: (amount: string, booked: string, memo: string) => `${amount} no extrato, ${booked} no recebimento: ${memo}`,
    unfinished: (amount: string, memo: string) => `${amount} importado pela metade (importe o arquivo de novo): ${memo}`,
    declared: (count: number) => `Declarados como pagos há sete dias ou mais e não vistos em conta: ${count}`,
    declaredLine: (customer: string, amount: string, day: string, days: number, source: string, id: string) =>
      `cliente ${customer}: ${amount}, pago em ${day} (${days} dias), ${source} ${id}`,
    allWaiting: (count: number, amount: string, oldest: string) =>
      `Dinheiro sem dono ao todo: ${count}, ${amount}, o mais antigo de ${oldest}`,
    forged: (name: string, count: number) => `Entregas recusadas, que não provaram vir de ${name}: ${count}`,
  },
  en: {
    head: (day: string) => `Reconciliation of ${day}`,
    balanced: "Everything fits.",
    unbalanced: "There are differences, listed below.",
    noGateways: "No payments at gateways on this day.",
    gateway: (name: string, payments: number, captured: string, booked: string) =>
      `${name}: payments ${payments}, captured ${captured}, booked ${booked}`,
    partWaits: (amount: string) => `${amount} has no owner yet`,
    failed: (reason: string) => `the gateway did not answer (${reason}); what it told before counts`,
    not_booked: (id: string, told: string) => `${id}: ${told} at the gateway, not booked here`,
    not_told: (id: string, _told: string, booked: string) => `${id}: ${booked} booked here, unknown at the gateway`,
    amount_differs: (id: string, told: string, booked: string) => `${id}: ${told} at the gateway, ${booked} here`,
    returned_differs: (id: string, told: string, booked: string) => `${id}: ${told} given back at the gateway, ${booked} here`,
    noLines: "No lines of a statement on this day.",
    account: (name: string, lines: number, money: string, out: string, explained: number, dismissed: number) =>
      `${name}: lines ${lines}, in ${money}, out ${out}; explained ${explained}, put aside ${dismissed}`,
    waiting: (amount: string, memo: string) => `${amount} waits for its owner: ${memo}`,
    line_differs: (amount: string, booked: string, memo: string) => `${amount} in the statement, ${booked} in the receipt: ${memo}`,
    unfinished: (amount: string, memo: string) => `${amount} half imported (import the file again): ${memo}`,
    declared: (count: number) => `Said to be paid seven days ago or longer, and seen in no account: ${count}`,
    declaredLine: (customer: string, amount: string, day: string, days: number, source: string, id: string) =>
      `customer ${customer}: ${amount}, paid on ${day} (${days} days), ${source} ${id}`,
    allWaiting: (count: number, amount: string, oldest: string) =>
      `Money without an owner in all: ${count}, ${amount}, the oldest of ${oldest}`,
    forged: (name: string, count: number) => `Deliveries refused, not proved to come from ${name}: ${count}`,
  },
} as const;

type Texts = (typeof TEXTS)[Lang];
type Say = (amount: Cents | null) => string;

function page(found: Reconciliation, lang: Lang): string[] {
  const texts: Texts = TEXTS[lang];
  const say: Say = (amount) => formatMoney(amount ?? 0, found.currency, lang);
  const { declared, waiting, forged } = found;
  const lines = [
    texts.head(formatDay(found.day)),
    found.balanced ? texts.balanced : texts.unbalanced,
    "",
    ...(found.gateways.length === 0 ? [texts.noGateways] : found.gateways.flatMap((each) => sayGateway(each, texts, say))),
    ...(found.accounts.length === 0 ? [texts.noLines] : found.accounts.flatMap((each) => sayAccount(each, texts, say))),
    ...(declared.total === 0 ? [] : [texts.declared(declared.total)]),
    ...declared.receipts.map(
      ({ customer, amountCents, paidOn, days, source, externalId }) =>
        `  ${texts.declaredLine(customer, say(amountCents), formatDay(paidOn), days, source, externalId)}`,
    ),
    ...(waiting.oldestOn === null ? [] : [texts.allWaiting(waiting.count, say(waiting.amountCents), formatDay(waiting.oldestOn))]),
    ...forged.map((each) => texts.forged(each.gateway, each.forged)),
  ];
  return lines.flatMap((line) => (line === "" ? [""] : wrap(line.trimStart(), line.startsWith("  ") ? "  " : "")));
}

function sayGateway(day: GatewayDay, texts: Texts, say: Say): string[] {
  return [
    texts.gateway(day.gateway, day.payments, say(day.capturedCents), say(day.bookedCents)),
    ...(day.failure === null ? [] : [`  ${texts.failed(day.failure)}`]),
    ...(day.waitingCents === 0 ? [] : [`  ${texts.partWaits(say(day.waitingCents))}`]),
    ...day.differences.map(({ externalId, problem, told, booked }) => `  ${texts[problem](externalId, say(told), say(booked))}`),
  ];
}

function sayAccount(day: AccountDay, texts: Texts, say: Say): string[] {
  return [
    texts.account(day.account, day.lines, say(day.inCents), say(day.outCents), day.explained, day.dismissed),
    ...day.listed.map(({ problem, amountCents, bookedCents, memo, payer }) => {
      const about = [payer, memo].filter((part) => part !== null && part !== "").join(", ");
      if (problem === "waiting") return `  ${texts.waiting(say(amountCents), about)}`;
      if (problem === "unfinished") return `  ${texts.unfinished(say(amountCents), about)}`;
      return `  ${texts.line_differs(say(amountCents), say(bookedCents), about)}`;
    }),
  ];
}
