// Services entered by a person or another system, and the account on a panel that each is tied to.
import { inEach, ReguaError } from "../kernel/errors.ts";
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import { findRef } from "../store/customers.ts";
import { ensureSandboxAccount, insertService, linkServiceTo, readService, takeRef, type ServiceRecord } from "../store/records.ts";
import { changeCustomer, type Unit } from "./change.ts";
import type { Engine } from "./engine.ts";
import { required, whoIs, type Who } from "./who.ts";
import { kindIn } from "../words/inserts.ts";

/** An account on a control panel, by the panel's name in the configuration. */
export interface Link {
  panel: string;
  account: string;
}

export interface NewService {
  customer: Who;
  ref: string;
  name: string;
  plan?: string | null;
  /** A month's price. */
  price?: Cents | null;
  /** Null: tied to nothing, so never touched. Absent: the sandbox makes an account under the service's number; live, tied to nothing. */
  link?: Link | null;
  by: string;
}

const SANDBOX_PANEL = "sandbox";

/**
 * Enters a service. `panels`: the panels that are set up here.
 * @throws ReguaError `ref_taken`, `panel_unknown`, `customer_unknown`, `words_missing`
 */
export async function createService(engine: Engine, request: NewService, panels: readonly string[]): Promise<{ id: Id }> {
  const by = required("by", request.by);
  const ref = required("ref", request.ref);
  const name = required("name", request.name);
  const customerId = await whoIs(engine.db, request.customer);
  const id = (await engine.ids.take(1)).next();
  return changeCustomer(engine, customerId, async (unit) => {
    const link = linkOf(request, ref, unit.setting.mode, panels);
    const row = { id, customerId, ref, name, plan: request.plan ?? null, price: request.price ?? null };
    if (!(await takeRef(unit.trx, "service", ref, { customerId, id })))
      throw new ReguaError("ref_taken", { kind: kindIn("service"), value: ref });
    await insertService(unit.trx, { ...row, panel: link?.panel ?? null, account: link?.account ?? null }, unit.now);
    await prepare(unit, link);
    unit.record(customerId, "service.created", by, {
      service: ref,
      name,
      plan: row.plan,
      price_cents: row.price,
      panel: link?.panel ?? null,
      account: link?.account ?? null,
    });
    return { id };
  });
}

function linkOf(request: NewService, ref: string, mode: "sandbox" | "live", panels: readonly string[]): Link | null {
  if (request.link === undefined) return mode === "sandbox" ? { panel: SANDBOX_PANEL, account: ref } : null;
  return request.link === null ? null : known(request.link, panels);
}

function known(link: Link, panels: readonly string[]): Link {
  if (!panels.includes(link.panel))
    throw new ReguaError("panel_unknown", { value: link.panel, names: panels.join(", ") || inEach("none", "nenhum") });
  return { panel: link.panel, account: required("account", link.account) };
}

/** Nothing leaves the sandbox, so the account it is tied to is made there. */
async function prepare(unit: Unit, link: Link | null): Promise<void> {
  if (unit.setting.mode === "sandbox" && link !== null) await ensureSandboxAccount(unit.trx, link.account);
}

/**
 * Ties a service to another account, or with null to none. What stands on the account before is left as it is.
 * @throws ReguaError `service_unknown`, `panel_unknown`, `service_busy`, `words_missing`
 */
export async function linkService(
  engine: Engine,
  request: { service: string; link: Link | null; by: string },
  panels: readonly string[],
): Promise<void> {
  const by = required("by", request.by);
  const link = request.link === null ? null : known(request.link, panels);
  const found = await serviceNamed(engine, request.service);
  await changeCustomer(engine, found.customerId, async (unit) => {
    const was = await readService(unit.trx, found.customerId, found.id);
    if (!was || was.terminatedAt !== null) throw new ReguaError("service_unknown", { value: request.service });
    if (was.panel === (link?.panel ?? null) && was.account === (link?.account ?? null)) return;
    if (!(await linkServiceTo(unit.trx, found, link, engine.motorClock.now())))
      throw new ReguaError("service_busy", { value: request.service });
    await prepare(unit, link);
    unit.record(found.customerId, "service.linked", by, {
      service: was.ref,
      from: { panel: was.panel, account: was.account, access: was.actual },
      to: { panel: link?.panel ?? null, account: link?.account ?? null },
    });
  });
}

/** @throws ReguaError `service_unknown` */
export async function serviceNamed(engine: Engine, ref: string): Promise<ServiceRecord> {
  const found = await findRef(engine.db, "service", ref);
  const row = found && (await readService(engine.db, found.customerId, found.id));
  if (!row) throw new ReguaError("service_unknown", { value: ref });
  return row;
}
