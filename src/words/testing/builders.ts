// Builders for the tests of texts: a provider, an open invoice, the content of a message.
import { parseDay, parseInstant, Zone } from "../../kernel/time.ts";
import type { ListedInvoice, MessageContent, Template } from "../../policy/decision.ts";
import type { Provider } from "../provider.ts";

export const zone = new Zone("America/Sao_Paulo");

export const TEMPLATES = Object.keys({
  issued: 0,
  before_due: 0,
  due: 0,
  reminder: 0,
  warning: 0,
  suspended: 0,
  termination_warning: 0,
  reactivated: 0,
  promise_granted: 0,
  promise_due: 0,
  promise_broken: 0,
  promise_kept: 0,
  claim_released: 0,
  claim_scheduled: 0,
  claim_in_review: 0,
  claim_confirmed: 0,
  claim_contradicted: 0,
  claim_refused: 0,
  claim_expired: 0,
} satisfies Record<Template, 0>) as Template[];

export function aProvider(change: Partial<Provider> = {}): Provider {
  return {
    name: "Servidor Bom",
    legalName: "Servidor Bom Hospedagem Ltda",
    taxId: "12.345.678/0001-90",
    address: "Rua das Flores, 10, Curitiba, 80000-000",
    email: "financeiro@servidorbom.example",
    phone: "+55 41 3333-4444",
    site: "https://servidorbom.example",
    lang: "pt-BR",
    payment: {
      "pt-BR": ["Pix, chave: pix@servidorbom.example", "Portal: https://servidorbom.example/portal"],
      en: ["Pix key: pix@servidorbom.example", "Portal: https://servidorbom.example/portal"],
    },
    proof: { "pt-BR": "https://servidorbom.example/comprovante", en: "https://servidorbom.example/proof" },
    sandbox: false,
    ...change,
  };
}

/** Due on Monday, 23 November 2026, R$ 29,90 open. */
export function anInvoice(change: Partial<ListedInvoice> = {}): ListedInvoice {
  const dueOn = change.dueOn ?? parseDay("2026-11-23");
  return { id: 1, ref: "1042", service: "Hospedagem Plus", dueOn, effectiveDueOn: dueOn, open: 2990, currency: "BRL", ...change };
}

/** Written on Thursday, 26 November 2026; the suspension would come on Friday at nine. */
export function aContent(change: Partial<MessageContent> = {}): MessageContent {
  return {
    lang: "pt-BR",
    customerName: "Padaria Central",
    customerRef: "77",
    today: parseDay("2026-11-26"),
    invoices: [anInvoice()],
    next: { act: "suspend", at: parseInstant("2026-11-27T12:00:00Z") },
    services: ["Hospedagem Plus"],
    promise: null,
    claim: null,
    ...change,
  };
}

/** A promise until Monday, 30 November 2026, six in the evening. */
export const aPromise = (kind: NonNullable<MessageContent["promise"]>["kind"] = "release"): NonNullable<MessageContent["promise"]> => ({
  protocol: "20261126-7",
  kind,
  until: parseInstant("2026-11-30T21:00:00Z"),
});

/** The proof of invoice 1042, waited for until Friday, 27 November 2026, at nine. */
const aClaim: NonNullable<MessageContent["claim"]> = { invoice: "1042", until: parseInstant("2026-11-27T12:00:00Z") };

/** The content a template is written from, with the promise or the proof where it needs one. */
export function contentFor(template: Template, change: Partial<MessageContent> = {}): MessageContent {
  return aContent({
    promise: template.startsWith("promise") ? aPromise() : null,
    claim: template.startsWith("claim") ? aClaim : null,
    ...change,
  });
}
