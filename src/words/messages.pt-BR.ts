// The messages in Portuguese: calm, exact, never a threat; the next step and how to avoid it are always said.
import { assert } from "../kernel/assert.ts";
import { CLAIMS_PT_BR } from "./claims.pt-BR.ts";
import type { InvoiceView, Texts, View } from "./texts.ts";

const IGNORE_IF_PAID = "Se já pagou, desconsidere: o banco pode levar um dia útil para avisar.";

const several = (view: View): boolean => view.services.names.length + view.services.more > 1;

function named(view: View): string {
  const { names, more } = view.services;
  const all = more > 0 ? [...names, `mais ${more}`] : names;
  return all.length < 2 ? (all[0] ?? "") : `${all.slice(0, -1).join(", ")} e ${all.at(-1)}`;
}

/** `o serviço Hospedagem Plus está`, `os serviços A e B estão`. */
function services(view: View, one: string, many: string): string {
  const names = named(view);
  if (several(view)) return `os serviços ${names} ${many}`;
  return `o serviço${names === "" ? "" : ` ${names}`} ${one}`;
}

const Services = (view: View, one: string, many: string): string => `O${services(view, one, many).slice(1)}`;

/** `o serviço continue`, `os serviços continuem`. */
const they = (view: View, one: string, many: string): string => (several(view) ? `os serviços ${many}` : `o serviço ${one}`);

/** What a payment does while the service is down. */
function back(view: View): string {
  return `Assim que o pagamento entrar, ${several(view) ? "eles voltam sozinhos" : "ele volta sozinho"}, em segundos, a qualquer hora.`;
}

function due(invoice: InvoiceView): string {
  const grace = invoice.payableUntil && invoice.days <= 0 ? `, e pode ser paga até ${invoice.payableUntil.long} sem acréscimo` : "";
  if (invoice.dueToday) return `vence hoje, ${invoice.dueDay}${grace}`;
  return `${invoice.past ? "venceu" : "vence"} ${invoice.onDue}${grace}`;
}

/** What is owed since when. */
function owed(view: View): string {
  const [oldest] = view.invoices;
  if (!oldest) return "Não há nada em aberto.";
  if (view.invoices.length === 1) return `Sua fatura de ${oldest.amount} ${due(oldest)}.`;
  return `Há ${view.invoices.length} faturas em aberto, no total de ${view.total}. A mais antiga, de ${oldest.amount}, ${due(oldest)}.`;
}

const owedUnlessPaid = (view: View): string => `${owed(view)} ${IGNORE_IF_PAID}`;

function because(view: View): string {
  const [oldest] = view.invoices;
  if (!oldest) return "";
  return view.invoices.length === 1
    ? `, porque a fatura ${oldest.ref} está em aberto`
    : `, porque há ${view.invoices.length} faturas em aberto`;
}

function title(view: View): string {
  const [oldest] = view.invoices;
  if (!oldest) return "suas faturas";
  if (view.invoices.length > 1) return `${view.invoices.length} faturas em aberto, ${view.total}`;
  const when = oldest.dueToday ? "vence hoje" : `${oldest.past ? "venceu" : "vence"} em ${oldest.due}`;
  return `fatura ${oldest.ref} de ${oldest.amount} ${when}`;
}

const Title = (view: View): string => title(view).replace(/^./u, (first) => first.toUpperCase());

function promiseOf(view: View): NonNullable<View["promise"]> {
  assert(view.promise, "a message about a promise carries the promise");
  return view.promise;
}

function claimOf(view: View): NonNullable<View["claim"]> {
  assert(view.claim, "a message about a payment proof carries the proof");
  return view.claim;
}

/** What the end of a promise brings; only where no exact next step is known, which would say it better. */
function atItsEnd(view: View): string {
  if (view.next) return "";
  if (promiseOf(view).kind === "postponement") return " Sem pagamento até lá, os passos seguintes continuam de onde pararam.";
  return ` Sem pagamento até lá, ${services(view, "volta a ficar suspenso", "voltam a ficar suspensos")} nesse horário; os dados continuam guardados.`;
}

