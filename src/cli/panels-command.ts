// panels list | add | test | rotate-key: control panels tried, written with their secrets sealed, and how each of them stands.
import { readFileSync } from "node:fs";
import { isMap, isScalar, visit } from "yaml";
import type { Command } from "commander";
import { InMemoryPanelMemory } from "../adapters/panels/memory.ts";
import { openPanel, PANEL_SECRETS, panelSettings, type PanelSettings } from "../adapters/panels/open.ts";
import { lookAtCertificate } from "../adapters/panels/panel-http.ts";
import { deadline } from "../kernel/clock.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { CHANCE_TO_REWRAP, isSealed, masterKey, rewrap } from "../kernel/seal.ts";
import { formatInstant } from "../kernel/time.ts";
import type { Outcome } from "../ports/outcome.ts";
import { readCircuit } from "../store/panel-circuits.ts";
import { panelStandings } from "../store/panel-rounds.ts";
import { outsideIn } from "../words/inserts.ts";
import type { App } from "./app.ts";
import { checkSettings, editConfig, loadFor, nameOf, readSettings } from "./config-file.ts";
import { backupCommand } from "./panels-backup.ts";
import { reconcileCommands } from "./panels-reconcile.ts";
import { resealDatabase } from "./reseal.ts";
import { chanceOf, ensureKey, KEY_VARIABLE, keyFile, readKeys, sealFor, writeKeys } from "./secrets.ts";
import { table } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

const TEST_MS = 25_000;

export function panelCommands(program: Command, run: Run): void {
  const panels = program
    .command("panels")
    .description("Control panels: HestiaCP, Virtualmin, DirectAdmin, cPanel, Plesk, ISPConfig, Proxmox VE, or programs of your own.");
  panels
    .command("list")
    .description("Every panel: its services, whether calls go to it, when its accounts were last compared, and how many differ.")
    .addHelpText("after", "\nExample:\n  regua panels list")
    .action(run(async (tools) => tools.withApp((app) => list(tools, app))));
  panels
    .command("add")
    .argument("<name>", "your name for it; services carry it", nameOf)
    .argument("<file>", "its settings as YAML (kind: hestia …), or - to read them from standard input, so that no key is on a command line")
    .description("Try a panel's settings, and write them into the configuration, secrets sealed, when the panel answers.")
    .option("--fingerprint <sha256>", "believe this certificate, and no other: for a self-signed panel")
    .option("--replace", "the name exists: take the new settings for it")
    .option("--untested", "write them without trying")
    .addHelpText(
      "after",
      "\nExamples:\n  regua panels add web1 web1.yaml\n  regua panels add web1 - --fingerprint 3f9a… < web1.yaml\nEvery setting: regua config check --all; what each panel needs: docs/panels.md",
    )
    .action(run((tools, name: string, file: string, options: AddOptions) => add(tools, name, file, options)));
  panels
    .command("test")
    .argument("[name]", "only this one")
    .description(
      "Whether the panels answer, with the least privilege each needs. Nothing is changed there; a panel that was let be is asked again.",
    )
    .addHelpText("after", "\nExample:\n  regua panels test web1")
    .action(run(async (tools, name: string | undefined) => tools.withApp((app) => test(tools, app, name))));
  panels
    .command("rotate-key")
    .description(
      `Seal the secrets of the configuration, and those of webhooks, under a new key. With ${KEY_VARIABLE}, put the new key before the old one first.`,
    )
    .addHelpText("after", "\nExample:\n  regua panels rotate-key")
    .action(run((tools) => rotate(tools)));
  reconcileCommands(panels, run);
  backupCommand(panels, run);
}

interface AddOptions {
  fingerprint?: string;
  replace?: boolean;
  untested?: boolean;
}

