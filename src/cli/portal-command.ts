// portal link | suspended-page, terms publish, inbox, answer, backup: the customers' portal from the provider's side.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { replyTo } from "../engine/conversations.ts";
import { customerRecord } from "../engine/read-records.ts";
import { endBackup } from "../engine/request-backup.ts";
import { publishTerms } from "../engine/terms.ts";
import { whoIs } from "../engine/who.ts";
import { inbox } from "../engine/write-message.ts";
import { sendOutgoing } from "../jobs/mail-out.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatInstant } from "../kernel/time.ts";
import { BASE } from "../pages/frame.ts";
import { suspendedPage } from "../pages/suspended.ts";
import { fileWhy } from "./file-why.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import type { Run, Tools } from "./tools.ts";
import { wrap } from "./table.ts";

export function portalCommands(program: Command, run: Run): void {
  const portal = program.command("portal").description("The customers' portal.");
  portal
    .command("link <customer>")
    .description("A link that opens the portal as this customer, for seven days. It goes to the customer's own address, or stays with you.")
    .addHelpText("after", "\nExample:\n  regua portal link C1001")
    .action(run((tools, customer: string) => tools.withApp((app) => link(tools, app, customer))));
  portal
    .command("suspended-page")
    .description("Write the page that visitors of a suspended site see: one file for a web server or a panel's skeleton.")
    .addHelpText("after", "\nExample:\n  regua portal suspended-page > /srv/suspended/index.html")
    .action(run((tools) => tools.withApp((app) => page(tools, app))));
  program
    .command("terms")
    .description("The terms of service that customers accept in the portal.")
    .command("publish <file>")
    .description("Put a text in force as the next version. Customers are shown it, and what they accept is kept with its hash.")
    .addHelpText("after", "\nExample:\n  regua terms publish terms.txt")
    .action(run((tools, file: string) => tools.withApp((app) => publish(tools, app, file))));
  program
    .command("inbox")
    .description("What customers wrote or asked for in the portal, and nobody answered yet.")
    .addHelpText("after", "\nExample:\n  regua inbox")
    .action(run((tools) => tools.withApp((app) => waiting(tools, app))));
  program
    .command("answer <customer> <text>")
    .description("Answer a customer: in the portal's thread, and by mail too where the customer wrote one. Then nobody waits any longer.")
    .addOption(new Option("--via <way>", "by mail whatever the customer wrote, or in the portal alone").choices(["mail", "portal"]))
    .addHelpText("after", '\nExample:\n  regua --actor ana answer C1001 "The payment was found; the site is up."')
    .action(
      run((tools, customer: string, text: string, options: AnswerOptions) =>
        tools.withApp((app) => answer(tools, app, { customer, text, ...options })),
      ),
    );
  program
    .command("backup <customer> <request>")
    .description("Say that a copy asked for in the portal was delivered; with --withdraw, that it will not be.")
    .option("--note <text>", "what the customer is told, for example where it lies")
    .option("--withdraw", "it is not delivered")
    .addHelpText("after", '\nExample:\n  regua backup C1001 52001 --note "https://backup.example.com.br/…, until Friday"')
    .action(
      run((tools, customer: string, request: string, options: BackupOptions) =>
        tools.withApp((app) => backup(tools, app, customer, numberOf(request), options)),
      ),
    );
}

interface AnswerOptions {
  via?: "mail" | "portal";
}

interface BackupOptions {
  note?: string;
  withdraw?: boolean;
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError("Give the number that `regua inbox` shows.");
  return Number(text);
}

/** Where the portal is reached: its public address, or this machine's own. */
function addressOf({ config }: App): string {
  return config.portal_url ?? `http://${config.host}:${config.port}${BASE}`;
}

/** `at`: the address that the server listens on, where it is not the configured one. */
export async function portalLink(app: App, customer: string, at: string = addressOf(app)): Promise<string> {
  const { email, phone } = await customerRecord(app.engine, customer);
  const customerId = await whoIs(app.engine.db, customer);
  return `${at}/i/${await app.links.make({ customerId, outboxId: null, to: email ?? phone })}`;
}

async function link({ io }: Tools, app: App, customer: string): Promise<void> {
  const url = await portalLink(app, customer);
  io.result({ customer, url }, () => [banner(app), url].join("\n"));
}

async function page({ io }: Tools, app: App): Promise<void> {
  const { provider } = await app.engine.settings.load(app.engine.db, app.clock.now());
  const html = suspendedPage(provider, app.config.portal_url ?? null);
  io.result({ html }, () => html.trimEnd());
  return Promise.resolve();
}

async function publish({ io }: Tools, app: App, file: string): Promise<void> {
  const made = await publishTerms(app.engine, { text: textOf(resolve(io.host.cwd, file)), by: io.actor });
  io.result(made, () => [banner(app), `${made.version} · SHA-256 ${made.sha256}`].join("\n"));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new ReguaError("file_unreadable", { file, why: fileWhy(error) }, { cause: error });
  }
}

async function waiting({ io }: Tools, app: App): Promise<void> {
  const { threads, backups } = await inbox(app.engine);
  const en = io.lang === "en";
  const value = {
    threads: threads.map(({ since, ...each }) => ({ ...each, since: formatInstant(since) })),
    backups: backups.map(({ id, customer, name, service, kind, askedAt }) => ({
      id,
      customer,
      name,
      service,
      kind,
      askedAt: formatInstant(askedAt),
    })),
  };
  io.result(value, () =>
    [
      banner(app),
      ...(threads.length + backups.length === 0 ? [en ? "Nothing waits." : "Nada espera."] : []),
      ...value.threads.flatMap(({ customer, name, since, text }) => [`${customer} · ${name} · ${since}`, ...wrap(text, "  ")]),
      ...value.backups.map(
        ({ id, customer, name, service, kind, askedAt }) =>
          `${customer} · ${name} · ${askedAt}\n  ${en ? "copy of the data" : "cópia dos dados"} ${id}: ${service} (${kind})`,
      ),
    ].join("\n"),
  );
}

async function answer({ io }: Tools, app: App, ask: AnswerOptions & { customer: string; text: string }): Promise<void> {
  const { customer, ...rest } = ask;
  const id = `c-${await whoIs(app.engine.db, customer)}`;
  const { via } = await replyTo(app.engine, { ...rest, id, by: io.actor });
  // What is not taken now is tried again by the server, as any mail is.
  const { postman } = app.mail();
  if (via === "mail" && postman) await sendOutgoing(postman);
  const en = io.lang === "en";
  const where = via === "mail" ? (en ? "by mail" : "por e-mail") : en ? "in the portal" : "no portal";
  io.result({ customer, answered: true, via }, () => [banner(app), `${en ? "Answered" : "Respondido"}, ${where}.`].join("\n"));
}

async function backup({ io }: Tools, app: App, customer: string, id: number, options: BackupOptions): Promise<void> {
  const state = options.withdraw === true ? "withdrawn" : "delivered";
  await endBackup(app.engine, { customer, id, state, note: options.note ?? null, by: io.actor });
  io.result({ customer, id, state }, () => [banner(app), `${id}: ${state}`].join("\n"));
}
