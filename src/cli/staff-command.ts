// staff invite | list | record: who may come into the console, and who changed who may do what. For everything else there is the console.
import { InvalidArgumentError, type Command } from "commander";
import { houseRecord } from "../engine/house-record.ts";
import { inviteStaff, staffList } from "../engine/staff.ts";
import { formatInstant } from "../kernel/time.ts";
import { ROLES, type Role } from "../store/staff.ts";
import { sayHouse } from "../words/house-record.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { table } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

export function staffCommands(program: Command, run: Run): void {
  const staff = program.command("staff").description("The provider's own people in the console.");
  staff
    .command("invite")
    .description("Make a one-time link by which somebody comes into the console; it is shown this once.")
    .option("--role <role>", "owner, finance, support or auditor", role, "owner" as Role)
    .option("--email <address>", "whom it is for")
    .option("--address <url>", "the console's address from outside", "http://127.0.0.1:8350")
    .addHelpText("after", "\nExample:\n  regua staff invite --role support --address https://regua.provedor.example")
    .action(run(async (tools, options: InviteOptions) => tools.withApp((app) => invite(tools, app, options))));
  staff
    .command("list")
    .description("Everybody who may come in, or might.")
    .addHelpText("after", "\nExample:\n  regua staff list")
    .action(run(async (tools) => tools.withApp((app) => list(tools, app))));
  staff
    .command("record")
    .description("Who changed who may do what: people, roles, keys, webhooks, the policy in force; newest first.")
    .option("--limit <n>", "how many", whole, 50)
    .option("--before <n>", "only those older than that number, as the last line of a list says it", whole)
    .addHelpText("after", "\nExample:\n  regua staff record --limit 200")
    .action(run(async (tools, options: RecordOptions) => tools.withApp((app) => record(tools, app, options))));
}

interface RecordOptions {
  limit: number;
  before?: number;
}

const LIMIT_MAX = 1000;

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Give a whole number from 1 on.");
  return value;
}

interface InviteOptions {
  role: Role;
  email?: string;
  address: string;
}

function role(text: string): Role {
  const found = ROLES.find((each) => each === text);
  if (!found) throw new InvalidArgumentError(`Give one of ${ROLES.join(", ")}.`);
  return found;
}

async function invite({ io }: Tools, app: App, options: InviteOptions): Promise<void> {
  const ask = { role: options.role, email: options.email ?? null, secret: io.host.newSecret(), by: io.actor };
  const { token, expiresAt } = await inviteStaff(app.engine, ask);
  const link = `${options.address.replace(/\/+$/u, "")}/console/enter#${token}`;
  const en = io.lang === "en";
  io.result({ role: options.role, link, expiresAt: formatInstant(expiresAt) }, () =>
    [
      banner(app),
      en ? "Opened once within three days, this link makes a new account:" : "Aberto uma vez em até três dias, este link cria um acesso:",
      "",
      `  ${link}`,
    ].join("\n"),
  );
}

async function record({ io }: Tools, app: App, { limit, before }: RecordOptions): Promise<void> {
  const { rows, next } = await houseRecord(app.engine, {
    limit: Math.min(limit, LIMIT_MAX),
    cursor: before === undefined ? undefined : String(before),
  });
  const zone = app.engine.settings.zone(app.provider.timeZone);
  const en = io.lang === "en";
  const told = rows.map(({ at, ...row }) => ({ ...row, at: formatInstant(at), sentence: sayHouse(row, io.lang, zone) }));
  const heads = en ? ["No.", "When", "Who", "What"] : ["Nº", "Quando", "Quem", "O quê"];
  io.result({ record: told, next }, () =>
    [
      banner(app),
      ...(told.length === 0
        ? [en ? "Nothing was changed yet." : "Nada foi alterado ainda."]
        : table(
            heads.map((head, i) => ({ head, right: i === 0, shrinks: i === 3 })),
            told.map((row) => [String(row.seq), short(row.at), row.actor, row.sentence]),
          )),
      ...(next === null ? [] : ["", en ? `Older ones: --before ${next}` : `Os anteriores: --before ${next}`]),
    ].join("\n"),
  );
}

/** To the minute, in UTC. */
const short = (instant: string): string => `${instant.slice(0, 16).replace("T", " ")} UTC`;

async function list({ io }: Tools, app: App): Promise<void> {
  const rows = await staffList(app.engine);
  const en = io.lang === "en";
  const people = rows.map(({ name, email, role: may, twoFactor, disabledAt, lastSeenAt }) => ({
    name,
    email,
    role: may,
    twoFactor,
    disabled: disabledAt !== null,
    lastSeenAt: lastSeenAt === null ? null : formatInstant(lastSeenAt),
  }));
  const heads = en
    ? ["Name", "E-mail", "Role", "Second factor", "Last seen"]
    : ["Nome", "E-mail", "Papel", "Segundo fator", "Último acesso"];
  const yes = en ? "yes" : "sim";
  io.result({ staff: people }, () =>
    [
      banner(app),
      ...(people.length === 0
        ? [en ? "Nobody yet: `regua staff invite` makes a link." : "Ninguém ainda: `regua staff invite` cria um link."]
        : table(
            heads.map((head) => ({ head })),
            people.map((each) => [
              each.name,
              each.email,
              each.disabled ? "–" : each.role,
              each.twoFactor ? yes : "–",
              each.lastSeenAt?.slice(0, 16).replace("T", " ") ?? "–",
            ]),
          )),
    ].join("\n"),
  );
}
