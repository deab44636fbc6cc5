// What we ask of a payment gateway: one charge per invoice, webhooks taken as hints only, payments read where the money is.
import type { Cents, Currency } from "../kernel/money.ts";
import type { Day, Instant } from "../kernel/time.ts";
import type { CallContext, Outcome } from "./outcome.ts";

export type PaymentMethod = "pix" | "boleto" | "card";

/** What a gateway can do with the settings it was opened with. */
export interface GatewayCapabilities {
  /** What a charge may be paid with. */
  methods: readonly PaymentMethod[];
  refunds: "none" | "full" | "partial";
  /** Currencies of charges, the usual one first. */
  currencies: readonly Currency[];
  /** Prints fine and interest on the charge and adds them at payment. Otherwise the charge stays at its amount. */
  lateFee: boolean;
  /** Kinds of webhook that lead to a hint, in the gateway's words. All others are answered well and change nothing. */
  webhooks: readonly string[];
  /** What a webhook is verified by: a signature over it; a token it carries; or only what the connection shows and a secret of its address. */
  webhookProof: "signature" | "token" | "address";
  /** Where its pages for payers are: these hosts and those below them. A charge's page elsewhere is shown to nobody. Empty: it has none. */
  pageHosts: readonly string[];
}

/** Where a payer lives or has its seat, in Brazil. */
export interface PostalAddress {
  street: string;
  /** `S/N` where there is none. */
  number: string;
  neighborhood: string;
  city: string;
  /** Two capital letters. */
  state: string;
  /** Eight digits (CEP). */
  postalCode: string;
}

/** Who is to pay, as far as known. Gateways for boletos need name and tax id, some the address as well. */
export interface Payer {
  name: string;
  /** CPF or CNPJ without punctuation. */
  taxId: string | null;
  email: string | null;
  /** Null or left out: not known. */
  address?: PostalAddress | null;
}

export interface ChargeRequest {
  /** Our invoice; the charge carries it and is found by it. At most 60 printable ASCII characters, no white space. */
  invoiceRef: string;
  /** More than nothing. */
  amountCents: Cents;
  currency: Currency;
  dueOn: Day;
  /** Shown to the payer, for example `Fatura 1042 – Hospedagem Exemplo`. */
  description: string;
  /**
   * Wanted, as few as one, the one preferred first; those the gateway does not have are left out. Where a charge can have only one (Mercado
   * Pago; a boleto of Stripe's) it is the first that can be made for this payer.
   */
  methods: readonly PaymentMethod[];
  payer: Payer;
  /** Percent of the amount once, and percent a month, for payment after `dueOn`. Null: none. */
  lateFee: { finePercent: number; interestPercentMonth: number } | null;
}

export interface CardPage {
  url: string;
  /** Fine and interest are added there on the day of payment. False: it asks for the charge's amount, whenever it is paid. */
  addsLateFee: boolean;
}

/** A charge as it stands at the gateway. */
export interface GatewayCharge {
  chargeId: string;
  /** Null: it carries no reference of ours. */
  invoiceRef: string | null;
  /** `expired`: can no longer be paid, and {@link PaymentGateway.charge} makes a new one. A charge past due is still `open`. */
  phase: "open" | "paid" | "cancelled" | "expired";
  amountCents: Cents;
  currency: Currency;
  /** The text of the Pix QR code. Null: not offered. */
  brCode: string | null;
  /** The boleto's 47 digits, bare. Null: not offered, or not told. */
  digitLine: string | null;
  /** Page where the payer pays or sees the slip. */
  url: string | null;
  /** The boleto itself, as the gateway's document or page. Null: no boleto, or no document of it. */
  slipUrl: string | null;
  /** The gateway's page where it can be paid by card: the card's number is typed there and never passes through us. Null: not by card. */
  card: CardPage | null;
  /** From then on it cannot be paid. Null: not known, or never. */
  expiresAt: Instant | null;
}

/** Money that came in. What it is worth to a customer is for others to say. */
export interface GatewayPayment {
  /**
   * (gateway, externalId) names this money once, in webhook, poll and every later reading. The EndToEndId where it is known from the
   * first moment (API Pix, Efí's Pix); elsewhere the gateway's own id, because an id that changes when the gateway learns the
   * EndToEndId would book the same money twice.
   */
  externalId: string;
  /** What {@link PaymentGateway.refund} takes. */
  paymentId: string;
  chargeId: string | null;
  /** Null: no reference of ours. The money is real and waits to be matched. */
  invoiceRef: string | null;
  /** What the payer paid, before the gateway's own fee and before refunds. Less or more than the charge is possible. */
  amountCents: Cents;
  currency: Currency;
  /** `captured`: paid, the money is sure to come (card, until it is paid out). `settled`: booked on our account there. Never goes back. */
  phase: "captured" | "settled";
  /** Given back so far, whoever asked for it: by us, or by the Pix return mechanism (MED). */
  refundedCents: Cents;
  /** A dispute took the whole payment back, or holds it. False again when it was won. */
  chargedBack: boolean;
  method: PaymentMethod | "other";
  /** The day of payment in Brazil, as the gateway states it. */
  paidOn: Day;
  /** Null: only the day is known. */
  paidAt: Instant | null;
  payer: { name: string | null; /** As given; digits may be masked with `*` or `x`. */ taxId: string | null };
  /** Of a Pix, when known. The same Pix in a bank statement carries it too: that is how it is not booked twice. */
  endToEndId: string | null;
}

