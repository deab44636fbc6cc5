// A WHM that answers in the documented shapes: metadata.result, HTTP 200 for failures, the old shape without api.version.
import type { AccountState } from "../../../src/ports/control-panel.ts";
import { FakePanel, json, type FakeAnswer, type FakeRequest } from "./panel-server.ts";

interface Account {
  suspended: boolean;
  reason: string;
  locked: boolean;
}

export const CPANEL = { user: "reseller", token: "T0KEN0F0WHM0000000000000000ABCDE" };

export class FakeCpanel extends FakePanel {
  readonly secrets = [CPANEL.token];
  readonly accounts = new Map<string, Account>();
  failures = 0;
  /** Says that it did, and did not. */
  idle = false;

  add(name: string): void {
    this.accounts.set(name, { suspended: false, reason: "", locked: false });
  }

  truth(name: string): AccountState["access"] {
    const found = this.accounts.get(name);
    if (!found) return "absent";
    return found.suspended ? "suspended" : "active";
  }

  suspendByHand(name: string): void {
    this.#set(name, { suspended: true, reason: "Phishing", locked: false });
  }

  isAct({ path }: FakeRequest): boolean {
    return /\/(un)?suspendacct$|\/removeacct$/u.test(path);
  }

  answer(request: FakeRequest): FakeAnswer {
    if (request.headers.authorization !== `whm ${CPANEL.user}:${CPANEL.token}`) {
      this.failures += 1;
      return json({ cpanelresult: { apiversion: "2", error: "Access denied", data: { reason: "Access denied", result: "0" } } }, 401);
    }
    const { form } = request;
    const name = request.path.replace("/json-api/", "");
    if (form.get("api.version") !== "1")
      return json({ result: [{ status: 1, statusmsg: "<script>if (self) { clear(); }</script>\nDone" }] });
    const user = form.get("user") ?? "";
    const found = this.accounts.get(user);
    if (name === "listaccts") return ok(name, { acct: this.#list(form.get("search")) });
    if (name === "accountsummary") return found ? ok(name, { acct: [this.#record(user, found)] }) : fails(name, "Account does not exist.");
    if (this.refusing) return fails(name, `Token ${CPANEL.token} may not do this <b>now</b>`);
    if (!found) return fails(name, `No such user: ${user}`);
    if (this.idle) return ok(name, undefined);
    if (name === "suspendacct")
      this.#set(user, { suspended: true, reason: form.get("reason") ?? "Unknown", locked: form.get("disallowun") === "1" });
    else if (name === "unsuspendacct") {
      if (found.locked) return fails(name, "The account is locked. Only root can unsuspend it.");
      this.#set(user, { suspended: false, reason: "", locked: false });
    } else if (name === "removeacct") {
      this.accounts.delete(user);
      this.changes += 1;
    } else return fails(name, `Unknown app requested for this version (1) of the API: ${name}`);
    return ok(name, undefined);
  }

  #set(name: string, account: Account): void {
    this.accounts.set(name, account);
    this.changes += 1;
  }

  #list(search: string | null): unknown[] {
    const wanted = search === null ? null : new RegExp(search, "u");
    return [...this.accounts].filter(([name]) => !wanted || wanted.test(name)).map(([name, found]) => this.#record(name, found));
  }

  #record(user: string, { suspended, reason, locked }: Account): unknown {
    return {
      user,
      domain: `${user}.test`,
      email: "*unknown*",
      suspended: suspended ? 1 : 0,
      suspendreason: suspended ? reason : "not suspended",
      is_locked: locked ? 1 : 0,
    };
  }
}

const ok = (command: string, data: unknown): FakeAnswer =>
  json({
    ...(data === undefined ? {} : { data }),
    metadata: { command, reason: "OK", result: 1, version: 1, output: { raw: "Changing Shell to /bin/false...Done" } },
  });
const fails = (command: string, reason: string): FakeAnswer => json({ metadata: { command, reason, result: 0, version: 1 } });
