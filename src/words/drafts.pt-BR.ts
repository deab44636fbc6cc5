// Answers offered to staff in Portuguese.
import type { DraftTexts } from "./drafts-texts.ts";

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} e ${names.at(-1)}`;

export const DRAFTS_PT_BR: DraftTexts = {
  how_to_pay: ({ open }) => [
    open
      ? "Seguem as formas de pagar o que está em aberto. Depois do pagamento não é preciso avisar: a baixa é automática."
      : "Não há nada em aberto no seu cadastro neste momento.",
  ],
  more_time: ({ until, portal, offer }) =>
    until !== null && portal
      ? [
          `Hoje é possível combinar mais prazo até ${until}. Ele começa a valer quando você confirma na sua área de cliente, no endereço abaixo; as condições estão lá.`,
        ]
      : until !== null
        ? [...offer, "Se estiver de acordo, responda a esta mensagem."]
        : offer,
  paid: ({ open, portal }) => [
    open
      ? `Obrigado por avisar do pagamento. Ele ainda não aparece aqui. Quando o banco confirma, a fatura é baixada sozinha e, se o serviço estiver suspenso, ele volta sozinho, a qualquer hora. O Pix é confirmado em segundos; um boleto pode levar um dia útil.${portal ? " Para adiantar, envie o comprovante pela sua área de cliente, no endereço abaixo." : ""}`
      : "Não há nada em aberto no seu cadastro: o pagamento está registrado. Obrigado.",
  ],
  suspended: ({ down }) => [
    `${down.length > 1 ? `Os serviços ${list(down)} estão suspensos` : `O serviço ${list(down)} está suspenso`} por causa do que está em aberto. Os dados estão guardados. Assim que o pagamento entrar, ${down.length > 1 ? "eles voltam sozinhos" : "ele volta sozinho"}, em segundos, a qualquer hora.`,
  ],
  cancel: ({ portal }) => [
    portal
      ? "Recebi sua mensagem sobre encerrar o serviço. Por esta conversa nada foi alterado: o pedido é feito por você na sua área de cliente, no endereço abaixo. Lá você escolhe o dia, vê o que ainda fica em aberto e o que acontece com os seus dados, e quando."
      : "Recebi sua mensagem sobre encerrar o serviço. Por esta conversa nada foi alterado. Diga, por favor, qual serviço e a partir de que dia; antes de registrar, informo o que fica em aberto e o que acontece com os seus dados, e quando.",
  ],
  dispute: () => [
    "Obrigado por apontar isso. Vamos conferir a cobrança com o que foi contratado e responder por aqui. Se puder, diga qual item ou valor não reconhece.",
    "Se houver um erro, ele é corrigido e você recebe a confirmação por escrito.",
  ],
  installments: ({ until, portal }) => [
    `Recebi seu pedido de parcelamento. Vamos ver o que é possível e responder por aqui.${until === null ? "" : ` Enquanto isso, hoje é possível combinar mais prazo até ${until}${portal ? ", na sua área de cliente, no endereço abaixo" : ""}.`}`,
  ],
  insult: () => [
    "Lamento o incômodo e quero ajudar a resolver. Abaixo está o que consta hoje no seu cadastro. Se algo não estiver certo, diga o que é, e será conferido.",
  ],
  legal: ({ known }) => [
    `Recebemos sua mensagem. Quem responde por esse assunto vai ler e responder por escrito, por este mesmo canal.${known ? " Se precisar, enviamos o registro completo das mensagens e decisões sobre o seu cadastro." : ""}`,
  ],
  personal_data: ({ known }) => [
    `Recebemos seu pedido sobre dados pessoais. A resposta completa vai por escrito em até 15 dias, como prevê a Lei 13.709/2018, art. 19.${known ? "" : " Para proteger os dados, ela vai ao e-mail que está no cadastro."}`,
  ],
  fewer_messages: ({ known }) => [
    known
      ? "Recebemos seu pedido de menos mensagens. Vamos ver quais lembretes podem deixar de ser enviados e responder por aqui. O aviso antes de uma suspensão continua, porque sem ele nenhum serviço é suspenso."
      : "Recebemos seu pedido de menos mensagens. Diga, por favor, a que endereço elas chegam, para que possamos localizar o cadastro.",
  ],
  thanks: () => ["Obrigado pela mensagem. Se precisar de algo, é só responder por aqui."],
  unknown_address: () => [
    "Obrigado pela mensagem. Este e-mail não está em nenhum cadastro nosso; por segurança, por ele não falamos de faturas nem de serviços.",
    "Escreva a partir do e-mail do cadastro, ou diga o número do cliente e o domínio, para que possamos localizá-lo.",
  ],
  received: () => ["Recebemos sua mensagem e vamos verificar. A resposta vem por aqui."],
};