function granted(view: View): string {
  const { kind, until, protocol } = promiseOf(view);
  const said = {
    release: `Combinado: ${services(view, "volta agora e fica no ar", "voltam agora e ficam no ar")} até ${until}.`,
    postponement: `Combinado: o novo prazo vai até ${until}. Enquanto isso, ${services(view, "fica no ar", "ficam no ar")}.`,
    courtesy: `Combinado: como cortesia, ${services(view, "fica no ar", "ficam no ar")} até ${until}.`,
  }[kind];
  return `${said} Pagando até lá, não é preciso fazer mais nada.${atItsEnd(view)}\nProtocolo: ${protocol}`;
}

function broken(view: View): string {
  const { kind, on, protocol } = promiseOf(view);
  const ended = `O prazo combinado (protocolo ${protocol}) terminou ${on}, e o pagamento ainda não apareceu. ${IGNORE_IF_PAID}`;
  if (kind === "postponement") return ended;
  return `${ended}\n\n${Services(view, "volta a ficar suspenso", "voltam a ficar suspensos")}. Seus dados estão guardados. ${back(view)}`;
}

function reactivated(view: View): string {
  const up = `${Services(view, "está no ar de novo", "estão no ar de novo")}.`;
  if (view.promise) return `${up} O prazo combinado vai até ${view.promise.until} (protocolo ${view.promise.protocol}).`;
  return view.invoices.length === 0 ? `${up} Não há nada em aberto. Obrigado.` : up;
}

function invoiceLine(invoice: InvoiceView): string {
  const service = invoice.service === null ? "" : `, ${invoice.service}`;
  const until = invoice.payableUntil ? `, com pagamento até ${invoice.payableUntil.short}` : "";
  const count = Math.abs(invoice.days);
  const days = count === 0 ? "" : ` (${invoice.days > 0 ? "há" : "em"} ${count} ${count === 1 ? "dia" : "dias"})`;
  const when = invoice.dueToday ? "vence hoje," : invoice.past ? "venceu em" : "vence em";
  return `Fatura ${invoice.ref}${service}: ${invoice.amount}, ${when} ${invoice.due}${until}${days}`;
}

