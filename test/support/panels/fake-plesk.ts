// A Plesk that speaks its XML packets: HTTP 200 for everything, a result per subscription, errors of protocol under <system>.
import type { AccountState } from "../../../src/ports/control-panel.ts";
import { allAt, escapeXml, parseXml, textAt } from "../../../src/adapters/panels/xml.ts";
import { FakePanel, type FakeAnswer, type FakeRequest } from "./panel-server.ts";

export const PLESK_KEY = "a1b2c3d4-0000-4000-8000-5eC4e7K3y777";

export class FakePlesk extends FakePanel {
  readonly secrets = [PLESK_KEY];
  /** Domain → status; 0 is active. */
  readonly subscriptions = new Map<string, number>();
  failures = 0;
  /** A suspension by this login is kept as this number: an administrator's 16, a reseller's 32. */
  reseller = false;
  idle = false;

  add(name: string): void {
    this.subscriptions.set(name, 0);
  }

  truth(name: string): AccountState["access"] {
    const status = this.subscriptions.get(name);
    if (status === undefined) return "absent";
    return status === 0 ? "active" : "suspended";
  }

  suspendByHand(name: string): void {
    this.#set(name, 256);
  }

  isAct({ body }: FakeRequest): boolean {
    return /<(set|del)>/u.test(body);
  }

  answer(request: FakeRequest): FakeAnswer {
    if (request.headers.key !== PLESK_KEY) {
      this.failures += 1;
      return packet(
        "<system><status>error</status><errcode>11003</errcode><errtext>PleskAPIInvalidSecretKeyException : Invalid secret key usage.</errtext></system>",
      );
    }
    const root = parseXml(request.body);
    const [webspace] = root ? allAt(root, "webspace") : [];
    const [operation] = webspace?.children ?? [];
    if (!operation) return packet("<system><status>error</status><errcode>1014</errcode><errtext>Parser error</errtext></system>");
    const name = textAt(operation, "filter", "name");
    const wrap = (results: string): FakeAnswer => packet(`<webspace><${operation.name}>${results}</${operation.name}></webspace>`);
    if (name !== null && !this.subscriptions.has(name)) return wrap(bad(1013, "domain does not exist", name));
    if (operation.name === "get") {
      const chosen = [...this.subscriptions].filter(([each]) => name === null || each === name);
      return wrap(chosen.map(([each, status]) => record(each, status)).join(""));
    }
    if (this.refusing) return wrap(bad(1023, `Operation failed. Session of ${PLESK_KEY} <b>ended</b>`, name ?? ""));
    if (operation.name === "del" && name !== null) {
      this.subscriptions.delete(name);
      this.changes += 1;
    } else if (name !== null && !this.idle) {
      const wanted = Number(textAt(operation, "values", "gen_setup", "status"));
      if (wanted === 16 && this.reseller) return wrap(bad(1006, "Permission denied: status 16 is the administrator's", name));
      this.#set(name, wanted);
    }
    return wrap(`<result><status>ok</status><filter-id>${name ?? ""}</filter-id><id>7</id></result>`);
  }

  #set(name: string, status: number): void {
    if (this.subscriptions.get(name) === status) return;
    this.subscriptions.set(name, status);
    this.changes += 1;
  }
}

const record = (name: string, status: number): string =>
  `<result><status>ok</status><filter-id>${name}</filter-id><id>7</id><data><gen_info><cr_date>2026-01-02</cr_date><name>${name}</name><status>${status}</status></gen_info></data></result>`;

const bad = (code: number, text: string, name: string): string =>
  `<result><status>error</status><errcode>${code}</errcode><errtext>${escapeXml(text)}</errtext><filter-id>${name}</filter-id></result>`;

const packet = (body: string): FakeAnswer => ({
  type: "text/xml",
  text: `<?xml version="1.0" encoding="UTF-8"?>\n<packet version="1.6.9.1">${body}</packet>\n`,
});
