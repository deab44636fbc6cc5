// evidence export | verify: one customer's whole story as a file, and its check, which needs no installation.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { exportBundle } from "../evidence/bundle.ts";
import { writeDossier } from "../evidence/dossier.ts";
import { writeBundle } from "../evidence/format.ts";
import { sayFinding, sayReport } from "../evidence/say.ts";
import { verifyBundle } from "../evidence/verify.ts";
import { alike, inEach, ReguaError } from "../kernel/errors.ts";
import { formatDay, parseDay } from "../kernel/time.ts";
import { cliTexts } from "../words/cli.ts";
import { fileWhy } from "./file-why.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import type { Run, Tools } from "./tools.ts";

/** Personal data: for the person who runs the command. */
const OWNER_ONLY = 0o600;

export function evidenceCommands(program: Command, run: Run): void {
  const evidence = program.command("evidence").description("One customer's whole story, in a form that anybody can check.");
  evidence
    .command("export <customer>")
    .description("Write the evidence of one customer to a file. It holds personal data.")
    .requiredOption("--out <file>", "where to; an older file of that name is replaced")
    .option("--pdf <file>", "and the same as a document to read and print, in the language of --lang")
    .addHelpText(
      "after",
      "\nExamples:\n  regua evidence export 1042 --out 1042.evidence.json\n  regua evidence export 1042 --out 1042.evidence.json --pdf 1042.pdf",
    )
    .action(run(async (tools, customer: string, options: ExportOptions) => tools.withApp((app) => write(tools, app, customer, options))));
  evidence
    .command("verify <file>")
    .description("Check such a file: needs no database, no network and no installation. Ends with 1 when something was changed.")
    .option("--anchor <day=hash>", "an anchor that was published or kept elsewhere, to compare with; may be repeated", anchor, new Map())
    .addHelpText("after", "\nExample:\n  regua evidence verify 1042.evidence.json")
    .action(run(async (tools, file: string, options: { anchor: ReadonlyMap<string, string> }) => verify(tools, file, options.anchor)));
}

function anchor(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, day, hash] = /^(\d{4}-\d{2}-\d{2})=([0-9a-f]{64})$/u.exec(text.trim().toLowerCase()) ?? [];
  if (day === undefined || hash === undefined)
    throw new InvalidArgumentError("Write it as 2026-11-22=HASH, with the 64 digits of the hash.");
  return new Map([...before, [formatDay(parseDay(day)), hash]]);
}

interface ExportOptions {
  out: string;
  pdf?: string;
}

async function write({ io }: Tools, app: App, customer: string, { out, pdf }: ExportOptions): Promise<void> {
  const bundle = await exportBundle(app.engine.db, customer, { now: app.clock.now() });
  const file = resolve(io.host.cwd, out);
  const paper = pdf === undefined ? null : resolve(io.host.cwd, pdf);
  await writeWhole(file, writeBundle(bundle));
  if (paper !== null) await writeWhole(paper, await writeDossier(bundle, io.lang));
  const texts = cliTexts(io.lang).evidence;
  const { seq, hash } = bundle.head;
  const value = { customer, file, ...(paper === null ? {} : { pdf: paper }), entries: bundle.entries.length, head: { seq, hash } };
  io.result(value, () =>
    [banner(app), texts.exported(out, bundle.entries.length), ...(pdf === undefined ? [] : [pdf]), texts.personal, texts.verify(out)].join(
      "\n",
    ),
  );
}

/** Whole or not at all: half a bundle would look like a tampered one. */
async function writeWhole(file: string, content: string | Buffer): Promise<void> {
  const half = `${file}.part`;
  try {
    await writeFile(half, content, { mode: OWNER_ONLY });
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    throw new ReguaError("file_unwritable", { file, why: fileWhy(error) });
  }
}

async function verify({ io }: Tools, path: string, published: ReadonlyMap<string, string>): Promise<void> {
  const file = resolve(io.host.cwd, path);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new ReguaError("file_unreadable", { file, why: fileWhy(error) });
  }
  const report = verifyBundle(bytes, published);
  const findings = report.findings.map((finding) => ({ ...finding, text: sayFinding(finding, io.lang) }));
  io.result({ ...report, findings }, () => sayReport(report, io.lang).trimEnd());
  if (report.intact) return;
  const worst = deepest(report.findings);
  const finding = worst ? inEach(sayFinding(worst, "en"), sayFinding(worst, "pt-BR")) : alike("");
  throw new ReguaError("evidence_differs", { file: path, finding });
}

/** The finding that names an entry says more than the broken seal, which every change breaks. */
function deepest<F extends { code: string }>(findings: readonly F[]): F | undefined {
  return (
    findings.find((finding) => "entry" in finding || "from" in finding) ??
    findings.find((finding) => finding.code !== "seal_broken") ??
    findings[0]
  );
}
