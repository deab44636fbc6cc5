// sandbox advance | pay | reset: the rehearsal's clock.
import { InvalidArgumentError, type Command } from "commander";
import { advanceSandbox, type Advanced } from "../jobs/sandbox-advance.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatDay, parseDay } from "../kernel/time.ts";
import { resetData } from "../store/reset.ts";
import type { App } from "./app.ts";
import { sandboxPayCommand } from "./charge-command.ts";
import type { Run, Tools } from "./tools.ts";

interface AdvanceOptions {
  to?: string;
  days?: number;
  every: number;
}

export function sandboxCommands(program: Command, run: Run): void {
  const sandbox = program.command("sandbox").description("The rehearsal: its clock, and beginning again.");
  sandbox
    .command("advance")
    .description("Live through the days up to the start of a day; nothing leaves the machine.")
    .option("--to <date>", "the day to reach, for example 2026-12-24")
    .option("--days <n>", "or this many days", count)
    .option("--every <hours>", "hours of sandbox time between sweeps (1, 2, 3, 4, 6, 8, 12 or 24)", hours, 1)
    .addHelpText("after", "\nExample:\n  regua sandbox advance --days 7")
    .action(run(async (tools, options: AdvanceOptions) => tools.withApp((app) => advance(tools, app, options))));
  sandboxPayCommand(sandbox, run);
  sandbox
    .command("reset")
    .description("Empty the sandbox; `regua init --sandbox` fills it again. A live installation refuses.")
    .addHelpText("after", "\nExample:\n  regua sandbox reset && regua init --sandbox")
    .action(run(async (tools) => tools.withApp((app) => reset(tools, app))));
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 36_500) throw new InvalidArgumentError("Give a whole number of days, 1 to 36500.");
  return value;
}

function hours(text: string): number {
  const value = Number(text);
  if (![1, 2, 3, 4, 6, 8, 12, 24].includes(value)) throw new InvalidArgumentError("Give 1, 2, 3, 4, 6, 8, 12 or 24.");
  return value;
}

async function advance({ io }: Tools, app: App, options: AdvanceOptions): Promise<void> {
  const clock = app.sandboxClock;
  if (!clock) throw new ReguaError("sandbox_only");
  const zone = app.engine.settings.zone(app.provider.timeZone);
  const from = zone.dayOf(clock.now());
  if (options.to === undefined && options.days === undefined) throw new ReguaError("date_unreadable", { value: "" });
  const to = options.to === undefined ? from + (options.days ?? 0) : parseDay(options.to);
  const progress = io.progress("Living through", to - from);
  try {
    const done = await advanceSandbox(app.dispatcher, clock, zone, {
      until: zone.startOf(to),
      every: options.every,
      onDay: (day) => progress.update(day - from, formatDay(day)),
    });
    io.result(done, () => say(done, formatDay(to)));
  } finally {
    progress.stop();
  }
}

function say(done: Advanced, to: string): string {
  const notices = Object.entries(done.notices).map(([step, n]) => `  ${step.padEnd(22)} ${n}`);
  return [
    `The sandbox stands at ${to}, ${done.days} days later.`,
    `Notices, by step:`,
    ...(notices.length > 0 ? notices : ["  none"]),
    `Messages ${done.messages} · holds ${done.holds} · suspensions ${done.suspensions} · reactivations ${done.reactivations} · receipts ${done.receipts}`,
    ...(done.faults > 0 ? [`${done.faults} customers could not be decided: run \`regua doctor\`.`] : []),
    `Digest ${done.digest}`,
  ].join("\n");
}

async function reset({ io }: Tools, app: App): Promise<void> {
  if (app.provider.mode !== "sandbox") throw new ReguaError("sandbox_only");
  await resetData(app.url);
  io.result({ reset: true }, () => "The sandbox is empty. `regua init --sandbox` fills it again.");
}
