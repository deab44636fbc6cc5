// A fake HestiaCP and an adapter that speaks with it, for tests.
import { HestiaPanel } from "../../src/adapters/panels/hestia.ts";
import type { HestiaOptions } from "../../src/adapters/panels/hestia.ts";
import { InMemoryPanelMemory } from "../../src/adapters/panels/memory.ts";
import type { CallContext } from "../../src/ports/outcome.ts";
import { ACCESS_KEY, SECRET_KEY, startFakeHestia } from "./fake-hestia.ts";
import type { FakeHestia } from "./fake-hestia.ts";

export const REASON = { text: "Régua: fatura 1042 vencida" };

/** Plenty for a call on a slow machine. */
export const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

export interface HestiaWorld {
  fake: FakeHestia;
  panel: HestiaPanel;
  options: HestiaOptions;
  /** What the adapter told a person. */
  reports: string[];
}

const opened: FakeHestia[] = [];

export async function openFake(): Promise<FakeHestia> {
  const fake = await startFakeHestia();
  opened.push(fake);
  return fake;
}

export async function openHestiaWorld(more: Partial<HestiaOptions> = {}): Promise<HestiaWorld> {
  const fake = await openFake();
  const reports: string[] = [];
  const options: HestiaOptions = {
    host: "127.0.0.1",
    port: fake.port,
    accessKey: ACCESS_KEY,
    secretKey: SECRET_KEY,
    fingerprint: fake.fingerprint,
    memory: new InMemoryPanelMemory(),
    terminate: true,
    report: (account, detail) => void reports.push(`${account}: ${detail}`),
    ...more,
  };
  return { fake, reports, options, panel: new HestiaPanel(options) };
}

/** Ends every fake that was opened; for `afterEach`. */
export async function closeHestiaWorlds(): Promise<void> {
  for (const fake of opened.splice(0)) await fake.close();
}
