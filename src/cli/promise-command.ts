// promise: more time on trust, offered, granted or ended; access follows before the command ends.
import type { Command } from "commander";
import { cancelPromise } from "../engine/cancel-promise.ts";
import { grantPromise, offerPromise, type OfferAsk, type PromiseShown } from "../engine/grant-promise.ts";
import { withCase } from "../engine/one-case.ts";
import { required } from "../engine/who.ts";
import { ReguaError } from "../kernel/errors.ts";
import { parseDay } from "../kernel/time.ts";
import { cliTexts } from "../words/cli.ts";
import { sayCondition, sayOffer, sayReason, type Tongue } from "../words/promise.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { following, tell } from "./follow.ts";
import { forMachines } from "./json.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

interface PromiseOptions {
  until?: string;
  invoice?: string[];
  reason?: string;
  offer?: boolean;
  override?: string;
  owner?: string;
  cancel?: string | boolean;
}

export function promiseCommand(program: Command, run: Run): void {
  program
    .command("promise <customer>")
    .description("More time to pay: before a suspension it postpones, after it gives access back until the deadline.")
    .option("--until <date>", "the day asked for (default: as long as the rules allow)")
    .option("--invoice <ref...>", "only for these invoices (default: all that are open)")
    .option("--reason <text>", "why more time is needed, in words; written in the evidence")
    .option("--offer", "only show what would be granted; nothing is written")
    .option("--override <text>", "set the rules aside, with a written reason; the owner answers for it")
    .option("--owner <name>", "who answers for it (default: who gives the command)")
    .option("--cancel [protocol]", "end the running promise before its deadline; needs --reason")
    .addHelpText(
      "after",
      '\nExamples:\n  regua promise 1042 --offer\n  regua promise 1042 --until 2026-11-27 --reason "salary arrives on Friday"\n  regua promise 1042 --cancel --reason "asked for by mistake"',
    )
    .action(
      run(async (tools, customer: string, options: PromiseOptions) =>
        tools.withApp((app) => {
          if (options.cancel !== undefined && options.cancel !== false) return cancel(tools, app, customer, options);
          return options.offer === true ? offer(tools, app, customer, options) : grant(tools, app, customer, options);
        }),
      ),
    );
}

function askOf(customer: string, options: PromiseOptions): OfferAsk & { by: "staff" } {
  const { until, invoice, override } = options;
  return {
    customer,
    by: "staff",
    ...(until === undefined ? {} : { until: parseDay(until) }),
    ...(invoice === undefined ? {} : { invoices: invoice }),
    ...(override === undefined ? {} : { override }),
  };
}

async function offer({ io }: Tools, app: App, customer: string, options: PromiseOptions): Promise<void> {
  const shown = await offerPromise(app.engine, askOf(customer, options));
  io.result(forMachines({ customer, ...valueOf(shown) }), () =>
    [banner(app), ...sentences(shown, io.lang), cliTexts(io.lang).act.offered].flatMap((text) => wrap(text, "")).join("\n"),
  );
}

function valueOf({ offer: made, suspended, tongue }: PromiseShown): Record<string, unknown> {
  const said = made.granted
    ? { conditions: made.conditions.map((condition) => ({ ...condition, text: sayCondition(condition, tongue) })) }
    : { reasons: made.reasons.map((reason) => ({ ...reason, text: sayReason(reason, tongue) })) };
  return { suspended, offer: { ...made, ...said } };
}

/** In the language of who reads it here, which is not always the customer's. */
function sentences({ offer: made, suspended, tongue }: PromiseShown, lang: Tongue["lang"]): string[] {
  return sayOffer(made, suspended, { ...tongue, lang });
}

async function grant(tools: Tools, app: App, customer: string, options: PromiseOptions): Promise<void> {
  const { io } = tools;
  const reason = required("reason", options.reason ?? "");
  const { by: askedBy, ...ask } = askOf(customer, options);
  try {
    const { done, after } = await following(app, customer, (engine) =>
      grantPromise(engine, { ...ask, askedBy, reason, owner: options.owner ?? io.actor }),
    );
    const { protocol, kind, until, invoices, conditions, reasons, overridden } = done;
    tell({ io }, app, after, { protocol, kind, until, invoices, conditions, reasons, overridden }, (voice) => {
      const { act, promiseKind } = voice.texts;
      const tongue = {
        lang: io.lang,
        zone: after.setting.zone,
        currency: after.setting.currency,
        today: after.setting.zone.dayOf(after.now),
      };
      return [
        act.promised(promiseKind[kind], protocol, voice.moment(until)),
        ...conditions.map((condition) => sayCondition(condition, tongue)),
        ...(overridden.length === 0 ? [] : [act.overridden(overridden.map((each) => sayReason(each, tongue)).join(" "))]),
      ];
    });
  } catch (error) {
    if (error instanceof ReguaError && error.code === "promise_refused" && !io.json) await sayRefusal(tools, app, customer, options);
    throw error;
  }
}

/** The reasons in sentences, each with what would change it; the error that follows only names the rules. */
async function sayRefusal({ io }: Tools, app: App, customer: string, options: PromiseOptions): Promise<void> {
  const shown = await offerPromise(app.engine, askOf(customer, options));
  if (!shown.offer.granted) io.line([banner(app), ...sentences(shown, io.lang)].flatMap((text) => wrap(text, "")).join("\n"));
}

async function cancel({ io }: Tools, app: App, customer: string, options: PromiseOptions): Promise<void> {
  const reason = required("reason", options.reason ?? "");
  const named = typeof options.cancel === "string" ? options.cancel : null;
  // One promise runs at a time, so that it need not be named.
  const protocol =
    named ?? (await withCase(app.engine, customer, ({ found }) => Promise.resolve(found.facts.promises[0]?.protocol ?? "–")));
  const { after } = await following(app, customer, (engine) =>
    cancelPromise(engine, { customer, protocol, by: options.owner ?? io.actor, reason }),
  );
  tell({ io }, app, after, { protocol, ended: true }, (voice) => [voice.texts.act.promiseCancelled(protocol)]);
}
