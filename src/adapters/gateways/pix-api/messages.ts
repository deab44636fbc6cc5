// What the API Pix answers (Banco Central, API Pix 2.9.0), checked before it is believed.
import { z } from "zod";
import type { Instant } from "../../../kernel/time.ts";
import type { GatewayPayment } from "../../../ports/payment-gateway.ts";
import { brazilDayOf, dayText, instantText } from "../brazil.ts";
import { decimalCents } from "../money-text.ts";

/** The standard says 32 letters and digits; Efí's documents print shorter ones, and an id that is refused is money not seen. */
const endToEndId = z.string().regex(/^[A-Za-z0-9]{20,40}$/u);

export const isEndToEndId = (text: string): boolean => endToEndId.safeParse(text).success;

const returned = z.looseObject({
  id: z.string(),
  valor: decimalCents,
  status: z.enum(["EM_PROCESSAMENTO", "DEVOLVIDO", "NAO_REALIZADO"]),
});

export const returnSchema = returned;
export type PixReturn = z.infer<typeof returned>;

const person = z.looseObject({ nome: z.string().optional(), cpf: z.string().optional(), cnpj: z.string().optional() });

export const pixSchema = z.looseObject({
  endToEndId,
  txid: z.string().nullish(),
  valor: decimalCents,
  horario: instantText,
  /** Not in the standard: Efí reports money that we sent on the same ways (`SOLICITACAO`). */
  tipo: z.string().nullish(),
  devolucoes: z.array(returned).nullish(),
  /** In some banks' answers; the standard names the payer nowhere. */
  pagador: person.nullish(),
  gnExtras: z.looseObject({ pagador: person.nullish(), idEnvio: z.string().nullish() }).nullish(),
});

export type Pix = z.infer<typeof pixSchema>;

export const pixPageSchema = z.looseObject({
  parametros: z.looseObject({
    paginacao: z.looseObject({ paginaAtual: z.number(), quantidadeDePaginas: z.number(), quantidadeTotalDeItens: z.number() }),
  }),
  pix: z.array(pixSchema).default([]),
});

export const cobSchema = z.looseObject({
  txid: z.string(),
  status: z.enum(["ATIVA", "CONCLUIDA", "REMOVIDA_PELO_USUARIO_RECEBEDOR", "REMOVIDA_PELO_PSP"]),
  calendario: z.looseObject({
    criacao: instantText.nullish(),
    expiracao: z.coerce.number().nullish(),
    dataDeVencimento: dayText.nullish(),
    validadeAposVencimento: z.coerce.number().nullish(),
  }),
  valor: z.looseObject({ original: decimalCents }),
  pixCopiaECola: z.string().nullish(),
  infoAdicionais: z.array(z.looseObject({ nome: z.string(), valor: z.string() })).nullish(),
  pix: z.array(pixSchema).nullish(),
});

export type Cob = z.infer<typeof cobSchema>;

export const problemSchema = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  nome: z.string().optional(),
  mensagem: z.string().optional(),
  error_description: z.string().optional(),
  violacoes: z.array(z.looseObject({ razao: z.string().optional(), propriedade: z.string().optional() })).optional(),
});

/** Money that we sent: never a payment, wherever it shows. */
export const wasSentByUs = ({ tipo, gnExtras }: Pick<Pix, "tipo" | "gnExtras">): boolean =>
  tipo === "SOLICITACAO" || (gnExtras?.idEnvio ?? null) !== null;

/** A Pix is final when it arrives: captured and settled are one. */
export function paymentOf(pix: Pix, invoiceRef: string | null): GatewayPayment {
  const payer = pix.pagador ?? pix.gnExtras?.pagador;
  const given = (pix.devolucoes ?? []).filter(({ status }) => status === "DEVOLVIDO");
  return {
    externalId: pix.endToEndId,
    paymentId: pix.endToEndId,
    chargeId: pix.txid ?? null,
    invoiceRef,
    amountCents: pix.valor,
    currency: "BRL",
    phase: "settled",
    refundedCents: given.reduce((sum, { valor }) => sum + valor, 0),
    chargedBack: false,
    method: "pix",
    paidOn: brazilDayOf(pix.horario),
    paidAt: pix.horario satisfies Instant,
    payer: { name: payer?.nome ?? null, taxId: payer?.cpf ?? payer?.cnpj ?? null },
    endToEndId: pix.endToEndId,
  };
}
