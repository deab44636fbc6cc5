// run | pay | promise | hold | release-hold | terminations: what staff do, each carried out before the command ends.
import { Option, type Command } from "commander";
import { approveTermination } from "../engine/approve-termination.ts";
import { placeHold } from "../engine/place-hold.ts";
import { releaseHold } from "../engine/release-hold.ts";
import { whoIs } from "../engine/who.ts";
import { ReguaError } from "../kernel/errors.ts";
import { parseEnd } from "../kernel/time.ts";
import type { HoldFacts, HoldKind } from "../policy/facts.ts";
import { openProposals } from "../store/terminations.ts";
import { cliTexts } from "../words/cli.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { following, tell } from "./follow.ts";
import { forMachines } from "./json.ts";
import { payCommand } from "./pay-command.ts";
import type { Run, Tools } from "./tools.ts";
import { promiseCommand } from "./promise-command.ts";
import { runCommand } from "./run-command.ts";
import { sayHold } from "./say-hold.ts";
import { wrap } from "./table.ts";

const KINDS = ["dispute", "manual", "legal", "abuse"] as const satisfies readonly HoldKind[];
const EFFECTS = ["access", "collection"] as const satisfies readonly HoldFacts["effect"][];

/** Proposals shown at a time. */
const PROPOSALS_MAX = 500;

interface HoldOptions {
  kind: (typeof KINDS)[number];
  effect?: HoldFacts["effect"];
  service?: string;
  invoice?: string;
  until?: string;
  reason: string;
}

export function actCommands(program: Command, run: Run): void {
  runCommand(program, run);
  payCommand(program, run);
  promiseCommand(program, run);
  holdCommands(program, run);
  terminationCommands(program, run);
}

function holdCommands(program: Command, run: Run): void {
  program
    .command("hold <customer>")
    .description("An exception, in writing: stop the ladder (a dispute, a decision, a legal order) or take access down (abuse).")
    .addOption(new Option("--kind <kind>", "why").choices(KINDS).makeOptionMandatory())
    .addOption(new Option("--effect <effect>", "what it does (default: access for abuse, else collection)").choices(EFFECTS))
    .option("--service <ref>", "only this service (default: the whole account)")
    .option("--invoice <ref>", "only this invoice (default: all)")
    .option("--until <date>", "ends by itself after this day; needed to stop the ladder, except for a legal order")
    .requiredOption("--reason <text>", "in words; written in the evidence")
    .addHelpText(
      "after",
      '\nExample:\n  regua hold 1042 --kind dispute --invoice 7781 --until 2026-12-04 --reason "disputes the traffic of October"',
    )
    .action(run(async (tools, customer: string, options: HoldOptions) => tools.withApp((app) => hold(tools, app, customer, options))));
  program
    .command("release-hold <customer> <hold>")
    .description("End an exception before its time. `regua show` lists the holds with their numbers.")
    .requiredOption("--reason <text>", "in words; written in the evidence")
    .addHelpText("after", '\nExample:\n  regua release-hold 1042 51007 --reason "settled by telephone"')
    .action(
      run(async (tools, customer: string, id: string, options: { reason: string }) =>
        tools.withApp((app) => release(tools, app, customer, id, options)),
      ),
    );
}

async function hold({ io }: Tools, app: App, customer: string, options: HoldOptions): Promise<void> {
  const { kind, effect, service, invoice, reason } = options;
  const until = options.until === undefined ? undefined : parseEnd(options.until, app.engine.settings.zone(app.provider.timeZone));
  const { done, after } = await following(app, customer, (engine) =>
    placeHold(engine, {
      customer,
      kind,
      reason,
      by: io.actor,
      ...(effect === undefined ? {} : { effect }),
      ...(service === undefined ? {} : { service }),
      ...(invoice === undefined ? {} : { invoice }),
      ...(until === undefined ? {} : { until }),
    }),
  );
  tell({ io }, app, after, { hold: done.holdId, kind, until: until ?? null }, (voice) => [
    voice.texts.act.held(sayHold(kind, io.lang), done.holdId, until === undefined ? null : voice.moment(until)),
  ]);
}

async function release({ io }: Tools, app: App, customer: string, id: string, { reason }: { reason: string }): Promise<void> {
  const holdId = wholeId(id);
  if (holdId === null) throw new ReguaError("hold_unknown", { value: id });
  const { after } = await following(app, customer, (engine) => releaseHold(engine, { customer, holdId, by: io.actor, reason }));
  tell({ io }, app, after, { hold: holdId, released: true }, (voice) => [voice.texts.act.lifted(holdId)]);
}

function terminationCommands(program: Command, run: Run): void {
  const terminations = program
    .command("terminations")
    .description("The end of a service: proposed by the ladder, approved by two persons.");
  terminations
    .command("list")
    .description("The proposals that wait, oldest first.")
    .addHelpText("after", "\nExample:\n  regua terminations list")
    .action(run(async (tools) => tools.withApp((app) => listProposals(tools, app))));
  terminations
    .command("approve <customer> <id>")
    .description("Sign a proposal. The second signature, by another person, lets the panel end the service.")
    .addHelpText("after", "\nExample:\n  regua --actor maria terminations approve 1042 73004")
    .action(run(async (tools, customer: string, id: string) => tools.withApp((app) => approve(tools, app, customer, id))));
}

async function listProposals({ io }: Tools, app: App): Promise<void> {
  const proposals = await openProposals(app.engine.db, PROPOSALS_MAX);
  const value = proposals.map((p) => ({
    customer: p.customerRef,
    id: p.id,
    service: p.serviceRef,
    invoice: p.invoiceRef,
    state: p.state,
    proposedAt: p.proposedAt,
    firstBy: p.firstBy,
  }));
  const texts = cliTexts(io.lang);
  io.result({ terminations: forMachines(value) }, () =>
    [
      banner(app),
      `${texts.head.terminations}: ${value.length === 0 ? texts.none : value.length}`,
      ...value.flatMap((p) => wrap(`${p.customer}  ${texts.proposal(p.id, p.service, p.invoice, p.firstBy)}`, "  ")),
    ].join("\n"),
  );
}

async function approve({ io }: Tools, app: App, customer: string, id: string): Promise<void> {
  const terminationId = wholeId(id);
  if (terminationId === null) throw new ReguaError("termination_unknown", { value: id });
  // The default actor is nobody: two signatures of it would be one person's.
  if (io.actor === "cli") throw new ReguaError("actor_needed");
  const customerId = await whoIs(app.engine.db, customer);
  const { done, after } = await following(app, customer, (engine) =>
    approveTermination(engine, { customerId, terminationId, by: io.actor }),
  );
  tell({ io }, app, after, { termination: terminationId, signatures: done.signatures }, ({ texts: { act } }) => [
    done.signatures === 2 ? act.signedSecond(terminationId) : act.signedFirst(terminationId),
  ]);
}

function wholeId(text: string): number | null {
  return /^\d{1,15}$/u.test(text) ? Number(text) : null;
}
