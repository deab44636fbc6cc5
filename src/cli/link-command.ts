// link: services tied to the accounts of a panel, by user name, by domain or from a list; and what matches nothing on either side.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "csv-parse/sync";
import { Option, type Command } from "commander";
import { matchAccounts, matchThere, type Matched } from "../engine/match-accounts.ts";
import { linkService } from "../engine/save-service.ts";
import { deadline } from "../kernel/clock.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Account } from "../ports/control-panel.ts";
import { servicesThere, type KnownThere } from "../store/billing-views.ts";
import { linkableServices, type LinkableService } from "../store/links.ts";
import { outsideIn } from "../words/inserts.ts";
import { fileWhy } from "./file-why.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { wrap } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

interface LinkOptions {
  panel?: string;
  by: "user" | "domain" | "whmcs";
  dryRun?: boolean;
}

/** Panels without a list of states are asked about each account: a thousand take minutes. */
const LIST_MS = 300_000;
const BATCH = 1_000;
/** Of each kind, for people; machines get all. */
const SHOWN_MAX = 20;

export function linkCommand(program: Command, run: Run): void {
  program
    .command("link")
    .argument("[file]", "CSV with the columns service, panel and account; without it, the accounts of --panel are matched")
    .description("Tie services to accounts. What could be two is tied to none; what matches nothing is told, on either side.")
    .option("--panel <name>", "match the services tied to nothing with this panel's accounts")
    .addOption(
      new Option("--by <what>", "match by user name, by domain, or by both and the server as WHMCS has them")
        .choices(["user", "domain", "whmcs"])
        .default("domain"),
    )
    .option("--dry-run", "tell; tie nothing")
    .addHelpText(
      "after",
      "\nExamples:\n  regua link --panel web1 --by domain --dry-run\n  regua link --panel web1 --by whmcs\n  regua link ties.csv",
    )
    .action(run(async (tools, file: string | undefined, options: LinkOptions) => tools.withApp((app) => link(tools, app, file, options))));
}

interface Outcome {
  tied: { service: string; panel: string; account: string }[];
  ambiguous: Matched["ambiguous"];
  services: LinkableService[];
  accounts: Account[];
}

async function link(tools: Tools, app: App, file: string | undefined, options: LinkOptions): Promise<void> {
  const found = file === undefined ? await byMatching(app, options) : await byList(tools, app, file);
  const panels = [...app.dispatcher.outside.panels.keys()];
  if (!options.dryRun)
    for (const { service, panel, account } of found.tied)
      await linkService(app.engine, { service, link: { panel, account }, by: tools.io.actor }, panels);
  tell(tools, app, found, options.dryRun === true);
}

async function byMatching(app: App, { panel: name, by }: LinkOptions): Promise<Outcome> {
  const { panels } = app.dispatcher.outside;
  const panel = panels.get(name ?? "");
  if (name === undefined || !panel)
    throw new ReguaError("panel_unknown", { value: name ?? "", names: [...panels.keys()].join(", ") || inEach("none", "nenhum") });
  const listed = await panel.list({ signal: deadline(LIST_MS) });
  if (listed.outcome !== "done") throw new ReguaError("panel_not_reached", { value: name, reason: outsideIn(listed.reason) });
  const services = await allServices(app);
  const matched =
    by === "whmcs"
      ? matchThere(services, await knownThere(app, name), listed.value, name)
      : matchAccounts(services, listed.value, name, by);
  return { ...matched, tied: matched.pairs.map(({ service, account }) => ({ service: service.ref, panel: name, account })) };
}

async function allServices(app: App): Promise<LinkableService[]> {
  const all: LinkableService[] = [];
  for (let after: Id = 0; ;) {
    const part = await linkableServices(app.database.db, after, BATCH);
    all.push(...part);
    const last = part.at(-1);
    if (!last || part.length < BATCH) return all;
    after = last.serviceId;
  }
}

/** How services are known on their servers by WHMCS's word; those on a server that is another panel's are left out. */
async function knownThere(app: App, panel: string): Promise<Map<string, KnownThere>> {
  const servers = app.config.whmcs?.servers ?? {};
  const known = new Map<string, KnownThere>();
  for (let after: Id = 0; ;) {
    const part = await servicesThere(app.database.db, after, BATCH);
    for (const each of part) if (each.server !== null && (servers[each.server] ?? panel) === panel) known.set(each.ref, each);
    const last = part.at(-1);
    if (!last || part.length < BATCH) return known;
    after = last.serviceId;
  }
}

