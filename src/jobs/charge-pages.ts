// The pages of a charge at its gateway: shown where they are on a host of that gateway's, left out and told of where they are not.
import type { GatewayCharge, PaymentGateway } from "../ports/payment-gateway.ts";
import type { MotorLog } from "./motor.ts";

/**
 * The charge with those of its pages that can be the gateway's own. An answer is read as data: a link in it that leads elsewhere would be
 * clicked by a customer who trusts the provider's message. The log has the host alone, since the rest of such an address opens the slip.
 */
export function withOwnPages(charge: GatewayCharge, { kind, capabilities }: PaymentGateway, log: MotorLog): GatewayCharge {
  const own = (page: string, address: string | null): string | null => {
    const why = address === null ? null : strange(address, capabilities.pageHosts);
    if (why === null) return address;
    log.error({ gateway: kind, charge: charge.chargeId, page, reason: why }, "a page of a charge was left out");
    return null;
  };
  const card = own("card", charge.card?.url ?? null);
  return {
    ...charge,
    url: own("url", charge.url),
    slipUrl: own("slip", charge.slipUrl),
    card: charge.card && card !== null ? { ...charge.card, url: card } : null,
  };
}

/** Why an address is none to send a payer to; null: it is one. */
function strange(address: string, hosts: readonly string[]): string | null {
  if (!URL.canParse(address)) return "it is no address";
  const { protocol, hostname, port, username, password } = new URL(address);
  if (protocol !== "https:") return `it is not https (${protocol.slice(0, 20)})`;
  if (username !== "" || password !== "" || port !== "") return "it names a user or a port";
  if (hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`))) return null;
  return hosts.length === 0 ? "this gateway is known for no pages" : `its host ${hostname} is none of this gateway's (${hosts.join(", ")})`;
}
