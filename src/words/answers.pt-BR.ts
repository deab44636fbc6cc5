// Answers by rule in Portuguese: what was understood, and what to do next.
import type { AnswerTexts } from "./answers-texts.ts";

export const ANSWERS_PT_BR: AnswerTexts = {
  more_time: ({ until }) =>
    until === null
      ? "Recebemos seu pedido de mais prazo. O que é possível combinar hoje, com os motivos, está na sua área de cliente, no endereço abaixo. Uma pessoa da equipe também vai ler o seu pedido."
      : `Recebemos seu pedido de mais prazo. Hoje é possível combinar até ${until}. O prazo começa a valer quando você confirma na sua área de cliente, no endereço abaixo; as condições estão lá.`,
  paid: ({ open }) =>
    open
      ? "Recebemos seu aviso de pagamento. Quando o banco confirma, a fatura é baixada sozinha e, se o serviço estiver suspenso, ele volta sozinho, a qualquer hora. Um boleto pode levar um dia útil. Para adiantar, envie o comprovante pela sua área de cliente, no endereço abaixo."
      : "Recebemos seu aviso de pagamento. Não há nada em aberto no seu cadastro. Obrigado.",
  how_to_pay: ({ open }) =>
    open
      ? "Recebemos sua mensagem. As formas de pagar estão abaixo."
      : "Recebemos sua mensagem. Não há nada em aberto no seu cadastro neste momento.",
  cancel: () =>
    "Recebemos sua mensagem sobre encerrar o serviço. Por ela nada foi alterado: o pedido é feito por você na sua área de cliente, no endereço abaixo. Lá você escolhe o dia, vê o que ainda fica em aberto e o que acontece com os seus dados, e quando.",
  proof_by_link: () =>
    "Recebemos o arquivo que você enviou. Para que ele seja analisado como comprovante, envie-o pela sua área de cliente, no endereço abaixo, junto da fatura a que ele se refere: assim sabemos que foi você quem enviou.",
  proof_unread: () =>
    "Recebemos o arquivo que você enviou, mas não foi possível ler nele um comprovante. Envie um PDF ou uma imagem legível pela sua área de cliente, no endereço abaixo. Uma pessoa da equipe também vai olhar a sua mensagem.",
  proofs_off: () =>
    "Recebemos o comprovante, obrigado. Aqui a confirmação vem do próprio banco: quando o valor entra, a fatura é baixada sozinha e, se o serviço estiver suspenso, ele volta sozinho. O Pix é confirmado em segundos.",
  received: ({ open }) =>
    `Recebemos sua mensagem. Uma pessoa da equipe vai ler e responder.${open ? " Enquanto isso, o que está em aberto e as formas de resolver estão abaixo." : ""}`,
};