export const PT_BR: Texts = {
  greeting: (name) => (name === null ? "Olá." : `Olá, ${name}.`),
  subject: {
    issued: Title,
    before_due: Title,
    due: Title,
    reminder: (view) => `Lembrete: ${title(view)}`,
    warning: (view) =>
      view.next?.act === "suspend"
        ? `Para ${they(view, "continuar", "continuarem")} no ar, pague até ${view.next.at}`
        : `Aviso: ${title(view)}`,
    suspended: (view) => `${Services(view, "está suspenso: como volta", "estão suspensos: como voltam")}`,
    termination_warning: (view) => (view.next ? `Aviso de encerramento do serviço: ${view.next.at}` : "Aviso de encerramento do serviço"),
    reactivated: (view) => Services(view, "está no ar", "estão no ar"),
    promise_granted: (view) => `Prazo combinado: até ${promiseOf(view).until}`,
    promise_due: (view) => `Lembrete: o prazo combinado vai até ${promiseOf(view).until}`,
    promise_broken: (view) => `O prazo combinado terminou (protocolo ${promiseOf(view).protocol})`,
    promise_kept: (view) => `Pagamento recebido dentro do prazo (protocolo ${promiseOf(view).protocol})`,
    claim_released: (view) => CLAIMS_PT_BR.subject.received(claimOf(view).invoice),
    claim_scheduled: (view) => CLAIMS_PT_BR.subject.received(claimOf(view).invoice),
    claim_in_review: (view) => CLAIMS_PT_BR.subject.received(claimOf(view).invoice),
    claim_confirmed: (view) => CLAIMS_PT_BR.subject.confirmed(claimOf(view).invoice),
    claim_contradicted: (view) => CLAIMS_PT_BR.subject.contradicted(claimOf(view).invoice),
    claim_refused: (view) => CLAIMS_PT_BR.subject.refused(claimOf(view).invoice),
    claim_expired: (view) => CLAIMS_PT_BR.subject.expired(claimOf(view).invoice),
  },
  lead: {
    issued: owed,
    before_due: owedUnlessPaid,
    due: owedUnlessPaid,
    reminder: owedUnlessPaid,
    warning: owedUnlessPaid,
    suspended: (view) => `${Services(view, "está suspenso", "estão suspensos")}${because(view)}. Seus dados estão guardados. ${back(view)}`,
    termination_warning: (view) =>
      `${Services(view, "continua suspenso", "continuam suspensos")}${because(view)}. Seus dados ainda estão guardados. ${back(view)}`,
    reactivated,
    promise_granted: granted,
    promise_due: (view) =>
      `O prazo combinado (protocolo ${promiseOf(view).protocol}) vai até ${promiseOf(view).until}. Pagando até lá, ${services(view, "segue no ar", "seguem no ar")}.${atItsEnd(view)} ${IGNORE_IF_PAID}`,
    promise_broken: broken,
    promise_kept: (view) =>
      `Recebemos o pagamento dentro do prazo combinado (protocolo ${promiseOf(view).protocol}). Obrigado.${view.invoices.length === 0 ? " Não há nada em aberto." : ""}`,
    claim_released: (view) => CLAIMS_PT_BR.released(claimOf(view).invoice, claimOf(view).until),
    claim_scheduled: (view) => CLAIMS_PT_BR.wait(claimOf(view).invoice, claimOf(view).until),
    claim_in_review: (view) => CLAIMS_PT_BR.person(claimOf(view).invoice, claimOf(view).until),
    claim_confirmed: (view) => CLAIMS_PT_BR.confirmed(claimOf(view).invoice),
    claim_contradicted: (view) => CLAIMS_PT_BR.contradicted(claimOf(view).invoice),
    claim_refused: (view) => CLAIMS_PT_BR.refused(claimOf(view).invoice),
    claim_expired: (view) => CLAIMS_PT_BR.expired(claimOf(view).invoice),
  },
  next: {
    notify: (_view, { on }) => `O próximo passo é um lembrete, ${on}. Pagando antes, ele não é enviado.`,
    warn: (_view, { on }) => `O próximo passo é um aviso com a data da suspensão, ${on}. Pagando antes, ele não é enviado.`,
    suspend: (view, { at }) =>
      `Para que ${they(view, "continue", "continuem")} no ar, pague até ${at}. Sem pagamento nem novo prazo até lá, o próximo passo é a suspensão; os dados ficam guardados.`,
    warn_termination: (_view, { on }) =>
      `O próximo passo é um aviso com a data do encerramento do serviço, ${on}. Pagando antes, ele não é enviado.`,
    terminate: (_view, { at }) =>
      `O próximo passo é o encerramento do serviço, com a remoção dos dados guardados, marcado para ${at}. Para evitar isso, pague antes desse horário ou peça um novo prazo.`,
  },
  openInvoices: "Faturas em aberto:",
  invoiceLine,
  total: (amount) => `Total em aberto: ${amount}`,
  portal: (address) => `Ver, pagar por Pix, enviar comprovante ou pedir mais prazo:\n${address}`,
  howToPay: "Como pagar:",
  payByPix: (ref) => `Fatura ${ref}, Pix copia e cola:`,
  payByBoleto: (ref) => `Fatura ${ref}, boleto:`,
  payOnPage: (ref) => `Fatura ${ref}, página de pagamento:`,
  askHowToPay: "Para saber como pagar, responda a esta mensagem.",
  moreTime: (email) => `Precisa de mais prazo? Responda a esta mensagem ou escreva para ${email}; leva um minuto.`,
  changed: (email) => `Precisa mudar o prazo? Responda a esta mensagem ou escreva para ${email} antes do fim dele; leva um minuto.`,
  proof: (where) => `Já pagou? Envie o comprovante para: ${where}`,
  customer: (ref) => `Seu número de cliente: ${ref}`,
  zone: (id) => `Horários no fuso ${id}`,
  rehearsal: "Ensaio: esta mensagem foi escrita em um ambiente de ensaio, e nada foi enviado para fora.",
};
