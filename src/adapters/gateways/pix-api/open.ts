// Opens the API Pix of a bank, or Efí's, from its settings.
import { GatewayApi, jsonOf } from "../api.ts";
import type { GatewayHttp, HttpAnswer } from "../http.ts";
import { OAuthAuthority } from "../oauth.ts";
import { openHttp } from "../options.ts";
import type { Surroundings } from "../options.ts";
import { PixApiGateway } from "./gateway.ts";
import { problemSchema } from "./messages.ts";
import type { PixApiSettings, PixDialect } from "./settings.ts";

/** @throws ReguaError `gateway_option_invalid` */
export function openPixApi(settings: PixApiSettings, { clock, folder }: Surroundings): PixApiGateway {
  const http = openHttp(settings.base_url, settings.certificate, folder);
  const { client_id: clientId, client_secret: clientSecret, token_url: tokenAddress } = settings;
  const scope = settings.scope === "" ? null : settings.scope;
  const authority = new OAuthAuthority(http, { tokenAddress, clientId, clientSecret, body: "form", scope }, clock);
  const dialect: PixDialect = {
    kind: "pix-api",
    name: "The bank's API Pix",
    windowDays: settings.window_days,
    webhookHeaders: {},
    webhookAddress: addressWith,
  };
  return new PixApiGateway(dialect, settings, pixApi("API Pix", http, authority), clock);
}

export function pixApi(name: string, http: GatewayHttp, authority: OAuthAuthority): GatewayApi {
  return new GatewayApi(name, http, authority, problemWords);
}

/** The address with our secret as its last parameter: what a bank appends then stands behind the secret, and is cut off. */
export function addressWith(url: URL, hmac: string): string {
  const whole = new URL(url);
  whole.searchParams.set("hmac", hmac);
  return whole.href;
}

/** RFC 7807, or Efí's older form. */
function problemWords({ text }: HttpAnswer): string {
  const problem = problemSchema.safeParse(jsonOf(text));
  if (!problem.success) return "The answer gives no reason.";
  const { title, detail, nome, mensagem, error_description, violacoes } = problem.data;
  const broken = violacoes?.map(({ razao, propriedade }) => [propriedade, razao].filter(Boolean).join(": ")).join("; ");
  return [title, detail, nome, mensagem, error_description, broken].filter(Boolean).join(". ");
}
