// Errors of signing in and of who may what in the console, in Portuguese.
import type { STAFF_ERRORS } from "../../kernel/errors/staff.ts";
import type { ErrorWords } from "./words.ts";

export const STAFF_ERRORS_PT_BR: Record<keyof typeof STAFF_ERRORS, ErrorWords> = {
  session_missing: {
    message: "Ninguém entrou, ou a sessão terminou.",
    cure: "Entre de novo; o que foi digitado na página continua lá.",
  },
  credentials_wrong: {
    message: "O e-mail, a senha ou o código não confere.",
    cure: "Confira e tente de novo. Um responsável pode fazer um novo link de uso único: `regua staff invite`.",
  },
  origin_refused: {
    message: "O pedido vem de outro site.",
    cure: "Abra o próprio console e faça por lá. Atrás de um proxy, repasse os cabeçalhos Host e X-Forwarded-Proto.",
  },
  role_missing: {
    message: "O papel “{role}” não pode fazer isto: {operation}.",
    cure: "Peça a um colega com um destes papéis: {roles}.",
  },
  invite_not_valid: {
    message: "Este link já foi usado, expirou ou nunca existiu.",
    cure: "Peça um novo a um responsável, ou faça um no servidor: `regua staff invite`.",
  },
  invite_of_another: {
    message: "Este link foi feito para {email}.",
    cure: "Entre com esse endereço, ou peça a um responsável um link para você.",
  },
  staff_exists: {
    message: "Já há alguém com o endereço {email}.",
    cure: "Entre com ele, ou use outro endereço.",
  },
  staff_unknown: {
    message: "Não há ninguém com o identificador {value}.",
    cure: "Ajustes, Equipe mostra todos.",
  },
  last_owner: {
    message: "Isto deixaria a equipe sem ninguém com o papel de responsável.",
    cure: "Dê antes esse papel a outra pessoa.",
  },
  password_weak: {
    message: "A senha é curta demais.",
    cure: "Use ao menos 12 caracteres: quatro palavras são mais fáceis de lembrar do que oito sinais.",
  },
  policy_of_oneself: {
    message: "{by} escreveu esta política; uma segunda pessoa precisa colocá-la em vigor.",
    cure: "Peça a outro responsável que a ative.",
  },
  view_unknown: {
    message: "Você não tem uma vista salva {value}.",
    cure: "Carregue a lista de clientes de novo: ela mostra as que existem.",
  },
  view_exists: {
    message: "Você já tem uma vista chamada “{name}”.",
    cure: "Escolha outro nome, ou abra aquela e guarde os filtros nela.",
  },
  views_full: {
    message: "Há {count} vistas salvas, o máximo que se guarda.",
    cure: "Apague uma que não se usa mais.",
  },
};
