// policy timeline: the story of one unpaid invoice under a policy, drawn on the ruler.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { parseAmount } from "../kernel/money.ts";
import { formatDay, formatInstant, parseDay, Zone, type Day, type Instant } from "../kernel/time.ts";
import { compilePolicy, type Policy } from "../policy/compile.ts";
import { presetNames, presetText, readPolicy } from "../policy/read.ts";
import { drawRuler, type RulerWords } from "../policy/ruler.ts";
import { policyTimeline, type TimelineLine } from "../policy/timeline.ts";
import { policySource } from "../store/policies.ts";
import { sayDay, sayMoment } from "../words/dates.ts";
import { sayBecause, sayStep } from "../words/reasons.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import type { Run, Tools } from "./tools.ts";

interface TimelineOptions {
  due?: string;
  issued?: string;
  amount: string;
  plan?: string;
  tag?: string[];
  zone: string;
}

export function timelineCommand(policy: Command, run: Run): void {
  policy
    .command("timeline")
    .description("What happens to one unpaid invoice, day by day: the ladder, with what the calendar moves.")
    .argument("[file|preset|name]", "a file, a preset, or a stored policy (default: the one in force)")
    .option("--due <date>", "the invoice's due date (default: ten days from today)")
    .option("--issued <date>", "the day it is issued (default: ten days before it is due)")
    .option("--amount <amount>", "what is owed", "100.00")
    .option("--plan <plan>", "the plan billed, for policies with segments")
    .option("--tag <tag...>", "the customer's tags, for policies with segments")
    .option("--zone <zone>", "time zone, for a file or preset", "America/Sao_Paulo")
    .addHelpText(
      "after",
      "\nExamples:\n  regua policy timeline hospedagem-br --due 2026-12-20\n  regua --lang en policy timeline my-policy.yaml --due 2026-11-20 --tag vip\nA preset's name means the preset; write name@hash for a stored policy of that name.",
    )
    .action(run((tools, name: string | undefined, options: TimelineOptions) => timeline(tools, name, options)));
}

async function timeline(tools: Tools, name: string | undefined, options: TimelineOptions): Promise<void> {
  const source = name === undefined ? null : outsideSource(tools, name);
  if (source !== null) {
    // A file needs no installation: it is looked at before there is one.
    const policy = compilePolicy(readPolicy(source), new Zone(options.zone));
    tell(tools, policy, options, { now: tools.io.host.now(), currency: "BRL", head: null });
    return;
  }
  await tools.withApp(async (app) => {
    const { provider, clock } = app;
    const policy = await storedPolicy(app, name);
    tell(tools, policy, options, { now: clock.now(), currency: provider.currency, head: banner(app) });
  });
}

/** The text of a preset or file; null: the name is looked for among the stored policies. */
function outsideSource(tools: Tools, name: string): string | null {
  if (presetNames().includes(name)) return presetText(name);
  const file = resolve(tools.io.host.cwd, name);
  if (existsSync(file)) return readFileSync(file, "utf8");
  if (/[/\\]|\.ya?ml$/u.test(name))
    throw new ReguaError("file_unreadable", { file: name, why: inEach("it is not there", "ele não existe") });
  return null;
}

async function storedPolicy(app: App, name: string | undefined): Promise<Policy> {
  const { settings } = app.engine;
  const { db } = app.database;
  if (name === undefined) return (await settings.load(db, app.clock.now())).policy;
  const found = await policySource(db, name);
  if (!found) throw new ReguaError("policy_unknown", { value: name });
  return { ...compilePolicy(readPolicy(found.source), settings.zone(app.provider.timeZone)), version: found.version };
}

const LEAD_DAYS = 10;

function tell(
  tools: Tools,
  policy: Policy,
  options: TimelineOptions,
  scene: { now: Instant; currency: string; head: string | null },
): void {
  const { io } = tools;
  const { zone } = policy;
  const due: Day = options.due === undefined ? zone.dayOf(scene.now) + LEAD_DAYS : parseDay(options.due);
  const issued: Day = options.issued === undefined ? due - LEAD_DAYS : parseDay(options.issued);
  const amount = parseAmount(options.amount);
  if (amount <= 0) throw new ReguaError("amount_unreadable", { value: options.amount });
  const lines = policyTimeline(policy, {
    issuedOn: issued,
    dueOn: due,
    amount,
    currency: scene.currency,
    ...(options.plan === undefined ? {} : { plan: options.plan }),
    ...(options.tag === undefined ? {} : { tags: options.tag }),
  });
  const words: RulerWords = {
    lang: io.lang,
    day: (day) => sayDay(day, io.lang, null),
    moment: (at) => sayMoment(at, io.lang, zone, null),
    step: (step) => sayStep(step, io.lang),
    because: (because) => sayBecause(because, io.lang, zone, scene.currency),
  };
  const value = { policy: policy.version, zone: zone.id, issued: formatDay(issued), due: formatDay(due), lines: lines.map(plainLine) };
  io.result(value, () => [...(scene.head === null ? [] : [scene.head, ""]), drawRuler(policy, lines, words).trimEnd()].join("\n"));
}

function plainLine(line: TimelineLine): Record<string, unknown> {
  const { at, until, ...rest } = line.because ?? {};
  const because = {
    ...rest,
    ...(at === undefined ? {} : { at: formatInstant(at) }),
    ...(until === undefined ? {} : { until: formatInstant(until) }),
  };
  return { ...line, at: formatInstant(line.at), day: formatDay(line.day), because: line.because === null ? null : because };
}
