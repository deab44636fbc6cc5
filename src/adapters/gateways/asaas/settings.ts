// Settings of Asaas: the account's key and the webhook's token.
import { z } from "zod";
import { address, secret } from "../options.ts";

export const asaasSettings = z.strictObject({
  kind: z.literal("asaas"),
  access_key: secret.describe("API key of the Asaas account ($aact_…). Secret; printed as ***."),
  base_url: address.default("https://api.asaas.com/v3").describe("Asaas's API; for its sandbox https://api-sandbox.asaas.com/v3."),
  webhook_secret: z
    .string()
    .min(32)
    .max(255)
    .optional()
    .describe(
      "The access token typed in when the webhook was made at Asaas, 32 to 255 characters. Secret; printed as ***. Left out: polling only.",
    ),
});

export type AsaasSettings = z.infer<typeof asaasSettings>;
