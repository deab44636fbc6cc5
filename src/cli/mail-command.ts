// mail test | receive | read | status | dkim | deny: mail out and in, by hand.
import { InvalidArgumentError, type Command } from "commander";
import { checkDkimRecord, dkimRecord } from "../adapters/mail/dkim-key.ts";
import { dnsKeys } from "../adapters/proofs/dkim-keys.ts";
import { denyBounceOf, mailStatus } from "../engine/conversations.ts";
import { handleMail } from "../engine/handle-mail.ts";
import { takeMail } from "../engine/take-mail.ts";
import { readMailbox, workMail } from "../jobs/mail-in.ts";
import { deadline } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatInstant } from "../kernel/time.ts";
import { MAIL_LIMITS } from "../ports/mail-reader.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { dkimKeysOf } from "./mail-wiring.ts";
import type { Run, Tools } from "./tools.ts";

const TEST_MS = 20_000;
const MEGABYTES = Math.floor(MAIL_LIMITS.bytes / 1_000_000);

export function mailCommands(program: Command, run: Run): void {
  const mail = program.command("mail").description("Mail: what goes out, what comes in, and who waits for an answer.");
  mail
    .command("test")
    .description("Reach the mail server, the mailboxes and the channels, and look for the keys that our domains publish. Sends nothing.")
    .addHelpText("after", "\nExample:\n  regua mail test")
    .action(run((tools) => tools.withApp((app) => test(tools, app))));
  mail
    .command("receive")
    .description("Take one message in from standard input, as a mail server pipes it: kept, tied to its customer, answered.")
    .option("--mailbox <name>", "what the record calls where it came from", "pipe")
    .addHelpText(
      "after",
      '\nExample:\n  regua mail receive < message.eml\nIn an alias of Postfix: "|regua mail receive || exit 75" (docs/mail.md)',
    )
    .action(run((tools, options: { mailbox: string }) => tools.withApp((app) => receive(tools, app, options.mailbox))));
  mail
    .command("read")
    .description("Read the mailboxes once, now, and deal with what came. `regua serve` does it by itself.")
    .addHelpText("after", "\nExample:\n  regua mail read")
    .action(run((tools) => tools.withApp((app) => read(tools, app))));
  mail
    .command("status")
    .description("Mailboxes and how far they were read, mail that waits to leave, and conversations that wait for a person.")
    .addHelpText("after", "\nExample:\n  regua mail status --json")
    .action(run((tools) => tools.withApp((app) => status(tools, app))));
  mail
    .command("dkim")
    .description("The DNS records under which our signing keys are to be published.")
    .addHelpText("after", "\nExample:\n  regua mail dkim")
    .action(run((tools) => tools.withApp((app) => dkim(tools, app))));
  mail
    .command("deny <customer> <report>")
    .description("Say that a delivery report is not to be believed: the notice counts as accepted again.")
    .requiredOption("--reason <text>", "in words; written in the evidence")
    .addHelpText("after", '\nExample:\n  regua --actor ana mail deny C1001 52001 --reason "she answered that very message"')
    .action(
      run((tools, customer: string, report: string, { reason }: { reason: string }) =>
        tools.withApp(async (app) => {
          await denyBounceOf(app.engine, { customer, mailId: numberOf(report), by: tools.io.actor, reason });
          tools.io.result({ customer, report: numberOf(report), denied: true }, () => `${customer}: ${report} ✓`);
        }),
      ),
    );
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError("Give the number of the report, as the conversation shows it.");
  return Number(text);
}

/** What was asked, and what it answered. */
interface Tested {
  what: string;
  name: string;
  ok: boolean;
  words: string;
}

async function test({ io }: Tools, app: App): Promise<void> {
  const { sources } = app.mail();
  const asked: [string, string, (signal: AbortSignal) => Promise<Outcome<{ detail: string }>>][] = [
    ...[...app.dispatcher.outside.mailers].map(
      ([name, mailer]) => [name === "email" ? "smtp" : "channel", name, (signal: AbortSignal) => mailer.test({ signal })] as const,
    ),
    ...[...sources].map(([name, source]) => ["imap", name, (signal: AbortSignal) => source.test({ signal })] as const),
    ...(app.provider.mode === "live" ? dkimKeysOf(app) : []).map(
      (key) => ["dkim", key.domain, (signal: AbortSignal) => checkDkimRecord(key, dnsKeys(), { signal })] as const,
    ),
  ].map(([what, name, ask]) => [what, name, ask]);
  const tested: Tested[] = [];
  try {
    for (const [what, name, ask] of asked) {
      const outcome = await ask(deadline(TEST_MS));
      tested.push({
        what,
        name,
        ok: outcome.outcome === "done",
        words: outcome.outcome === "done" ? outcome.value.detail : outcome.reason,
      });
    }
  } finally {
    for (const source of sources.values()) await source.close();
  }
  const failed = tested.filter(({ ok }) => !ok);
  io.result({ tested }, () =>
    [banner(app), ...tested.map(({ what, name, ok, words }) => `${ok ? "✓" : "✗"} ${what} ${name}: ${words}`)].join("\n"),
  );
  if (failed.length > 0)
    throw new ReguaError("mail_test_failed", {
      count: failed.length,
      tried: tested.length,
      names: failed.map(({ name }) => name).join(", "),
    });
}

