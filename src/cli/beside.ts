// The WHMCS beside an open installation: what reads and writes it for a command, and what runs with the server.
import { hookVerifier } from "../adapters/whmcs/hook.ts";
import { startBeside, type RunningBeside } from "../jobs/beside/beside.ts";
import type { Beside } from "../jobs/beside/reading.ts";
import type { MotorLog } from "../jobs/motor.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { App } from "./app.ts";
import { besideTerms, openBilling } from "./open-whmcs.ts";

/** @throws ReguaError `whmcs_off` where none is set up, and in the sandbox, from which nothing leaves */
export function besideOf(app: App): Beside {
  const { whmcs } = app.config;
  if (!whmcs || app.provider.mode === "sandbox") throw new ReguaError("whmcs_off");
  return { engine: app.engine, system: openBilling(whmcs, app.dataDir), terms: besideTerms(whmcs), page: whmcs.page };
}

/** The reading, writing and hearing of a running installation; null where no WHMCS is set up. */
export function startWhmcs(app: App, log: MotorLog, newToken: () => string): RunningBeside | null {
  const { whmcs } = app.config;
  if (!whmcs || app.provider.mode === "sandbox") return null;
  const verify = whmcs.hook_secret === undefined ? null : hookVerifier(whmcs.hook_secret);
  return startBeside({ ...besideOf(app), log, newToken, verify });
}
