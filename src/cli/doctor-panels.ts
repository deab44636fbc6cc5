// The doctor's checks of panels: whether they answer and calls go to them, whose accounts are shared, and what differs for days.
import { deadline } from "../kernel/clock.ts";
import { DAY_MS } from "../kernel/time.ts";
import { checkPanels } from "../policy/check-panels.ts";
import type { Database } from "../store/database.ts";
import { panelsNamed } from "../store/health.ts";
import { sharedAccounts } from "../store/links.ts";
import { listDifferences } from "../store/panel-rounds.ts";
import type { App } from "./app.ts";
import { judge, TEST_MS } from "./doctor-installation.ts";
import { note, person, type Check, type Say } from "./doctor-report.ts";

export async function panelChecks(app: App, say: Say): Promise<Check[]> {
  const { provider, dispatcher, database } = app;
  const { panels } = dispatcher.outside;
  const named = await panelsNamed(database.db);
  const tests = [...panels].map(async ([name, panel]) =>
    judge("panel", say(`Panel ${name}`, `Painel ${name}`), await panel.test({ signal: deadline(TEST_MS) }), say),
  );
  const absent = named
    .filter(({ panel }) => !panels.has(panel))
    .map(({ panel, services }) =>
      (provider.mode === "live" ? person : note)(
        "panel",
        say(
          `${services} services are on the panel “${panel}”, which is not configured.`,
          `${services} serviços estão no painel “${panel}”, que não está configurado.`,
        ),
        say(
          `Add panels.${panel} to the configuration: until then they are neither suspended nor reactivated.`,
          `Acrescente panels.${panel} à configuração: até lá eles não são suspensos nem reativados.`,
        ),
      ),
    );
  const found = [...(await Promise.all(tests)), ...absent, ...(await accountChecks(database, say)), ...(await abilityChecks(app, say))];
  return found.length > 0 ? found : [note("panel", say("No control panel is configured.", "Nenhum painel está configurado."))];
}

const SHARED_SHOWN = 5;
/** What differs longer than this was seen by several rounds, and nobody acted. */
const OLD_MS = 2 * DAY_MS;

/** Accounts that two services share, and differences that wait for a person. */
async function accountChecks({ db }: Database, say: Say): Promise<Check[]> {
  const checks: Check[] = [];
  const shared = await sharedAccounts(db, SHARED_SHOWN);
  if (shared.length > 0)
    checks.push(
      person(
        "links",
        say(
          "Services share an account: what suspends one takes the other down.",
          "Serviços dividem uma conta: o que suspende um derruba o outro.",
        ) + shared.map(({ panel, account, services }) => `\n${panel}/${account}: ${services.join(", ")}`).join(""),
        say(
          "Tie each to an account of its own with `regua link`, or bill them as one service.",
          "Ligue cada um a uma conta própria com `regua link`, ou cobre-os como um só serviço.",
        ),
      ),
    );
  const open = await listDifferences(db, { panel: null, ended: false, limit: 1_000 });
  if (open.length === 0) return checks;
  const newest = Math.max(...open.map(({ seenAt }) => seenAt));
  const old = open.filter(({ foundAt }) => newest - foundAt > OLD_MS).length;
  const said = say(
    `${open.length} accounts differ from what they should be, ${old} of them for two days or more`,
    `${open.length} contas diferem do que deveriam ser, ${old} delas há dois dias ou mais`,
  );
  const cure = say("`regua panels differences` lists them with their causes.", "`regua panels differences` mostra cada uma com a causa.");
  checks.push(note("differences", said, cure));
  return checks;
}

/** A ladder that asks of a panel what it cannot do. */
async function abilityChecks({ engine, dispatcher, provider }: App, say: Say): Promise<Check[]> {
  if (provider.mode === "sandbox") return [];
  const { policy } = await engine.settings.load(engine.db, engine.clock.now());
  const abilities = [...dispatcher.outside.panels].map(([name, { capabilities }]) => ({ name, terminate: capabilities.terminate }));
  const [finding] = checkPanels(policy.doc, abilities);
  return finding
    ? [
        note(
          "panel",
          say(`The policy: ${finding.problem.en}.`, `A política: ${finding.problem["pt-BR"]}.`),
          say(finding.cure.en, finding.cure["pt-BR"]),
        ),
      ]
    : [];
}
