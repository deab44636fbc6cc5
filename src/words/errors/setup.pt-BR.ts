// Errors of setting up: input, configuration, files and imports, in Portuguese.
import type { SETUP_ERRORS } from "../../kernel/errors/setup.ts";
import type { ErrorWords } from "./words.ts";

export const SETUP_ERRORS_PT_BR: Record<keyof typeof SETUP_ERRORS, ErrorWords> = {
  amount_unreadable: {
    message: "O valor “{value}” não pode ser lido.",
    cure: "Escreva com no máximo duas casas decimais, por exemplo 29,90 ou 29.90.",
  },
  date_unreadable: {
    message: "A data ou hora “{value}” não pode ser lida.",
    cure: "Escreva um dia como 2026-11-27, uma hora como 09:00, um instante como 2026-11-27T09:00:00-03:00.",
  },
  zone_unknown: {
    message: "O fuso horário “{value}” não é conhecido.",
    cure: "Use um nome da IANA, por exemplo America/Sao_Paulo.",
  },
  panel_option_invalid: {
    message: "O ajuste “{field}” do painel de controle não pode ser usado: {problem}.",
    cure: "Corrija nos ajustes do painel; o guia de operação diz o que cada um guarda.",
  },
  panel_name_taken: {
    message: "Já há um painel de controle configurado com o nome “{value}”. Nada foi gravado.",
    cure: "Escolha outro nome, ou use --replace para trocar a configuração dele.",
  },
  panel_not_reached: {
    message: "O painel de controle “{value}” não aceitou a chamada: {reason}",
    cure: "Corrija os ajustes dele e tente de novo com `regua panels test {value}`; docs/panels.md diz o que cada painel precisa.",
  },
  panel_certificate_unknown: {
    message: "Ninguém responde pelo certificado de “{value}”. O SHA-256 dele é {fingerprint}. Nada foi enviado.",
    cure: "Compare estes dígitos na própria máquina do painel (docs/panels.md diz o comando) e então dê --fingerprint {fingerprint}.",
  },
  secret_key_unusable: {
    message: "A chave dos segredos selados em {where} não pode ser usada: {problem}.",
    cure: "Conserte-a, ou traga-a de volta da sua cópia de chaves; docs/panels.md diz onde ela pode ficar.",
  },
  link_file_invalid: {
    message: "{file}, linha {line}: {problem}. Nada foi ligado.",
    cure: "A primeira linha nomeia as colunas service, panel e account; cada linha seguinte é um serviço.",
  },
  gateway_option_invalid: {
    message: "O ajuste “{field}” do meio de pagamento não pode ser usado: {problem}.",
    cure: "Corrija nos ajustes do meio de pagamento; docs/payments.md diz o que cada um guarda.",
  },
  gateway_name_taken: {
    message: "Já há um meio de pagamento configurado com o nome “{value}”. Nada foi gravado.",
    cure: "Escolha outro nome, ou use --replace para trocar a configuração dele.",
  },
  gateway_not_reached: {
    message: "O meio de pagamento “{value}” não aceitou a chamada: {reason}",
    cure: "Corrija os ajustes dele e tente de novo com `regua gateways test`; docs/payments.md diz o que cada um guarda.",
  },
  gateway_webhook_by_hand: {
    message: "O endereço dos webhooks de “{value}” não pode ser definido daqui.",
    cure: "Digite {url} na página de webhooks do próprio meio de pagamento, e ponha o segredo que ele der em webhook_secret, no regua.yaml.",
  },
  not_initialised: {
    message: "Ainda não há provedor nesta pasta de dados.",
    cure: "Rode `regua init --sandbox` para experimentar, ou `regua init --live` com o seu arquivo de provedor.",
  },
  no_policy: {
    message: "Nenhuma política está em vigor.",
    cure: "Rode `regua policy import FILE` e `regua policy activate NAME`.",
  },
  import_map_invalid: {
    message: "O mapa {file} não pode ser usado. {place}: {problem}.",
    cure: "{cure}",
  },
  import_file_invalid: {
    message: "{file} não pode ser importado: {problem}. Nada foi gravado.",
    cure: "{cure}",
  },
  sandbox_backwards: {
    message: "O ensaio já está em {now}; ele não pode voltar a {to}.",
    cure: "Avance para um dia posterior, ou comece de novo com `regua sandbox reset`.",
  },
  sandbox_only: {
    message: "Isto só funciona no ensaio, e esta instalação é a de verdade.",
    cure: "Use outra pasta de dados: `regua --data DIR init --sandbox`.",
  },
  initialised_already: {
    message: "Esta pasta de dados já pertence a um provedor ({mode}).",
    cure: "Use outra pasta com --data DIR; um ensaio pode começar de novo com `regua sandbox reset`.",
  },
  config_invalid: {
    message: "A configuração não pode ser usada: {problems}",
    cure: "`regua config check` mostra cada chave com o seu sentido; conserte o arquivo ou a variável de ambiente indicada.",
  },
  init_mode_needed: {
    message: "Diga qual dos dois: um ensaio ou a coisa real.",
    cure: "Rode `regua init --sandbox` para ensaiar, ou `regua init --live --provider FILE`.",
  },
  provider_file_needed: {
    message: "Uma instalação de verdade precisa saber quem é o provedor.",
    cure: "Copie examples/provider.yaml, preencha e dê com --provider FILE.",
  },
  file_unreadable: {
    message: "O arquivo {file} não pode ser lido: {why}.",
    cure: "Dê o caminho de um arquivo que existe e que você pode ler; um caminho relativo conta da pasta em que você está.",
  },
  file_unwritable: {
    message: "O arquivo {file} não pode ser gravado: {why}.",
    cure: "Escolha um nome livre, em uma pasta em que você possa gravar.",
  },
  provider_file_invalid: {
    message: "O arquivo de provedor {file} não pode ser usado: {summary}",
    cure: "Corrija os lugares indicados; examples/provider.yaml explica cada linha.",
  },
  doctor_found: {
    message: "De {checks} verificações, {count} precisam de uma pessoa.",
    cure: "Cada uma diz acima o que fazer; depois rode `regua doctor` de novo.",
  },
  import_incomplete: {
    message: "Linhas não aceitas: {count}. Todo o resto entrou.",
    cure: "Cada linha recusada diz acima o que corrigir. Depois importe os mesmos arquivos de novo: o que já entrou não muda nada.",
  },
};
