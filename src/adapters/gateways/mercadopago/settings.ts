// Settings of Mercado Pago.
import { z } from "zod";
import { address, secret } from "../options.ts";

export const mercadoPagoSettings = z.strictObject({
  kind: z.literal("mercadopago"),
  access_key: secret.describe("Access token of the application (APP_USR-…). Secret; printed as ***."),
  base_url: address.default("https://api.mercadopago.com").describe("Mercado Pago's API."),
  webhook_secret: secret
    .optional()
    .describe("Secret signature of the application's webhooks. Secret; printed as ***. Left out: polling only."),
  webhook_age_hours: z
    .int()
    .min(1)
    .max(240)
    .default(120)
    .describe("Oldest webhook taken, in hours by its own time. Mercado Pago repeats an unanswered one for days."),
});

export type MercadoPagoSettings = z.infer<typeof mercadoPagoSettings>;
