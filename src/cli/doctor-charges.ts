// The doctor's check of charges: whether they are made, and what the gateway says where they are not.
import { chargeHealth } from "../store/charges.ts";
import type { App } from "./app.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";

export async function chargesCheck({ provider, config, database }: App, say: Say): Promise<Check> {
  if (provider.mode === "live" && !config.charges)
    return note(
      "charges",
      say(
        "No charges are made: messages carry the provider's own lines on how to pay, and no Pix code or boleto.",
        "Nenhuma cobrança é gerada: as mensagens trazem só as linhas do provedor sobre como pagar, sem Pix copia e cola nem boleto.",
      ),
      say(
        "Name a gateway under `charges` in regua.yaml (`charges: { gateway: asaas }`), unless your billing system makes them.",
        "Indique um gateway em `charges` no regua.yaml (`charges: { gateway: asaas }`), a não ser que o seu sistema de faturas já as gere.",
      ),
    );
  const name = config.charges?.gateway ?? "sandbox";
  if (provider.mode === "live" && !config.gateways[name])
    return person(
      "charges",
      say(
        `Charges should be made by “${name}”, which is no gateway of the configuration.`,
        `As cobranças seriam geradas por “${name}”, que não está entre os gateways da configuração.`,
      ),
      say("Write the name of one that stands under `gateways`.", "Escreva o nome de um que está em `gateways`."),
    );
  const { open, wanted, failed, lastAnswer } = await chargeHealth(database.db);
  const counts = say(
    `Charges at ${name}: ${open} open, ${wanted} being made`,
    `Cobranças em ${name}: ${open} em aberto, ${wanted} sendo geradas`,
  );
  if (failed === 0) return ok("charges", counts);
  return person(
    "charges",
    say(
      `${counts}; ${failed} could not be made, last answer: ${lastAnswer ?? ""}`,
      `${counts}; ${failed} não puderam ser geradas, última resposta: ${lastAnswer ?? ""}`,
    ),
    say(
      "Mend what the gateway names; they are tried again by themselves, and `regua charge INVOICE` tries one at once.",
      "Corrija o que o gateway aponta; elas são tentadas de novo sozinhas, e `regua charge FATURA` tenta uma na hora.",
    ),
  );
}
