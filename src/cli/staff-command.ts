// staff invite | list: who may come into the console. For everything else there is the console itself.
import { InvalidArgumentError, type Command } from "commander";
import { inviteStaff, staffList } from "../engine/staff.ts";
import { formatInstant } from "../kernel/time.ts";
import { ROLES, type Role } from "../store/staff.ts";
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
