// policy check | show | timeline | replay | schema | export | import | activate: the ladder as a document.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { enforcePolicy, importPolicy } from "../engine/install-provider.ts";
import type { PanelAbility } from "../policy/check-panels.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { formatDay, formatInstant, parseDay, type Instant, type Zone } from "../kernel/time.ts";
import { presetNames, presetText } from "../policy/read.ts";
import { policyJsonSchema } from "../policy/schema.ts";
import { listPolicies, policySource, type PolicyVersionRow } from "../store/policies.ts";
import { readPolicyDoc, readSetting } from "../store/setting.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { loadConfig } from "./config.ts";
import { changesBetween, checkedIn, checkSource, findingsIn, sayChecked, type Checked } from "../engine/check-policy.ts";
import { sayIn, type Say } from "./doctor-report.ts";
import { fileWhy } from "./file-why.ts";
import { replayCommand } from "./policy-replay.ts";
import { timelineCommand } from "./policy-timeline.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

export function policyCommands(program: Command, run: Run): void {
  const policy = program.command("policy").description("The policy: the ladder and its rules as a document.");
  policy
    .command("check")
    .description("Check policy files: their form, whether the ladder can be climbed, and the law. Says the line, the problem and the cure.")
    .argument("<file|preset...>", "files, or hospedagem-br, telecom-br, saas")
    .addHelpText("after", "\nExample:\n  regua policy check my-policy.yaml\nWarnings do not fail the check.")
    .action(run((tools, names: string[]) => check(tools, names)));
  policy
    .command("show")
    .description("The stored versions and which one is in force; with a name, the text of that one.")
    .argument("[name]", "a policy's name (its last version) or a version name@hash")
    .addHelpText("after", "\nExamples:\n  regua policy show\n  regua policy show hospedagem-br")
    .action(run(async (tools, name: string | undefined) => tools.withApp((app) => show(tools, app, name))));
  timelineCommand(policy, run);
  replayCommand(policy, run);
  policy
    .command("schema")
    .description("The JSON Schema of a policy file, for editors that check while you type.")
    .addHelpText(
      "after",
      "\nExample:\n  regua policy schema > policy.schema.json\nThen begin the policy with: # yaml-language-server: $schema=policy.schema.json",
    )
    .action(run((tools) => schema(tools)));
  policy
    .command("export")
    .description("Write a stored policy, or a preset, as the YAML it was written in.")
    .argument("<name>", "a stored name or version, or a preset")
    .option("--out <file>", "a new file (default: to the terminal)")
    .addHelpText("after", "\nExample:\n  regua policy export hospedagem-br --out my-policy.yaml")
    .action(run((tools, name: string, options: { out?: string }) => exportPolicy(tools, name, options)));
  policy
    .command("import")
    .description("Check a policy and store it as a version. It takes effect only when activated.")
    .argument("<file|preset>")
    .addHelpText("after", "\nExample:\n  regua policy import my-policy.yaml && regua policy activate my-policy")
    .action(run(async (tools, name: string) => tools.withApp((app) => importFile(tools, app, name))));
  policy
    .command("activate")
    .description("Put a stored version in force. Shows first what changes.")
    .argument("<name|version>", "a policy's name (its last version) or a version name@hash")
    .option("--on <date>", "from the beginning of this day on (default: at once)")
    .option("--yes", "do not ask; without a terminal nothing is asked")
    .addHelpText("after", "\nExamples:\n  regua policy activate my-policy\n  regua policy activate my-policy@0123456789ab --on 2026-12-01")
    .action(run(async (tools, name: string, options: ActivateOptions) => tools.withApp((app) => activate(tools, app, name, options))));
}

/** A preset by its name, else a file. @throws ReguaError `file_unreadable` */
function readSource(tools: Tools, name: string): string {
  if (presetNames().includes(name)) return presetText(name);
  const file = resolve(tools.io.host.cwd, name);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ReguaError("file_unreadable", { file: name, why: fileWhy(error) }, { cause: error });
  }
}

function check(tools: Tools, names: readonly string[]): Promise<void> {
  const panels = panelAbilities(tools);
  const checked = names.map((name) => checkSource(name, readSource(tools, name), panels));
  const { io } = tools;
  io.result(
    checked.map((each) => checkedIn(each, io.lang)),
    () => checked.map((each) => sayChecked(each, io.lang)).join("\n"),
  );
  const bad = checked.filter((each) => !each.ok);
  if (bad.length > 0) throw refusal(bad);
  return Promise.resolve();
}

