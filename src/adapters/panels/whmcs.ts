// WHMCS as a panel: its modules suspend and unsuspend on our word, and what its service says afterwards is read back.
import type { Account, AccountState, ControlPanel, PanelCapabilities } from "../../ports/control-panel.ts";
import type { BilledService } from "../../ports/billing-system.ts";
import { done, refused, type CallContext, type Outcome } from "../../ports/outcome.ts";
import { NEEDED_TO_ACT } from "../whmcs/whmcs.ts";
import { WhmcsApi, withoutPart, type WhmcsAccess } from "../whmcs/api.ts";
import { pageOf, serviceOf } from "../whmcs/rows.ts";
import { LevelPanel, suspendedFor, type Act, type Job, type PanelDriver } from "./level-panel.ts";

export interface WhmcsPanelOptions extends WhmcsAccess {
  /** Whether the ladder may terminate services. Default false. */
  terminate?: boolean;
  /** Services asked for at once, when they are listed. Default 250. */
  page?: number;
}

/** An account is a service's number in WHMCS. It keeps our reason; one without a reason, or with "Overdue on Payment", is WHMCS's own. */
export function openWhmcsPanel(options: WhmcsPanelOptions): ControlPanel {
  return new LevelPanel(new WhmcsDriver(options));
}

const SERVICES = { outer: "products", inner: "product", about: "services" };

class WhmcsDriver implements PanelDriver<BilledService | null> {
  readonly kind = "whmcs";
  readonly capabilities: PanelCapabilities;
  readonly #api: WhmcsApi;
  readonly #page: number;

  constructor(options: WhmcsPanelOptions) {
    this.#api = new WhmcsApi(options);
    this.#page = options.page ?? 250;
    this.capabilities = { keepsReason: true, terminate: options.terminate ?? false, serial: "account" };
  }

  isName(account: string): boolean {
    return /^[1-9]\d{0,14}$/u.test(account);
  }

  async test(context: CallContext): Promise<Outcome<{ detail: string }>> {
    this.#api.forget();
    const said = await this.#services({ limitstart: 0, limitnum: 1 }, context);
    if (said.outcome !== "done") return said;
    const rights = [...NEEDED_TO_ACT, ...(this.capabilities.terminate ? ["ModuleTerminate"] : [])].join(", ");
    return done({
      detail: `WHMCS answers, with ${said.value.total} services. Least privilege: an API role with GetClientsProducts, ${rights}.`,
    });
  }

  async list(context: CallContext): Promise<Outcome<readonly Account[]>> {
    const accounts: Account[] = [];
    for (let start = 0; ;) {
      const said = await this.#services({ limitstart: start, limitnum: this.#page }, context);
      if (said.outcome !== "done") return said;
      const { rows, refused: broken, total } = said.value;
      for (const row of rows) {
        const access = this.stateOf(row);
        const also = [row.domain, row.username].filter((text) => text !== null);
        if (access.access !== "absent") accounts.push({ name: String(row.id), access, also });
      }
      const read = rows.length + broken.length;
      start += read;
      if (read === 0 || start >= total) return done(accounts);
    }
  }

  async look(account: string, context: CallContext): Promise<Outcome<BilledService | null>> {
    const said = await this.#services({ serviceid: account }, context);
    if (said.outcome !== "done") return said;
    const { rows, refused: broken } = said.value;
    const found = rows.find(({ id }) => String(id) === account);
    if (found) return done(found);
    // A row that cannot be read is there all the same.
    return broken[0] ? refused(`GetClientsProducts: ${broken[0].reason.en}`, true) : done(null);
  }

  stateOf(service: BilledService | null): AccountState {
    switch (service?.state) {
      case "Active":
      // One-time products: billed once, and up.
      case "Completed":
        return { access: "active" };
      case "Suspended":
        return suspendedFor(service.reason);
      default:
        // Pending, Terminated, Cancelled, Fraud: WHMCS has no account there.
        return { access: "absent" };
    }
  }

  async act(act: Act, { account, reason }: Job<BilledService | null>, context: CallContext): Promise<Outcome<null>> {
    const said =
      act === "suspend"
        ? await this.#api.call("ModuleSuspend", { serviceid: account, suspendreason: reason }, context)
        : await this.#api.call(act === "unsuspend" ? "ModuleUnsuspend" : "ModuleTerminate", { serviceid: account }, context);
    if (said.outcome === "done") return done(null);
    // The module's own words: its server may be away, which ends by itself; a product without a module never does.
    if (said.outcome === "refused" && said.credentials === undefined && !said.unreached)
      return refused(said.reason, !/not assigned to a module|service id not found|role does not allow/iu.test(said.reason));
    return said;
  }

  async #services(fields: Readonly<Record<string, string | number>>, context: CallContext) {
    const said = await this.#api.call("GetClientsProducts", fields, context);
    if (said.outcome !== "done") return said;
    const page = pageOf(said.value, SERVICES, serviceOf);
    return page ? done(page) : withoutPart("GetClientsProducts", "products");
  }
}
