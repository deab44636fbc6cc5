// keys add | list | revoke: with what other systems may act through the service API.
import { InvalidArgumentError, type Command } from "commander";
import { addApiKey, apiKeys, revokeApiKey } from "../engine/api-keys.ts";
import { formatInstant } from "../kernel/time.ts";
import { SCOPES, type Scope } from "../store/api-keys.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import type { Run, Tools } from "./tools.ts";
import { table } from "./table.ts";

export function keysCommands(program: Command, run: Run): void {
  const keys = program.command("keys").description("Keys of the service API. Each acts in the evidence under its name.");
  keys
    .command("add")
    .argument("<name>", "who uses it, for example billing")
    .description("Make a key; it is printed once and kept nowhere.")
    .option("--scopes <list>", "read, write or both, with a comma", scopes, ["read"] as Scope[])
    .addHelpText("after", "\nExample:\n  regua keys add billing --scopes read,write")
    .action(
      run(async (tools, name: string, options: { scopes: Scope[] }) => tools.withApp((app) => add(tools, app, name, options.scopes))),
    );
  keys
    .command("list")
    .description("The keys there are and were, without the keys themselves.")
    .addHelpText("after", "\nExample:\n  regua keys list")
    .action(run(async (tools) => tools.withApp((app) => list(tools, app))));
  keys
    .command("revoke")
    .argument("<name>", "the key's name")
    .description("Refuse a key from this moment on.")
    .addHelpText("after", "\nExample:\n  regua keys revoke billing")
    .action(run(async (tools, name: string) => tools.withApp((app) => revoke(tools, app, name))));
}

function scopes(text: string): Scope[] {
  const named = text.split(",").map((scope) => scope.trim());
  const known = SCOPES.filter((scope) => named.includes(scope));
  if (known.length === 0 || known.length !== new Set(named).size) throw new InvalidArgumentError("Give read, write, or read,write.");
  return known;
}

async function add({ io }: Tools, app: App, name: string, wanted: Scope[]): Promise<void> {
  const key = await addApiKey(app.engine, { name, scopes: wanted, secret: io.host.newSecret(), by: io.actor });
  const en = io.lang === "en";
  io.result({ name, scopes: wanted, key }, () =>
    [
      banner(app),
      en
        ? `The key ${name} may ${wanted.join(" and ")}. It is shown this once:`
        : `A chave ${name} pode ${say(wanted)}. Ela aparece só desta vez:`,
      "",
      `  ${key}`,
      "",
      en ? "Send it as `Authorization: Bearer rk_…`." : "Envie-a como `Authorization: Bearer rk_…`.",
    ].join("\n"),
  );
}

function say(wanted: readonly Scope[]): string {
  return wanted.map((scope) => (scope === "read" ? "ler" : "escrever")).join(" e ");
}

async function list({ io }: Tools, app: App): Promise<void> {
  const keys = await apiKeys(app.engine);
  const at = (instant: number | null): string | null => (instant === null ? null : formatInstant(instant));
  const rows = keys.map(({ name, scopes: may, createdAt, lastUsedAt, revokedAt }) => ({
    name,
    scopes: may,
    createdAt: formatInstant(createdAt),
    lastUsedAt: at(lastUsedAt),
    revokedAt: at(revokedAt),
  }));
  const en = io.lang === "en";
  const heads = en ? ["Name", "May", "Made", "Last used", "Revoked"] : ["Nome", "Pode", "Criada", "Último uso", "Revogada"];
  io.result({ keys: rows }, () =>
    [
      banner(app),
      ...(rows.length === 0
        ? [en ? "There are no keys yet: `regua keys add NAME` makes one." : "Ainda não há chaves: `regua keys add NOME` cria uma."]
        : table(
            heads.map((head) => ({ head })),
            rows.map((row) => [row.name, row.scopes.join(", "), short(row.createdAt), short(row.lastUsedAt), short(row.revokedAt)]),
          )),
    ].join("\n"),
  );
}

/** To the minute, in UTC. */
function short(instant: string | null): string {
  return instant === null ? "–" : `${instant.slice(0, 16).replace("T", " ")} UTC`;
}

async function revoke({ io }: Tools, app: App, name: string): Promise<void> {
  await revokeApiKey(app.engine, name, io.actor);
  io.result({ name, revoked: true }, () =>
    [banner(app), io.lang === "en" ? `The key ${name} is refused from now on.` : `A chave ${name} não é mais aceita.`].join("\n"),
  );
}
