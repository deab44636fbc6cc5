// The sandbox's gateway with its charges in memory, for the suite and for the stories of charges.
import { InMemorySandboxCharges, type SandboxCharge, type SandboxMoney } from "../../src/adapters/gateways/sandbox/charges.ts";
import { SandboxGateway, type SandboxGatewayFault } from "../../src/adapters/gateways/sandbox/gateway.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import type { Instant } from "../../src/kernel/time.ts";
import type { GatewayWorld } from "../../src/ports/conformance/payment-gateway.ts";
import type { WebhookDelivery } from "../../src/ports/payment-gateway.ts";

const TOKEN = "sandbox-token-0123456789abcdef0123456789";

export interface SandboxGatewayWorld extends GatewayWorld {
  gateway: SandboxGateway;
  charges: InMemorySandboxCharges;
}

export function openSandboxGatewayWorld(options: { now?: Instant } = {}): Promise<SandboxGatewayWorld> {
  const clock = new ManualClock(options.now ?? Date.UTC(2026, 10, 10, 12));
  const charges = new InMemorySandboxCharges();
  let standing: SandboxGatewayFault = "ok";
  let losesNext = false;
  const faults = (act: boolean): SandboxGatewayFault => {
    if (!act || !losesNext) return standing;
    losesNext = false;
    return "lost";
  };
  const receiver = { pixKey: "pix@hospedagem.example", name: "Hospedagem Exemplo", city: "Curitiba" };
  const gateway = new SandboxGateway({ charges, receiver, clock, token: TOKEN, faults });
  const chargeOf = (id: string): SandboxCharge => {
    const found = charges.all.get(id);
    if (!found) throw new Error(`no charge ${id}`);
    return found;
  };
  const moneyOf = (id: string): SandboxMoney => {
    const { money } = chargeOf(id);
    if (!money) throw new Error(`nobody paid ${id}`);
    return money;
  };
  const pay = (id: string, amountCents: number, phase: SandboxMoney["phase"]): string => {
    charges.set({ ...chargeOf(id), money: { amountCents, at: clock.now(), phase, chargedBack: false, refunds: [] } });
    return id;
  };
  const change = (id: string, part: Partial<SandboxMoney>): void => charges.set({ ...chargeOf(id), money: { ...moneyOf(id), ...part } });
  let others = 0;
  const deliver = (id: string, token: string): WebhookDelivery => ({
    rawBody: Buffer.from(JSON.stringify({ id: `${id}/${charges.all.get(id)?.revision ?? 0}`, charge: id })),
    headers: { "x-sandbox-token": token },
    query: new URLSearchParams(),
    remoteAddress: "127.0.0.1",
  });
  return Promise.resolve({
    gateway,
    charges,
    now: () => clock.now(),
    pass: (ms) => clock.set(clock.now() + ms),
    chargesMade: (ref) => [...charges.all.values()].filter(({ invoiceRef }) => invoiceRef === ref).length,
    pay: (id, cents) => pay(id, cents, "settled"),
    payUnnamed: (amountCents) => {
      others += 1;
      const chargeId = `other${others}`;
      charges.set({
        ...{ chargeId, amountCents },
        invoiceRef: null,
        currency: "BRL",
        brCode: null,
        digitLine: null,
        cancelled: false,
        money: null,
      });
      return pay(chargeId, amountCents, "settled");
    },
    // Nothing goes out of the sandbox.
    sendOut: () => "sent1",
    later: { pay: (id, cents) => pay(id, cents, "captured"), settle: (id) => change(id, { phase: "settled" }) },
    giveBack: (id, amountCents) =>
      change(id, { refunds: [...moneyOf(id).refunds, { key: `staff${moneyOf(id).refunds.length}`, amountCents }] }),
    dispute: { lose: (id) => change(id, { chargedBack: true }), win: (id) => change(id, { chargedBack: false }) },
    deliver: (id) => deliver(id, TOKEN),
    deliverForged: (id) => deliver(id, `${TOKEN}x`),
    loseNextAnswer: () => void (losesNext = true),
    stall: () => void (standing = "stall"),
    busy: () => void (standing = "busy"),
    refuse: () => void (standing = "refuse"),
    secrets: [TOKEN],
    close: () => Promise.resolve(),
  });
}
