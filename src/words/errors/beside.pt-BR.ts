// Errors of the billing system beside us, in Portuguese.
import type { BESIDE_ERRORS } from "../../kernel/errors/beside.ts";
import type { ErrorWords } from "./words.ts";

export const BESIDE_ERRORS_PT_BR: Record<keyof typeof BESIDE_ERRORS, ErrorWords> = {
  whmcs_off: {
    message: "Nenhum WHMCS está configurado aqui.",
    cure: "Configure um com `regua whmcs add FILE`; docs/whmcs.md diz o que é preciso.",
  },
  whmcs_there_already: {
    message: "Já há um WHMCS configurado. Nada foi gravado.",
    cure: "Use --replace para trocar a configuração dele.",
  },
  whmcs_not_reached: {
    message: "O WHMCS não aceitou a chamada: {reason}",
    cure: "Corrija a configuração ou o papel de API dele e tente de novo com `regua whmcs test`; docs/whmcs.md diz o que é preciso.",
  },
  whmcs_busy: {
    message: "Outro processo está lendo o WHMCS neste momento.",
    cure: "A leitura segue sozinha; `regua whmcs status` mostra até onde ela chegou.",
  },
  whmcs_hook_refused: {
    message: "A chamada não prova que vem do arquivo de hook do WHMCS, ou já tinha chegado antes.",
    cure: "Compare hook_secret e os relógios das duas máquinas. Nada foi guardado e nada se perde: o WHMCS também é lido a cada minuto.",
  },
};