function refusal(bad: readonly Checked[]): ReguaError {
  const errors = bad.flatMap((each) => each.findings.filter((finding) => finding.severity === "error"));
  const [count, files] = [errors.length, bad.map((each) => each.file).join(", ")];
  return new ReguaError("policy_invalid", {
    summary: inEach(`${count} ${count === 1 ? "error" : "errors"} in ${files}.`, `${count} ${count === 1 ? "erro" : "erros"} em ${files}.`),
    problems: inEach(findingsIn(errors, "en"), findingsIn(errors, "pt-BR")),
  });
}

/** What the configured panels can do; a policy is checked where nothing is configured too. */
function panelAbilities({ io, options }: Tools): PanelAbility[] {
  const { config } = loadConfig(io.host.env, io.host.cwd, options);
  return Object.entries(config.panels).map(([name, settings]) => ({
    name,
    terminate: settings.kind === "sandbox" || (settings.kind === "command" ? settings.terminate !== undefined : settings.terminate),
  }));
}

async function show({ io }: Tools, app: App, name: string | undefined): Promise<void> {
  const { db } = app.database;
  if (name !== undefined) {
    const found = await policySource(db, name);
    if (!found) throw new ReguaError("policy_unknown", { value: name });
    io.result(found, () => found.source.trimEnd());
    return;
  }
  const now = app.clock.now();
  const inForce = (await readSetting(db, now))?.version ?? null;
  const versions = await listPolicies(db);
  const rows = versions.map((row) => ({
    ...row,
    storedAt: formatInstant(row.storedAt),
    activatedAt: row.activatedAt === null ? null : formatInstant(row.activatedAt),
  }));
  io.result({ inForce, versions: rows }, () => {
    const zone = app.engine.settings.zone(app.provider.timeZone);
    return [banner(app), "", ...versions.flatMap((row) => sayVersion(row, inForce, now, zone, sayIn(io.lang)))].join("\n");
  });
}

function sayVersion(row: PolicyVersionRow, inForce: string | null, now: Instant, zone: Zone, say: Say): string[] {
  const day = (at: Instant): string => formatDay(zone.dayOf(at));
  const { version, activatedAt, activatedBy } = row;
  let force = say("never in force", "nunca esteve em vigor");
  if (activatedAt !== null) {
    const since = `${day(activatedAt)} (${activatedBy ?? ""})`;
    force =
      version === inForce
        ? say(`in force since ${since}`, `em vigor desde ${since}`)
        : activatedAt > now
          ? say(`in force from ${since}`, `em vigor a partir de ${since}`)
          : say(`was put in force on ${since}`, `entrou em vigor em ${since}`);
  }
  return [
    `${version === inForce ? "●" : "○"} ${version}`,
    `    ${force}; ${say("stored", "guardada em")} ${day(row.storedAt)} (${row.storedBy})`,
    `    sha256 ${row.hash}`,
  ];
}

function schema({ io }: Tools): Promise<void> {
  const value = policyJsonSchema();
  io.result(value, () => JSON.stringify(value, null, 2));
  return Promise.resolve();
}

/** Whether there is a database to look in: looking must not make one. */
function isInstalled({ io, options }: Tools): boolean {
  const { config, dataDir } = loadConfig(io.host.env, io.host.cwd, options);
  return config.database_url !== undefined || existsSync(join(dataDir, "postgres"));
}

async function exportPolicy(tools: Tools, name: string, options: { out?: string }): Promise<void> {
  // A stored policy may bear a preset's name and say something else: what is stored comes first.
  const stored = isInstalled(tools) ? await tools.withData(({ database }) => policySource(database.db, name)) : null;
  const found = stored ?? (presetNames().includes(name) ? { version: name, source: presetText(name) } : null);
  if (!found) throw new ReguaError("policy_unknown", { value: name });
  const { io } = tools;
  if (options.out === undefined) {
    io.result(found, () => found.source.trimEnd());
    return;
  }
  const file = resolve(io.host.cwd, options.out);
  if (existsSync(file)) throw new ReguaError("file_unwritable", { file: options.out, why: inEach("it is there already", "ele já existe") });
  try {
    writeFileSync(file, found.source, { flag: "wx" });
  } catch (error) {
    throw new ReguaError("file_unwritable", { file: options.out, why: fileWhy(error) }, { cause: error });
  }
  io.result({ version: found.version, file }, () =>
    sayIn(io.lang)(`${found.version} is in ${options.out}.`, `${found.version} está em ${options.out}.`),
  );
}

async function importFile(tools: Tools, app: App, name: string): Promise<void> {
  const { io } = tools;
  const source = readSource(tools, name);
  const checked = checkSource(name, source);
  const before = new Set((await listPolicies(app.database.db)).map((row) => row.version));
  const version = await importPolicy(app.database.db, { source, by: io.actor, at: app.clock.now() });
  const fresh = !before.has(version);
  const say = sayIn(io.lang);
  io.result({ version, stored: fresh, findings: findingsIn(checked.findings, io.lang) }, () =>
    [
      banner(app),
      "",
      sayChecked(checked, io.lang),
      fresh
        ? say(`Stored as ${version}.`, `Guardada como ${version}.`)
        : say(
            `${version} was stored already: the same rules are the same version.`,
            `${version} já estava guardada: as mesmas regras são a mesma versão.`,
          ),
      say(`It takes effect with: regua policy activate ${version}`, `Ela entra em vigor com: regua policy activate ${version}`),
    ].join("\n"),
  );
}

