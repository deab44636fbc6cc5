// An ISPConfig that answers as its source says: faults with HTTP 200, a lock that forgets, a site list with neighbours' sites in it.
import type { AccountState } from "../../../src/ports/control-panel.ts";
import { FakePanel, json, type FakeAnswer, type FakeRequest } from "./panel-server.ts";

interface Site {
  id: number;
  domain: string;
  group: number;
  active: boolean;
  /** Readable by others (`sys_perm_other`): it stands in everybody's list. */
  shared: boolean;
}

interface Client {
  id: number;
  locked: boolean;
}

export const ISPCONFIG = { user: "regua", password: "r3mote-Us3r-of-Ispconfig" };

export class FakeIspConfig extends FakePanel {
  readonly secrets = [ISPCONFIG.password];
  readonly clients = new Map<string, Client>();
  readonly sites: Site[] = [];
  logins = 0;
  failures = 0;
  session = "";

  add(name: string): void {
    const id = this.clients.size + 1;
    this.clients.set(name, { id, locked: false });
    this.addSite(name, `${name}.test`);
  }

  addSite(name: string, domain: string, shared = false): Site {
    const site = { id: this.sites.length + 11, domain, group: 100 + (this.clients.get(name)?.id ?? 0), active: true, shared };
    this.sites.push(site);
    return site;
  }

  of(name: string): Site[] {
    const client = this.clients.get(name);
    return client ? this.sites.filter(({ group }) => group === 100 + client.id) : [];
  }

  truth(name: string): AccountState["access"] {
    if (!this.clients.has(name)) return "absent";
    return this.of(name).some(({ active }) => active) ? "active" : "suspended";
  }

  suspendByHand(name: string): void {
    for (const site of this.of(name)) site.active = false;
    this.changes += 1;
  }

  endSession(): void {
    this.session = "";
  }

  isAct({ query }: FakeRequest): boolean {
    return query.has("sites_web_domain_set_status") || query.has("client_delete_everything");
  }

  answer(request: FakeRequest): FakeAnswer {
    const [name = ""] = [...request.query.keys()];
    const args = JSON.parse(request.body) as Record<string, string | number>;
    if (name === "login") {
      if (args.username !== ISPCONFIG.user || args.password !== ISPCONFIG.password) {
        this.failures += 1;
        return fault("The login failed. Username or password wrong.");
      }
      this.logins += 1;
      this.session = `5e55104${this.logins}`;
      return ok(this.session);
    }
    if (args.session_id !== this.session || this.session === "") return fault("The Session is expired or does not exist.");
    if (this.refusing && this.isAct(request)) return fault(`Locked by ${ISPCONFIG.password} in ${this.session}`);
    return this.#work(name, args);
  }

  #work(name: string, args: Record<string, string | number>): FakeAnswer {
    const client = [...this.clients].find(([, { id }]) => id === Number(args.client_id));
    const site = this.sites.find(({ id }) => id === Number(args.primary_id));
    switch (name) {
      case "client_get_all":
        return ok([...this.clients.values()].map(({ id }) => String(id)));
      case "client_get":
        return ok(
          client
            ? {
                client_id: String(client[1].id),
                username: client[0],
                email: `${client[0]}@mail.test`,
                locked: client[1].locked ? "y" : "n",
              }
            : null,
        );
      case "client_get_by_username":
        return this.#systemUser(String(args.username));
      case "client_get_sites_by_user":
        return ok(
          this.sites
            .filter(({ group, shared }) => shared || group === Number(args.sys_groupid))
            .map(({ id, domain, active }) => ({ domain, domain_id: String(id), document_root: "/var/www", active: active ? "y" : "n" })),
        );
      case "sites_web_domain_get":
        return ok(
          site
            ? { domain_id: String(site.id), domain: site.domain, active: site.active ? "y" : "n", sys_groupid: String(site.group) }
            : null,
        );
      case "sites_web_domain_set_status":
        if (site) {
          this.changes += 1;
          site.active = args.status === "active";
        }
        return ok(1);
      case "client_delete_everything":
        if (client) {
          this.clients.delete(client[0]);
          this.changes += 1;
        }
        return ok(1);
      default:
        return json({ code: "invalid_method", message: `Method ${name} does not exist`, response: false });
    }
  }

  #systemUser(name: string): FakeAnswer {
    const client = this.clients.get(name);
    if (!client) return fault("There is no user account for this user name.");
    return ok({
      userid: String(200 + client.id),
      username: name,
      client_id: String(client.id),
      default_group: String(100 + client.id),
      groups: "1,2",
    });
  }
}

const ok = (response: unknown): FakeAnswer => json({ code: "ok", message: "", response });
const fault = (message: string): FakeAnswer => json({ code: "remote_fault", message, response: false });
