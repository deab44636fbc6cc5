// bench lists: how long the console's lists, searches and first page take with a million customers, beside the plain indexed query.
import { resolve } from "node:path";
import type { Command } from "commander";
import type { ListsMeasured } from "../../bench/lists.ts";
import type { Lang } from "../kernel/lang.ts";
import { IN_MEMORY, rounded, whole } from "./bench-page.ts";
import { SAMPLE_PROVIDER } from "./provider-file.ts";
import { table } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

interface ListsOptions {
  customers: number;
  times: number;
  folder: string;
}

export function listsCommand(bench: Command, run: Run): void {
  bench
    .command("lists")
    .description("Measure the console's lists, searches and first page on a whole base of customers.")
    .option("--times <n>", "how often each is asked", whole(5, 500), 100)
    .addHelpText(
      "after",
      "\nExamples:\n  regua bench --customers 1000000 lists\n  regua bench lists --times 20 --json\nIt touches no installation.",
    )
    .action(run((tools, options: { times: number }) => lists(tools, { ...bench.opts<ListsOptions>(), ...options })));
}

async function lists({ io }: Tools, { customers, times, folder }: ListsOptions): Promise<void> {
  const { host } = io;
  // Only here: the server that it brings along would count in the memory of the other measurement.
  const { measureLists, LIST_PARTS } = await import("../../bench/lists.ts");
  const progress = io.progress(io.lang === "en" ? "Measuring" : "Medindo", LIST_PARTS);
  try {
    const { newSecret, newToken } = host;
    const measured = await measureLists({
      ...{ customers, times, newSecret, newToken },
      parent: resolve(host.cwd, folder),
      provider: SAMPLE_PROVIDER,
      onProgress: (done, doing) => progress.update(done, doing),
    });
    progress.stop();
    io.result(rounded(measured), () => listsPage(measured, io.lang));
  } finally {
    progress.stop();
  }
}

function listsPage({ customers, times, lists: rows, coming, inMemory }: ListsMeasured, lang: Lang): string {
  const say = (en: string, ptBr: string): string => (lang === "en" ? en : ptBr);
  const number = (value: number): string => value.toLocaleString(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const lines = table(
    [
      { head: say("milliseconds", "milissegundos") },
      ...["p50", "p95", "max", say("query p95", "consulta p95"), say("times it", "vezes ela")].map((head) => ({ head, right: true })),
    ],
    rows.map(({ name, api, raw, ratio }) => [name, ...[api.p50, api.p95, api.max, raw.p95, ratio].map(number)]),
  );
  const said = say(
    `${customers.toLocaleString("en")} customers, each question asked ${times} times.`,
    `${customers.toLocaleString("pt-BR")} clientes, cada pergunta feita ${times} vezes.`,
  );
  const round = (value: number): string => value.toLocaleString(lang, { maximumFractionDigits: 0 });
  const { looked, touched } = coming;
  const ahead = say(
    `What comes in five days: ${number(coming.seconds)} s of work for ${round(looked)} customers (${round(touched)} touched), ${round(coming.longestMs)} ms at a time at most.`,
    `O que vem em cinco dias: ${number(coming.seconds)} s de trabalho para ${round(looked)} clientes (${round(touched)} com algo por vir), no máximo ${round(coming.longestMs)} ms de cada vez.`,
  );
  return [...lines, "", said, ahead, ...(inMemory ? [IN_MEMORY[lang]] : [])].join("\n");
}
