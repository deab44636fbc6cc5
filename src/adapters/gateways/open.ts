// Opens a payment gateway by its kind. The settings' schema lies beside each adapter; the configuration holds them by name.
import { z } from "zod";
import type { PaymentGateway } from "../../ports/payment-gateway.ts";
import { openAsaas } from "./asaas/gateway.ts";
import { asaasSettings } from "./asaas/settings.ts";
import { openEfi } from "./efi/open.ts";
import { openMercadoPago } from "./mercadopago/gateway.ts";
import { mercadoPagoSettings } from "./mercadopago/settings.ts";
import type { Surroundings } from "./options.ts";
import { openPixApi } from "./pix-api/open.ts";
import { efiSettings, pixApiSettings } from "./pix-api/settings.ts";
import { openStripe } from "./stripe/gateway.ts";
import { stripeSettings } from "./stripe/settings.ts";

/** The settings of one gateway, whichever it is. */
export const gatewaySettings = z.discriminatedUnion("kind", [
  asaasSettings,
  efiSettings,
  mercadoPagoSettings,
  pixApiSettings,
  stripeSettings,
]);

export type GatewaySettings = z.infer<typeof gatewaySettings>;

/**
 * Opens a gateway. Nothing is sent yet.
 * @throws ReguaError `gateway_option_invalid`: a certificate that cannot be read or opened
 */
export function openGateway(settings: GatewaySettings, surroundings: Surroundings): PaymentGateway {
  switch (settings.kind) {
    case "asaas":
      return openAsaas(settings, surroundings);
    case "efi":
      return openEfi(settings, surroundings);
    case "mercadopago":
      return openMercadoPago(settings, surroundings);
    case "pix-api":
      return openPixApi(settings, surroundings);
    case "stripe":
      return openStripe(settings, surroundings);
  }
}
