// O que o cliente lê sobre um comprovante, em português.
import type { ClaimWords } from "./claims-texts.ts";

export const CLAIMS_PT_BR: ClaimWords = {
  released: (invoice, until) =>
    `Recebemos o comprovante da fatura ${invoice}. O serviço fica no ar até ${until}, enquanto o banco confirma o pagamento. Não é preciso fazer mais nada.`,
  wait: (invoice, until) =>
    `O documento da fatura ${invoice} é um agendamento: o banco ainda não fez o pagamento. Aguardamos até ${until}; quando o valor chegar, tudo se resolve sozinho.`,
  person: (invoice, until) =>
    `Recebemos o comprovante da fatura ${invoice}. Uma pessoa vai conferi-lo, no máximo até ${until}; se o banco confirmar o pagamento antes, tudo se resolve sozinho.`,
  confirmed: (invoice) => `O pagamento da fatura ${invoice} está confirmado. Obrigado.`,
  contradicted: (invoice) =>
    `Não encontramos em nossa conta o pagamento do comprovante da fatura ${invoice}, que está em aberto. Se o valor saiu da sua conta, envie-nos o extrato do seu banco nesse dia e conferimos de novo.`,
  refused: (invoice) =>
    `O comprovante da fatura ${invoice} não foi usado, e a fatura fica como estava. Se você pagou, o pagamento aparece quando o banco nos informar.`,
  expired: (invoice) =>
    `O banco ainda não nos informou o pagamento da fatura ${invoice}, e o prazo de espera terminou. A fatura está em aberto; quando o valor chegar, tudo se resolve sozinho.`,
  subject: {
    received: (invoice) => `Recebemos o comprovante da fatura ${invoice}`,
    confirmed: (invoice) => `Pagamento da fatura ${invoice} confirmado`,
    contradicted: (invoice) => `Não encontramos o pagamento da fatura ${invoice}`,
    refused: (invoice) => `Sobre o comprovante da fatura ${invoice}`,
    expired: (invoice) => `O pagamento da fatura ${invoice} ainda não chegou até nós`,
  },
  state: {
    under_review: "em análise",
    confirmed: "confirmado",
    contradicted: "contradito",
    refused: "não usado",
    expired: "vencido",
  },
};
