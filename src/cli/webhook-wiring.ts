// Webhooks wired for a command or a server: the way out, and the vault of their secrets under the installation's key.
import { HttpWebhookSender } from "../adapters/webhooks/sender.ts";
import type { Engine } from "../engine/engine.ts";
import type { Vault, WebhookDesk } from "../engine/webhooks.ts";
import { unseal } from "../kernel/seal.ts";
import type { Host } from "./io.ts";
import { ensureKey, readKeys, sealFor } from "./secrets.ts";

/** Keys are read each time: another program may have changed them for new ones while this one runs. */
function vaultOf(host: Host, dataDir: string): Vault {
  return {
    seal: (place, text) => sealFor(host, ensureKey(host, dataDir), place, text),
    open: (place, sealed) => unseal(sealed, place, readKeys(host.env, dataDir)),
  };
}

/** In the sandbox nothing leaves this machine: a receiver to try things out with listens on loopback. */
export function webhookDesk(host: Host, dataDir: string, engine: Engine, mode: "sandbox" | "live"): WebhookDesk {
  const sender = new HttpWebhookSender({ reach: mode === "sandbox" ? "loopback" : "public" });
  return { engine, sender, vault: vaultOf(host, dataDir) };
}