/** Something to read at the gateway. Nothing in it is believed. */
export interface PaymentHint {
  kind: "payment" | "charge";
  id: string;
}

/** A delivery as it came in. */
export interface WebhookDelivery {
  /** The bytes of the body: a signature covers them, not what a parser makes of them. */
  rawBody: Uint8Array;
  /** Names in lower case, as Node gives them. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  query: URLSearchParams;
  /** The other side's address, after the proxies that we trust. */
  remoteAddress: string;
}

/**
 * `verified`: by the gateway's own rules. Answer HTTP 200 (for Asaas nothing else counts), also when there are no hints.
 * `forged`: answer 401 and store nothing beyond a counter; the reason is for the log and carries no secret.
 */
export type WebhookVerdict =
  | {
      verdict: "verified";
      /** The same delivery, repeated, has the same one. Made of what was verified, so that nobody can use up another event's id. */
      eventId: string;
      /** In the gateway's words, `unreadable` when the body was not. */
      kind: string;
      hints: readonly PaymentHint[];
    }
  | { verdict: "forged"; reason: string };

export interface PollRequest {
  /** What the last poll answered; null at the very first. */
  cursor: string | null;
  /** Where the very first poll begins. Later ones go by the cursor. */
  since: Instant;
  now: Instant;
}

/** One page. Payments and cursor are stored in one transaction: a cursor ahead of its payments loses them. */
export interface PollPage {
  /**
   * Payments that are new, or differ from what was last answered on this line of cursors (settled, refunded, charged back). Each such
   * state comes once. The same cursor asked again answers the same and what has happened meanwhile.
   */
  payments: readonly GatewayPayment[];
  /** Text to be kept as it is; some forty bytes for each payment of the last hours or days. */
  cursor: string;
  /** There is more to read now; false: come again later. */
  more: boolean;
}

export interface RefundRequest {
  paymentId: string;
  /** At most what is left of the payment. */
  amountCents: Cents;
  currency: Currency;
  /** The same key never refunds twice, also after a lost answer. 1 to 35 letters and digits. */
  key: string;
}

export interface GatewayRefund {
  refundId: string;
  amountCents: Cents;
  /** `requested`: the gateway works on it; {@link GatewayPayment.refundedCents} grows when it is through. */
  phase: "requested" | "done" | "failed";
}

/**
 * A payment gateway. Calls are safe to repeat, honour the deadline and keep secrets out of reasons. A gateway that is busy (429) or in
 * maintenance is `refused` with `retry`. Money that goes out ("Pix enviado") is never a payment.
 */
export interface PaymentGateway {
  readonly kind: string;
  readonly capabilities: GatewayCapabilities;
  /** Reaches the gateway with the least that we need: signs in and reads one page. */
  test(context: CallContext): Promise<Outcome<{ detail: string }>>;
  /**
   * The one charge of an invoice: found by its reference, made when there is none. A charge that exists is answered as it is, also with
   * another amount or paid: whoever wants another cancels it first. A cancelled or expired one counts as none, and so does one whose money went back entirely.
   */
  charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>>;
  /**
   * Takes a charge back. Answers what was read after the act: `cancelled`, `expired`, or `paid` when the money was faster. One that was
   * already cancelled, or is unknown there, is done. Money can still arrive for it: see {@link GatewayPayment}.
   */
  cancelCharge(chargeId: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>>;
  /** Tells the gateway where to send webhooks. Absent: that is set in the gateway's own pages. */
  setWebhook?(url: URL, context: CallContext): Promise<Outcome<{ detail: string }>>;
  /** Pure. Constant-time in the secret; deliveries outside the gateway's time window are refused by `now`. */
  verifyWebhook(delivery: WebhookDelivery, now: Instant): WebhookVerdict;
  /** The payments that a hint leads to. Empty: nothing was paid, or nothing of that id exists. */
  fetchPayments(hint: PaymentHint, context: CallContext): Promise<Outcome<readonly GatewayPayment[]>>;
  /** Payments since a cursor. With it alone, and no webhook ever, every payment is seen. */
  poll(request: PollRequest, context: CallContext): Promise<Outcome<PollPage>>;
  refund(request: RefundRequest, context: CallContext): Promise<Outcome<GatewayRefund>>;
  close(): Promise<void>;
}
