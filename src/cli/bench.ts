// bench: how long a day's run takes on this machine, beside the least that plain SQL needs to write the same rows.
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { PaymentsMeasured, Spread } from "../../bench/payments.ts";
import { measure, partsOf, type Measured } from "../../bench/measure.ts";
import type { Lang } from "../kernel/lang.ts";
import { configSchema } from "./config.ts";
import { listsCommand } from "./bench-lists.ts";
import { IN_MEMORY, rounded, whole } from "./bench-page.ts";
import { SAMPLE_PROVIDER } from "./provider-file.ts";
import type { Run, Tools } from "./tools.ts";
import { table } from "./table.ts";

interface BenchOptions {
  customers: number;
  rounds: number;
  parallel: number;
  folder: string;
}

export function benchCommand(program: Command, run: Run): void {
  const command = program
    .command("bench")
    .description("Measure a day's run on this machine, on a database of its own that is removed afterwards.")
    .option("--customers <n>", "customers due, a third each for a reminder, a warning and a suspension", whole(30, 1_000_000), 10_000)
    .option("--rounds <n>", "how often the run and its floor are measured in turn; medians count", whole(1, 20), 3)
    .option("--parallel <n>", "batches at the same time", whole(1, 5), 2)
    .option("--folder <dir>", "where the database is made: on the disk to be measured", tmpdir())
    .addHelpText(
      "after",
      "\nExamples:\n  regua bench\n  regua bench --customers 100000 --json\nWhat is measured, and how, stands in docs/bench.md. It touches no installation.",
    )
    .action(run((tools, options: BenchOptions) => bench(tools, options)));
  command
    .command("payment")
    .description("Measure the way from a gateway's webhook to the panel call that lets the customer up again.")
    .option("--rate <n>", "webhooks a second, each of another suspended customer", whole(1, 1_000), 100)
    .option("--seconds <n>", "for so long", whole(1, 600), 60)
    .addHelpText(
      "after",
      "\nExamples:\n  regua bench payment\n  regua bench payment --rate 50 --seconds 20 --json\nIt touches no installation.",
    )
    .action(run((tools, options: PaymentOptions) => payment(tools, { ...command.opts<BenchOptions>(), ...options })));
  listsCommand(command, run);
}

interface PaymentOptions {
  rate: number;
  seconds: number;
}

async function bench({ io }: Tools, options: BenchOptions): Promise<void> {
  const { host } = io;
  const progress = io.progress(io.lang === "en" ? "Measuring" : "Medindo", partsOf(options.rounds));
  try {
    const measured = await measure({
      customers: options.customers,
      rounds: options.rounds,
      parallel: options.parallel,
      parent: resolve(host.cwd, options.folder),
      newSecret: host.newSecret,
      provider: SAMPLE_PROVIDER,
      onProgress: (done, doing) => progress.update(done, doing),
    });
    progress.stop();
    io.result(rounded(measured), () => pageOf(measured, io.lang));
  } finally {
    progress.stop();
  }
}

async function payment({ io }: Tools, { rate, seconds, folder }: BenchOptions & PaymentOptions): Promise<void> {
  const { host } = io;
  // Only here: the server that it brings along would count in the memory of the other measurement.
  const { measurePayments, PAYMENT_PARTS } = await import("../../bench/payments.ts");
  const progress = io.progress(io.lang === "en" ? "Measuring" : "Medindo", PAYMENT_PARTS);
  try {
    const { connections, parallel } = configSchema.parse({});
    const { newSecret, newToken } = host;
    const measured = await measurePayments({
      ...{ rate, seconds, connections, parallel, newSecret, newToken },
      parent: resolve(host.cwd, folder),
      provider: SAMPLE_PROVIDER,
      onProgress: (done, doing) => progress.update(done, doing),
    });
    progress.stop();
    io.result(rounded(measured), () => paymentPage(measured, io.lang));
  } finally {
    progress.stop();
  }
}

function paymentPage(measured: PaymentsMeasured, lang: Lang): string {
  const say = (en: string, ptBr: string): string => (lang === "en" ? en : ptBr);
  const number = (value: number): string => value.toLocaleString(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const { bare, answer, called } = measured;
  const row = (name: string, { p50, p99, max }: Spread): string[] => [
    ...[name, number(p50), number(p99), number(max)],
    ...[number(p50 / bare.p50), number(p99 / bare.p99)],
  ];
  const lines = table(
    [
      { head: say("milliseconds from the webhook", "milissegundos desde o webhook") },
      ...["p50", "p99", "max"].map((head) => ({ head, right: true })),
      ...[say("p50, times bare", "p50, vezes a rota nua"), say("p99, times bare", "p99, vezes a rota nua")].map((head) => ({
        head,
        right: true,
      })),
    ],
    [
      row(say("bare route: answered", "rota nua: respondido"), bare),
      row(say("answered", "respondido"), answer),
      row(say("panel called", "painel chamado"), called),
    ],
  );
  const { rate, seconds, payments, statements } = measured;
  const said = say(
    `${payments} payments, ${rate} a second for ${seconds} s, ${number(statements)} journeys to the database each.`,
    `${payments} pagamentos, ${rate} por segundo durante ${seconds} s, ${number(statements)} idas ao banco de dados cada.`,
  );
  return [...lines, "", said, ...(measured.inMemory ? [IN_MEMORY[lang]] : [])].join("\n");
}

function pageOf(measured: Measured, lang: Lang): string {
  const { customers, rowByRow } = measured;
  const number = (value: number, places: number): string =>
    value.toLocaleString(lang, { minimumFractionDigits: places, maximumFractionDigits: places });
  const say = (en: string, ptBr: string): string => (lang === "en" ? en : ptBr);
  const every = (seconds: number, count: number): string => number((seconds * 1000) / count, 3);
  const lines = table(
    [
      { head: say("way of writing", "modo de gravar") },
      { head: say("customers", "clientes"), right: true },
      { head: say("seconds", "segundos"), right: true },
      { head: say("ms each", "ms cada"), right: true },
      { head: say("times the floor", "vezes o piso"), right: true },
    ],
    [
      row(say("a day's run", "a rodada do dia"), customers, measured.seconds, measured.ratio),
      row(say("the floor: set-based SQL only", "o piso: só SQL em conjunto"), customers, measured.floorSeconds, 1),
      row(
        say("row by row, a commit each", "linha a linha, um commit cada"),
        rowByRow.customers,
        rowByRow.seconds,
        rowByRow.timesSlower * measured.ratio,
      ),
    ],
  );
  function row(name: string, count: number, seconds: number, times: number): string[] {
    return [name, number(count, 0), number(seconds, 2), every(seconds, count), number(times, 2)];
  }
  return [
    ...lines,
    "",
    say(
      `${number(measured.customersPerSecond, 0)} customers a second, ${number(measured.statementsPerCustomer, 4)} statements per customer, ${number(measured.peakMemoryMb, 0)} MB at most.`,
      `${number(measured.customersPerSecond, 0)} clientes por segundo, ${number(measured.statementsPerCustomer, 4)} comandos SQL por cliente, ${number(measured.peakMemoryMb, 0)} MB no máximo.`,
    ),
    ...(measured.inMemory ? [IN_MEMORY[lang]] : []),
  ].join("\n");
}
