// init: makes a data folder somebody's installation, sandbox or live.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { installProvider, type ProviderFile } from "../engine/install-provider.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatDay, parseDay, Zone, type Instant } from "../kernel/time.ts";
import { presetNames, presetText } from "../policy/read.ts";
import type { Opened } from "./app.ts";
import type { Run, Tools } from "./tools.ts";
import { readProviderFile, SAMPLE_PROVIDER } from "./provider-file.ts";
import { buildSample, SAMPLE_DAYS } from "../sample/build.ts";

interface InitOptions {
  sandbox?: boolean;
  live?: boolean;
  empty?: boolean;
  date?: string;
  policy?: string;
  provider?: string;
}

/** What an installation begins with. */
export type InstallOptions = Omit<InitOptions, "provider"> & { provider: ProviderFile };

export function initCommands(program: Command, run: Run): void {
  program
    .command("init")
    .description("Begin: a sandbox to rehearse in, or the live installation.")
    .option("--sandbox", "a rehearsal with a clock of its own; nothing leaves the machine")
    .option("--live", "the real thing; asks for --provider")
    .option("--empty", "sandbox without the sample customers")
    .option("--date <date>", "day at which the sandbox begins (default: today; with the sample: today, after 150 days lived)")
    .option("--policy <file|preset>", "policy to put in force: a file, or hospedagem-br, telecom-br, saas", "hospedagem-br")
    .option("--provider <file>", "YAML with the provider's name, address, CPF/CNPJ, time zone, how to pay")
    .addHelpText(
      "after",
      "\nExamples:\n  regua init --sandbox\n  regua --data ./rehearsal init --sandbox --empty --date 2012-01-01 --policy examples/plain-3-4-5.yaml\n  regua init --live --provider provider.yaml",
    )
    .action(run(init));
}

async function init(tools: Tools, options: InitOptions): Promise<void> {
  const { io } = tools;
  if (options.live === options.sandbox) throw new ReguaError("init_mode_needed");
  if (options.live && options.provider === undefined) throw new ReguaError("provider_file_needed");
  // Read before the data folder is made: a wrong file leaves nothing behind.
  const provider = options.provider === undefined ? SAMPLE_PROVIDER : readProviderFile(resolve(io.host.cwd, options.provider));
  const dataDir = await tools.withData(async (opened) => {
    await install(tools, opened, { ...options, provider });
    return opened.dataDir;
  });
  const sample = options.sandbox === true && options.empty !== true ? await fillSample(tools, options) : null;
  const mode = options.live ? "live" : "sandbox";
  io.result({ mode, data: dataDir, sample }, () =>
    mode === "sandbox"
      ? `Sandbox ready in ${dataDir}: nothing leaves this machine.${sample === null ? "" : ` ${sample.customers} sample customers.`}`
      : `Live installation ready in ${dataDir}. Check it with \`regua doctor\` before the first \`regua run\`.`,
  );
}

/** Writes the provider and puts the policy in force. */
export async function install(tools: Tools, opened: Opened, options: InstallOptions): Promise<void> {
  const { host, actor } = tools.io;
  const policy = options.policy ?? "hospedagem-br";
  const source = presetNames().includes(policy) ? presetText(policy) : readFileSync(resolve(host.cwd, policy), "utf8");
  const at = startOf(tools, options);
  await installProvider(opened.database.db, {
    mode: options.live ? "live" : "sandbox",
    provider: options.provider,
    policySource: source,
    at,
    actAt: host.now(),
    by: actor,
  });
}

function startOf(tools: Tools, options: InstallOptions): Instant {
  const now = tools.io.host.now();
  if (options.live) return now;
  const zone = new Zone(options.provider.timeZone);
  const today = options.date === undefined ? zone.dayOf(now) : parseDay(options.date);
  return zone.startOf(options.empty ? today : today - SAMPLE_DAYS);
}

/** The sample provider's customers, with the history they lived through the real engine. Opens the installation anew: as a sandbox it is faster. */
export async function fillSample(tools: Tools, options: { date?: string }): Promise<{ customers: number }> {
  return tools.withApp(async (app) => {
    if (!app.sandboxClock) throw new ReguaError("sandbox_only");
    const zone = new Zone(app.provider.timeZone);
    const until = options.date === undefined ? zone.dayOf(tools.io.host.now()) : parseDay(options.date);
    const progress = tools.io.progress(`Living through the sample's months up to ${formatDay(until)}`, 100);
    try {
      return await buildSample({ dispatcher: app.dispatcher, clock: app.sandboxClock, zone }, until, (percent) => progress.update(percent));
    } finally {
      progress.stop();
    }
  });
}
