// customers | show | explain | rehearse: looking, without changing anything.
import { InvalidArgumentError, type Command } from "commander";
import { explain } from "../engine/explain.ts";
import { listCustomers, type CustomerListed } from "../engine/list-customers.ts";
import { DAYS_MAX, rehearse } from "../engine/rehearse.ts";
import { showCustomer } from "../engine/show-customer.ts";
import { parseDay, parseInstant } from "../kernel/time.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { explainPage } from "./explain-page.ts";
import { forMachines } from "./json.ts";
import type { Run, Tools } from "./tools.ts";
import { rehearsePage } from "./rehearse-page.ts";
import { Voice } from "./say.ts";
import { showPage } from "./show-page.ts";
import { table } from "./table.ts";

interface CustomersOptions {
  search?: string;
  late?: boolean;
  suspended?: boolean;
  limit: number;
}

interface RehearseOptions {
  on?: string;
  days: number;
}

export function readCommands(program: Command, run: Run): void {
  program
    .command("customers")
    .description("Who they are, what is owed since when, where each stands on the ladder and what comes next.")
    .option("--search <text>", "part of a name, e-mail or number; or a service's, invoice's or account's number")
    .option("--late", "only who is past due")
    .option("--suspended", "only who has a service down")
    .option("--limit <n>", "how many at most; who owes longest comes first", whole(1, 100_000), 50)
    .addHelpText("after", "\nExamples:\n  regua customers --late\n  regua customers --search padaria")
    .action(run(async (tools, options: CustomersOptions) => tools.withApp((app) => customers(tools, app, options))));
  program
    .command("show <customer>")
    .description("One customer on one page: access, invoices, notices with their delivery, promises, receipts, what comes.")
    .addHelpText("after", "\nExample:\n  regua show 1042")
    .action(run(async (tools, customer: string) => tools.withApp((app) => show(tools, app, customer))));
  program
    .command("explain <customer>")
    .description("Why it is so: what the rules decide with the facts of now, each with its reasons.")
    .option("--at <instant>", "judge the same facts at another time, for example 2026-11-27T09:00:00-03:00")
    .addHelpText("after", "\nExample:\n  regua explain 1042 --at 2026-11-27T09:00:00-03:00")
    .action(
      run(async (tools, customer: string, options: { at?: string }) => tools.withApp((app) => explained(tools, app, customer, options))),
    );
  program
    .command("rehearse")
    .description("What will happen to whom: who is told what, who goes down, who comes back. Changes nothing.")
    .option("--on <date>", "the day (default: tomorrow)")
    .option("--days <n>", "this many days from there", whole(1, DAYS_MAX), 1)
    .addHelpText("after", "\nExamples:\n  regua rehearse\n  regua rehearse --on 2026-11-27 --days 7")
    .action(run(async (tools, options: RehearseOptions) => tools.withApp((app) => rehearsed(tools, app, options))));
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return value;
  };
}

async function customers({ io }: Tools, app: App, options: CustomersOptions): Promise<void> {
  const { setting, now, ...list } = await listCustomers(app.engine, options);
  const voice = new Voice(io.lang, setting, now);
  const { texts } = voice;
  const { head } = texts;
  io.result(forMachines(list), () => {
    const lines = table(
      [
        { head: head.customer, shrinks: true },
        { head: head.name, shrinks: true },
        { head: head.owed, right: true },
        { head: head.due },
        { head: head.days, right: true },
        { head: head.step, shrinks: true },
        { head: head.next, shrinks: true },
      ],
      list.customers.map((customer) => row(customer, voice)),
    );
    return [
      banner(app),
      ...(list.customers.length === 0 ? [texts.nobody] : [...lines, texts.count(list.customers.length, list.total)]),
    ].join("\n");
  });
}

function row(customer: CustomerListed, voice: Voice): string[] {
  const { dueOn, daysPastDue, next, attention, waitsFor } = customer;
  const { coming } = voice.texts;
  return [
    voice.line(customer.ref),
    voice.line(customer.name),
    customer.openInvoices === 0 ? "–" : voice.money(customer.owedCents, customer.currency),
    dueOn === null ? "" : voice.day(dueOn),
    daysPastDue === null ? "" : `${daysPastDue > 0 ? "+" : ""}${daysPastDue}`,
    customer.step === null ? "" : voice.step(customer.step),
    next === null
      ? attention.length > 0 || waitsFor === "second_person"
        ? coming.person
        : ""
      : `${voice.whenShort(next.at)} ${voice.comingShort(next)}`,
  ];
}

async function show({ io }: Tools, app: App, customer: string): Promise<void> {
  const shown = await showCustomer(app.engine, customer);
  const voice = new Voice(io.lang, shown.setting, shown.now);
  io.result(forMachines(shown.customer), () => [banner(app), ...showPage(shown, voice)].join("\n"));
}

async function explained({ io }: Tools, app: App, customer: string, options: { at?: string }): Promise<void> {
  const found = await explain(app.engine, customer, options.at === undefined ? null : parseInstant(options.at));
  const voice = new Voice(io.lang, found.setting, found.now);
  const { facts, decision, past, now } = found;
  const value = { customer: facts.ref, name: facts.name, factsAt: now, decision, lastDecisions: past };
  io.result(forMachines(value), () => [banner(app), ...explainPage(found, voice)].join("\n"));
}

async function rehearsed({ io }: Tools, app: App, options: RehearseOptions): Promise<void> {
  const on = options.on === undefined ? {} : { on: parseDay(options.on) };
  let bar: ReturnType<typeof io.progress> | null = null;
  try {
    const found = await rehearse(app.engine, {
      ...on,
      days: options.days,
      onProgress: (done, total) => {
        bar ??= io.progress("Rehearsing", total);
        bar.update(done);
      },
    });
    const voice = new Voice(io.lang, found.setting, found.now);
    const { value, lines } = rehearsePage(found, voice, app.provider.mode);
    io.result(forMachines(value), () => [banner(app), ...lines()].join("\n"));
  } finally {
    (bar as ReturnType<typeof io.progress> | null)?.stop();
  }
}
