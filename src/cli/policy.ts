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
import { changesBetween, checkSource, sayChecked } from "../engine/check-policy.ts";
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
    throw new ReguaError("file_unreadable", { file: name, why: reasonOf(error) }, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error && error.code === "ENOENT" ? "it is not there" : String(error);
}

function check(tools: Tools, names: readonly string[]): Promise<void> {
  const panels = panelAbilities(tools);
  const checked = names.map((name) => checkSource(name, readSource(tools, name), panels));
  tools.io.result(checked, () => checked.map(sayChecked).join("\n"));
  const bad = checked.filter((each) => !each.ok);
  if (bad.length > 0) {
    const problems = bad.flatMap((each) => each.findings.filter((finding) => finding.severity === "error"));
    const count = `${problems.length} ${problems.length === 1 ? "error" : "errors"} in ${bad.map((each) => each.file).join(", ")}.`;
    throw new ReguaError("policy_invalid", { summary: count, problems });
  }
  return Promise.resolve();
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
    return [banner(app), "", ...versions.flatMap((row) => sayVersion(row, inForce, now, zone))].join("\n");
  });
}

function sayVersion(row: PolicyVersionRow, inForce: string | null, now: Instant, zone: Zone): string[] {
  const day = (at: Instant): string => formatDay(zone.dayOf(at));
  const { version, activatedAt, activatedBy } = row;
  let force = "never in force";
  if (activatedAt !== null) {
    const since = `${day(activatedAt)} (${activatedBy ?? ""})`;
    force = version === inForce ? `in force since ${since}` : activatedAt > now ? `in force from ${since}` : `was put in force on ${since}`;
  }
  return [
    `${version === inForce ? "●" : "○"} ${version}`,
    `    ${force}; stored ${day(row.storedAt)} (${row.storedBy})`,
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
    throw new ReguaError("file_unwritable", { file: options.out, why: reasonOf(error) }, { cause: error });
  }
  io.result({ version: found.version, file }, () => `${found.version} is in ${options.out}.`);
}

async function importFile(tools: Tools, app: App, name: string): Promise<void> {
  const { io } = tools;
  const source = readSource(tools, name);
  const checked = checkSource(name, source);
  const before = new Set((await listPolicies(app.database.db)).map((row) => row.version));
  const version = await importPolicy(app.database.db, { source, by: io.actor, at: app.clock.now() });
  const fresh = !before.has(version);
  io.result({ version, stored: fresh, findings: checked.findings }, () =>
    [
      banner(app),
      "",
      sayChecked(checked),
      fresh ? `Stored as ${version}.` : `${version} was stored already: the same rules are the same version.`,
      `It takes effect with: regua policy activate ${version}`,
    ].join("\n"),
  );
}

interface ActivateOptions {
  on?: string;
  yes?: boolean;
}

async function activate(tools: Tools, app: App, name: string, options: ActivateOptions): Promise<void> {
  const { io } = tools;
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
    io.result({ ...result, changed: false, customers: 0 }, () => `${banner(app)}\n\n${to} is in force already; nothing was changed.`);
    return;
  }
  const changes = before === null ? [] : changesBetween(await readPolicyDoc(db, before), await readPolicyDoc(db, to));
  io.line([banner(app), "", ...sayChange(before, to, on, changes)].join("\n"));
  if (!(await agreed(tools, options))) {
    io.line("Nothing was changed.");
    return;
  }
  const { customers } = await enforcePolicy(db, { version: to, by: io.actor, from, at: app.engine.motorClock.now() });
  io.result({ ...result, changed: true, customers, changes }, () => sayActivated(customers, on, from > now));
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

function sayChange(before: string | null, to: string, on: string | null, changes: readonly string[]): string[] {
  const head = `${before ?? "no policy"} → ${to}, ${on === null ? "at once" : `from ${on} on`}`;
  if (before === null) return [head, ""];
  const shown = changes.slice(0, CHANGES_MAX).map((change) => wrap(change, "  ").join("\n  "));
  const more = changes.length - shown.length;
  return [head, ...(shown.length > 0 ? shown : ["  no rule differs"]), ...(more > 0 ? [`  and ${more} more`] : []), ""];
}

async function agreed({ io }: Tools, options: ActivateOptions): Promise<boolean> {
  if (options.yes || io.json || !io.host.isTerminal || !process.stdin.isTTY) return true;
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^(y|yes|s|sim)$/iu.test((await ask.question("Put it in force? [y/N] ")).trim());
  } finally {
    ask.close();
  }
}

function sayActivated(customers: number, on: string | null, later: boolean): string {
  const looked = `${customers} customers with something open`;
  if (on !== null) return `It takes effect on ${on}; until then the present one stays in force. ${looked} are looked at again on that day.`;
  if (later)
    return `It takes effect as soon as the sandbox's clock moves, which stands at the very moment the present one began. ${looked} are looked at then.`;
  return `In force. ${looked} are looked at again with the next sweep. For a day suspensions meet the stricter limit of the breaker.`;
}
