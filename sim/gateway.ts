// The payment gateway as one process of the program sees it: its truth behind, faults between, and events that anybody may have written.
import { done, refused, unknown, type Outcome } from "../src/ports/outcome.ts";
import type {
  GatewayCharge,
  GatewayPayment,
  GatewayRefund,
  PaymentGateway,
  PaymentHint,
  PollPage,
  PollRequest,
  WebhookDelivery,
  WebhookVerdict,
} from "../src/ports/payment-gateway.ts";
import type { Faults } from "./faults.ts";
import type { Program } from "./program.ts";
import { paymentOf, type Capture, type Till } from "./till.ts";

/** As a webhook carries it. */
export interface Event {
  id: string;
  kind: string;
  /** What it is about; in the gateway's words it tells the amount too, and nobody may go by that. */
  payment: GatewayPayment;
  /** Leads to the charge instead of the payment. */
  charge: string | null;
}

const TOKEN = "segredo do portao";
/** Changes told on one page of a poll: few, so that most polls have several pages. */
const PAGE = 3;

export function deliveryOf(event: Event, token: "right" | "wrong"): WebhookDelivery {
  return {
    rawBody: Buffer.from(JSON.stringify(event), "utf8"),
    headers: { "x-token": token === "right" ? TOKEN : "adivinhado" },
    query: new URLSearchParams(),
    remoteAddress: "192.0.2.7",
  };
}

/** As much of a history as the gateway needs. */
export interface Square {
  till: Till;
  faults: Faults;
  now: () => number;
  /** The program is about to be told of these. */
  tells: (captures: readonly Capture[]) => void;
  /** What others do while a reading is on its way. */
  meanwhile: () => Promise<void>;
}

export class SimGateway implements PaymentGateway {
  readonly kind = "simulated";
  readonly capabilities = {
    methods: ["pix", "card"],
    refunds: "partial",
    currencies: ["BRL"],
    lateFee: false,
    webhooks: ["payment"],
    webhookProof: "token",
    pageHosts: [],
  } as const;
  readonly #square: Square;
  readonly #program: Program;
  /** Something was not answered: it has to be asked for again. */
  failed = false;
  /** A page of the present poll was answered. */
  #paged = false;

  constructor(square: Square, program: Program) {
    this.#square = square;
    this.#program = program;
  }

  verifyWebhook({ rawBody, headers }: WebhookDelivery): WebhookVerdict {
    if (headers["x-token"] !== TOKEN) return { verdict: "forged", reason: "another token" };
    const { id, kind, payment, charge } = JSON.parse(Buffer.from(rawBody).toString("utf8")) as Event;
    const hint: PaymentHint = charge === null ? { kind: "payment", id: payment.paymentId } : { kind: "charge", id: charge };
    return { verdict: "verified", eventId: id, kind, hints: [hint] };
  }

  async fetchPayments(hint: PaymentHint): Promise<Outcome<readonly GatewayPayment[]>> {
    const { till, faults, tells, meanwhile } = this.#square;
    const about = hint.id;
    if (this.#isDown()) return this.#fails(refused("503 em manutenção", true));
    if (faults.hit("gateway_read_fails", about)) return this.#fails(unknown("no answer to the reading"));
    await meanwhile();
    if (!this.#program.alive) return unknown("dead");
    // As it stands when the answer leaves.
    const found = till.behind(hint);
    tells(found);
    return done(found.map((capture) => till.payment(capture)));
  }

  poll({ cursor, since, now }: PollRequest): Promise<Outcome<PollPage>> {
    const { till, faults, tells } = this.#square;
    const about = `page ${cursor ?? "first"} at ${now}`;
    if (this.#isDown()) return Promise.resolve(this.#fails(refused("503 em manutenção", true)));
    if (this.#paged && faults.hit("gateway_page_cut", about)) return Promise.resolve(this.#fails(unknown("connection lost in the middle")));
    if (faults.hit("gateway_read_fails", about)) return Promise.resolve(this.#fails(unknown("no answer to the poll")));
    const { captures, cursor: next, more } = till.page(cursor, since, PAGE);
    this.#paged = true;
    tells(captures);
    return Promise.resolve(done({ payments: captures.map((capture) => till.payment(capture)), cursor: next, more }));
  }

  #fails<T>(outcome: T): T {
    this.failed = true;
    return outcome;
  }

  #isDown(): boolean {
    return this.#square.now() < this.#square.till.downUntil;
  }

  test(): Promise<Outcome<{ detail: string }>> {
    return Promise.resolve(done({ detail: "simulated" }));
  }

  charge(): Promise<Outcome<GatewayCharge>> {
    return Promise.resolve(refused("charges are not made here"));
  }

  cancelCharge(): Promise<Outcome<GatewayCharge["phase"]>> {
    return Promise.resolve(done("cancelled"));
  }

  refund(): Promise<Outcome<GatewayRefund>> {
    return Promise.resolve(refused("refunds are not asked for here"));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** An event that the gateway never sent for money that never came: of a payment that is not there. */
export function lie(id: string, about: GatewayPayment): Event {
  return {
    id,
    kind: "payment",
    charge: null,
    payment: { ...about, externalId: paymentOf(id), paymentId: paymentOf(id), endToEndId: null },
  };
}
