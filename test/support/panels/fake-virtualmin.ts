// A Virtualmin that answers as the real one did: HTTP 200 for failures, warnings among the data, passwords lost to a race, a ban.
import type { AccountState } from "../../../src/ports/control-panel.ts";
import { FakePanel, json, type FakeAnswer, type FakeRequest } from "./panel-server.ts";

interface Server {
  parent: string | null;
  disabled: string | null;
  /** `$y$…`; `*` once lost. */
  hash: string;
  savedHash: string | null;
  /** Skipped by every act, with overall success. */
  protected: boolean;
}

export const VIRTUALMIN = { user: "regua", password: "pAss-0f-Webmin-77" };
const TOKEN = Buffer.from(`${VIRTUALMIN.user}:${VIRTUALMIN.password}`).toString("base64");
const WARNING = "[22/Nov/2026";

export class FakeVirtualmin extends FakePanel {
  readonly secrets = [VIRTUALMIN.password, TOKEN];
  readonly servers = new Map<string, Server>();
  failures = 0;
  /** What the server complains about, in front of the second half of a domain's fields. */
  warns = true;

  add(name: string, parent: string | null = null): void {
    this.servers.set(name, { parent, disabled: null, hash: `$y$${name}`, savedHash: null, protected: false });
  }

  truth(name: string): AccountState["access"] {
    const server = this.servers.get(name);
    if (!server) return "absent";
    return server.disabled === null ? "active" : "suspended";
  }

  suspendByHand(name: string): void {
    this.#disable(name, "spam");
  }

  isAct({ form }: FakeRequest): boolean {
    return /^(disable|enable|delete)-domain$/u.test(form.get("program") ?? "");
  }

  answer(request: FakeRequest): FakeAnswer {
    // miniserv.conf: blockhost_failures=5, after which the right password is turned away too.
    if (this.failures > 4) return { code: 403, text: "<h2>403 &mdash; Access denied for 127.0.0.1</h2>" };
    if (request.headers.authorization !== `Basic ${TOKEN}`) {
      this.failures += 1;
      return { code: 401, text: "<h2>401 &mdash; Unauthorized</h2>", headers: { "www-authenticate": 'Basic realm="Webmin Server"' } };
    }
    const { form } = request;
    const program = form.get("program") ?? "";
    if (form.get("json") !== "1") return { type: "text/plain", text: "All done!\n\nExit status: 0\n" };
    const domain = form.get("domain");
    if (program === "list-domains") return this.#list(form);
    if (!this.isAct(request)) return json({ status: "error", error: `Remote program ${program} does not exist` });
    if (domain === null) return fails(program, "Missing domain parameter");
    const server = this.servers.get(domain);
    if (!server) return fails(program, `Virtual server ${domain} does not exist`);
    if (this.refusing) return fails(program, `Failed to lock the database for ${VIRTUALMIN.password} (${TOKEN})`);
    if (program === "delete-domain") {
      this.servers.delete(domain);
      this.changes += 1;
      return succeeds(program);
    }
    const disables = program === "disable-domain";
    if (disables && server.disabled !== null) return fails(program, `Virtual server ${domain} is already disabled`);
    if (!disables && server.disabled === null) return fails(program, `Virtual server ${domain} is not disabled`);
    if (!server.protected) this.#set(domain, disables ? (form.get("why") ?? "") : null);
    return succeeds(program);
  }

  #set(domain: string, why: string | null): void {
    if (why !== null) return this.#disable(domain, why);
    const server = this.servers.get(domain);
    if (!server) return;
    server.disabled = null;
    server.hash = server.savedHash ?? "*";
    this.changes += 1;
  }

  #disable(domain: string, why: string): void {
    const server = this.servers.get(domain);
    if (!server) return;
    // Each disable keeps the hash it finds; one that races another finds the lock's own mark.
    server.savedHash = server.hash;
    server.hash = "*";
    server.disabled = why;
    this.changes += 1;
  }

  #list(form: URLSearchParams): FakeAnswer {
    const domain = form.get("domain");
    if (domain !== null && !this.servers.has(domain)) return fails("list-domains", `Virtual server ${domain} does not exist`);
    const chosen = [...this.servers].filter(
      ([name, server]) =>
        (domain === null || name === domain) &&
        (!form.has("disabled") || server.disabled !== null) &&
        (!form.has("toplevel") || server.parent === null) &&
        (!form.has("parent") || server.parent === form.get("parent")),
    );
    const data: unknown[] = this.warns ? [{ name: WARNING, value: "07:52:25 +0000] [127.0.0.1] Failed to get MySQL version" }] : [];
    for (const [name, server] of chosen) {
      if (form.has("name-only")) data.push({ name, values: {} });
      else {
        const first = { id: ["179533223027234"], type: [server.parent === null ? "Top-level server" : "Sub-server"] };
        const rest = {
          hashed_password: [server.hash],
          ...(server.disabled === null ? {} : { disabled: [`Manually (${server.disabled})`], disabled_at: ["22/Nov/2026 07:52"] }),
        };
        // A warning that is printed in the middle takes the rest of the fields for its own.
        if (this.warns) data.push({ name, values: first }, { name: `Failed to find mount point for /home/${name}`, values: rest });
        else data.push({ values: { ...first, ...rest }, name });
      }
    }
    return json({ data, status: "success", command: "list-domains" });
  }
}

const fails = (command: string, error: string): FakeAnswer =>
  json({ full_error: `${error}\n\nvirtualmin ${command} --domain domain.name\n`, status: "failure", error, command });

const succeeds = (command: string): FakeAnswer =>
  json({ command, status: "success", output: `Saving server details ..\n${WARNING}] Failed to get MySQL version\n.. done\n\nAll done!\n` });
