// Charges of the API Pix: found by txids made of the reference, created once, removed.
import type { Clock } from "../../../kernel/clock.ts";
import { formatDay } from "../../../kernel/time.ts";
import type { Instant } from "../../../kernel/time.ts";
import { done, refused } from "../../../ports/outcome.ts";
import type { CallContext, Outcome } from "../../../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge } from "../../../ports/payment-gateway.ts";
import type { GatewayApi } from "../api.ts";
import { brazilDayOf, brazilEndOf } from "../brazil.ts";
import { decimalOf } from "../money-text.ts";
import { cobSchema, paymentOf } from "./messages.ts";
import type { Cob } from "./messages.ts";
import { GENERATIONS, belongsTo, kindOfTxid, pathOf, txidOf } from "./txid.ts";
import type { CobKind } from "./txid.ts";

/** The label under which the payer sees our reference, and we find it again. */
const REFERENCE = "Fatura";

export interface ChargeSettings {
  pix_key: string;
  valid_days: number;
}

export class PixCharges {
  readonly #api: GatewayApi;
  readonly #settings: ChargeSettings;
  readonly #clock: Clock;

  constructor(api: GatewayApi, settings: ChargeSettings, clock: Clock) {
    this.#api = api;
    this.#settings = settings;
    this.#clock = clock;
  }

