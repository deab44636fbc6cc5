// Mail as the configuration wires it: the server that sends and its senders, channels by HTTP, mailboxes, and the desk for what comes in.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { FolderBlobStore } from "../adapters/blobs/folder.ts";
import { HttpChannel } from "../adapters/channels/http-channel.ts";
import { readDkimKey } from "../adapters/mail/dkim-key.ts";
import { ImapSource } from "../adapters/mail/imap.ts";
import { MimeMailReader } from "../adapters/mail/read-mail.ts";
import { SmtpMailer, type DkimKey, type Sender } from "../adapters/mail/smtp.ts";
import { dnsKeys, storedKeys } from "../adapters/proofs/dkim-keys.ts";
import type { SenderRule } from "../engine/setting.ts";
import type { ProofTools } from "../engine/submit-claim.ts";
import type { MailDesk } from "../engine/take-mail.ts";
import { systemClock } from "../kernel/clock.ts";
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Channel } from "../policy/facts.ts";
import type { Mailer } from "../ports/mailer.ts";
import type { MailSource } from "../ports/mail-source.ts";
import type { ChannelSettings, MailSettings } from "./config-mail.ts";
import type { Config } from "./config.ts";

interface Place {
  config: Config;
  dataDir: string;
}

/** @throws ReguaError `mail_option_invalid` for a key file that cannot be used */
export function dkimKeysOf({ config, dataDir }: Place): DkimKey[] {
  return (config.mail?.dkim ?? []).map(({ domain, selector, key_file }) =>
    readDkimKey({ domain, selector, file: resolve(dataDir, key_file) }),
  );
}

function senderOf(mail: {
  from_name: string;
  from_address: string;
  reply_to?: string | undefined;
  envelope_from?: string | undefined;
}): Sender {
  return { from: { name: mail.from_name, address: mail.from_address }, replyTo: mail.reply_to, envelopeFrom: mail.envelope_from };
}

function smtpOf(mail: MailSettings, dkim: readonly DkimKey[]): Mailer {
  return new SmtpMailer({
    host: mail.host,
    port: mail.port,
    secure: mail.secure,
    from: { name: mail.from_name, address: mail.from_address },
    connections: mail.connections,
    senders: Object.fromEntries(Object.entries(mail.senders).map(([name, each]) => [name, senderOf(each)])),
    dkim,
    ...(mail.user === undefined ? {} : { user: mail.user }),
    ...(mail.password === undefined ? {} : { password: mail.password }),
    ...(mail.reply_to === undefined ? {} : { replyTo: mail.reply_to }),
    ...(mail.envelope_from === undefined ? {} : { envelopeFrom: mail.envelope_from }),
  });
}

function channelOf(name: string, settings: ChannelSettings): Mailer {
  return new HttpChannel({
    name,
    url: settings.url,
    token: settings.token,
    headers: settings.headers,
    format: settings.format,
    body: settings.body,
    acceptedPath: settings.accepted,
    templates: settings.templates,
    country: settings.country,
    testUrl: settings.test_url,
  });
}

/** The channels of a live installation. */
export function mailersOf(place: Place): Map<Channel, Mailer> {
  const { mail, channels } = place.config;
  const mailers = new Map<Channel, Mailer>();
  if (mail) mailers.set("email", smtpOf(mail, dkimKeysOf(place)));
  for (const name of channelNames(place.config)) {
    const settings = name === "email" ? undefined : channels[name];
    if (settings) mailers.set(name, channelOf(name, settings));
  }
  return mailers;
}

/** Those beside mail that the configuration sets up. */
export function channelNames({ channels }: Config): Channel[] {
  return (["whatsapp", "sms"] as const).filter((name) => channels[name] !== undefined);
}

export function senderRulesOf({ mail }: Config): SenderRule[] {
  return Object.entries(mail?.senders ?? {}).map(([name, { tags, purposes }]) => ({ name, tags, purposes }));
}

/** @throws ReguaError `mail_option_invalid` for an authority's file that cannot be read */
export function sourcesOf({ config, dataDir }: Place): Map<string, MailSource> {
  return new Map(
    Object.entries(config.inbound.inboxes).map(([name, { ca_file, password = "", ...inbox }]) => {
      const ca = ca_file === undefined ? undefined : authorityOf(resolve(dataDir, ca_file), name);
      return [name, new ImapSource({ ...inbox, password, ...(ca === undefined ? {} : { ca }) }, () => systemClock.now())];
    }),
  );
}

function authorityOf(file: string, inbox: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ReguaError("mail_option_invalid", {
      option: `inbound.inboxes.${inbox}.ca_file`,
      problem: inEach(`${file} cannot be read`, `${file} não pode ser lido`),
    });
  }
}

/** In the sandbox no name server is asked: nobody vouches for a mail there. */
export function deskOf(place: Place, mode: "sandbox" | "live", providerAddress: string, proofs: () => ProofTools): MailDesk {
  const { config, dataDir } = place;
  const { mail, inbound } = config;
  const senders = [mail, ...Object.values(mail?.senders ?? {})];
  const own = [providerAddress, ...senders.flatMap((each) => [each?.from_address, each?.reply_to, each?.envelope_from])];
  return {
    reader: new MimeMailReader(mode === "sandbox" ? storedKeys({}) : dnsKeys()),
    files: new FolderBlobStore(join(dataDir, "files"), systemClock),
    proofs,
    own: new Set(own.filter((address) => address !== undefined).map((address) => address.toLowerCase())),
    answers: inbound.answer,
    keepDays: inbound.keep_days,
  };
}
