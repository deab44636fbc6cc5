// Opens the WHMCS of the configuration: as the billing system beside us, and as a panel where its modules act on our word.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { openWhmcsPanel } from "../adapters/panels/whmcs.ts";
import { unreadOption } from "../adapters/panels/panel-http.ts";
import type { WhmcsAccess } from "../adapters/whmcs/api.ts";
import type { WhmcsSettings } from "../adapters/whmcs/settings.ts";
import { WhmcsBilling } from "../adapters/whmcs/whmcs.ts";
import { WHMCS, type BesideTerms } from "../engine/billing-rows.ts";
import type { ControlPanel } from "../ports/control-panel.ts";

export function besideTerms(settings: WhmcsSettings): BesideTerms {
  const { acts, gateways, hold_off_days: holdOffDays, answer_departments: answerDepartments } = settings;
  return { acts, gateways, holdOffDays, answerDepartments };
}

function accessOf(settings: WhmcsSettings, folder: string): WhmcsAccess {
  const { url, identifier, secret, access_key: accessKey, fingerprint, ca_file: caFile, calls_per_second: callsPerSecond } = settings;
  return {
    url,
    identifier,
    secret,
    callsPerSecond,
    ...(accessKey === undefined ? {} : { accessKey }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    ...(caFile === undefined ? {} : { ca: readCa(resolve(folder, caFile)) }),
  };
}

function readCa(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadOption("ca_file", error);
  }
}

/** A refused key is kept in the database, for every process, and not in this one. @throws ReguaError `panel_option_invalid` */
export function openBilling(settings: WhmcsSettings, folder: string): WhmcsBilling {
  const { payment_method: paymentMethod, admin } = settings;
  return new WhmcsBilling({ ...accessOf(settings, folder), locks: false, paymentMethod, ...(admin === undefined ? {} : { admin }) });
}

/** The panel `whmcs`, where WHMCS acts; null where it does not. A refused key is kept by the guard before it, for every process. */
export function whmcsPanel(settings: WhmcsSettings | undefined, folder: string): { name: string; panel: ControlPanel } | null {
  if (settings?.acts !== "whmcs") return null;
  const { terminate, page } = settings;
  return { name: WHMCS, panel: openWhmcsPanel({ ...accessOf(settings, folder), locks: false, terminate, page }) };
}
