// The doctor's checks of webhooks to other systems: who hears us, who does not, and secrets that do not open here.
import { secretsClosed, webhooks, type WebhookListed } from "../engine/webhooks.ts";
import { formatInstant } from "../kernel/time.ts";
import type { App } from "./app.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";

export async function webhookChecks(app: App, say: Say): Promise<Check[]> {
  const rows = await webhooks(app.engine);
  const closed = await secretsClosed(app.webhooks());
  return rows.map((row) => (closed.includes(row.name) ? closedCheck(row, say) : checkOf(row, say)));
}

function closedCheck({ name }: WebhookListed, say: Say): Check {
  return person(
    "webhooks",
    say(
      `The secret of the webhook ${name} does not open under this machine's key`,
      `O segredo do webhook ${name} não abre com a chave desta máquina`,
    ),
    say(
      "Bring back the key it was sealed under (secret.key in the data folder, or REGUA_SECRET_KEY), or remove the webhook and add it again.",
      "Traga de volta a chave que o lacrou (secret.key na pasta de dados, ou REGUA_SECRET_KEY), ou remova o webhook e acrescente-o de novo.",
    ),
  );
}

function checkOf(row: WebhookListed, say: Say): Check {
  const { name, open, lastAnswer } = row;
  const answer = lastAnswer ?? say("nothing yet", "nada ainda");
  if (row.state === "stopped")
    return person(
      "webhooks",
      row.stoppedBecause === "gone"
        ? say(
            `The webhook ${name} is stopped: its receiver wants to hear no more (410)`,
            `O webhook ${name} está parado: o sistema que o recebe não quer mais (410)`,
          )
        : say(
            `The webhook ${name} is stopped: it accepted nothing for three days. Last answer: ${answer}`,
            `O webhook ${name} está parado: não aceitou nada por três dias. Última resposta: ${answer}`,
          ),
      say(
        `Mend the receiver, then \`regua webhooks resume ${name}\`; or \`regua webhooks remove ${name}\`.`,
        `Corrija o sistema que o recebe e use \`regua webhooks resume ${name}\`; ou \`regua webhooks remove ${name}\`.`,
      ),
    );
  if (row.failingSince !== null)
    return note(
      "webhooks",
      say(
        `The webhook ${name} accepts nothing since ${formatInstant(row.failingSince)}; ${open} events wait. Last answer: ${answer}`,
        `O webhook ${name} não aceita nada desde ${formatInstant(row.failingSince)}; ${open} eventos na fila. Última resposta: ${answer}`,
      ),
      say("It is tried again by itself; after three days it is stopped.", "As tentativas seguem sozinhas; depois de três dias ele para."),
    );
  if (row.givenUp > 0)
    return note(
      "webhooks",
      say(
        `The webhook ${name} is told; ${row.givenUp} events that it never accepted were given up`,
        `O webhook ${name} é avisado, e ${row.givenUp} eventos que ele não aceitou foram abandonados`,
      ),
      say(`\`regua webhooks resume ${name}\` sends them again.`, `\`regua webhooks resume ${name}\` envia de novo.`),
    );
  return ok("webhooks", say(`The webhook ${name} is told; ${open} events wait`, `O webhook ${name} é avisado; ${open} eventos na fila`));
}
