// The letter that a member of staff sends to themselves to see that mail leaves, and how it arrives.
import type { Lang } from "../kernel/lang.ts";
import { layoutHtml } from "./layout.ts";
import { RULE, type Message } from "./messages.ts";
import type { Provider } from "./provider.ts";

const TEXTS: Readonly<Record<Lang, (name: string) => Message>> = {
  "pt-BR": (name) => ({
    subject: "Teste de e-mail da Régua",
    text:
      `Este é um e-mail de teste, pedido por você no console da Régua de ${name}.\n\n` +
      "Se ele chegou, o envio funciona: os avisos aos clientes saem pelo mesmo caminho. " +
      "Vale conferir se não caiu na caixa de spam e se o remetente está como deve ser.\n\nNão é preciso responder.",
  }),
  en: (name) => ({
    subject: "Régua's mail, tested",
    text:
      `This is a test message that you asked for in the Régua console of ${name}.\n\n` +
      "If it arrived, sending works: notices to customers leave by the same way. " +
      "It is worth a look whether it was taken for spam, and whether the sender is as it should be.\n\nNo reply is needed.",
  }),
};

export function testLetter(provider: Provider, lang: Lang): Message & { html: string } {
  const { subject, text } = TEXTS[lang](provider.name);
  const message = { subject, text: `${text}\n${RULE}\n${provider.name}\n${provider.address}\n` };
  return { ...message, html: layoutHtml(message, provider, lang) };
}
