// The doctor's checks of an installation: provider, policy, mail, panels, breaker, outbox, customers set aside, evidence.
import { checkChain } from "../evidence/chain.ts";
import { sayFinding } from "../evidence/say.ts";
import { verifyHouse } from "../evidence/house.ts";
import { verifyDatabase } from "../evidence/verify-database.ts";
import type { Identity } from "../engine/setting.ts";
import { deadline } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { Lang } from "../kernel/lang.ts";
import { readTaxId } from "../kernel/tax-id.ts";
import { DAY_MS, formatDay, formatInstant, HOUR_MS, MINUTE_MS } from "../kernel/time.ts";
import { checkPolicy } from "../policy/check.ts";
import type { Outcome } from "../ports/outcome.ts";
import { readBreaker } from "../store/breaker.ts";
import type { Trx } from "../store/database.ts";
import { entriesAfter, inOneMoment, type ChainHead, type EvidenceRow } from "../store/evidence.ts";
import { faults, outboxHealth, sampleHeads } from "../store/health.ts";
import type { App } from "./app.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";
import type { Io } from "./io.ts";
import { SAMPLE_PROVIDER } from "./provider-file.ts";
import { errorWords } from "../words/errors.ts";

export function providerCheck({ provider }: App, say: Say): Check {
  const identity = provider.identity as Partial<Identity>;
  const missing = (["name", "legalName", "taxId", "address", "email"] as const).filter((key) => (identity[key] ?? "").trim() === "");
  // What the evidence and the messages of an installation name does not change under them.
  const cure = say(
    "Begin the live installation in a new data folder, with a complete provider file of your own (examples/provider.yaml shows one).",
    "Comece a instalação numa pasta de dados nova, com um arquivo de provedor completo e seu (examples/provider.yaml mostra um).",
  );
  if (missing.length > 0)
    return person(
      "provider",
      say(
        `The provider's ${missing.join(", ")} is missing: every collection message must carry it (CDC, art. 42-A).`,
        `Falta no provedor: ${missing.join(", ")}. Toda mensagem de cobrança precisa trazer (CDC, art. 42-A).`,
      ),
      cure,
    );
  if (provider.mode === "live" && identity.taxId === SAMPLE_PROVIDER.identity.taxId)
    return person("provider", say("The provider is still the example.", "O provedor ainda é o do exemplo."), cure);
  if (provider.currency === "BRL" && readTaxId(identity.taxId ?? "") === null)
    return note(
      "provider",
      say(`${identity.name}: ${identity.taxId} is not a CPF or CNPJ.`, `${identity.name}: ${identity.taxId} não é um CPF nem um CNPJ.`),
    );
  if (Object.values(identity.payment ?? {}).flat().length === 0)
    return note(
      "provider",
      say(`${identity.name}: messages do not say how to pay.`, `${identity.name}: as mensagens não dizem como pagar.`),
    );
  return ok("provider", `${identity.name}, ${identity.taxId}`);
}

export async function policyCheck({ engine, clock, database }: App, say: Say): Promise<Check> {
  const { policy } = await engine.settings.load(database.db, clock.now());
  const findings = checkPolicy(policy.doc);
  const [first] = findings;
  if (!first) return ok("policy", say(`Policy ${policy.version} in force`, `Política ${policy.version} em vigor`));
  const found = findings.map(({ place, problem }) => `\n${place}: ${say(problem.en, problem["pt-BR"])}`).join("");
  const head = say(`Policy ${policy.version} is in force:`, `A política ${policy.version} está em vigor:`) + found;
  const cure = say(first.cure.en, first.cure["pt-BR"]);
  return first.severity === "error" ? person("policy", head, cure) : note("policy", head, cure);
}

/** A server that has said nothing by then would not be waited for by a message either. */
export const TEST_MS = 20_000;

export async function mailCheck({ provider, dispatcher, config }: App, say: Say): Promise<Check> {
  if (provider.mode === "sandbox") return ok("mail", say("Mail: nothing leaves the sandbox", "E-mail: nada sai do ambiente de ensaio"));
  const mailer = dispatcher.outside.mailers.get("email");
  if (!mailer || !config.mail)
    return person(
      "mail",
      say(
        "No mail server is configured: no notice goes out, and no suspension follows.",
        "Não há servidor de e-mail configurado: nenhum aviso sai, e nenhuma suspensão acontece.",
      ),
      say(
        "Add the section mail to the configuration; `regua config check --all` lists its keys.",
        "Acrescente a seção mail à configuração; `regua config check --all` mostra as chaves.",
      ),
    );
  const { host, port } = config.mail;
  const name = say(`Mail server ${host}:${port}`, `Servidor de e-mail ${host}:${port}`);
  return judge("mail", name, await mailer.test({ signal: deadline(TEST_MS) }), say);
}

