// webhooks add | list | test | rotate | resume | remove: other systems that are told of what happens here.
import type { Command } from "commander";
import { WEBHOOK_EVENTS } from "../engine/webhook-events.ts";
import {
  addWebhook,
  removeWebhook,
  resumeWebhook,
  rotateWebhook,
  testWebhook,
  webhooks as listWebhooks,
  type WebhookListed,
} from "../engine/webhooks.ts";
import { WEBHOOK_CALL_MS } from "../jobs/webhooks.ts";
import { deadline } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import { formatInstant } from "../kernel/time.ts";
import { outsideIn } from "../words/inserts.ts";
import type { App } from "./app.ts";
import { banner } from "./banner.ts";
import { table } from "./table.ts";
import type { Run, Tools } from "./tools.ts";

type Act = (tools: Tools, app: App, name: string) => Promise<void>;

export function webhooksCommands(program: Command, run: Run): void {
  const webhooks = program.command("webhooks").description("Other systems that are told of what happens here (Standard Webhooks).");
  webhooks
    .command("add")
    .argument("<name>", "your name for it, for example central")
    .argument("<url>", "where events go: https:// on the public internet; in the sandbox, an address of this machine")
    .description("Tell a system of events from now on; its secret is printed once.")
    .option("--events <list>", "names of events or subjects with a comma, for example promise,service.suspended", "*")
    .addHelpText(
      "after",
      `\nExample:\n  regua webhooks add central https://hooks.example.com.br/regua --events promise,receipt\nEvents: ${WEBHOOK_EVENTS.join(", ")}`,
    )
    .action(
      run(async (tools, name: string, url: string, { events }: { events: string }) =>
        tools.withApp((app) => add(tools, app, { name, url, events: events.split(",") })),
      ),
    );
  webhooks
    .command("list")
    .description("Every system that is told, with its last answer and what waits for it.")
    .addHelpText("after", "\nExample:\n  regua webhooks list")
    .action(run(async (tools) => tools.withApp((app) => list(tools, app))));
  const named = (command: string, description: string, act: Act): void => {
    webhooks
      .command(command)
      .argument("<name>", "the webhook's name")
      .description(description)
      .addHelpText("after", `\nExample:\n  regua webhooks ${command} central`)
      .action(run(async (tools, name: string) => tools.withApp((app) => act(tools, app, name))));
  };
  named("test", "Send a test event now, once, and show what was answered.", test);
  named("rotate", "Make a new secret, printed once; for a day the old one signs beside it.", rotate);
  named("resume", "Tell a stopped one again, also of what was given up.", async (tools, app, name) => {
    await resumeWebhook(app.engine, name, tools.io.actor);
    say(tools, app, { name, resumed: true }, `${name} is told again from now on.`, `${name} volta a ser avisado a partir de agora.`);
  });
  named("remove", "Tell it no more; what was on its way there is dropped.", async (tools, app, name) => {
    await removeWebhook(app.engine, name, tools.io.actor);
    say(tools, app, { name, removed: true }, `${name} is told nothing any more.`, `${name} não recebe mais nada.`);
  });
}

function say({ io }: Tools, app: App, value: unknown, en: string, pt: string): void {
  io.result(value, () => [banner(app), io.lang === "en" ? en : pt].join("\n"));
}

const context = () => ({ signal: deadline(WEBHOOK_CALL_MS) });

async function add(tools: Tools, app: App, ask: { name: string; url: string; events: readonly string[] }): Promise<void> {
  const { io } = tools;
  const secret = await addWebhook(app.webhooks(), { ...ask, secret: io.host.newSecret(), by: io.actor }, context());
  say(
    tools,
    app,
    { name: ask.name, url: ask.url, secret },
    `${ask.name} is told from now on. Its secret is shown this once:\n\n  ${secret}\n\nNext: \`regua webhooks test ${ask.name}\`; docs/api.md shows how a signature is checked.`,
    `${ask.name} passa a ser avisado. O segredo aparece só desta vez:\n\n  ${secret}\n\nEm seguida: \`regua webhooks test ${ask.name}\`; docs/api.md mostra como conferir a assinatura.`,
  );
}

async function test(tools: Tools, app: App, name: string): Promise<void> {
  const answer = await testWebhook(app.webhooks(), { name, id: tools.io.host.newToken() }, context());
  const { outcome, code, words } = answer;
  if (outcome !== "done") throw new ReguaError("webhook_not_accepted", { value: name, answer: outsideIn(words), code });
  say(tools, app, { name, outcome, code, answer: words }, `${name} accepted it: ${words}`, `${name} aceitou: ${words}`);
}

async function rotate(tools: Tools, app: App, name: string): Promise<void> {
  const { secret, oldUntil } = await rotateWebhook(app.webhooks(), { name, secret: tools.io.host.newSecret(), by: tools.io.actor });
  const until = formatInstant(oldUntil);
  say(
    tools,
    app,
    { name, secret, oldUntil: until },
    `The new secret of ${name} is shown this once:\n\n  ${secret}\n\nThe old one signs beside it until ${short(until)}.`,
    `O novo segredo de ${name} aparece só desta vez:\n\n  ${secret}\n\nO antigo assina junto até ${short(until)}.`,
  );
}

async function list({ io }: Tools, app: App): Promise<void> {
  const rows = await listWebhooks(app.engine);
  const en = io.lang === "en";
  const at = (instant: number | null): string | null => (instant === null ? null : formatInstant(instant));
  const plain = rows.map((row) => ({
    ...row,
    oldSecretUntil: at(row.oldSecretUntil),
    stoppedAt: at(row.stoppedAt),
    failingSince: at(row.failingSince),
    restingUntil: at(row.restingUntil),
    lastAt: at(row.lastAt),
    madeAt: formatInstant(row.madeAt),
  }));
  const heads = en ? ["Name", "State", "Address", "Waiting", "Last answer"] : ["Nome", "Estado", "Endereço", "Na fila", "Última resposta"];
  io.result({ webhooks: plain }, () =>
    [
      banner(app),
      ...(rows.length === 0
        ? [
            en
              ? "No system is told of events: `regua webhooks add NAME URL` adds one."
              : "Nenhum sistema é avisado: `regua webhooks add NOME URL` acrescenta um.",
          ]
        : table(
            heads.map((head, i) => ({ head, right: i === 3, shrinks: i === 2 || i === 4 })),
            rows.map((row) => [
              row.name,
              stateOf(row, en),
              row.url,
              String(row.open),
              row.lastAt === null ? "–" : `${short(formatInstant(row.lastAt))} ${row.lastAnswer ?? ""}`,
            ]),
          )),
    ].join("\n"),
  );
}

function stateOf({ state, failingSince }: WebhookListed, en: boolean): string {
  if (state === "stopped") return en ? "stopped" : "parado";
  if (failingSince !== null) return en ? "failing" : "falhando";
  return en ? "on" : "ligado";
}

/** To the minute, in UTC. */
const short = (instant: string): string => `${instant.slice(0, 16).replace("T", " ")} UTC`;
