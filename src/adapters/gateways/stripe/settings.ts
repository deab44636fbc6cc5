// Settings of Stripe: keys, signing secret, and what payers may pay with.
import { z } from "zod";
import { address, secret } from "../options.ts";

export const stripeSettings = z.strictObject({
  kind: z.literal("stripe"),
  secret_key: secret.describe("Secret or restricted key (sk_…, rk_…). Secret; printed as ***."),
  base_url: address.default("https://api.stripe.com").describe("Stripe's API."),
  webhook_secret: secret
    .optional()
    .describe("Signing secret of the webhook endpoint (whsec_…). Secret; printed as ***. Left out: polling only."),
  methods: z
    .array(z.enum(["card", "pix", "boleto"]))
    .min(1)
    .default(["card"])
    .describe("What payers may pay with, as far as the account has it."),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/u)
    .default("BRL")
    .describe("Currency of the account's charges (ISO 4217)."),
});

export type StripeSettings = z.infer<typeof stripeSettings>;
