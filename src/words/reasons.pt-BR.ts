// The reasons in Portuguese, for the provider's staff and for the customer who asks why.
import type { StepAct } from "../policy/decision.ts";
import type { HoldKind } from "../policy/facts.ts";
import type { Reasons, ReasonView } from "./texts.ts";

export const ACTS_PT_BR = {
  notify: "lembrete",
  warn: "aviso de suspensão",
  suspend: "suspensão",
  warn_termination: "aviso de encerramento",
  terminate: "encerramento",
} satisfies Record<StepAct, string>;

/** The names of the steps in the policies that come with the program, and of the notices outside a ladder. */
export const STEPS_PT_BR: Readonly<Record<string, string>> = {
  issued: "fatura emitida",
  "before-due": "lembrete antes do vencimento",
  due: "aviso do dia do vencimento",
  reminder: "lembrete",
  warning: "aviso de suspensão",
  suspend: "suspensão",
  suspension: "suspensão",
  "termination-warning": "aviso de encerramento",
  terminate: "encerramento",
  termination: "encerramento",
  suspended: "aviso de que o serviço foi suspenso",
  reactivated: "aviso de que o serviço voltou",
  "promise-granted": "confirmação do prazo combinado",
  "promise-due": "lembrete do prazo combinado",
  "promise-kept": "aviso de prazo cumprido",
  "promise-broken": "aviso de fim do prazo combinado",
  "claim-received": "confirmação de que o comprovante chegou",
  "claim-confirmed": "aviso de pagamento confirmado",
  "claim-contradicted": "aviso de pagamento não encontrado",
  "claim-refused": "aviso de comprovante não usado",
  "claim-expired": "aviso de que o banco não confirmou",
};

export const HOLDS_PT_BR = {
  overdue: "fatura vencida",
  dispute: "contestação",
  manual: "decisão da equipe",
  legal: "ordem legal",
  abuse: "abuso",
} satisfies Record<HoldKind, string>;

const CLOSED: Readonly<Record<string, string>> = {
  weekend: "fim de semana",
  weekday: "horário fechado na semana",
  holiday: "feriado",
  eve: "véspera de feriado",
};

const ACCESS: Readonly<Record<string, string>> = { active: "ativo", suspended: "suspenso" };

/** `a fatura 1042`, `as faturas 1042, 1043`. */
const invoice = (r: ReasonView): string =>
  r.invoice === null ? "a fatura" : r.invoice.includes(", ") ? `as faturas ${r.invoice}` : `a fatura ${r.invoice}`;
const ofInvoice = (r: ReasonView): string => (r.invoice === null ? "" : ` d${invoice(r)}`);
const service = (r: ReasonView): string => (r.service === null ? "o serviço" : `o serviço ${r.service}`);
const promise = (r: ReasonView): string => (r.promise === null ? "o prazo combinado" : `o prazo combinado (protocolo ${r.promise})`);
const ofStep = (r: ReasonView): string => (r.step === null ? "do próximo passo" : `do passo ${r.step}`);
const hold = (r: ReasonView): string => (r.hold === null ? "" : ` (${r.hold})`);
const until = (r: ReasonView): string => (r.until === null ? "" : ` até ${r.until}`);
const detail = (r: ReasonView): string => (r.detail === null ? "" : ` (${r.detail})`);
const start = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

function since(r: ReasonView): string {
  if (r.days === null) return "está em aberto";
  const count = `${Math.abs(r.days)} ${Math.abs(r.days) === 1 ? "dia" : "dias"}`;
  return r.days === 0 ? "vence hoje" : r.days > 0 ? `venceu há ${count}` : `vence em ${count}`;
}

/** `weekend`, `holiday:2026-12-25` in words. */
function closed(r: ReasonView): string {
  if (r.detail === null) return "";
  const [, kind = "", year, month, day] = /^([a-z_]+)(?::(\d{4})-(\d{2})-(\d{2}))?$/u.exec(r.detail) ?? [];
  const name = CLOSED[kind];
  if (name === undefined) return detail(r);
  return ` (${name}${day === undefined ? "" : ` de ${day}/${month}/${year}`})`;
}

