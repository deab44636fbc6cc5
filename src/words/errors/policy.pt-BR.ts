// Errors of policy files and calendars, in Portuguese.
import type { POLICY_ERRORS } from "../../kernel/errors/policy.ts";
import type { ErrorWords } from "./words.ts";

export const POLICY_ERRORS_PT_BR: Record<keyof typeof POLICY_ERRORS, ErrorWords> = {
  policy_invalid: {
    message: "A política não pode ser usada: {summary}",
    cure: "Corrija os lugares indicados e confira o arquivo de novo com `regua policy check FILE`.",
  },
  preset_unknown: {
    message: "Não há política pronta “{value}”.",
    cure: "As prontas são {names}.",
  },
  holidays_unknown: {
    message: "Não se conhece calendário de feriados para “{value}”.",
    cure: "Use BR para o calendário bancário brasileiro, outro código de país de duas letras da ISO 3166, como PT, ou none para nenhum feriado.",
  },
  calendar_never_open: {
    message: "O calendário da política não deixa lugar para {what}: {days} dias seguidos estão fechados.",
    cure: "Deixe ao menos um dia da semana, ou parte de um, aberto em {field}.",
  },
  policy_unknown: {
    message: "Não há política “{value}” guardada.",
    cure: "`regua policy show` mostra as guardadas; `regua policy import FILE` acrescenta uma.",
  },
  policy_day_past: {
    message: "Uma política não pode entrar em vigor em {value}, que já passou.",
    cure: "Dê hoje ou um dia depois, ou deixe --on de fora: ela então vale de imediato.",
  },
};
