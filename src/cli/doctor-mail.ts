// The doctor's checks of mail beyond the server itself: keys that sign, mailboxes that are read, channels, and what answers need.
import { checkDkimRecord } from "../adapters/mail/dkim-key.ts";
import { dnsKeys } from "../adapters/proofs/dkim-keys.ts";
import { deadline } from "../kernel/clock.ts";
import { mailStatus } from "../engine/conversations.ts";
import type { App } from "./app.ts";
import { judge, TEST_MS } from "./doctor-installation.ts";
import { note, ok, person, type Check, type Say } from "./doctor-report.ts";
import { dkimKeysOf } from "./mail-wiring.ts";

export async function mailInChecks(app: App, say: Say): Promise<Check[]> {
  if (app.provider.mode === "sandbox") return [];
  const checks = [...(await dkimChecks(app, say)), ...(await inboxChecks(app, say)), ...(await channelChecks(app, say))];
  const { counts, waiting } = await mailStatus(app.engine);
  if (waiting.length > 0)
    checks.push(
      note(
        "conversations",
        say(`${waiting.length} conversations wait for a person`, `${waiting.length} conversas esperam uma pessoa`),
        say("`regua mail status` lists them.", "`regua mail status` mostra quais."),
      ),
    );
  if (counts.fresh > 100)
    checks.push(
      person(
        "mail_in",
        say(`${counts.fresh} mails that came in were not dealt with`, `${counts.fresh} e-mails recebidos ainda não foram tratados`),
        say("Look whether `regua serve` runs, and into its log.", "Veja se o `regua serve` está rodando, e o log dele."),
      ),
    );
  return checks;
}

async function dkimChecks(app: App, say: Say): Promise<Check[]> {
  const { mail } = app.config;
  if (!mail) return [];
  const keys = dkimKeysOf(app);
  const checks: Check[] = [];
  for (const key of keys) {
    const name = say(`Signature of ${key.domain} (DKIM)`, `Assinatura de ${key.domain} (DKIM)`);
    const outcome = await checkDkimRecord(key, dnsKeys(), { signal: deadline(TEST_MS) });
    const publish = say("`regua mail dkim` prints the record to publish.", "`regua mail dkim` mostra o registro a publicar.");
    if (outcome.outcome === "done") checks.push(ok("dkim", `${name}: ${outcome.value.detail}`));
    else if (outcome.outcome === "unknown") checks.push(note("dkim", `${name}: ${outcome.reason}`));
    else checks.push(person("dkim", `${name}: ${outcome.reason}`, publish));
  }
  const signed = new Set(keys.map((key) => key.domain.toLowerCase()));
  const senders = [mail, ...Object.values(mail.senders)].map(({ from_address }) => from_address.split("@").at(-1)?.toLowerCase() ?? "");
  const bare = [...new Set(senders)].filter((domain) => !signed.has(domain));
  if (bare.length > 0 && keys.length > 0)
    checks.push(
      note(
        "dkim",
        say(
          `No key here signs mail of ${bare.join(", ")}: the mail server must`,
          `Nenhuma chave daqui assina e-mails de ${bare.join(", ")}: o servidor de e-mail precisa assinar`,
        ),
      ),
    );
  return checks;
}

async function inboxChecks(app: App, say: Say): Promise<Check[]> {
  const { sources } = app.mail();
  const checks: Check[] = [];
  for (const [name, source] of sources) {
    const outcome = await source.test({ signal: deadline(TEST_MS) });
    await source.close();
    checks.push(judge("imap", say(`Mailbox ${name}`, `Caixa de entrada ${name}`), outcome, say));
  }
  if (sources.size > 0 && app.config.portal_url === undefined)
    checks.push(
      note(
        "imap",
        say(
          "Answers by mail cannot name the portal, so requests for time and for an end wait for a person",
          "As respostas por e-mail não podem citar o portal; pedidos de prazo e de encerramento esperam uma pessoa",
        ),
        say("Give `portal_url` in the configuration.", "Informe `portal_url` na configuração."),
      ),
    );
  return checks;
}

async function channelChecks(app: App, say: Say): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [name, mailer] of app.dispatcher.outside.mailers) {
    if (name === "email") continue;
    checks.push(judge("channel", say(`Channel ${name}`, `Canal ${name}`), await mailer.test({ signal: deadline(TEST_MS) }), say));
  }
  return checks;
}