interface ActivateOptions {
  on?: string;
  yes?: boolean;
}

async function activate(tools: Tools, app: App, name: string, options: ActivateOptions): Promise<void> {
  const { io } = tools;
  const say = sayIn(io.lang);
  const { db } = app.database;
  const found = await policySource(db, name);
  if (!found) throw new ReguaError("policy_unknown", { value: name });
  const now = app.clock.now();
  const zone = app.engine.settings.zone(app.provider.timeZone);
  const from = startOf(options.on, now, zone);
  const before = (await readSetting(db, now))?.version ?? null;
  const to = found.version;
  const on = zone.dayOf(from) === zone.dayOf(now) ? null : formatDay(zone.dayOf(from));
  const result = { from: before, to, on };
  if (before === to) {
    // Put in force a second time, from a later day on, it would leave the days until then to the version before it.
    const still = say(`${to} is in force already; nothing was changed.`, `${to} já está em vigor; nada mudou.`);
    io.result({ ...result, changed: false, customers: 0 }, () => `${banner(app)}\n\n${still}`);
    return;
  }
  const changes = before === null ? [] : changesBetween(await readPolicyDoc(db, before), await readPolicyDoc(db, to))[io.lang];
  io.line([banner(app), "", ...sayChange(before, to, on, changes, say)].join("\n"));
  if (!(await agreed(tools, options, say))) {
    io.line(say("Nothing was changed.", "Nada mudou."));
    return;
  }
  const { customers } = await enforcePolicy(db, { version: to, by: io.actor, from, at: app.engine.motorClock.now() });
  io.result({ ...result, changed: true, customers, changes }, () => sayActivated(customers, on, from > now, say));
}

/** @throws ReguaError `policy_day_past` */
function startOf(on: string | undefined, now: Instant, zone: Zone): Instant {
  if (on === undefined) return now;
  const [day, today] = [parseDay(on), zone.dayOf(now)];
  if (day < today) throw new ReguaError("policy_day_past", { value: on });
  return day === today ? now : zone.startOf(day);
}

/** More lines than this say less, not more. */
const CHANGES_MAX = 25;

function sayChange(before: string | null, to: string, on: string | null, changes: readonly string[], say: Say): string[] {
  const when = on === null ? say("at once", "de imediato") : say(`from ${on} on`, `a partir de ${on}`);
  const head = `${before ?? say("no policy", "nenhuma política")} → ${to}, ${when}`;
  if (before === null) return [head, ""];
  const shown = changes.slice(0, CHANGES_MAX).map((change) => wrap(change, "  ").join("\n  "));
  const more = changes.length - shown.length;
  return [
    head,
    ...(shown.length > 0 ? shown : [say("  no rule differs", "  nenhuma regra muda")]),
    ...(more > 0 ? [say(`  and ${more} more`, `  e mais ${more}`)] : []),
    "",
  ];
}

async function agreed({ io }: Tools, options: ActivateOptions, say: Say): Promise<boolean> {
  if (options.yes || io.json || !io.host.isTerminal || !process.stdin.isTTY) return true;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await ask.question(say("Put it in force? [y/N] ", "Pôr em vigor? [s/N] "));
    return /^(y|yes|s|sim)$/iu.test(answer.trim());
  } finally {
    ask.close();
  }
}

function sayActivated(customers: number, on: string | null, later: boolean, say: Say): string {
  const looked = say(`${customers} customers with something open`, `Clientes com algo em aberto: ${customers}`);
  if (on !== null)
    return say(
      `It takes effect on ${on}; until then the present one stays in force. ${looked} are looked at again on that day.`,
      `Ela entra em vigor em ${on}; até lá vale a atual. ${looked}; são revistos nesse dia.`,
    );
  if (later)
    return say(
      `It takes effect as soon as the sandbox's clock moves, which stands at the very moment the present one began. ${looked} are looked at then.`,
      `Ela entra em vigor assim que o relógio do ambiente de ensaio andar, pois ele está parado no momento em que a atual começou. ${looked}; são revistos então.`,
    );
  return say(
    `In force. ${looked} are looked at again with the next sweep. For a day suspensions meet the stricter limit of the breaker.`,
    `Em vigor. ${looked}; são revistos na próxima passada. Por um dia as suspensões têm o limite mais estrito do disjuntor.`,
  );
}
