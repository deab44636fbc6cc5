// The configuration of mail and of other channels: senders, keys that sign, mailboxes that are read, and services reached by HTTP.
import { z } from "zod";
import { PURPOSES } from "../engine/setting.ts";

const secret = z.string().min(1).describe("Secret; printed as ***.");
const NAME = /^[a-z][a-z0-9-]{0,39}$/u;

const sender = z.strictObject({
  from_name: z.string().min(1).describe("Name that customers see as this sender."),
  from_address: z.email().describe("Address that customers see as this sender; its domain needs SPF and DKIM for the mail server."),
  reply_to: z.email().optional().describe("Address that answers to this sender go to. Left out: to from_address."),
  envelope_from: z.email().optional().describe("Address that this sender's bounces go to. Left out: from_address."),
  tags: z
    .array(z.string().min(1))
    .default([])
    .describe("Customers with one of these tags get their messages from it: a brand. Empty: all customers."),
  purposes: z
    .array(z.enum(PURPOSES))
    .default([])
    .describe("What it sends: notices, warnings, promises, proofs, conversations. Empty: everything."),
});

const dkim = z.strictObject({
  domain: z.string().min(3).describe("Domain whose mail the key signs: that of a sender's address."),
  selector: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,60}$/u)
    .describe("Name under which the domain publishes the key: SELECTOR._domainkey.DOMAIN."),
  key_file: z
    .string()
    .min(1)
    .describe("File with the private key (PEM), readable by its owner alone; a relative path counts from the data folder."),
});

export const mailSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65535).default(587),
  secure: z.enum(["tls", "starttls", "none"]).default("starttls"),
  user: z.string().optional(),
  password: secret.optional(),
  from_name: z.string().min(1),
  from_address: z.email(),
  reply_to: z.email().optional(),
  envelope_from: z.email().optional(),
  connections: z.int().min(1).max(50).default(4),
  senders: z
    .record(z.string().regex(NAME), sender)
    .default({})
    .describe("Other senders, by name: for a brand, or for one purpose. The first that fits is taken."),
  dkim: z.array(dkim).default([]).describe("Keys that sign our own mail. Empty: none does, or the mail server signs."),
});

const inbox = z.strictObject({
  host: z.string().min(1).describe("Name of the IMAP server."),
  port: z.int().min(1).max(65535).default(993).describe("TCP port: 993 for tls, 143 for starttls."),
  secure: z
    .enum(["tls", "starttls", "none"])
    .default("tls")
    .describe("tls from the first byte, starttls required, or none for a server on this machine or a private network."),
  user: z.string().min(1).describe("Name to sign in with."),
  password: secret.optional().describe("Password of the mailbox. Left out: that of REGUA_INBOX_PASSWORD."),
  folder: z.string().min(1).default("INBOX").describe("Folder that is read."),
  ca_file: z.string().optional().describe("PEM file of a certificate authority of your own; a relative path counts from the data folder."),
});

export const inboundSettings = z
  .strictObject({
    answer: z
      .boolean()
      .default(true)
      .describe("Answers by rule go out, at most one a customer in 24 hours. false: every mail waits for a person."),
    keep_days: z.int().min(1).max(3650).default(180).describe("Days after which words and files of mail that came in are deleted."),
    inboxes: z
      .record(z.string().regex(NAME), inbox)
      .default({})
      .describe("Mailboxes that are read, by name: replies, bounces, complaints."),
  })
  .prefault({})
  .describe("Mail that comes in.");

const channel = z.strictObject({
  url: z.url({ protocol: /^https?$/u, error: "it is not a web address" }).describe("Address that takes a message (POST)."),
  token: secret.optional().describe("Key of the service; stands where {token} is written."),
  headers: z
    .record(z.string().regex(/^[A-Za-z0-9-]+$/u), z.string())
    .default({ authorization: "Bearer {token}" })
    .describe("Headers of the request."),
  format: z.enum(["json", "form"]).default("json").describe("How the body is written."),
  body: z
    .record(z.string(), z.any())
    .describe(
      "What is sent, with {to}, {subject}, {text}, {short}, {link}, {template}, {lang}, {lang_underscore} and {id} where the message goes.",
    ),
  accepted: z
    .string()
    .min(1)
    .optional()
    .describe("Where the answer names the message, as messages.0.id. Left out: any 2xx is an acceptance."),
  templates: z
    .record(z.string(), z.string().min(1))
    .optional()
    .describe("The service's names for our messages, by their own. Where it stands, messages without a name do not go by this channel."),
  country: z
    .string()
    .regex(/^\d{1,3}$/u)
    .default("55")
    .describe("Put before telephone numbers without a country."),
  test_url: z
    .url({ protocol: /^https?$/u, error: "it is not a web address" })
    .optional()
    .describe("Asked with GET by `regua mail test` and `regua doctor`."),
});

export const channelSettings = z
  .strictObject({
    whatsapp: channel.optional().describe("WhatsApp by HTTP, for example the Cloud API. Left out: off."),
    sms: channel.optional().describe("SMS by HTTP. Left out: off."),
  })
  .prefault({})
  .describe("Channels beside mail; a policy's step names them.");

export type MailSettings = z.infer<typeof mailSettings>;
export type ChannelSettings = z.infer<typeof channel>;
