// Opens Efí: the API Pix with Efí's own sign-in and its habits about webhooks.
import { OAuthAuthority } from "../oauth.ts";
import { openHttp } from "../options.ts";
import type { Surroundings } from "../options.ts";
import { PixApiGateway } from "../pix-api/gateway.ts";
import { addressWith, pixApi } from "../pix-api/open.ts";
import type { EfiSettings, PixDialect } from "../pix-api/settings.ts";

/** @throws ReguaError `gateway_option_invalid` */
export function openEfi(settings: EfiSettings, { clock, folder }: Surroundings): PixApiGateway {
  const base = settings.base_url.replace(/\/+$/u, "");
  const http = openHttp(`${base}/v2`, settings.certificate, folder);
  const { client_id: clientId, client_secret: clientSecret } = settings;
  const tokenAddress = `${base}/oauth/token`;
  const authority = new OAuthAuthority(http, { tokenAddress, clientId, clientSecret, body: "json", scope: null }, clock);
  const dialect: PixDialect = {
    kind: "efi",
    name: "Efí",
    windowDays: 30,
    // Without the certificate's check at our proxy Efí would refuse the address: it probes once without its certificate.
    webhookHeaders: settings.webhook_proof === "address" ? { "x-skip-mtls-checking": "true" } : {},
    // Efí appends `/pix`; an empty last parameter takes it (Efí, Webhooks).
    webhookAddress: (url, hmac) => `${addressWith(url, hmac)}&ignorar=`,
  };
  return new PixApiGateway(dialect, settings, pixApi("Efí", http, authority), clock);
}