export function judge(check: string, name: string, outcome: Outcome<{ detail: string }>, say: Say): Check {
  if (outcome.outcome === "done") return ok(check, `${name}: ${outcome.value.detail}`);
  const what = outcome.outcome === "refused" ? say("said no", "recusou") : say("gave no clear answer", "não deu resposta clara");
  return person(
    check,
    `${name} ${what}: ${outcome.reason}`,
    say("Mend what it names, or its section of the configuration.", "Corrija o que foi dito, ou a seção dele na configuração."),
  );
}

/** A row is tried within seconds; one that is an hour late means that nobody works, or that the other side is down. */
const LATE_MS = HOUR_MS;

export async function outboxChecks({ provider, database, clock }: App, say: Say): Promise<Check[]> {
  const now = clock.now();
  const breaker = await readBreaker(database.db);
  const tripped = breaker.trippedAt !== null;
  const { open, due, oldestDueAt, retried, lastAnswer } = await outboxHealth(database.db, formatInstant(now));
  const checks = [
    tripped
      ? person(
          "breaker",
          say(`The breaker holds suspensions back: ${breaker.because ?? ""}`, `O disjuntor segura as suspensões: ${breaker.because ?? ""}`),
          say(
            "Look whom they would reach with `regua rehearse`, then let them go with `regua run --approve`.",
            "Veja quem elas alcançariam com `regua rehearse`, e libere com `regua run --approve`.",
          ),
        )
      : ok("breaker", say("The breaker lets suspensions pass", "O disjuntor deixa as suspensões passarem")),
  ];
  const age = oldestDueAt === null ? 0 : now - oldestDueAt;
  const counts = say(`${open} waiting in the outbox, ${due} of them due`, `${open} na fila de saída, ${due} já na hora`);
  const tries =
    retried > 0
      ? say(
          `; ${retried} tried before, last answer: ${lastAnswer ?? "none"}`,
          `; ${retried} já tentados, última resposta: ${lastAnswer ?? "nenhuma"}`,
        )
      : "";
  if (age > LATE_MS && !tripped && provider.mode === "live")
    checks.push(
      person(
        "outbox",
        `${counts}${say(`; the oldest for ${sayAge(age)}`, `; o mais antigo há ${sayAge(age)}`)}${tries}.`,
        say(
          "Is the server running (`regua start`)? If it is, the other side does not answer: see the checks of mail and panels above.",
          "O servidor está rodando (`regua start`)? Se está, o outro lado não responde: veja acima e-mail e painéis.",
        ),
      ),
    );
  else checks.push(ok("outbox", counts + tries));
  return checks;
}

function sayAge(ms: number): string {
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  return ms < 2 * DAY_MS ? `${Math.floor(ms / HOUR_MS)} h` : `${Math.floor(ms / DAY_MS)} d`;
}

const FAULTS_SHOWN = 5;

export async function faultCheck({ database }: App, say: Say): Promise<Check> {
  const { count, first } = await faults(database.db, FAULTS_SHOWN);
  if (count === 0) return ok("faults", say("No customer is set aside by a fault", "Nenhum cliente está à parte por uma falha"));
  const list = first.map(({ ref, fault }) => `\n${ref}: ${fault.split("\n")[0]}`).join("");
  return person(
    "faults",
    say(`${count} customers could not be decided and are set aside:`, `${count} clientes não puderam ser decididos e estão à parte:`) +
      list,
    say(
      "They are tried again each hour. A fault that stays is ours: report it with these lines.",
      "São tentados de novo a cada hora. Uma falha que fica é nossa: relate-a com estas linhas.",
    ),
  );
}

const SAMPLE = 200;
/** Without a divisor in common with the 1,024 buckets: each day looks elsewhere, and in 1,024 days everywhere. */
const STRIDE = 37;
const ENTRIES = 5_000;

