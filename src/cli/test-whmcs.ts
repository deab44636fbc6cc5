// Tries the WHMCS of an installation: for the command line, and for the console's button.
import { lookAtCertificate } from "../adapters/panels/panel-http.ts";
import type { WhmcsSettings } from "../adapters/whmcs/settings.ts";
import { WHMCS } from "../engine/billing-rows.ts";
import { deadline } from "../kernel/clock.ts";
import { ReguaError } from "../kernel/errors.ts";
import type { ControlPanel } from "../ports/control-panel.ts";
import { done, refused, type CallContext, type Outcome } from "../ports/outcome.ts";
import { unlockSync } from "../store/billing.ts";
import { outsideIn } from "../words/inserts.ts";
import type { App } from "./app.ts";
import { besideOf } from "./beside.ts";
import { openBilling } from "./open-whmcs.ts";

/** A dozen small calls at a pace that WHMCS bears. */
const TEST_MS = 60_000;

/** @throws ReguaError `whmcs_not_reached`, `panel_certificate_unknown` */
export async function tried(settings: WhmcsSettings, folder: string, panel: ControlPanel | null): Promise<string> {
  await believed(settings);
  const context = { signal: deadline(TEST_MS) };
  const words: string[] = [];
  const tests: (() => Promise<Outcome<{ detail: string }>>)[] = [() => openBilling(settings, folder).test(context)];
  if (panel) tests.push(() => panel.test(context));
  for (const one of tests) {
    const said = await one();
    if (said.outcome !== "done") throw new ReguaError("whmcs_not_reached", { reason: outsideIn(said.reason) });
    words.push(said.value.detail);
  }
  return words.join("\n");
}

/** A certificate that nobody vouches for is shown with its digits, before anything is sent; a person compares them. */
async function believed({ url, fingerprint, ca_file: caFile }: WhmcsSettings): Promise<void> {
  if (fingerprint !== undefined || caFile !== undefined) return;
  const { hostname: host, port } = new URL(url);
  const at = { host, port: port === "" ? 443 : Number(port) };
  const seen = await lookAtCertificate(at, deadline(TEST_MS)).catch((error: unknown) => {
    throw new ReguaError("whmcs_not_reached", { reason: outsideIn(error instanceof Error ? error.message || error.name : String(error)) });
  });
  if (!seen.trusted) throw new ReguaError("panel_certificate_unknown", { value: "whmcs", fingerprint: seen.fingerprint });
}

/**
 * Calls WHMCS, and the panel that it is where it acts. A test that ends well opens what a refused key had shut.
 * @throws ReguaError `whmcs_off`, `whmcs_not_reached`, `panel_certificate_unknown`
 */
export async function testWhmcs(app: App): Promise<string> {
  besideOf(app);
  const { whmcs } = app.config;
  if (!whmcs) throw new ReguaError("whmcs_off");
  // The guarded one.
  const acting = whmcs.acts === "whmcs" ? (app.dispatcher.outside.panels.get(WHMCS) ?? null) : null;
  const detail = await tried(whmcs, app.dataDir, acting);
  await unlockSync(app.database.db, WHMCS, app.engine.motorClock.now());
  return detail;
}

/** The same for the console; null where no WHMCS is set up, and in the sandbox, from which nothing leaves. */
export function whmcsReach(app: App): { detail: string; test: (context: CallContext) => Promise<Outcome<{ detail: string }>> } | null {
  const { whmcs } = app.config;
  if (!whmcs || app.provider.mode === "sandbox") return null;
  const test = async (): Promise<Outcome<{ detail: string }>> => {
    try {
      return done({ detail: await testWhmcs(app) });
    } catch (error) {
      // What WHMCS said is shown as any part's answer; what a person has to do first is said with its cure.
      if (error instanceof ReguaError && error.code === "whmcs_not_reached") return refused(String(error.details.reason), false);
      throw error;
    }
  };
  return { detail: new URL(whmcs.url).host, test };
}