async function add(tools: Tools, name: string, file: string, { fingerprint, replace, untested }: AddOptions): Promise<void> {
  const { io } = tools;
  const loaded = loadFor(tools);
  if (loaded.config.panels[name] && !replace) throw new ReguaError("panel_name_taken", { value: name });
  const read = readSettings(tools, file);
  const written = fingerprint === undefined || typeof read !== "object" ? read : { ...read, fingerprint };
  const settings = checkSettings(panelSettings, written, file);
  const tried = untested ? null : await tryPanel(name, settings, loaded.dataDir);
  if (tried && tried.outcome !== "done") throw new ReguaError("panel_not_reached", { value: name, reason: outsideIn(tried.reason) });
  const key = ensureKey(io.host, loaded.dataDir);
  const sealed = Object.fromEntries(
    Object.entries(written as Record<string, unknown>).map(([field, value]) => [
      field,
      PANEL_SECRETS.has(field) && typeof value === "string" ? sealFor(io.host, key, `panels.${name}.${field}`, value) : value,
    ]),
  );
  const target = editConfig(tools, loaded, (document) => document.setIn(["panels", name], document.createNode(sealed)));
  const detail = tried?.value.detail ?? null;
  io.result({ name, kind: settings.kind, file: target, detail }, () =>
    io.lang === "en"
      ? [
          detail ?? "Not tried yet: `regua panels test` does it.",
          `${name} is in ${target}, its secrets sealed under the key in ${keyFile(loaded.dataDir)} (keep a copy of that file elsewhere).`,
          "A running server takes it when it is started again. Next: `regua link` ties services to its accounts.",
        ].join("\n")
      : [
          detail ?? "Ainda não testado: `regua panels test` faz isso.",
          `${name} está em ${target}, com os segredos lacrados pela chave de ${keyFile(loaded.dataDir)} (guarde uma cópia desse arquivo em outro lugar).`,
          "Um servidor em execução passa a usá-lo quando for iniciado de novo. Em seguida: `regua link` liga os serviços às contas dele.",
        ].join("\n"),
  );
}

/** A certificate that nobody vouches for is shown with its digits, before anything is sent; a person compares them. */
async function tryPanel(name: string, settings: PanelSettings, folder: string): Promise<Outcome<{ detail: string }> | null> {
  if (settings.kind === "sandbox") return null;
  if (settings.kind !== "command" && settings.fingerprint === undefined && settings.ca_file === undefined) {
    const seen = await lookAtCertificate(settings, deadline(TEST_MS)).catch((error: unknown) => {
      throw new ReguaError("panel_not_reached", {
        value: name,
        reason: outsideIn(error instanceof Error ? error.message || error.name : String(error)),
      });
    });
    if (!seen.trusted) throw new ReguaError("panel_certificate_unknown", { value: name, fingerprint: seen.fingerprint });
  }
  const sandbox = (): never => {
    throw new ReguaError("panel_option_invalid", {
      field: "kind",
      problem: inEach("the sandbox's panel is not tried", "o painel do ensaio não se testa"),
    });
  };
  return openPanel(settings, { memory: new InMemoryPanelMemory(), sandbox, folder }).test({ signal: deadline(TEST_MS) });
}

async function list({ io }: Tools, app: App): Promise<void> {
  const standings = new Map((await panelStandings(app.database.db)).map((row) => [row.panel, row]));
  const names = [...new Set([...app.dispatcher.outside.panels.keys(), ...standings.keys()])].sort();
  const rows = await Promise.all(
    names.map(async (name) => {
      const settings = app.config.panels[name];
      const circuit = await readCircuit(app.database.db, name);
      const standing = standings.get(name);
      const now = app.engine.motorClock.now();
      const resting = circuit?.state === "open" && (circuit.until ?? 0) > now;
      return {
        name,
        kind: app.dispatcher.outside.panels.get(name)?.kind ?? null,
        host: settings && "host" in settings ? `${settings.host}:${settings.port}` : null,
        services: standing?.services ?? 0,
        differences: standing?.differences ?? 0,
        comparedAt: standing?.roundFinishedAt ? formatInstant(standing.roundFinishedAt) : null,
        calls: circuit?.state === "locked" ? "locked" : resting ? "resting" : "pass",
        because: circuit?.state === "locked" || resting ? circuit.because : (standing?.roundAnswer ?? null),
      } as const;
    }),
  );
  const en = io.lang === "en";
  const calls = { pass: en ? "pass" : "passam", resting: en ? "let be" : "em pausa", locked: en ? "locked" : "travado" };
  io.result({ panels: rows }, () =>
    rows.length === 0
      ? en
        ? "No control panel is set up: `regua panels add NAME FILE` adds one."
        : "Nenhum painel configurado: `regua panels add NOME ARQUIVO` acrescenta um."
      : [
          ...table(
            (en
              ? ["Name", "Kind", "Address", "Services", "Differ", "Calls", "Compared"]
              : ["Nome", "Tipo", "Endereço", "Serviços", "Diferem", "Chamadas", "Comparado"]
            ).map((head, i) => ({ head, right: i === 3 || i === 4, shrinks: i === 2 })),
            rows.map((row) => [
              row.name,
              row.kind ?? (en ? "not set up" : "não configurado"),
              row.host ?? "",
              String(row.services),
              String(row.differences),
              calls[row.calls],
              row.comparedAt?.slice(0, 16).replace("T", " ") ?? (en ? "not yet" : "ainda não"),
            ]),
          ),
          ...rows.filter(({ because }) => because !== null).map(({ name, because }) => `${name}: ${because}`),
        ].join("\n"),
  );
}

