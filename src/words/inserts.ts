// The words of ours that fill errors, in each language: states, kinds, roles. English keeps what machines have always been given.
import { alike, inEach, type InEach } from "../kernel/errors.ts";
import { claimState, type ToldClaim } from "./claims.ts";
import { dossierTexts } from "./dossier.ts";

const INVOICE_STATES: Readonly<Record<string, string>> = {
  open: "em aberto",
  paid: "paga",
  "partly paid": "paga em parte",
  void: "anulada",
  written_off: "baixada",
  gone: "fora dos registros",
};

export function invoiceStateIn(state: string): InEach {
  return inEach(state.replace("_", " "), INVOICE_STATES[state] ?? state);
}

const MONEY_STATES: Readonly<Record<string, string>> = {
  waiting: "à espera",
  assigned: "com dono",
  dismissed: "dispensado",
  returned: "devolvido",
  gone: "fora dos registros",
};

export function moneyStateIn(state: string): InEach {
  return inEach(state, MONEY_STATES[state] ?? state);
}

export function claimStateIn(state: ToldClaim["state"]): InEach {
  return inEach(state, claimState(state, "pt-BR"));
}

const KINDS = { customer: "cliente", service: "serviço", invoice: "fatura" } as const;

export function kindIn(kind: keyof typeof KINDS): InEach {
  return inEach(kind, KINDS[kind]);
}

const ROLES: Readonly<Record<string, string>> = {
  owner: "responsável",
  finance: "financeiro",
  support: "atendimento",
  auditor: "auditoria",
};

/** Where no role may do it alone there is none to name. */
export function rolesIn(roles: readonly string[]): InEach {
  if (roles.length === 0)
    return inEach("none alone; one proposes it and another approves", "nenhum sozinho; uma pessoa propõe e outra aprova");
  return inEach(roles.join(", "), roles.map((role) => ROLES[role] ?? role).join(", "));
}

const BACKUP_RULES = {
  suspended: "o serviço está suspenso",
  asked_already: "ela já foi pedida",
  terminated: "o serviço foi encerrado",
} as const;

export function backupRuleIn(rule: keyof typeof BACKUP_RULES): InEach {
  return inEach(rule, BACKUP_RULES[rule]);
}

/** What we say ourselves of a call outside that brought no answer. What the other side said is in its own words, and stays so. */
const OUTSIDE: Readonly<Record<string, string>> = {
  "no connection before the deadline": "sem conexão dentro do prazo",
  "no answer before the deadline": "sem resposta dentro do prazo",
  "No answer came before the deadline.": "Não veio resposta dentro do prazo.",
  "The deadline had passed before the call.": "O prazo já tinha passado antes da chamada.",
  "no time was left": "não restava tempo",
  "The connection was lost.": "A conexão se perdeu.",
  "the answer was lost": "a resposta se perdeu",
  "the answer is longer than 64 MB": "a resposta passa de 64 MB",
  "a redirect, which is not followed; give the address it leads to": "um redirecionamento, que não é seguido; dê o endereço a que ele leva",
  "This panel takes no orders for backups.": "Este painel não aceita pedidos de cópia.",
  "Deleting accounts is switched off for this panel.": "Neste painel está desligado apagar contas.",
};

/** Why a call outside did not end well. Before our words may stand a host or a code. */
export function outsideIn(reason: string): InEach {
  const ours = Object.keys(OUTSIDE).find((words) => reason === words || reason.endsWith(` ${words}`));
  return ours === undefined ? alike(reason) : inEach(reason, `${reason.slice(0, -ours.length)}${OUTSIDE[ours] ?? ""}`);
}

/** A kind of hold, as the dossier says it. */
export function holdKindIn(kind: string): InEach {
  return inDossier("value", kind);
}

/** What an entry of the evidence tells of, as the dossier says it. */
export function entryKindIn(kind: string): InEach {
  return inDossier("kind", kind);
}

function inDossier(of: "value" | "kind", name: string): InEach {
  const [en, ptBr] = [dossierTexts("en")[of], dossierTexts("pt-BR")[of]];
  return inEach(en[name] ?? name, ptBr[name] ?? name);
}
