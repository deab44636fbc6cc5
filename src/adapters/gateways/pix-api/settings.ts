// Settings of a bank's API Pix, as the standard of the Banco Central has it.
import { z } from "zod";
import { address, certificate, secret } from "../options.ts";

/** How a webhook of the API Pix is known to come from the bank: the standard signs nothing. */
const webhookProof = {
  webhook_secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{32,200}$/u)
    .optional()
    .describe(
      "Text of our own at the end of the webhook's address (?hmac=…): 32 to 200 letters, digits, _ or -. Secret; printed as ***. Left out: polling only.",
    ),
  webhook_proof: z
    .enum(["certificate", "address"])
    .default("certificate")
    .describe(
      "certificate: the proxy before us asks for the bank's client certificate and says so in a header; address: the sender's address is compared.",
    ),
  webhook_header: z
    .string()
    .regex(/^[a-z0-9-]+$/u)
    .default("x-ssl-client-verify")
    .describe("Header in which the proxy says SUCCESS for a verified client certificate. The proxy must set it itself, whatever came in."),
};

const common = {
  client_id: z.string().min(1).describe("Client id of the application at the bank."),
  client_secret: secret,
  certificate: certificate.describe("Client certificate that the bank gave out (mTLS)."),
  pix_key: z.string().min(1).max(77).describe("Pix key (chave) that charges are made for and webhooks are registered with."),
  valid_days: z.int().min(0).max(365).default(59).describe("Days after the due date for which a charge can still be paid."),
  ...webhookProof,
};

export const pixApiSettings = z.strictObject({
  kind: z.literal("pix-api"),
  base_url: address.describe("Address of the API with its version, for example https://pix.example.com/api/v2."),
  token_url: address.describe("Address that gives out access tokens (OAuth 2, client credentials)."),
  scope: z
    .string()
    .default("cob.read cob.write cobv.read cobv.write pix.read pix.write webhook.read webhook.write")
    .describe("Scopes asked for; empty: none is named."),
  window_days: z.int().min(1).max(30).default(5).describe("Longest period that the bank lets one list cover, in days. Some allow five."),
  webhook_addresses: z.array(z.string()).default([]).describe("Addresses that the bank's webhooks come from, for webhook_proof: address."),
  ...common,
});

export const efiSettings = z.strictObject({
  kind: z.literal("efi"),
  base_url: address.default("https://pix.api.efipay.com.br").describe("Efí's API Pix; for its sandbox https://pix-h.api.efipay.com.br."),
  webhook_addresses: z
    .array(z.string())
    .default(["34.193.116.226"])
    .describe("Addresses that Efí's webhooks come from, for webhook_proof: address."),
  ...common,
});

export type PixApiSettings = z.infer<typeof pixApiSettings>;
export type EfiSettings = z.infer<typeof efiSettings>;

/** What differs between the banks that speak the API Pix. */
export interface PixDialect {
  kind: string;
  name: string;
  /** Longest period of one list, in days. */
  windowDays: number;
  /** Sent when a webhook is registered. */
  webhookHeaders: Readonly<Record<string, string>>;
  /** The address to register: with our secret, and what the bank's habit of appending `/pix` needs. */
  webhookAddress(url: URL, hmac: string): string;
}

/** What the adapter needs of either kind of settings. */
export type PixSettings = Pick<
  PixApiSettings,
  "pix_key" | "valid_days" | "webhook_secret" | "webhook_proof" | "webhook_header" | "webhook_addresses"
>;
