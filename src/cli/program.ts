// The `regua` program: its commands, their options, and how they end: 0 done, 1 refused by a rule or bad input, 2 a fault.
import { Command, CommanderError } from "commander";
import { ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { errorWords } from "../words/errors.ts";
import type { OpenOptions } from "./app.ts";
import { groupsFor } from "./groups.ts";
import { makeIo, type Host } from "./io.ts";
import type { Run, Tools } from "./tools.ts";

interface Globals {
  data?: string;
  config?: string;
  json?: boolean;
  lang?: string;
  actor?: string;
}

/** Runs one command; never throws. Answers the exit code. */
export async function runProgram(argv: readonly string[], host: Host): Promise<0 | 1 | 2> {
  const program = new Command("regua")
    .description("The dunning ladder for hosting providers.")
    .option("--data <dir>", "data folder (default: $REGUA_DATA or ./.regua)")
    .option("--config <file>", "configuration file (default: regua.yaml in the data folder)")
    .option("--json", "write one JSON value for machines")
    .option("--lang <lang>", "language of sentences: pt-BR or en (default: $REGUA_LANG, else by $LANG)")
    .option("--actor <name>", "who gives the command; written in the evidence (default: $REGUA_ACTOR, else cli)")
    .exitOverride()
    .configureOutput({ writeOut: (text) => host.out(text.replace(/\n$/u, "")), writeErr: (text) => host.err(text.replace(/\n$/u, "")) })
    .showHelpAfterError("(regua --help lists the commands; regua COMMAND --help explains one)")
    .enablePositionalOptions(false);
  const run: Run =
    (work) =>
    async (...args) =>
      work(toolsOf(host, program.opts<Globals>()), ...args);
  try {
    const [name] = program.parseOptions([...argv]).operands;
    for (const group of groupsFor(name)) (await group.load())(program, run);
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return sayError(error, host, argv.includes("--json"), langAsked(host, program.opts<Globals>()));
  }
}

function toolsOf(host: Host, globals: Globals): Tools {
  const io = makeIo(host, {
    json: globals.json === true,
    lang: langAsked(host, globals),
    actor: globals.actor ?? host.env.REGUA_ACTOR ?? "cli",
  });
  const options: OpenOptions = {
    ...(globals.data === undefined ? {} : { data: globals.data }),
    ...(globals.config === undefined ? {} : { config: globals.config }),
  };
  return {
    io,
    options,
    withApp: async (work) => closing(await (await import("./app.ts")).openApp(host, options), work),
    withData: async (work) => closing(await (await import("./app.ts")).openData(host, options), work),
  };
}

async function closing<R extends { close(): Promise<void> }, T>(resource: R, work: (resource: R) => Promise<T>): Promise<T> {
  try {
    return await work(resource);
  } finally {
    await resource.close();
  }
}

function langAsked({ env }: Host, { lang }: Globals): Lang {
  return (lang ?? env.REGUA_LANG ?? env.LANG ?? "").toLowerCase().startsWith("pt") ? "pt-BR" : "en";
}

function sayError(error: unknown, host: Host, json: boolean, lang: Lang): 0 | 1 | 2 {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
  if (error instanceof ReguaError) {
    const { message, cure } = errorWords(error, lang);
    if (json) host.err(JSON.stringify({ error: error.code, message, cure, details: error.detailsIn(lang) }));
    else host.err(`${message}\n${cure}`);
    return error.exit;
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  host.err(
    json
      ? JSON.stringify({ error: "fault", message })
      : lang === "en"
        ? `Something went wrong that should not.\n${message}\nReport it with the output of \`regua doctor\`.`
        : `Algo deu errado que não deveria.\n${message}\nRelate isto com a saída de \`regua doctor\`.`,
  );
  return 2;
}