/** Everything in the list is checked before the first service is tied: half a list is no list. */
async function byList({ io }: Tools, app: App, file: string): Promise<Outcome> {
  const rows = readTies(io.host.cwd, file);
  const services = await allServices(app);
  const known = new Map(services.map((service) => [service.ref, service]));
  const { panels } = app.dispatcher.outside;
  const lists = new Map<string, Map<string, Account>>();
  for (const name of new Set(rows.map((row) => row.panel))) {
    const panel = panels.get(name);
    if (!panel) throw new ReguaError("panel_unknown", { value: name, names: [...panels.keys()].join(", ") || inEach("none", "nenhum") });
    const listed = await panel.list({ signal: deadline(LIST_MS) });
    if (listed.outcome !== "done") throw new ReguaError("panel_not_reached", { value: name, reason: outsideIn(listed.reason) });
    lists.set(name, new Map(listed.value.map((account) => [account.name, account])));
  }
  const key = (panel: string | null, account: string | null): string => `${panel}\n${account}`;
  const named = new Set(rows.map(({ service }) => service));
  const holders = new Map(
    services.filter(({ ref, panel }) => panel !== null && !named.has(ref)).map((s) => [key(s.panel, s.account), s.ref]),
  );
  for (const { line, service, panel, account } of rows) {
    const wrong = (en: string, ptBR: string): ReguaError => new ReguaError("link_file_invalid", { file, line, problem: inEach(en, ptBR) });
    if (!known.has(service)) throw wrong(`there is no service ${service}`, `não há serviço ${service}`);
    if (lists.get(panel)?.has(account) !== true)
      throw wrong(`the panel ${panel} has no account ${account}`, `o painel ${panel} não tem a conta ${account}`);
    const holder = holders.get(key(panel, account));
    if (holder !== undefined)
      throw wrong(
        `${account} on ${panel} belongs to service ${holder} already: what suspends one would take the other down`,
        `${account} em ${panel} já é do serviço ${holder}: o que suspende um derrubaria o outro`,
      );
    holders.set(key(panel, account), service);
  }
  const tiedTo = new Set(rows.map(({ panel, account }) => key(panel, account)));
  for (const { panel, account } of services) tiedTo.add(key(panel, account));
  return {
    tied: rows.map(({ service, panel, account }) => ({ service, panel, account })),
    ambiguous: [],
    services: services.filter(({ ref, panel }) => panel === null && !named.has(ref)),
    accounts: [...lists].flatMap(([panel, accounts]) => [...accounts.values()].filter(({ name }) => !tiedTo.has(key(panel, name)))),
  };
}

interface Tie {
  line: number;
  service: string;
  panel: string;
  account: string;
}

function readTies(cwd: string, file: string): Tie[] {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, file), "utf8").replace(/^\uFEFF/u, "");
  } catch (error) {
    throw new ReguaError("file_unreadable", { file, why: fileWhy(error) });
  }
  const [head = ""] = text.split("\n");
  const delimiter = [";", "\t", ","].find((sign) => head.includes(sign)) ?? ",";
  const rows = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, trim: true, info: true }) as unknown as {
    record: string[];
    info: { lines: number };
  }[];
  const [first, ...rest] = rows;
  const columns = first?.record.map((name) => name.toLowerCase()) ?? [];
  const at = { service: columns.indexOf("service"), panel: columns.indexOf("panel"), account: columns.indexOf("account") };
  for (const [name, place] of Object.entries(at))
    if (place < 0)
      throw new ReguaError("link_file_invalid", {
        file,
        line: 1,
        problem: inEach(`the column ${name} is not there`, `falta a coluna ${name}`),
      });
  const seen = new Set<string>();
  return rest.map(({ record, info: { lines: line } }) => {
    const tie: Tie = { line, service: record[at.service] ?? "", panel: record[at.panel] ?? "", account: record[at.account] ?? "" };
    for (const name of ["service", "panel", "account"] as const)
      if (tie[name] === "")
        throw new ReguaError("link_file_invalid", { file, line, problem: inEach(`${name} is empty`, `${name} está vazio`) });
    if (seen.has(tie.service))
      throw new ReguaError("link_file_invalid", {
        file,
        line,
        problem: inEach(`the service ${tie.service} stands twice`, `o serviço ${tie.service} aparece duas vezes`),
      });
    seen.add(tie.service);
    return tie;
  });
}

function tell({ io }: Tools, app: App, found: Outcome, dryRun: boolean): void {
  const en = io.lang === "en";
  const value = {
    dryRun,
    tied: found.tied,
    ambiguous: found.ambiguous,
    servicesWithoutAccount: found.services.map(({ ref, name, customerRef }) => ({ service: ref, name, customer: customerRef })),
    accountsWithoutService: found.accounts.map(({ name, access, also }) => ({ account: name, access: access.access, also: also ?? [] })),
  };
  const part = (head: string, rows: readonly string[]): string[] => [
    "",
    `${head}: ${rows.length}`,
    ...rows.slice(0, SHOWN_MAX).flatMap((row) => wrap(row, "  ")),
    ...(rows.length > SHOWN_MAX
      ? [
          en
            ? `  … and ${rows.length - SHOWN_MAX} more: --json lists them all`
            : `  … e mais ${rows.length - SHOWN_MAX}: --json lista todos`,
        ]
      : []),
  ];
  const head = dryRun ? (en ? "Would be tied" : "Seriam ligados") : en ? "Tied" : "Ligados";
  io.result(value, () =>
    [
      banner(app),
      ...part(
        head,
        found.tied.map((tie) => `${tie.service} → ${tie.panel}/${tie.account}`),
      ),
      ...part(
        en ? "More than one would fit; tie them with a list" : "Mais de um serviria; ligue-os com uma lista",
        found.ambiguous.map((each) => `${each.services.join(", ")} ↔ ${each.accounts.join(", ")}`),
      ),
      ...part(
        en ? "Services without an account" : "Serviços sem conta",
        found.services.map(({ ref, name }) => `${ref}  ${name}`),
      ),
      ...part(
        en ? "Accounts without a service (never touched)" : "Contas sem serviço (nunca tocadas)",
        found.accounts.map(({ name, also }) => [name, ...(also ?? [])].join("  ")),
      ),
    ].join("\n"),
  );
}