async function test({ io }: Tools, app: App, name: string | undefined): Promise<void> {
  const chosen = [...app.dispatcher.outside.panels].filter(([one]) => name === undefined || one === name);
  if (name !== undefined && chosen.length === 0)
    throw new ReguaError("panel_unknown", {
      value: name,
      names: [...app.dispatcher.outside.panels.keys()].join(", ") || inEach("none", "nenhum"),
    });
  const rows = await Promise.all(
    chosen.map(async ([one, panel]) => {
      const tried = await panel.test({ signal: deadline(TEST_MS) });
      const detail = tried.outcome === "done" ? tried.value.detail : tried.reason;
      return { name: one, kind: panel.kind, answers: tried.outcome === "done", detail, capabilities: panel.capabilities };
    }),
  );
  const en = io.lang === "en";
  io.result({ panels: rows }, () =>
    rows.length === 0
      ? en
        ? "No control panel is set up: `regua panels add NAME FILE` adds one."
        : "Nenhum painel configurado: `regua panels add NOME ARQUIVO` acrescenta um."
      : rows.map((row) => `${row.answers ? "✓" : "✗"} ${row.name} (${row.kind}): ${row.detail}`).join("\n"),
  );
  const silent = rows.find(({ answers }) => !answers);
  if (silent) throw new ReguaError("panel_not_reached", { value: silent.name, reason: outsideIn(silent.detail) });
}

/** The new key is kept beside the old one until every value is under it: a program that stops in between has lost nothing. */
async function rotate(tools: Tools): Promise<void> {
  const { io } = tools;
  const loaded = loadFor(tools);
  const { dataDir } = loaded;
  const { host } = io;
  const given = (host.env[KEY_VARIABLE] ?? "") !== "";
  const old = readKeys(host.env, dataDir);
  const made = host.newSecret();
  const fresh = given ? old[0] : masterKey(Buffer.from(made, "base64url"));
  if (!fresh || (given && old.length < 2))
    throw new ReguaError("secret_key_unusable", {
      where: KEY_VARIABLE,
      problem: inEach(
        "it holds one key; write the new key, a blank, and the old key",
        "ela tem uma só chave; escreva a chave nova, um espaço e a chave antiga",
      ),
    });
  if (!given) writeKeys(dataDir, [made, ...keyTexts(dataDir, old.length)]);
  let moved = 0;
  if (loaded.file !== null)
    editConfig(tools, loaded, (document) =>
      visit(document, {
        Pair: (_key, pair) => {
          if (isMap(pair.value) || !isScalar(pair.value) || typeof pair.value.value !== "string" || !isSealed(pair.value.value)) return;
          const next = rewrap(pair.value.value, [fresh, ...old], fresh, chanceOf(host, CHANCE_TO_REWRAP));
          if (next === null) return;
          pair.value.value = next;
          moved += 1;
        },
      }),
    );
  moved += await resealDatabase(tools, loaded, [fresh, ...old], fresh);
  if (!given) writeKeys(dataDir, [made]);
  io.result({ sealed: moved, keyFile: given ? null : keyFile(dataDir) }, () =>
    io.lang === "en"
      ? `${moved} secrets are sealed under the new key${given ? ` (the first in ${KEY_VARIABLE})` : ` in ${keyFile(dataDir)}`}. Keep a copy of it elsewhere; the old one opens nothing here any more.`
      : `${moved} segredos estão lacrados pela nova chave${given ? ` (a primeira de ${KEY_VARIABLE})` : ` de ${keyFile(dataDir)}`}. Guarde uma cópia dela em outro lugar; a antiga não abre mais nada aqui.`,
  );
}

function keyTexts(dataDir: string, count: number): string[] {
  return count === 0
    ? []
    : readFileSync(keyFile(dataDir), "utf8")
        .split(/\s+/u)
        .filter((text) => text !== "");
}
