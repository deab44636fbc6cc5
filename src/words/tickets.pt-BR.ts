// A resposta a um chamado, em português: calma, com o que está em aberto, o que vem a seguir e quando.
import type { TicketWords } from "./tickets-texts.ts";

export const TICKETS_PT_BR: TicketWords = {
  greeting: (name) => (name === null ? "Olá," : `Olá, ${name},`),
  received: "Recebemos a sua mensagem, e uma pessoa da equipe vai lê-la. Enquanto isso, esta é a situação da sua conta:",
  invoice: (ref, amount, due, past) => `Fatura ${ref}, de ${amount}, ${past ? "venceu" : "vence"} em ${due}.`,
  total: (amount) => `Total em aberto: ${amount}.`,
  suspended: (names) =>
    `Suspenso por falta de pagamento: ${names}. Assim que o pagamento entrar, o acesso volta sozinho, em segundos, a qualquer hora.`,
  suspensionAt: (on) => `Se nada mudar, o acesso será suspenso ${on}. Com o pagamento antes disso, tudo continua no ar.`,
  nothingSoon: "Nenhuma suspensão está prevista por enquanto.",
  promised: (on) => `O acesso está garantido pelo prazo combinado, que termina ${on}.`,
  underReview: "O seu comprovante está em análise; até o fim dela nada é suspenso.",
  howToPay: "Como pagar:",
  askHowToPay: (email) => `Para saber como pagar, escreva para ${email}.`,
  portal: (address) => `Para pagar, pedir mais prazo ou enviar um comprovante, a qualquer hora: ${address}`,
  moreTime: (email) => `Se precisar de mais prazo, diga até quando, aqui mesmo ou por e-mail: ${email}.`,
  reference: (mark) => `Referência: ${mark}`,
};
