// run: one sweep over whoever is due, and everything that follows from it, now.
import type { Command } from "commander";
import { approveSuspensions, breakerState } from "../engine/breaker.ts";
import { emptyTally, type Tally } from "../engine/evaluate.ts";
import { endRunUnlessCalling, lookAtRun, noteRun } from "../engine/runs.ts";
import { dispatch } from "../jobs/dispatch.ts";
import { planSweep, sweep } from "../jobs/sweep.ts";
import { suspensionsWaiting } from "../store/waiting.ts";
import { cliTexts } from "../words/cli.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

export function runCommand(program: Command, run: Run): void {
  program
    .command("run")
    .description("Decide whoever is due, send what is to be sent, and bring panels to what they should be. Safe beside a running server.")
    .option("--approve", "let suspensions go that the breaker stopped; who gives the command answers for it")
    .addHelpText("after", "\nExamples:\n  regua run\n  regua --actor maria run --approve")
    .action(run(async (tools, options: { approve?: boolean }) => tools.withApp((app) => runNow(tools, app, options.approve === true))));
}

async function runNow({ io }: Tools, app: App, approve: boolean): Promise<void> {
  const { engine, dispatcher } = app;
  const texts = cliTexts(io.lang).run;
  // Only what a person could have seen is approved: a breaker that has not stopped anything has nothing to show yet.
  const stopped = approve && (await breakerState(engine.db)).trippedAt !== null;
  const approved = stopped ? (await approveSuspensions(engine, io.actor)).released : null;
  const tally = emptyTally();
  const moved = await work(app, tally, (label, total) => io.progress(label, total), texts.progress);
  const { trippedAt, because } = await breakerState(engine.db);
  const waiting = trippedAt === null ? 0 : await suspensionsWaiting(dispatcher.engine.db);
  const { customers, messages, notices, holds, faults } = tally;
  const breaker = trippedAt === null ? null : { because, waiting };
  const { suspended, reactivated } = moved;
  io.result({ customers, messages, notices, holds, suspended, reactivated, faults, approved, breaker }, () =>
    [
      banner(app),
      ...(approved !== null ? [texts.approved(approved, io.actor)] : approve ? [texts.nothingToApprove] : []),
      texts.done(customers),
      texts.counts({ messages, holds, suspended, reactivated }),
      ...(faults > 0 ? [texts.faults(faults)] : []),
      ...(breaker === null ? [] : [`${texts.stopped(waiting)}${because === null ? "" : ` (${because})`}`, texts.cure]),
    ]
      .flatMap((text) => wrap(text, ""))
      .join("\n"),
  );
}

/** What was decided is sent and called at once; both go on until nothing more can be done now. */
async function work(
  { engine, dispatcher }: App,
  tally: Tally,
  progress: (label: string, total: number) => { update(value: number): void; stop(): void },
  label: string,
): Promise<{ suspended: number; reactivated: number }> {
  const total = (await planSweep(engine, engine.clock.now())).reduce((sum, range) => sum + range.due, 0);
  const begun = await lookAtRun(engine, total);
  const bar = progress(label, total);
  try {
    let done = 0;
    await sweep(engine, tally, {
      parallel: 2,
      onBatch: (part) => noteRun(engine, begun, part),
      onRange: ({ due }) => {
        done += due;
        bar.update(done);
      },
    });
    const moved = await dispatch(dispatcher, { tally, onPart: (part) => noteRun(engine, begun, part) });
    if (begun !== null) await endRunUnlessCalling(engine, begun);
    return moved;
  } finally {
    bar.stop();
  }
}
