// The doctor's checks of the WHMCS beside us: whether it lets us in with what we need, how fresh our reading is, and where it acts against us.
import { WHMCS } from "../engine/billing-rows.ts";
import { lateAfter } from "../jobs/beside/sync.ts";
import { deadline } from "../kernel/clock.ts";
import { DAY_MS, formatDay, formatInstant } from "../kernel/time.ts";
import { unlockSync } from "../store/billing.ts";
import { againstUs, besideStanding, refusedRows, unwrittenTasks, type AgainstUs, type BesideStanding } from "../store/billing-views.ts";
import type { App } from "./app.ts";
import { judge } from "./doctor-installation.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";
import { besideOf } from "./beside.ts";

const TEST_MS = 60_000;
const SHOWN = 5;
const MANY = 1_000;
const RECENT_MS = 30 * DAY_MS;

export async function whmcsChecks(app: App, say: Say): Promise<Check[]> {
  const { config, provider, database, engine } = app;
  if (!config.whmcs || provider.mode === "sandbox") return [];
  const tried = await besideOf(app).system.test({ signal: deadline(TEST_MS) });
  const checks = [judge("whmcs", "WHMCS", tried, say)];
  const now = engine.motorClock.now();
  if (tried.outcome === "done") await unlockSync(database.db, WHMCS, now);
  checks.push(readingCheck(await besideStanding(database.db, WHMCS), now, say));
  const unwritten = await unwrittenTasks(database.db, now - RECENT_MS, MANY);
  if (unwritten.length > 0)
    checks.push(
      note(
        "whmcs_tasks",
        say(`${unwritten.length} things were not written in WHMCS.`, `${unwritten.length} registros não foram gravados no WHMCS.`) +
          unwritten
            .slice(0, SHOWN)
            .map(({ kind, billingId, answer }) => `\n${kind} ${billingId}: ${answer}`)
            .join(""),
        say("`regua whmcs status` lists them with WHMCS's words.", "`regua whmcs status` mostra cada um com as palavras do WHMCS."),
      ),
    );
  const refused = await refusedRows(database.db, MANY);
  if (refused.length > 0)
    checks.push(
      note(
        "whmcs_rows",
        say(`${refused.length} rows of WHMCS could not be taken.`, `${refused.length} registros do WHMCS não puderam ser lidos.`),
        say("`regua whmcs status` says why of each.", "`regua whmcs status` diz o motivo de cada um."),
      ),
    );
  const today = (await engine.settings.load(engine.db, engine.clock.now())).zone.dayOf(engine.clock.now());
  checks.push(...againstChecks(await againstUs(database.db, { today, limit: MANY }), say));
  if (config.whmcs.hook_secret === undefined)
    checks.push(
      note(
        "whmcs_hook",
        say(
          "WHMCS's hook file is not set up: changes there are seen within a minute, not at once.",
          "O hook do WHMCS não está configurado: as mudanças são vistas em até um minuto, não na hora.",
        ),
        say(
          "docs/whmcs.md: put integrations/whmcs/regua.php into includes/hooks, with a hook_secret.",
          "docs/whmcs.md: coloque integrations/whmcs/regua.php em includes/hooks, com um hook_secret.",
        ),
      ),
    );
  return checks;
}

function readingCheck(standing: BesideStanding | null, now: number, say: Say): Check {
  const cure = say(
    "`regua whmcs sync` reads now; `regua serve` keeps it up.",
    "`regua whmcs sync` lê agora; `regua serve` mantém a leitura em dia.",
  );
  if (!standing) return note("whmcs_reading", say("Nothing of WHMCS was read yet.", "Nada do WHMCS foi lido ainda."), cure);
  if (standing.locked)
    return person(
      "whmcs_reading",
      say(
        `WHMCS refused our key, and nothing more is sent: ${standing.answer ?? ""}`,
        `O WHMCS recusou a nossa chave, e nada mais é enviado: ${standing.answer ?? ""}`,
      ),
      say(
        "Mend the API credentials or the list of addresses, then `regua whmcs test`.",
        "Corrija as credenciais ou a lista de endereços, depois `regua whmcs test`.",
      ),
    );
  if (standing.phase !== "follow")
    return note(
      "whmcs_reading",
      say(
        `The first reading of WHMCS is at its ${standing.phase}, after ${standing.read} rows.`,
        `A primeira leitura do WHMCS está em ${standing.phase}, após ${standing.read} registros.`,
      ),
      cure,
    );
  const at = standing.caughtUpAt === null ? "" : formatInstant(standing.caughtUpAt);
  if (!lateAfter(standing.caughtUpAt, now))
    return ok("whmcs_reading", say(`WHMCS was read through at ${at}.`, `O WHMCS foi lido por inteiro em ${at}.`));
  return person(
    "whmcs_reading",
    say(
      `WHMCS was last read through at ${at}. ${standing.answer ?? ""}`,
      `O WHMCS foi lido por inteiro pela última vez em ${at}. ${standing.answer ?? ""}`,
    ).trim(),
    cure,
  );
}

function againstChecks(rows: readonly AgainstUs[], say: Say): Check[] {
  if (rows.length === 0) return [];
  const did = rows.filter(({ what }) => what === "did").length;
  const list = rows
    .slice(0, SHOWN)
    .map(({ service, name, customer, nextDueOn, what }) =>
      what === "did"
        ? say(
            `\n${service} ${name} (${customer}): suspended by WHMCS itself`,
            `\n${service} ${name} (${customer}): suspenso pelo próprio WHMCS`,
          )
        : say(
            `\n${service} ${name} (${customer}): due since ${formatDay(nextDueOn)}, not held off`,
            `\n${service} ${name} (${customer}): vencido desde ${formatDay(nextDueOn)}, sem retenção`,
          ),
    )
    .join("");
  return [
    person(
      "whmcs_against_us",
      say(
        `WHMCS suspends ${rows.length} services by itself that we keep up (${did} are down already).`,
        `O WHMCS suspende por conta própria ${rows.length} serviços que mantemos no ar (${did} já estão fora).`,
      ) + list,
      say(
        "Let `regua serve` run, or `regua whmcs sync --write`: it holds WHMCS's suspension off. What WHMCS suspended, unsuspend there, or turn its automatic suspension off.",
        "Deixe `regua serve` rodando, ou use `regua whmcs sync --write`: ele retém a suspensão do WHMCS. O que o WHMCS suspendeu, reative lá, ou desligue a suspensão automática dele.",
      ),
    ),
  ];
}
