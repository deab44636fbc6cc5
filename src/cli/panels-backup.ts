// panels backup: orders a backup of a service's account where the panel takes such orders, and tells what is there.
import type { Command } from "commander";
import { serviceNamed } from "../engine/save-service.ts";
import { deadline } from "../kernel/clock.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import { outsideIn } from "../words/inserts.ts";
import type { App } from "./app.ts";
import type { Run, Tools } from "./tools.ts";

const CALL_MS = 25_000;

export function backupCommand(panels: Command, run: Run): void {
  panels
    .command("backup")
    .argument("<service>", "the service's number")
    .description(
      "Order a backup of the service's account, before it ends or for a customer who asks. HestiaCP and Proxmox VE take such orders.",
    )
    .option("--state", "only tell what is there; order nothing")
    .addHelpText("after", "\nExample:\n  regua panels backup 2005")
    .action(
      run(async (tools, service: string, options: { state?: boolean }) =>
        tools.withApp((app) => backup(tools, app, service, options.state === true)),
      ),
    );
}

async function backup({ io }: Tools, app: App, ref: string, stateOnly: boolean): Promise<void> {
  const { panel: name, account } = await serviceNamed(app.engine, ref);
  const panel = name === null ? undefined : app.dispatcher.outside.panels.get(name);
  if (name === null || account === null || !panel)
    throw new ReguaError("panel_unknown", {
      value: name ?? "",
      names: [...app.dispatcher.outside.panels.keys()].join(", ") || inEach("none", "nenhum"),
    });
  const context = { signal: deadline(CALL_MS) };
  const said = stateOnly ? await panel.readBackup?.(account, context) : await panel.scheduleBackup?.(account, context);
  if (!panel.capabilities.backup || !said)
    throw new ReguaError("panel_not_reached", {
      value: name,
      reason: inEach("it takes no orders for backups", "ele não aceita pedidos de cópia"),
    });
  if (said.outcome !== "done") throw new ReguaError("panel_not_reached", { value: name, reason: outsideIn(said.reason) });
  const { pending, latest } = said.value;
  const en = io.lang === "en";
  const waits =
    pending === true
      ? en
        ? "one is under way"
        : "há um em andamento"
      : en
        ? "none is known to be under way"
        : "nenhum em andamento que se saiba";
  io.result({ service: ref, panel: name, account, pending, latest }, () =>
    en
      ? `${name}/${account}: ${waits}; the newest finished one: ${latest ?? "none"}`
      : `${name}/${account}: ${waits}; o mais recente concluído: ${latest ?? "nenhum"}`,
  );
}
