// The sample provider's terms of service: short, invented, and with what the ladder rests on.

export const SAMPLE_TERMS = `Termos de serviço da Hospedagem Exemplo

1. O serviço é pré-pago. Cada fatura paga o período que começa no seu vencimento.

2. Sem pagamento, a régua é esta: no 3º dia depois do vencimento vai um lembrete; no 4º, um aviso com a data da suspensão; no 5º, o serviço pode ser suspenso. A suspensão não acontece sem um aviso aceito pelo seu servidor de e-mail pelo menos 24 horas antes, nem em fim de semana, feriado ou véspera.

3. Suspenso o serviço, os dados ficam guardados. Com o pagamento ele volta sozinho, em segundos, a qualquer hora.

4. Mais prazo pode ser pedido no portal. A resposta depende das regras publicadas e da história da conta, e vem sempre com os seus motivos.

5. A cópia dos dados está disponível com o serviço ativo.

6. O encerramento pode ser pedido no portal, na hora ou no fim do período. O que já está em aberto continua em aberto.

7. Dúvidas: financeiro@example.com.br.
`;
