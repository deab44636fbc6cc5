// money waiting | assign | dismiss: money received of which nobody knows for sure whose it is, and a person's word on it.
import { InvalidArgumentError, type Command } from "commander";
import { assignMoney, dismissMoney, type Assignment } from "../engine/assign-money.ts";
import { listWaiting, oneWaiting } from "../engine/list-waiting.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import { findRef } from "../store/customers.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { following, tell } from "./follow.ts";
import { moneyTexts, waitingForMachines, waitingPage } from "./money-page.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

const LIMIT = 50;
const LIMIT_MAX = 1_000;

interface AssignOptions {
  match?: number;
  customer?: string;
  invoice?: string;
  receipt?: [string, string];
  apart?: boolean;
  reason?: string;
}

export function moneyCommands(program: Command, run: Run): void {
  const money = program.command("money").description("Money that waits for its owner: received, and nobody knows for sure whose it is.");
  money
    .command("waiting")
    .description("What waits, oldest first, each with those it could be of and why.")
    .option("--limit <n>", "at most so many", numberOf(LIMIT_MAX), LIMIT)
    .option("--after <cursor>", "go on behind a page before")
    .addHelpText("after", "\nExample:\n  regua money waiting --json")
    .action(run((tools, { limit, after }: { limit: number; after?: string }) => tools.withApp((app) => list(tools, app, limit, after))));
  money
    .command("assign <id>")
    .description("Say whose it is: a candidate by its number in the list, an invoice, a customer (oldest debt first), or a receipt.")
    .option("--match <n>", "the candidate of that number, as `regua money waiting` lists it", numberOf(LIMIT_MAX))
    .option("--invoice <ref>", "the invoice it pays")
    .option("--customer <ref>", "whose it is; the oldest debt is paid first, and what is left is credit")
    .option("--receipt <source=id>", "it is the money of this receipt, booked already", receiptOf)
    .option("--apart", "it is another payment than a receipt of the same amount about that day")
    .option("--reason <text>", "why you think so; kept with the receipt")
    .addHelpText("after", "\nExamples:\n  regua money assign 73001 --match 1\n  regua --actor ana money assign 73001 --invoice 7781")
    .action(run((tools, id: string, options: AssignOptions) => tools.withApp((app) => assign(tools, app, idOf(id), options))));
  money
    .command("dismiss <id>")
    .description("Put aside what is nobody's payment: a transfer of our own, a gateway's payout. It can still be assigned later.")
    .requiredOption("--reason <text>", "in words")
    .addHelpText("after", '\nExample:\n  regua --actor ana money dismiss 73001 --reason "payout of the gateway"')
    .action(
      run((tools, id: string, { reason }: { reason: string }) =>
        tools.withApp(async (app) => {
          const { io } = tools;
          await dismissMoney(app.engine, { money: idOf(id), reason, by: io.actor });
          io.result({ id: idOf(id), dismissed: true }, () => wrap(moneyTexts(io.lang).dismissed(idOf(id)), "").join("\n"));
        }),
      ),
    );
}

function numberOf(max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,6}$/u.test(text) ? Number(text) : 0;
    if (value < 1 || value > max) throw new InvalidArgumentError(`Give a number from 1 to ${max}.`);
    return value;
  };
}

function idOf(text: string): Id {
  if (!/^\d{1,15}$/u.test(text)) throw new ReguaError("money_unknown", { value: text });
  return Number(text);
}

/** A receipt's source has no equals sign in it; its number may. */
function receiptOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError("Give source=id, as `regua show CUSTOMER` lists receipts.");
  return [text.slice(0, at), text.slice(at + 1)];
}

async function list({ io }: Tools, app: App, limit: number, cursor: string | undefined): Promise<void> {
  const { waiting, next } = await listWaiting(app.engine, { limit, ...(cursor === undefined ? {} : { cursor }) });
  io.result({ waiting: waiting.map((each) => waitingForMachines(each, io.lang)), next }, () =>
    [banner(app), ...waitingPage(waiting, next, io.lang)].join("\n"),
  );
}

async function assign(tools: Tools, app: App, money: Id, options: AssignOptions): Promise<void> {
  const ask: Assignment = {
    money,
    ...(await targetOf(app, money, options)),
    apart: options.apart,
    reason: options.reason,
    by: tools.io.actor,
  };
  if (ask.receipt && ask.customer === undefined) {
    await assignMoney(app.engine, ask);
    tools.io.result({ id: money, assigned: true }, () =>
      wrap(moneyTexts(tools.io.lang).confirms(money, ask.receipt?.externalId ?? ""), "").join("\n"),
    );
    return;
  }
  const customer = ask.customer ?? (await ownerOf(app, ask.invoice ?? ""));
  const { after } = await following(app, customer, (engine) => assignMoney(engine, ask));
  tell(tools, app, after, { id: money, assigned: true }, (voice) => [
    moneyTexts(tools.io.lang).assigned(money, `${voice.line(after.facts.name)} (${voice.line(after.facts.ref)})`),
  ]);
}

/** @throws ReguaError `field_invalid`, `money_unknown`, `money_not_waiting` */
async function targetOf(app: App, money: Id, options: AssignOptions): Promise<Pick<Assignment, "customer" | "invoice" | "receipt">> {
  const { match, customer, invoice, receipt } = options;
  const ways = [match, customer ?? invoice, receipt].filter((each) => each !== undefined).length;
  if (ways !== 1)
    throw new ReguaError("field_invalid", {
      field: "match",
      problem: inEach(
        "give one of --match, --receipt, or --invoice and --customer",
        "dê um só de --match, --receipt, ou --invoice e --customer",
      ),
    });
  if (receipt) return { receipt: { source: receipt[0], externalId: receipt[1] } };
  if (match === undefined) return { customer, invoice };
  const { matches } = await oneWaiting(app.engine, money);
  const found = matches[match - 1];
  if (!found)
    throw new ReguaError("field_invalid", {
      field: "match",
      problem: inEach(`it has ${matches.length} candidates`, `há ${matches.length} candidatos`),
    });
  return { customer: found.customer, invoice: found.invoice ?? undefined, receipt: found.receipt ?? undefined };
}

/** The customer whose invoice it is: what it pays is carried out before the command ends. @throws ReguaError `invoice_unknown` */
async function ownerOf(app: App, invoice: string): Promise<Id> {
  const found = await findRef(app.engine.db, "invoice", invoice);
  if (!found) throw new ReguaError("invoice_unknown", { value: invoice });
  return found.customerId;
}
