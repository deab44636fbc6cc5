// cPanel over WHM API 1: the result in the answer's metadata is the truth, and a locked account is root's alone.
import { z } from "zod";
import type { Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import { done, refused } from "../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../ports/outcome.ts";
import { LevelPanel, suspendedFor } from "./level-panel.ts";
import type { Act, Job, PanelDriver } from "./level-panel.ts";
import { PanelDoor } from "./panel-door.ts";
import { checkAddress, wrongOption } from "./panel-http.ts";

export interface CpanelOptions {
  host: string;
  /** Default 2087. */
  port?: number;
  /** root, or a reseller for the accounts he owns. */
  user: string;
  /** An API token made in WHM, with the privileges below. */
  token: string;
  fingerprint?: string;
  ca?: string;
  /** Whether the ladder may remove accounts. Default false. */
  terminate?: boolean;
}

/** An account is a cPanel user. The panel keeps our reason. */
export function openCpanel(options: CpanelOptions): ControlPanel {
  checkAddress({ ...options, port: options.port ?? 2087 });
  if (!/^[A-Za-z0-9._-]+$/u.test(options.user)) throw wrongOption("user", "it is not a user's name", "não é um nome de usuário");
  if (!/^[\x21-\x7e]+$/u.test(options.token))
    throw wrongOption("token", "it is empty or has characters that no token has", "está vazio ou tem caracteres que nenhum token tem");
  return new LevelPanel(new CpanelDriver(options));
}

/** Numbers come as numbers, and in some versions as text. */
const flag = z.union([z.number(), z.string(), z.null()]).optional();
const account = z.looseObject({
  user: z.string(),
  domain: z.string().optional(),
  email: z.string().optional(),
  suspended: flag,
  suspendreason: z.string().nullable().optional(),
  is_locked: flag,
});
type CpanelAccount = z.infer<typeof account>;

const answer = z.looseObject({
  metadata: z.looseObject({ result: z.union([z.number(), z.string()]), reason: z.string().optional() }),
  data: z.looseObject({ acct: z.array(account).optional() }).nullish(),
});
type Answer = z.infer<typeof answer>;

const isSet = (value: z.infer<typeof flag>): boolean => Number(value ?? 0) === 1;

class CpanelDriver implements PanelDriver<CpanelAccount | null> {
  readonly kind = "cpanel";
  readonly capabilities: PanelCapabilities;
  readonly #door: PanelDoor;
  readonly #authorization: string;

  constructor(options: CpanelOptions) {
    this.#authorization = `whm ${options.user}:${options.token}`;
    this.#door = new PanelDoor({ ...options, port: options.port ?? 2087 }, [options.token]);
    this.capabilities = { keepsReason: true, terminate: options.terminate ?? false, serial: "account" };
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#door.forget();
    const accounts = await this.list(context);
    if (accounts.outcome !== "done") return accounts;
    return done({
      detail:
        `WHM answers and lists ${accounts.value.length} accounts. Least privilege: an API token of a reseller with “List Accounts”, ` +
        `“Account Summary” and “Suspend/Unsuspend Accounts”${this.capabilities.terminate ? ", and “Terminate Accounts”" : ""}.`,
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const said = await this.#call("listaccts", {}, context);
    if (said.outcome !== "done") return said;
    const accounts = said.value.data?.acct;
    if (!succeeded(said.value) || !accounts) return this.#refusal("listaccts", said.value);
    return done(
      accounts.map((each) => ({
        name: each.user,
        access: this.stateOf(each),
        also: [each.domain, each.email].filter((text) => text !== undefined && text !== "" && text !== "*unknown*") as string[],
      })),
    );
  }

  async look(user: string, context: CallContext): Promise<Outcome<CpanelAccount | null>> {
    const said = await this.#call("accountsummary", { user }, context);
    if (said.outcome !== "done") return said;
    const found = said.value.data?.acct?.find((each) => each.user === user);
    if (succeeded(said.value) && found) return done(found);
    // “No such user” has no code of its own: the list, searched for this name alone, says whether there is one.
    const listed = await this.#call("listaccts", { searchtype: "user", search: `^${user.replace(/[.]/gu, "\\.")}$` }, context);
    if (listed.outcome !== "done") return listed;
    const accounts = listed.value.data?.acct;
    if (!succeeded(listed.value) || !accounts) return this.#refusal("listaccts", listed.value);
    const one = accounts.find((each) => each.user === user);
    if (!one) return done(null);
    return one.suspended === undefined ? this.#refusal("accountsummary", said.value) : done(one);
  }

  stateOf(found: CpanelAccount | null): AccountState {
    if (!found) return { access: "absent" };
    return isSet(found.suspended) ? suspendedFor(found.suspendreason ?? null) : { access: "active" };
  }

  async act(act: Act, { account: user, seen, reason }: Job<CpanelAccount | null>, context: CallContext): Promise<Outcome<null>> {
    if (act === "unsuspend" && isSet(seen?.is_locked))
      return refused("The account was locked on the panel after we suspended it: only root may open it there.");
    const said =
      act === "suspend"
        ? await this.#call("suspendacct", { user, reason, disallowun: "0", "leave-ftp-accts-enabled": "0" }, context)
        : act === "unsuspend"
          ? await this.#call("unsuspendacct", { user }, context)
          : await this.#call("removeacct", { user, keepdns: "0" }, context);
    if (said.outcome !== "done") return said;
    return succeeded(said.value) ? done(null) : this.#refusal(act, said.value);
  }

  #refusal(call: string, { metadata }: Answer): Outcome<never> {
    const words = (metadata.reason ?? "no reason given").replace(/<script[\s\S]*?<\/script>|<[^>]*>/giu, " ");
    // A privilege that the token lacks does not come by itself.
    return refused(this.#door.fit(`${call}: ${words}`), !/permission|privilege|not allowed|access/iu.test(words));
  }

  /** POST, so that reasons and users do not stand in the server's access log. */
  async #call(name: string, fields: Readonly<Record<string, string>>, context: CallContext): Promise<Outcome<Answer>> {
    const body = new URLSearchParams({ "api.version": "1", ...fields }).toString();
    const headers = { authorization: this.#authorization, "content-type": "application/x-www-form-urlencoded" };
    const sent = await this.#door.send({ method: "POST", path: `/json-api/${name}`, headers, body }, context);
    if (sent.outcome !== "done") return sent;
    const { http, text } = sent.value;
    if (http === 401) return this.#door.lock("WHM refused our token (HTTP 401).");
    if (http === 403 && !text.includes('"metadata"')) return this.#door.lock(`WHM refused us ${name} (HTTP 403): ${text}`);
    const read = answer.safeParse(parse(text));
    // The shape without metadata is that of the old API, whose words do not say what was done.
    if (!read.success) return this.#door.strange(sent.value, "not an answer of WHM API 1");
    return done(read.data);
  }
}

const succeeded = ({ metadata }: Answer): boolean => Number(metadata.result) === 1;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
