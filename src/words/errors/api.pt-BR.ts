// Errors of the service API, in Portuguese.
import type { API_ERRORS } from "../../kernel/errors/api.ts";
import type { ErrorWords } from "./words.ts";

export const API_ERRORS_PT_BR: Record<keyof typeof API_ERRORS, ErrorWords> = {
  field_invalid: {
    message: "O campo “{field}” não pode ser usado: {problem}.",
    cure: "Corrija e envie de novo; nada foi alterado.",
  },
  api_key_name_taken: {
    message: "Já existe, ou já existiu, uma chave de API com o nome “{value}”.",
    cure: "Use outro nome: as provas dizem quem agiu por ele, por isso um nome nunca passa a outra chave.",
  },
  api_key_unknown: {
    message: "Não há chave de API válida com o nome “{value}”.",
    cure: "`regua keys list` mostra as chaves.",
  },
  not_signed_in: {
    message: "O pedido não traz uma chave de API válida.",
    cure: "Envie `Authorization: Bearer rk_…` com uma chave feita por `regua keys add NAME`; uma chave revogada não vale mais.",
  },
  scope_missing: {
    message: "A chave de API “{name}” não tem a permissão {scope}.",
    cure: "Use uma chave com a permissão {scope}: `regua keys add NAME --scopes read,write`.",
  },
  request_invalid: {
    message: "O pedido não pode ser usado: {problems}",
    cure: "Corrija os campos indicados; /openapi.json descreve cada um.",
  },
  request_too_large: {
    message: "O pedido passa de {limit} bytes.",
    cure: "Envie em vários pedidos.",
  },
  media_type_unsupported: {
    message: "O corpo do pedido não é JSON.",
    cure: "Envie o corpo como JSON, com `Content-Type: application/json`; só um comprovante de pagamento pode vir como formulário.",
  },
  route_unknown: {
    message: "Não há nada em {method} {path}.",
    cure: "/openapi.json lista todas as rotas.",
  },
  too_many_requests: {
    message: "Pedidos demais; o próximo é atendido em {seconds} segundos.",
    cure: "Espere o tempo que Retry-After diz. Até 500 recebimentos podem vir em um só pedido.",
  },
  idempotency_key_missing: {
    message: "O pedido precisa de um cabeçalho Idempotency-Key de 1 a 128 caracteres visíveis.",
    cure: "Faça uma chave nova (um UUID serve) para cada ato, e envie a mesma chave ao repetir o mesmo pedido.",
  },
  idempotency_key_reused: {
    message: "Esta Idempotency-Key já veio com outro pedido.",
    cure: "Use uma chave nova para um ato novo; repita a chave só com exatamente o mesmo pedido.",
  },
  idempotency_in_flight: {
    message: "Um pedido com esta Idempotency-Key está sendo executado neste momento.",
    cure: "Envie de novo em alguns segundos: a resposta já estará lá.",
  },
  idempotency_answer_lost: {
    message: "Este pedido foi executado; a resposta se perdeu quando o programa terminou.",
    cure: "Não envie com uma chave nova. Consulte o cliente: o que o pedido queria está lá, e nas provas.",
  },
  address_in_use: {
    message: "Não é possível atender em {host}:{port}: {why}.",
    cure: "Dê outra porta com --port ou PORT (0 pega uma livre), ou pare o programa que a ocupa.",
  },
  busy: {
    message: "O banco de dados não responde no momento.",
    cure: "Envie o pedido de novo em alguns segundos, com a mesma Idempotency-Key. `regua doctor` procura a causa.",
  },
  fault: {
    message: "Algo deu errado que não deveria; está no registro do servidor, sob {request}.",
    cure: "Repetir o pedido com a mesma Idempotency-Key é seguro. Relate junto com a saída de `regua doctor`.",
  },
};