/** All chains and anchors with `deep`; else the chains of some customers, others on another day. */
export async function evidenceCheck(app: App, io: Io, deep: boolean, say: Say): Promise<Check> {
  const { db } = app.database;
  const today = app.engine.settings.zone(app.provider.timeZone).dayOf(app.clock.now());
  let checked: string;
  let found: string[];
  if (deep) {
    const { customers: total } = await faults(db, 0);
    const progress = io.progress(say("Checking the evidence", "Verificando as provas"), total);
    const report = await verifyDatabase(db, { keep: FAULTS_SHOWN, progress: (customers) => progress.update(customers) });
    progress.stop();
    checked = say(
      `${report.entries} entries of ${report.customers} customers, ${report.anchors} daily anchors and ${report.house} changes of who may do what`,
      `${report.entries} registros de ${report.customers} clientes, ${report.anchors} âncoras diárias e ${report.house} mudanças de quem pode o quê`,
    );
    const where = { customer: "", anchors: say("anchors", "âncoras"), house: say("record of access", "registro de acessos") };
    found = report.findings.map(({ of, customer, finding }) => `${customer ?? where[of]}: ${sayFinding(finding, io.lang)}`);
  } else {
    const sample = await inOneMoment(db, (trx) => checkSample(trx, (((today * STRIDE) % 1024) + 1024) % 1024, io.lang));
    checked = say(
      `a sample of ${sample.customers} customers, ${sample.entries} entries`,
      `uma amostra de ${sample.customers} clientes, ${sample.entries} registros`,
    );
    const house = await verifyHouse(db);
    found = [
      ...house.findings.map((finding) => `${say("record of access", "registro de acessos")}: ${sayFinding(finding, io.lang)}`),
      ...sample.found,
    ];
  }
  if (found.length === 0) return ok("evidence", say(`Evidence intact: ${checked}`, `Provas íntegras: ${checked}`));
  return person(
    "evidence",
    say(`The evidence was changed (${checked}):`, `As provas foram alteradas (${checked}):`) + found.map((each) => `\n${each}`).join(""),
    say(
      `Keep the database as it is and compare with the last backup from before ${formatDay(today)}; \`regua evidence verify\` names each entry.`,
      `Guarde o banco de dados como está e compare com o último backup anterior a ${formatDay(today)}; \`regua evidence verify\` aponta cada registro.`,
    ),
  );
}

async function checkSample(trx: Trx, bucket: number, lang: Lang): Promise<{ customers: number; entries: number; found: string[] }> {
  const heads = await sampleHeads(trx, bucket, SAMPLE);
  let entries = 0;
  const found: string[] = [];
  for (const head of heads) {
    const rows = await chainOf(trx, head);
    entries += rows.length;
    const items = rows.map((row) => ({ seq: row.seq, text: row.entry, stated: null }));
    for (const finding of checkChain(head.ref, items, head).findings) found.push(`${head.ref}: ${sayFinding(finding, lang)}`);
  }
  return { customers: heads.length, entries, found: found.slice(0, FAULTS_SHOWN) };
}

async function chainOf(trx: Trx, { customerId }: ChainHead): Promise<EvidenceRow[]> {
  const chain: EvidenceRow[] = [];
  for (let seq = 0; ;) {
    const rows = await entriesAfter(trx, [customerId], { customerId, seq }, ENTRIES);
    chain.push(...rows);
    const last = rows.at(-1);
    if (!last || rows.length < ENTRIES) return chain;
    seq = last.seq;
  }
}

/** Runs a check; one that cannot even be made is itself a finding. */
export async function attempt(check: string, say: Say, work: () => Promise<Check | Check[]>): Promise<Check[]> {
  try {
    const found = await work();
    return Array.isArray(found) ? found : [found];
  } catch (error) {
    return [failure(check, error, say)];
  }
}

export function refusal(check: string, error: ReguaError, say: Say): Check {
  const [en, ptBr] = [errorWords(error, "en"), errorWords(error, "pt-BR")];
  return person(check, say(en.message, ptBr.message), say(en.cure, ptBr.cure));
}

export function failure(check: string, error: unknown, say: Say): Check {
  if (error instanceof ReguaError) return refusal(check, error, say);
  const why = error instanceof Error ? error.message : String(error);
  return person(
    check,
    say(`The check “${check}” could not be made: ${why}`, `A verificação “${check}” não pôde ser feita: ${why}`),
    say("Report this message.", "Relate esta mensagem."),
  );
}
