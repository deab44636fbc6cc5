// The doctor's check of money in: what was declared and never seen is told to finance, and what waits for its owner is counted.
import { unseenMoney } from "../engine/unseen-money.ts";
import { formatMoney } from "../kernel/money.ts";
import { formatDay } from "../kernel/time.ts";
import type { App } from "./app.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";

export async function moneyChecks({ engine }: Pick<App, "engine">, say: Say): Promise<Check[]> {
  const { declared, waiting, currency } = await unseenMoney(engine);
  const [en, pt] = [formatMoney(declared.amount, currency, "en"), formatMoney(declared.amount, currency, "pt-BR")];
  const checks: Check[] = [];
  if (declared.oldestOn === null)
    checks.push(
      ok("money", say("What was paid a week ago has been seen in an account", "O que foi pago há uma semana foi visto em conta")),
    );
  else {
    const since = formatDay(declared.oldestOn);
    const found = say(
      `${declared.count} receipts (${en}), the oldest of ${since}, were declared a week ago or longer and seen in no account.`,
      `${declared.count} recebimentos (${pt}), o mais antigo de ${since}, foram declarados há uma semana ou mais e não vistos em conta.`,
    );
    checks.push(
      declared.statements
        ? person(
            "money",
            found,
            say(
              "Finance: `regua reconcile` lists them. Import the statements of those days, or ask the customer for the proof.",
              "Financeiro: `regua reconcile` lista todos. Importe os extratos daqueles dias, ou peça o comprovante ao cliente.",
            ),
          )
        : note(
            "money",
            found,
            say(
              "No bank statement was imported here yet: `regua statement import FILE` compares them.",
              "Ainda não se importou extrato aqui: `regua statement import ARQUIVO` faz a comparação.",
            ),
          ),
    );
  }
  if (waiting.count > 0)
    checks.push(
      note(
        "money_waiting",
        say(`${waiting.count} payments wait for their owner.`, `${waiting.count} pagamentos esperam pelo dono.`),
        say("`regua money waiting` lists them with their candidates.", "`regua money waiting` lista todos com os candidatos."),
      ),
    );
  return checks;
}
