// bench: how long a day's run takes on this machine, beside the least that plain SQL needs to write the same rows.
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { measure, partsOf, type Measured } from "../../bench/measure.ts";
import type { Lang } from "../kernel/lang.ts";
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
  program
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
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number, ${least} to ${most}.`);
    return value;
  };
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

/** Figures without digits that mean nothing. */
function rounded(measured: Measured): Measured {
  const digits = (value: unknown): unknown => (typeof value === "number" ? Number(value.toPrecision(4)) : value);
  return JSON.parse(JSON.stringify(measured, (name, value: unknown) => (name === "customers" ? value : digits(value)))) as Measured;
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
    ...(measured.inMemory
      ? [
          say(
            "The folder lies in memory, where fsync costs nothing: give --folder on a disk.",
            "A pasta fica na memória, onde fsync não custa nada: indique --folder em um disco.",
          ),
        ]
      : []),
  ].join("\n");
}
