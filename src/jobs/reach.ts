// Reaches for a part of the installation when a person asks whether it is there: nothing is sent, nothing is changed.
import { deadline, type Clock } from "../kernel/clock.ts";
import { unknown, type Outcome } from "../ports/outcome.ts";
import type { PaymentGateway } from "../ports/payment-gateway.ts";
import type { Outside } from "./call.ts";

export type PartKind = "mail" | "panel" | "gateway";

export interface Reach {
  parts(): { name: string; kind: PartKind; detail: string }[];
  test(kind: PartKind, name: string): Promise<{ outcome: "done" | "refused" | "unknown"; detail: string; ms: number }>;
}

/** A person waits for it. */
const TEST_MS = 10_000;

export function makeReach(outside: Outside, gateways: ReadonlyMap<string, PaymentGateway>, clock: Clock): Reach {
  const places = { mail: outside.mailers, panel: outside.panels, gateway: gateways };
  const ask = async (kind: PartKind, name: string): Promise<Outcome<{ detail: string }>> => {
    const part = places[kind].get(name);
    if (!part) return { outcome: "refused", reason: `${kind} ${name} is not set up`, retry: false };
    return part
      .test({ signal: deadline(TEST_MS) })
      .catch((error: unknown) => unknown(error instanceof Error ? error.message : String(error)));
  };
  return {
    parts: () => [
      ...[...outside.mailers.keys()].map((name) => ({ name, kind: "mail" as const, detail: name })),
      ...[...outside.panels].map(([name, panel]) => ({ name, kind: "panel" as const, detail: panel.kind })),
      ...[...gateways].map(([name, gateway]) => ({ name, kind: "gateway" as const, detail: gateway.kind })),
    ],
    test: async (kind, name) => {
      const began = clock.now();
      const found = await ask(kind, name);
      const detail = found.outcome === "done" ? found.value.detail : found.reason;
      return { outcome: found.outcome, detail, ms: Math.round(clock.now() - began) };
    },
  };
}