export const REASONS_PT_BR = {
  step_due: (r) => `${start(invoice(r))} ${since(r)}${r.amount === null ? "" : ` (${r.amount})`}: é a vez ${ofStep(r)}.`,
  step_not_yet: (r) => `A data ${ofStep(r)}${ofInvoice(r)} ${r.until === null ? "ainda não chegou" : `é ${r.until}`}.`,
  gap: (r) =>
    r.until !== null
      ? `O passo anterior é recente: a vez ${ofStep(r)}${ofInvoice(r)} só chega ${r.onUntil}.`
      : `O intervalo antes ${ofStep(r)} foi respeitado${r.onAt === null ? "" : `: o aviso foi aceito ${r.onAt}`}.`,
  quiet_hours: (r) => `Nesta hora não se enviam mensagens${r.until === null ? "" : `: a próxima hora possível é ${r.until}`}.`,
  closed_calendar: (r) =>
    `O calendário não permite começar uma suspensão agora${closed(r)}${r.until === null ? "" : `: a próxima data possível é ${r.until}`}.`,
  awaiting_delivery: (r) => `A mensagem ${ofStep(r)} está a caminho: falta a resposta de quem a recebe.`,
  warning_not_accepted: (r) => `Nenhum canal aceitou o aviso${ofInvoice(r)}: nada avança até uma pessoa ver.`,
  no_channel: (r) => `Não há canal de contato que funcione para a mensagem ${ofStep(r)}: uma pessoa precisa ver.`,
  promise_running: (r) => `${start(promise(r))} vale${r.until === null ? "" : until(r)}: nada avança enquanto isso.`,
  clearing: (r) => `Há um pagamento${ofInvoice(r)} a caminho do banco: espera-se por ele${until(r)}.`,
  collection_hold: (r) => `Os passos${ofInvoice(r)} estão pausados${hold(r)}${until(r)}.`,
  claim_under_review: (r) => `Um comprovante${ofInvoice(r)} está em análise${until(r)}.`,
  claim_release: (r) => `${start(service(r))} fica no ar${until(r)}, enquanto o banco confirma o comprovante${ofInvoice(r)}.`,
  small_remainder: (r) => `O que falta${ofInvoice(r)}${r.amount === null ? "" : ` (${r.amount})`} é pouco para uma suspensão.`,
  settled: (r) => `${start(invoice(r))} não está mais em aberto.`,
  hold_expired: (r) => `A exceção${hold(r)} vale${r.until === null ? " por prazo certo" : until(r)} e termina sozinha.`,
  service_not_linked: (r) => `${start(service(r))} não está ligado a uma conta de painel, e por isso não se mexe nele.`,
  no_service: (r) => `${start(invoice(r))} não diz a que serviço pertence, e por isso não suspende nenhum.`,
  overdue_hold: (r) => `${start(service(r))} fica suspenso porque ${invoice(r)} está em aberto.`,
  other_hold: (r) => `${start(service(r))} fica suspenso por outro motivo${hold(r)}${until(r)}, que um pagamento não resolve.`,
  no_hold: (r) => `${start(service(r))} fica ativo: nada o suspende.`,
  suspended_by_other: (r) => `${start(service(r))} foi suspenso por outra parte, e só ela o libera.`,
  account_absent: (r) => `A conta d${service(r)} não existe mais no painel.`,
  promise_kept: (r) => `O pagamento chegou: ${promise(r)} foi cumprido.`,
  promise_broken: (r) => `${start(promise(r))} terminou${r.onUntil === null ? "" : ` ${r.onUntil}`} sem o pagamento${ofInvoice(r)}.`,
  promise_due: (r) => `${start(promise(r))} termina em breve${r.onUntil === null ? "" : `, ${r.onUntil}`}: é hora de lembrar.`,
  claim_expired: (r) =>
    `A análise do comprovante${ofInvoice(r)} terminou${r.onUntil === null ? "" : ` ${r.onUntil}`} sem a confirmação do banco.`,
  claim_confirmed: (r) => `O pagamento do comprovante${ofInvoice(r)} está confirmado.`,
  claim_contradicted: (r) => `O pagamento do comprovante${ofInvoice(r)} não foi encontrado na conta.`,
  claim_refused: (r) => `O comprovante${ofInvoice(r)} não foi usado.`,
  second_person: (r) => `O encerramento${ofInvoice(r)} espera a aprovação de uma segunda pessoa.`,
  sign_of_life: (r) =>
    `Houve há pouco um pagamento, um prazo combinado ou um comprovante: não há encerramento${r.until === null ? " por enquanto" : ` antes de ${r.until}`}.`,
  access_changed: (r) =>
    `O acesso d${service(r)} mudou${r.detail === null ? "" : ` para ${ACCESS[r.detail] ?? r.detail}`}: o cliente é avisado uma vez.`,
  ladder_done: (r) => `A régua${ofInvoice(r)} chegou ao fim: não há mais passos.`,
} satisfies Reasons;