  async charge(request: ChargeRequest, context: CallContext): Promise<Outcome<GatewayCharge>> {
    const wanted = this.#kindFor(request);
    // The other kind is looked up as well: the tax id, or the day, may have changed since the first request.
    const other = await this.#live(request.invoiceRef, wanted === "V" ? "C" : "V", context);
    if (other.outcome !== "done") return other;
    if (other.value.cob) return done(this.chargeOf(other.value.cob));
    const same = await this.#live(request.invoiceRef, wanted, context);
    if (same.outcome !== "done") return same;
    if (same.value.cob) return done(this.chargeOf(same.value.cob));
    if (same.value.generation >= GENERATIONS)
      return refused(`This invoice has had ${GENERATIONS} charges at the bank; no further one is made.`);
    const txid = txidOf(request.invoiceRef, wanted, same.value.generation);
    const call = { method: "PUT", path: pathOf(wanted, txid), json: JSON.stringify(this.#body(request, wanted)) } as const;
    const made = await this.#api.read(call, cobSchema, context);
    return made.outcome === "done" ? done(this.chargeOf(made.value)) : made;
  }

  async cancel(txid: string, context: CallContext): Promise<Outcome<GatewayCharge["phase"]>> {
    const before = await this.read(txid, context);
    if (before.outcome !== "done") return before;
    if (!before.value) return done("cancelled");
    if (before.value.cob.status !== "ATIVA") return done(this.phaseOf(before.value.cob));
    const json = JSON.stringify({ status: "REMOVIDA_PELO_USUARIO_RECEBEDOR" });
    const call = { method: "PATCH", path: pathOf(before.value.kind, txid), json } as const;
    const act = await this.#api.call(call, context);
    if (act.outcome !== "done") return act;
    // A payment may have been faster: then the answer is 400, and what is read says so.
    const after = await this.read(txid, context);
    if (after.outcome !== "done") return after;
    if (after.value?.cob.status === "ATIVA") return this.#api.refusal(call, act.value, true);
    return done(after.value ? this.phaseOf(after.value.cob) : "cancelled");
  }

  /** The charge under a txid, ours or not; null: there is none. */
  async read(txid: string, context: CallContext): Promise<Outcome<{ cob: Cob; kind: CobKind } | null>> {
    if (!/^[A-Za-z0-9]{1,35}$/u.test(txid)) return done(null);
    const kind = kindOfTxid(txid);
    for (const one of kind ? [kind] : (["V", "C"] as const)) {
      const cob = await this.#api.read({ method: "GET", path: pathOf(one, txid) }, cobSchema, context, null);
      if (cob.outcome !== "done") return cob;
      if (cob.value) return done({ cob: cob.value, kind: one });
    }
    return done(null);
  }

  /** Our reference on a charge; null when a charge made by hand only looks like ours. */
  referenceOf(cob: Cob): string | null {
    const ref = cob.infoAdicionais?.find(({ nome }) => nome === REFERENCE)?.valor;
    return ref !== undefined && belongsTo(cob.txid, ref) ? ref : null;
  }

  phaseOf(cob: Cob): GatewayCharge["phase"] {
    // Money that went back entirely leaves a charge that nobody can pay again: as good as none.
    if (cob.status === "CONCLUIDA") return wasReturned(cob) ? "cancelled" : "paid";
    if (cob.status !== "ATIVA") return "cancelled";
    const end = expiryOf(cob);
    return end !== null && end <= this.#clock.now() ? "expired" : "open";
  }

  chargeOf(cob: Cob): GatewayCharge {
    return {
      chargeId: cob.txid,
      invoiceRef: this.referenceOf(cob),
      phase: this.phaseOf(cob),
      amountCents: cob.valor.original,
      currency: "BRL",
      brCode: cob.pixCopiaECola ?? null,
      digitLine: null,
      url: null,
      slipUrl: null,
      card: null,
      expiresAt: expiryOf(cob),
    };
  }

  /** The charge that stands for a reference, or the first generation that is free. */
  async #live(invoiceRef: string, kind: CobKind, context: CallContext): Promise<Outcome<{ cob: Cob | null; generation: number }>> {
    for (let generation = 0; generation < GENERATIONS; generation += 1) {
      const txid = txidOf(invoiceRef, kind, generation);
      const cob = await this.#api.read({ method: "GET", path: pathOf(kind, txid) }, cobSchema, context, null);
      if (cob.outcome !== "done") return cob;
      if (!cob.value) return done({ cob: null, generation });
      const phase = this.phaseOf(cob.value);
      if (phase === "open" || phase === "paid") return done({ cob: cob.value, generation });
      if (phase === "cancelled") continue;
      // Expired by the calendar, yet active: banks add closed days. Removed before another is made, or both could be paid.
      const removed = await this.cancel(txid, context);
      if (removed.outcome !== "done") return removed;
      if (removed.value === "paid") generation -= 1;
    }
    return done({ cob: null, generation: GENERATIONS });
  }

  /** A due date needs the payer's name and tax id, and may not lie in the past. */
  #kindFor({ payer, dueOn }: ChargeRequest): CobKind {
    return payer.taxId !== null && dueOn >= brazilDayOf(this.#clock.now()) ? "V" : "C";
  }

  #body({ invoiceRef, amountCents, dueOn, description, payer, lateFee }: ChargeRequest, kind: CobKind): object {
    const now = this.#clock.now();
    const { pix_key: chave, valid_days } = this.#settings;
    const person = payer.taxId === null ? {} : { [payer.taxId.length === 11 ? "cpf" : "cnpj"]: payer.taxId, nome: payer.name };
    const shared = {
      chave,
      solicitacaoPagador: description.slice(0, 140),
      infoAdicionais: [{ nome: REFERENCE, valor: invoiceRef }],
    };
    if (kind === "V") {
      const fee = lateFee && {
        multa: { modalidade: 2, valorPerc: lateFee.finePercent.toFixed(2) },
        juros: { modalidade: 3, valorPerc: lateFee.interestPercentMonth.toFixed(2) },
      };
      return {
        ...shared,
        calendario: { dataDeVencimento: formatDay(dueOn), validadeAposVencimento: valid_days },
        devedor: { ...person, ...(payer.email === null ? {} : { email: payer.email }) },
        valor: { original: decimalOf(amountCents), ...fee },
      };
    }
    const end = brazilEndOf(Math.max(dueOn, brazilDayOf(now)) + valid_days);
    return {
      ...shared,
      calendario: { expiracao: Math.ceil((end - now) / 1000) },
      ...(payer.taxId === null ? {} : { devedor: person }),
      valor: { original: decimalOf(amountCents) },
    };
  }
}

function wasReturned({ pix }: Cob): boolean {
  const payments = (pix ?? []).map((one) => paymentOf(one, null));
  return payments.length > 0 && payments.every(({ amountCents, refundedCents }) => refundedCents >= amountCents);
}

/** From then on it cannot be paid; null: the bank does not say. */
function expiryOf({ calendario }: Cob): Instant | null {
  const { criacao, expiracao, dataDeVencimento, validadeAposVencimento } = calendario;
  if (dataDeVencimento !== null && dataDeVencimento !== undefined) return brazilEndOf(dataDeVencimento + (validadeAposVencimento ?? 30));
  if (criacao === null || criacao === undefined || expiracao === null || expiracao === undefined) return null;
  return criacao + expiracao * 1000;
}
