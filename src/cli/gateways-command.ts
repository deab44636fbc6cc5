// gateways add | test | webhook: payment gateways tried and written into the configuration, and told where to send their webhooks.
import { InvalidArgumentError, type Command } from "commander";
import { gatewaySettings, openGateway, type GatewaySettings } from "../adapters/gateways/open.ts";
import { deadline, systemClock } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Outcome } from "../ports/outcome.ts";
import type { PaymentGateway, PaymentMethod } from "../ports/payment-gateway.ts";
import { outsideIn } from "../words/inserts.ts";
import { checkSettings, editConfig, loadFor, nameOf, readSettings } from "./config-file.ts";
import { table } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

const TEST_MS = 20_000;

export function gatewayCommands(program: Command, run: Run): void {
  const gateways = program.command("gateways").description("Payment gateways: Asaas, Efí, Mercado Pago, Stripe, and any bank's API Pix.");
  gateways
    .command("add")
    .argument("<name>", "your name for it: payments seen there carry it, and its webhooks' address ends in it", nameOf)
    .argument("<file>", "its settings as YAML (kind: asaas …), or - to read them from standard input, so that no key is on a command line")
    .description("Try a gateway's settings, and write them into the configuration when the gateway answers.")
    .option("--replace", "the name exists: take the new settings for it")
    .option("--untested", "write them without trying")
    .addHelpText(
      "after",
      "\nExamples:\n  regua gateways add asaas asaas.yaml\n  regua gateways add banco - < banco.yaml\nEvery setting: regua config check --all",
    )
    .action(run((tools, name: string, file: string, options: AddOptions) => add(tools, name, file, options)));
  gateways
    .command("test")
    .argument("[name]", "only this one")
    .description("Whether the gateways of the configuration answer. Nothing is changed there.")
    .addHelpText("after", "\nExample:\n  regua gateways test")
    .action(run((tools, name: string | undefined) => test(tools, name)));
  gateways
    .command("webhook")
    .argument("<name>", "the gateway's name")
    .argument("<url>", "where this installation is reached from outside, for example https://regua.example.com", publicUrl)
    .description("Tell the gateway where to send webhooks. Banks with an API Pix only; the others have a page for it.")
    .addHelpText("after", "\nExample:\n  regua gateways webhook banco https://regua.example.com")
    .action(run((tools, name: string, url: URL) => setWebhook(tools, name, url)));
}

interface AddOptions {
  replace?: boolean;
  untested?: boolean;
}

function publicUrl(text: string): URL {
  if (!URL.canParse(text) || !text.startsWith("https://")) throw new InvalidArgumentError("Give an address that begins with https://");
  return new URL(text);
}

async function add(tools: Tools, name: string, file: string, { replace, untested }: AddOptions): Promise<void> {
  const { io } = tools;
  const loaded = loadFor(tools);
  if (loaded.config.gateways[name] && !replace) throw new ReguaError("gateway_name_taken", { value: name });
  const written = readSettings(tools, file);
  const settings = checkSettings(gatewaySettings, written, file);
  const tried = untested ? null : await tryGateway(settings, loaded.dataDir);
  if (tried && tried.outcome !== "done") throw new ReguaError("gateway_not_reached", { value: name, reason: outsideIn(tried.reason) });
  const target = editConfig(tools, loaded, (document) => document.setIn(["gateways", name], document.createNode(written)));
  const path = hookPath(name);
  io.result({ name, kind: settings.kind, file: target, detail: tried?.value.detail ?? null, webhookPath: path }, () =>
    io.lang === "en"
      ? [
          ...(tried ? [tried.value.detail] : ["Not tried yet: `regua gateways test` does it."]),
          `${name} is in ${target}. A running server takes it when it is started again.`,
          `Webhooks go to https://YOUR-ADDRESS${path}; without them payments are polled.`,
        ].join("\n")
      : [
          ...(tried ? [tried.value.detail] : ["Ainda não testado: `regua gateways test` faz isso."]),
          `${name} está em ${target}. Um servidor em execução passa a usá-lo quando for iniciado de novo.`,
          `Os webhooks vão para https://SEU-ENDEREÇO${path}; sem eles, os pagamentos são consultados.`,
        ].join("\n"),
  );
}

async function test(tools: Tools, name: string | undefined): Promise<void> {
  const { io } = tools;
  const { config, dataDir } = loadFor(tools);
  const chosen = Object.entries(config.gateways).filter(([one]) => name === undefined || one === name);
  if (name !== undefined && chosen.length === 0) throw new ReguaError("gateway_unknown", { value: name });
  const rows = await Promise.all(
    chosen.map(async ([one, settings]) => {
      const { tried, methods } = await withGateway(settings, dataDir, async (gateway) => ({
        tried: await gateway.test({ signal: deadline(TEST_MS) }),
        methods: gateway.capabilities.methods,
      }));
      const detail = tried.outcome === "done" ? tried.value.detail : tried.reason;
      return { name: one, kind: settings.kind, answers: tried.outcome === "done", methods: [...methods], detail };
    }),
  );
  const en = io.lang === "en";
  io.result({ gateways: rows }, () =>
    rows.length === 0
      ? en
        ? "No gateway is set up: `regua gateways add NAME FILE` adds one."
        : "Nenhum gateway configurado: `regua gateways add NOME ARQUIVO` acrescenta um."
      : table(
          (en ? ["Name", "Kind", "Answers", "Charges by", ""] : ["Nome", "Tipo", "Responde", "Cobra por", ""]).map((head) => ({ head })),
          rows.map((row) => [
            row.name,
            row.kind,
            row.answers ? (en ? "yes" : "sim") : en ? "no" : "não",
            namesOf(row.methods, en),
            row.detail,
          ]),
        ).join("\n"),
  );
  const silent = rows.find(({ answers }) => !answers);
  if (silent) throw new ReguaError("gateway_not_reached", { value: silent.name, reason: outsideIn(silent.detail) });
}

/** What a charge there can be paid with, in the reader's words. */
function namesOf(methods: readonly PaymentMethod[], en: boolean): string {
  const names = { pix: "Pix", boleto: "boleto", card: en ? "card" : "cartão" } satisfies Record<PaymentMethod, string>;
  return methods.map((method) => names[method]).join(", ");
}

async function setWebhook(tools: Tools, name: string, base: URL): Promise<void> {
  const { io } = tools;
  const { config, dataDir } = loadFor(tools);
  const settings = config.gateways[name];
  if (!settings) throw new ReguaError("gateway_unknown", { value: name });
  const url = new URL(hookPath(name), base);
  const outcome = await withGateway(settings, dataDir, async (gateway) => gateway.setWebhook?.(url, { signal: deadline(TEST_MS) }) ?? null);
  if (!outcome) throw new ReguaError("gateway_webhook_by_hand", { value: name, url: url.href });
  if (outcome.outcome !== "done") throw new ReguaError("gateway_not_reached", { value: name, reason: outsideIn(outcome.reason) });
  io.result({ name, url: url.href, detail: outcome.value.detail }, () => outcome.value.detail);
}

const hookPath = (name: string): string => `/hooks/gateways/${name}`;

const tryGateway = (settings: GatewaySettings, folder: string): Promise<Outcome<{ detail: string }>> =>
  withGateway(settings, folder, (gateway) => gateway.test({ signal: deadline(TEST_MS) }));

async function withGateway<T>(settings: GatewaySettings, folder: string, work: (gateway: PaymentGateway) => Promise<T>): Promise<T> {
  const gateway = openGateway(settings, { clock: systemClock, folder });
  try {
    return await work(gateway);
  } finally {
    await gateway.close();
  }
}
