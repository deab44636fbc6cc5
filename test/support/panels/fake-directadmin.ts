// A DirectAdmin that answers as its clients say it does: urlencoded bodies, a toggle, a login page for a wrong key.
import type { AccountState } from "../../../src/ports/control-panel.ts";
import { FakePanel, type FakeAnswer, type FakeRequest } from "./panel-server.ts";

interface User {
  suspended: boolean;
  code: string;
}

export const DIRECTADMIN = { user: "admin", loginKey: "l0gin-K3y-of-Directadmin" };
const TOKEN = Buffer.from(`${DIRECTADMIN.user}:${DIRECTADMIN.loginKey}`).toString("base64");
const LOGIN_PAGE = "<!DOCTYPE html><html><head><title>DirectAdmin Login</title></head><body><form>username password</form></body></html>";

export class FakeDirectAdmin extends FakePanel {
  readonly secrets = [DIRECTADMIN.loginKey, TOKEN];
  readonly users = new Map<string, User>();
  failures = 0;
  /** Commands that the login key may not use. */
  forbidden = new Set<string>();
  /** Deletes, and says that it did not. */
  deniesDeleting = false;

  add(name: string): void {
    this.users.set(name, { suspended: false, code: "" });
  }

  truth(name: string): AccountState["access"] {
    const user = this.users.get(name);
    if (!user) return "absent";
    return user.suspended ? "suspended" : "active";
  }

  suspendByHand(name: string): void {
    this.#toggle(name, "abuse");
  }

  isAct({ path }: FakeRequest): boolean {
    return path === "/CMD_API_SELECT_USERS";
  }

  answer(request: FakeRequest): FakeAnswer {
    if (request.headers.authorization !== `Basic ${TOKEN}`) {
      this.failures += 1;
      return { text: LOGIN_PAGE };
    }
    const command = request.path.slice(1);
    if (this.forbidden.has(command))
      return { text: "<html>The request you've made cannot be executed because it does not exist in your authority level</html>" };
    if (command === "CMD_API_SHOW_ALL_USERS") return pairs([...this.users.keys()].map((name) => ["list[]", name]));
    if (command === "CMD_API_SHOW_USER_CONFIG") return this.#config(request.query.get("user") ?? "");
    if (command === "CMD_API_SELECT_USERS") return this.#select(request.form);
    return { code: 404, text: "<html>404</html>" };
  }

  #config(name: string): FakeAnswer {
    const user = this.users.get(name);
    if (!user) return error("Cannot show user", `That user does not exist&#39 on this system`);
    return pairs([
      ["account", "ON"],
      ["domain", `${name}.test`],
      ["suspended", user.suspended ? "yes" : "no"],
      ["suspended_reason", user.code],
      ["username", name],
      ["usertype", "user"],
    ]);
  }

  #select(form: URLSearchParams): FakeAnswer {
    const name = form.get("select0") ?? "";
    if (this.refusing) return error("Cannot Execute Your Request", `Key ${DIRECTADMIN.loginKey} was refused by ${TOKEN}`);
    if (!this.users.has(name)) return error("Error", "You do not own that user");
    if (form.get("delete") === "yes") {
      if (form.get("confirmed") !== "Confirm") return error("Error", "Not confirmed");
      this.users.delete(name);
      this.changes += 1;
      return this.deniesDeleting ? error("Unable to delete some Users", name) : success("Users deleted");
    }
    // The button's words are not read: whatever is sent turns the state over.
    this.#toggle(name, form.get("reason") ?? "");
    return success("User suspended");
  }

  #toggle(name: string, code: string): void {
    const user = this.users.get(name);
    if (!user) return;
    user.suspended = !user.suspended;
    user.code = user.suspended ? code : "";
    this.changes += 1;
  }
}

const pairs = (all: readonly (readonly string[])[]): FakeAnswer => ({
  type: "text/plain",
  text: new URLSearchParams(all.map(([name = "", value = ""]) => [name, value] as [string, string])).toString(),
});
const error = (text: string, details: string): FakeAnswer =>
  pairs([
    ["error", "1"],
    ["text", text],
    ["details", details],
  ]);
const success = (text: string): FakeAnswer =>
  pairs([
    ["error", "0"],
    ["text", text],
    ["details", ""],
  ]);