async function receive({ io }: Tools, app: App, mailbox: string): Promise<void> {
  const raw = await io.host.input(MAIL_LIMITS.bytes);
  if (raw.length === 0) throw new ReguaError("mail_empty");
  if (raw.length > MAIL_LIMITS.bytes) throw new ReguaError("mail_too_large", { megabytes: MEGABYTES });
  const { desk, postman } = app.mail();
  const { id } = await takeMail(app.engine, desk, { mailbox, raw });
  // From here on it is safe. What goes wrong now is tried again by the program at work, and must not make the mail server send it once more.
  const handled = id === null ? null : await handleMail(app.engine, desk, id).catch((error: unknown) => errorOf(io, error));
  if (postman) await workMail({ engine: app.engine, desk, postman, log: logOf(io) }, () => false);
  const value = { id, known: id === null, kind: handled?.kind ?? null, outcome: handled?.outcome ?? null, waits: handled?.waits ?? null };
  io.result(value, () =>
    id === null ? (io.lang === "en" ? "Known already." : "Já conhecida.") : `${id} ${value.kind ?? ""} ${value.outcome ?? ""}`.trim(),
  );
}

function errorOf(io: Tools["io"], error: unknown): null {
  io.host.err(error instanceof Error ? error.message : String(error));
  return null;
}

function logOf(io: Tools["io"]): { info(): void; error(what: Record<string, unknown>, message: string): void } {
  return {
    info: () => undefined,
    error: ({ reason, err }, message) =>
      io.host.err(`${message}: ${typeof reason === "string" ? reason : err instanceof Error ? err.message : ""}`),
  };
}

async function read({ io }: Tools, app: App): Promise<void> {
  const { desk, sources, postman } = app.mail();
  const log = logOf(io);
  const boxes: { mailbox: string; end: string; taken: number }[] = [];
  let handled: number;
  try {
    for (const [mailbox, source] of sources) {
      const done = await readMailbox({ engine: app.engine, desk, log }, mailbox, source, {
        token: io.host.newToken(),
        stopping: () => false,
      });
      boxes.push({ mailbox, end: done.end, taken: done.end === "read" ? done.taken : 0 });
    }
    handled = await workMail({ engine: app.engine, desk, postman, log }, () => false);
  } finally {
    for (const source of sources.values()) await source.close();
  }
  io.result({ boxes, handled }, () => [banner(app), ...boxes.map(({ mailbox, end, taken }) => `${mailbox}: ${end}, ${taken}`)].join("\n"));
}

async function status({ io }: Tools, app: App): Promise<void> {
  const { counts, mailboxes, waiting } = await mailStatus(app.engine);
  const configured = Object.keys(app.config.inbound.inboxes);
  const boxes = configured.map((mailbox) => {
    const row = mailboxes.find((each) => each.mailbox === mailbox);
    return { mailbox, readAt: row?.readAt ? formatInstant(row.readAt) : null, failures: row?.failures ?? 0, answer: row?.answer ?? null };
  });
  const en = io.lang === "en";
  io.result({ ...counts, mailboxes: boxes, conversations: waiting }, () =>
    [
      banner(app),
      en
        ? `${counts.fresh} to be dealt with · ${counts.leaving} to leave · ${waiting.length} wait for a person`
        : `${counts.fresh} por tratar · ${counts.leaving} por sair · ${waiting.length} esperam uma pessoa`,
      ...boxes.map(
        ({ mailbox, readAt, answer }) =>
          `${answer === null ? "✓" : "✗"} ${mailbox} · ${readAt ?? "–"}${answer === null ? "" : ` · ${answer}`}`,
      ),
      ...waiting.map(
        ({ id, customer, address, unsure, lastText }) =>
          `${id} · ${customer ?? address ?? ""} · ${unsure ?? ""}\n  ${lastText.replaceAll("\n", " ").slice(0, 90)}`,
      ),
    ].join("\n"),
  );
}

function dkim({ io }: Tools, app: App): Promise<void> {
  const records = dkimKeysOf(app).map((key) => ({ name: `${key.selector}._domainkey.${key.domain}`, type: "TXT", value: dkimRecord(key) }));
  io.result({ records }, () =>
    records.length === 0 ? "–" : records.map(({ name, type, value }) => `${name} ${type}\n${value}`).join("\n\n"),
  );
  return Promise.resolve();
}
