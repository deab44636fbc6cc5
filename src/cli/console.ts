// The console as a server opens it: its database, its secret, its pages; and the one-time link for the first person.
import { fileURLToPath } from "node:url";
import type { ConsoleOptions } from "../api/admin/scope.ts";
import { inviteStaff, staffList } from "../engine/staff.ts";
import type { Engine } from "../engine/engine.ts";
import { assert } from "../kernel/assert.ts";
import { makeReach } from "../jobs/reach.ts";
import type { MailSource } from "../ports/mail-source.ts";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import { APP_ROLE, hasAppRole } from "../store/migrate.ts";
import { BY_SERVER, keepSecret, openStaffDatabase } from "../store/staff.ts";
import type { App } from "./app.ts";
import type { Host } from "./io.ts";
import { whmcsReach } from "./test-whmcs.ts";

export interface OpenedConsole {
  options: ConsoleOptions;
  close(): Promise<void>;
}

const PAGES = fileURLToPath(new URL("../../web/dist/", import.meta.url));
const SECRET = "staff-sessions";

export async function openConsole(
  app: App,
  host: Host,
  about: { gateways: ReadonlyMap<string, PaymentGateway>; version: string },
): Promise<OpenedConsole> {
  const { engine, url, dispatcher } = app;
  const staff = openStaffDatabase({ url, role: (await hasAppRole(url)) ? APP_ROLE : null });
  const secret = await keepSecret(engine.db, SECRET, host.newSecret(), engine.motorClock.now());
  const setting = await engine.settings.load(engine.db, engine.clock.now());
  const reach = makeReach({
    outside: dispatcher.outside,
    gateways: about.gateways,
    mailboxes: mailboxesOf(app),
    whmcs: whmcsReach(app),
    clock: engine.motorClock,
  });
  const options = {
    database: staff.db,
    secret,
    issuer: `Régua ${setting.provider.name}`,
    version: about.version,
    reach,
    webhooks: app.webhooks(),
    newSecret: host.newSecret,
    pages: PAGES,
  };
  return { options, close: () => staff.close() };
}

/** In the sandbox no mailbox outside is asked, whatever the configuration names. */
function mailboxesOf(app: App): Map<string, () => MailSource> {
  const names = app.provider.mode === "live" ? Object.keys(app.config.inbound.inboxes) : [];
  return new Map(
    names.map((name) => [
      name,
      () => {
        const source = app.mail().sources.get(name);
        assert(source, `no mailbox ${name}`);
        return source;
      },
    ]),
  );
}

/** While nobody can sign in yet: the end of a one-time link by which the first person does. Each start makes a new one. */
export async function firstLink(engine: Engine, host: Host): Promise<string | null> {
  if ((await staffList(engine)).length > 0) return null;
  const { token } = await inviteStaff(engine, { role: "owner", email: null, secret: host.newSecret(), by: BY_SERVER });
  return `/console/enter#${token}`;
}
