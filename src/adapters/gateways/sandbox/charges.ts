// The charges of the sandbox's gateway: what it keeps of each, and what happens to one when money comes and goes.
import { makeBoleto } from "../../../codes/boleto.ts";
import { makeStaticBrCode } from "../../../codes/make-br-code.ts";
import { sha256 } from "../../../kernel/hash.ts";
import type { Cents, Currency } from "../../../kernel/money.ts";
import type { Instant } from "../../../kernel/time.ts";
import type { ChargeRequest, GatewayCharge, GatewayPayment } from "../../../ports/payment-gateway.ts";
import { brazilDayOf } from "../brazil.ts";

export interface SandboxMoney {
  amountCents: Cents;
  at: Instant;
  phase: "captured" | "settled";
  chargedBack: boolean;
  refunds: readonly { key: string; amountCents: Cents }[];
}

export interface SandboxCharge {
  chargeId: string;
  /** Moves on with every change, so that a poll sees each. */
  revision: number;
  /** Null: money that names nothing of ours. */
  invoiceRef: string | null;
  amountCents: Cents;
  currency: Currency;
  brCode: string | null;
  digitLine: string | null;
  cancelled: boolean;
  money: SandboxMoney | null;
}

/** Where the sandbox keeps its charges. */
export interface SandboxCharges {
  read(chargeId: string): Promise<SandboxCharge | null>;
  of(invoiceRef: string): Promise<readonly SandboxCharge[]>;
  /** Keeps it under the next revision. */
  write(charge: Omit<SandboxCharge, "revision">): Promise<void>;
  /** Those changed after a revision, in the order of their changes. */
  changedSince(revision: number, limit: number): Promise<readonly SandboxCharge[]>;
}

/** Forgets with the process: for tests and the simulator. */
export class InMemorySandboxCharges implements SandboxCharges {
  readonly all = new Map<string, SandboxCharge>();
  #revision = 0;

  read(chargeId: string): Promise<SandboxCharge | null> {
    return Promise.resolve(this.all.get(chargeId) ?? null);
  }

  of(invoiceRef: string): Promise<readonly SandboxCharge[]> {
    return Promise.resolve([...this.all.values()].filter((charge) => charge.invoiceRef === invoiceRef));
  }

  write(charge: Omit<SandboxCharge, "revision">): Promise<void> {
    this.set(charge);
    return Promise.resolve();
  }

  set(charge: Omit<SandboxCharge, "revision">): void {
    this.#revision += 1;
    this.all.set(charge.chargeId, { ...charge, revision: this.#revision });
  }

  changedSince(revision: number, limit: number): Promise<readonly SandboxCharge[]> {
    const changed = [...this.all.values()].filter((charge) => charge.revision > revision).sort((a, b) => a.revision - b.revision);
    return Promise.resolve(changed.slice(0, limit));
  }
}

/** Who is paid: what the codes carry. */
export interface SandboxReceiver {
  pixKey: string;
  name: string;
  city: string;
}

/** No bank has this number, so that a code of the sandbox pays nobody. */
const NO_BANK = "000";
/** A digit line has room for R$ 99.999.999,99. */
const BOLETO_MAX = 9_999_999_999;

/** The n-th charge of an invoice; asked for again it is the same. */
export function newCharge(request: ChargeRequest, count: number, receiver: SandboxReceiver): Omit<SandboxCharge, "revision"> {
  const { invoiceRef, amountCents, currency, dueOn, methods } = request;
  const hash = sha256(`charge ${count} of ${invoiceRef}`);
  const chargeId = `sbx${hash.slice(0, 20)}`;
  const freeField = BigInt(`0x${hash}`).toString().slice(0, 25);
  const pix = methods.includes("pix")
    ? makeStaticBrCode({ key: receiver.pixKey, name: receiver.name, city: receiver.city, amountCents, txid: chargeId })
    : null;
  const withSlip = methods.includes("boleto") && amountCents <= BOLETO_MAX;
  const digitLine = withSlip ? makeBoleto({ bank: NO_BANK, amountCents, due: dueOn, freeField }).digitLine : null;
  return { chargeId, invoiceRef, amountCents, currency, brCode: pix, digitLine, cancelled: false, money: null };
}

/** Given back so far. */
export function refundedOf({ refunds }: SandboxMoney): Cents {
  return refunds.reduce((sum, { amountCents }) => sum + amountCents, 0);
}

export function phaseOf({ cancelled, money }: SandboxCharge): GatewayCharge["phase"] {
  // Money that went back entirely leaves a charge that nobody can pay again: as good as none.
  if (money) return refundedOf(money) < money.amountCents ? "paid" : "cancelled";
  return cancelled ? "cancelled" : "open";
}

export function chargeOf(charge: SandboxCharge): GatewayCharge {
  const { chargeId, invoiceRef, amountCents, currency, brCode, digitLine } = charge;
  return {
    chargeId,
    invoiceRef,
    phase: phaseOf(charge),
    amountCents,
    currency,
    brCode,
    digitLine,
    url: null,
    slipUrl: null,
    card: null,
    expiresAt: null,
  };
}

/** The money of a charge; null: none came. */
export function paymentOf({ chargeId, invoiceRef, currency, money }: SandboxCharge): GatewayPayment | null {
  if (!money) return null;
  return {
    externalId: chargeId,
    paymentId: chargeId,
    chargeId,
    invoiceRef,
    amountCents: money.amountCents,
    currency,
    phase: money.phase,
    refundedCents: refundedOf(money),
    chargedBack: money.chargedBack,
    method: "pix",
    paidOn: brazilDayOf(money.at),
    paidAt: money.at,
    payer: { name: null, taxId: null },
    endToEndId: null,
  };
}
