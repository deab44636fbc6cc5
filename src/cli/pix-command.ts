// pix decode | make: Pix BR Codes and end-to-end ids read, BR Codes made. Needs no installation.
import type { Command } from "commander";
import { readBrCode, type BrCode, type BrCodeProblem } from "../codes/br-code.ts";
import { datePlausible, readEndToEnd, type EndToEnd, type EndToEndProblem } from "../codes/end-to-end.ts";
import { makeDynamicBrCode, makeStaticBrCode } from "../codes/make-br-code.ts";
import { NO_TXID } from "../codes/txid.ts";
import { assert } from "../kernel/assert.ts";
import { alike, inEach, ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney, parseAmount } from "../kernel/money.ts";
import { formatInstant, type Instant } from "../kernel/time.ts";
import { oneLine } from "../words/clean.ts";
import { codeTexts } from "../words/codes.ts";
import { labelled } from "./code-page.ts";
import { joined, wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

interface MakeOptions {
  key?: string;
  location?: string;
  recurrence?: string;
  amount?: string;
  txid?: string;
  info?: string;
  name: string;
  city: string;
}

/** Far above any code; what is longer was not meant. */
const INPUT_MAX = 65_536;
const END_TO_END_LIKE = /^\s*[ED][0-9A-Za-z]{15,47}\s*$/u;
const LINE_MAX = 200;

export function pixCommands(program: Command, run: Run): void {
  const pix = program.command("pix").description("Codes of Pix: the text under a QR code (copia e cola), and end-to-end ids.");
  pix
    .command("decode")
    .description("What a BR Code (copia e cola) or an end-to-end id says. Check sum and form are checked; nothing is looked up.")
    .argument("<code>", "the text, or - to read it from standard input")
    .addHelpText("after", "\nExamples:\n  regua pix decode E18236120202104191813s0326120V4K\n  regua pix decode - < copia-e-cola.txt")
    .action(run((tools, code: string) => decode(tools, code)));
  pix
    .command("make")
    .description("A BR Code that pays a key, or with --location one that points to a charge of the API Pix.")
    .option("--key <key>", "the receiver's key: CPF, CNPJ, e-mail, telephone with +55, or random key")
    .option("--location <url>", "the charge's address, as the API Pix gives it")
    .option("--recurrence <url>", "with --location: the address of a Pix Automático authorisation")
    .option("--amount <amount>", "for example 29,90 (default: the payer types it in)")
    .option("--txid <id>", "with --key: comes back with the payment; at most 25 letters and digits")
    .option("--info <text>", "with --key: words to the payer")
    .requiredOption("--name <name>", "the receiver's name; 25 letters of it fit")
    .requiredOption("--city <city>", "the receiver's city; 15 letters of it fit")
    .addHelpText(
      "after",
      '\nExample:\n  regua pix make --key pix@servidorbom.example --amount 29,90 --txid FAT1042 --name "Servidor Bom" --city Curitiba',
    )
    .action(run((tools, options: MakeOptions) => make(tools, options)));
}

async function decode(tools: Tools, code: string): Promise<void> {
  const { io } = tools;
  const text = code === "-" ? await standardInput() : code;
  if (END_TO_END_LIKE.test(text)) return decodeId(tools, text);
  const reading = readBrCode(text);
  if (!reading.ok) {
    const { code: problem, ...place } = reading.problem;
    const sentence = inEach(codeSentence(reading.problem, "en"), codeSentence(reading.problem, "pt-BR"));
    throw new ReguaError("pix_code_refused", { problem: alike(problem), ...place, sentence });
  }
  io.result(forMachines(reading.code), () => codePage(reading.code, io.lang).join("\n"));
}

async function standardInput(): Promise<string> {
  let text = "";
  for await (const part of process.stdin.setEncoding("utf8")) {
    text += String(part);
    if (text.length > INPUT_MAX) break;
  }
  return text.slice(0, INPUT_MAX);
}

function codeSentence(problem: BrCodeProblem, lang: Lang): string {
  const { found, right } = problem.code === "crc" ? problem : { found: "", right: "" };
  const at = problem.code === "long" ? problem.at : problem.at + 1;
  return codeTexts(lang).pix.problems[problem.code]({ at, found: oneLine(found, 8), right, number: 0 });
}

/** Machines get every field, those that nobody knows included. */
function forMachines(code: BrCode): Record<string, unknown> {
  const { text, amountCents, ...rest } = code;
  return { brCode: text, ...rest, amountCents, currency: "BRL" };
}

function codePage(code: BrCode, lang: Lang): string[] {
  const { pix } = codeTexts(lang);
  const line = (text: string | null): string | null => (text === null ? null : oneLine(text, LINE_MAX));
  const key = code.key === null ? null : joined(line(code.key), code.keyKind === null ? null : pix.keyKinds[code.keyKind]);
  const open = code.kind === "static" ? pix.amountOpen : code.kind === "dynamic" ? pix.amountElsewhere : null;
  return [
    code.use === "once" ? joined(pix.kinds[code.kind], pix.once) : pix.kinds[code.kind],
    ...labelled([
      [pix.key, key],
      [pix.url, line(code.url)],
      [pix.recurrence, line(code.recurrenceUrl)],
      [pix.amount, code.amountCents === null ? open : formatMoney(code.amountCents, "BRL", lang)],
      [pix.receiver, joined(line(code.name), line(code.city))],
      [pix.txid, code.txid === NO_TXID || code.txid === null ? pix.noTxid : line(code.txid)],
      [pix.info, line(code.info)],
      ...code.notes.map((note): [string, string] => [pix.note, pix.notes[note]]),
    ]),
    ...wrap(pix.proves, ""),
  ];
}

function decodeId({ io }: Tools, text: string): void {
  const reading = readEndToEnd(text);
  if (!reading.ok) {
    const say = (lang: Lang): string => idSentence(reading.problem, text.trim().length, lang);
    throw new ReguaError("end_to_end_refused", {
      problem: alike(reading.problem.code),
      at: reading.problem.at,
      sentence: inEach(say("en"), say("pt-BR")),
    });
  }
  const { id, now } = { id: reading.id, now: io.host.now() };
  io.result({ endToEndId: { ...id, at: formatInstant(id.at) }, date: datePlausible(id.at, now) }, () =>
    idPage(id, now, io.lang).join("\n"),
  );
}

function idSentence({ code, at }: EndToEndProblem, length: number, lang: Lang): string {
  return codeTexts(lang).endToEnd.problems[code]({ at: at + 1, found: "", right: "", number: length });
}

function idPage(id: EndToEnd, now: Instant, lang: Lang): string[] {
  const { endToEnd: texts } = codeTexts(lang);
  const date = texts.dates[datePlausible(id.at, now)];
  return [
    texts.kinds[id.kind],
    ...labelled([
      [texts.institution, `${id.institution ?? texts.unknownInstitution} (ISPB ${id.ispb})`],
      [texts.time, `${formatInstant(id.at).slice(0, 16).replace("T", " ")} UTC`],
    ]),
    ...(date === null ? [] : wrap(date, "")),
    ...wrap(texts.proves, ""),
  ];
}

function make({ io }: Tools, options: MakeOptions): Promise<void> {
  const { name, city } = options;
  const text = options.location === undefined ? makeStatic(options) : makeDynamic(options.location, options);
  const reading = readBrCode(text);
  assert(reading.ok, "a BR Code that was made cannot be read");
  const { code } = reading;
  io.result(forMachines(code), () => text);
  // Apart from the code, which may go to a file or another program.
  if (!io.json && (code.name !== name.trim() || code.city !== city.trim()))
    io.host.err(codeTexts(io.lang).pix.changed(code.name, code.city));
  return Promise.resolve();
}

function makeStatic(options: MakeOptions): string {
  if (options.key === undefined)
    throw invalid(
      "key",
      "a code needs --key, or --location for one that points to a charge",
      "um código precisa de --key, ou de --location para um que aponta para uma cobrança",
    );
  if (options.recurrence !== undefined) throw invalid("recurrence", "it goes with --location", "anda junto com --location");
  return makeStaticBrCode({
    key: options.key,
    amountCents: amountOf(options),
    txid: options.txid ?? null,
    name: options.name,
    city: options.city,
    ...(options.info === undefined ? {} : { info: options.info }),
  });
}

function makeDynamic(location: string, options: MakeOptions): string {
  if (options.key !== undefined)
    throw invalid("key", "a code that points to a charge carries no key", "um código que aponta para uma cobrança não leva chave");
  if (options.txid !== undefined)
    throw invalid(
      "txid",
      "a code that points to a charge carries none: the charge has it",
      "um código que aponta para uma cobrança não leva nenhum: está na cobrança",
    );
  if (options.info !== undefined)
    throw invalid(
      "info",
      "a code that points to a charge carries none: the charge has it",
      "um código que aponta para uma cobrança não leva nenhum: está na cobrança",
    );
  return makeDynamicBrCode({
    location,
    amountCents: amountOf(options),
    name: options.name,
    city: options.city,
    ...(options.recurrence === undefined ? {} : { recurrence: options.recurrence }),
  });
}

function amountOf({ amount }: MakeOptions): number | null {
  return amount === undefined ? null : parseAmount(amount);
}

function invalid(field: string, en: string, ptBR: string): ReguaError {
  return new ReguaError("field_invalid", { field, problem: inEach(en, ptBR) });
}
