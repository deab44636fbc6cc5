// Portuguese rules for reading a reply. Patterns are over small letters without accents.
import type { ReplyRules } from "./rules.ts";

const NOT = /(?:\bnao|\bnem|\bnunca|\bainda nao|\bsem)(?: (?:foi|esta|tenho|havia|ter|ser|me|se|eu|o|a))? ?$/u;
const WHEN =
  "(?:amanha|depois|semana que vem|(?:na |n[oa] )?proxim[oa]|(?:na )?segunda|(?:na )?terca|(?:na )?quarta|(?:na )?quinta|(?:na )?sexta|(?:no )?sabado|ate|(?:no )?dia \\d|mes que vem|quando (?:eu )?(?:receber|voltar)|em \\d+ dias|daqui)";
const THING = "(?:servicos?|site|plano|conta|hospedagem|contrato|assinatura|dominio|vps|servidor|tudo|e-?mails?)";

export const PT: ReplyRules = {
  lang: "pt",
  rules: [
    {
      id: "pt.more_time.term",
      intent: "more_time",
      pattern: /\b(?:mais|novo|algum|um|outro) (?:pouco (?:mais )?de )?(?:prazo|tempo)\b/u,
      unless: /\b(?:ha|faz|perder|perdi|nao tenho) $/u,
    },
    {
      id: "pt.more_time.days",
      intent: "more_time",
      pattern: /\b(?:mais|uns|alguns|me d[ae]r? (?:mais )?(?:uns|alguns)?) ?(?:\d{1,2}|um|dois|tres|quatro|cinco|dez|poucos)? ?dias?\b/u,
      unless: /\b(?:ha|faz) $/u,
    },
    {
      id: "pt.more_time.extend",
      intent: "more_time",
      pattern: /\b(?:prorrog\w+|adiar|adiamento|estender (?:o )?(?:prazo|vencimento)|postergar|dilatar o prazo)\b/u,
    },
    {
      id: "pt.more_time.will_pay",
      intent: "more_time",
      pattern: new RegExp(
        `\\b(?:pago|pagarei|vou pagar|irei pagar|posso pagar|consigo pagar|conseguirei pagar|pagaremos|vamos pagar|acerto|quito|deposito|faco o pagamento|farei o pagamento|efetuarei o pagamento)(?: \\w+){0,5} ${WHEN}\\b`,
        "u",
      ),
      unless: /\b(?:foi|foram|esta|estava|estao|ja|sido|ser) $/u,
    },
    {
      id: "pt.more_time.only_when",
      intent: "more_time",
      pattern: new RegExp(
        `\\b(?:so|somente|apenas) (?:vou |posso |consigo |vou conseguir |irei )(?:receber|pagar|ter)(?: \\w+){0,4} ${WHEN}\\b`,
        "u",
      ),
    },
    {
      id: "pt.more_time.paid_when",
      intent: "more_time",
      pattern:
        /\b(?:recebo|meu salario (?:cai|sai)|cai meu salario)(?: so| somente)? (?:amanha|dia \d|n[ao] |segunda|terca|quarta|quinta|sexta|ate|semana)/u,
    },
    {
      id: "pt.more_time.wait",
      intent: "more_time",
      pattern: /\b(?:aguard(?:ar|em|e)|esper(?:ar|em|e)|segur(?:ar|a|em|e))(?: \w+){0,4} (?:ate|mais um|mais uns|so mais|alguns dias)\b/u,
    },
    {
      id: "pt.more_time.keep_up",
      intent: "more_time",
      pattern:
        /\b(?:nao|evit(?:ar|em|e)) (?:me )?(?:corte[ms]?|cortar|suspend\w+|bloquei\w*|bloquear|desativ\w+|tir(?:e|em|ar)|deslig\w+|derrub\w+)\b/u,
    },
    {
      id: "pt.more_time.trust",
      intent: "more_time",
      pattern: /\b(?:liberac\w+|desbloqueio|religac\w+) (?:(?:por|de|em|provisori[ao]) ?(?:confianca)?|temporari[ao])\b/u,
    },
    {
      id: "pt.paid.done",
      intent: "paid",
      pattern:
        /\b(?:ja |acabei de |acabo de )?(?:paguei|quitei|efetuei (?:o|um) pagamento|fiz (?:o|um) (?:pagamento|pix|deposito)|realizei (?:o|um) pagamento|transferi|depositei)\b/u,
      unless: NOT,
    },
    {
      id: "pt.paid.passive",
      intent: "paid",
      pattern:
        /\b(?:ja (?:foi|esta|estava|se encontra) pag[oa]|foi pag[oa]|esta(?:va)? pag[oa]|ja (?:pag[oa]|quitad[oa])|pagamento (?:ja )?(?:foi )?(?:feito|efetuado|realizado|confirmado|agendado))\b/u,
      unless: NOT,
    },
    {
      id: "pt.paid.proof",
      intent: "paid",
      pattern:
        /\b(?:(?:segue|envio|anexo|mando|aqui esta|vai)(?: \w+){0,4} (?:comprovante|recibo)|(?:comprovante|recibo)(?: \w+){0,4} (?:anexo|em anexo|anexado|segue|abaixo))\b/u,
      unless: NOT,
    },
    { id: "pt.how_to_pay.second_copy", intent: "how_to_pay", pattern: /\b(?:segunda via|2a? ?via|2ª via)\b/u },
    {
      id: "pt.how_to_pay.send",
      intent: "how_to_pay",
      pattern:
        /\b(?:qual|mand\w+|envi[ae]\w*|pass\w+|preciso d\w|gerar?|gerem|atualiz\w+|emit\w+|reenvi\w+)(?: \w+){0,4} (?:pix|boleto|chave|codigo de barras|linha digitavel|link|qr ?code|fatura)\b/u,
    },
    {
      id: "pt.how_to_pay.how",
      intent: "how_to_pay",
      pattern:
        /\b(?:como|onde) (?:eu )?(?:faco|posso|que eu|e que|consigo|devo)?(?: \w+){0,3} ?(?:pagar|pago|pagamento|quitar|regulariz\w+)\b/u,
    },
    {
      id: "pt.how_to_pay.expired",
      intent: "how_to_pay",
      pattern: /\b(?:boleto|pix|codigo)(?: \w+){0,2} (?:venceu|vencid[oa]|expirou|expirad[oa]|nao (?:abre|funciona|le))\b/u,
    },
    {
      id: "pt.cancel.ask",
      intent: "cancel",
      pattern:
        /\b(?:quero|queremos|desejo|gostaria|gostariamos|solicito|solicitamos|favor|pode[mr]?|vou|vamos|peco|pedir|prefiro|preciso)(?: \w+){0,4} (?:cancel\w+|encerr\w+|rescind\w+|rescisao)\b/u,
      unlessAfter: /^(?: \w+){0,2} (?:cobranca|boleto|fatura|suspensao|bloqueio|multa|juros|nota)/u,
    },
    {
      id: "pt.cancel.thing",
      intent: "cancel",
      pattern: new RegExp(
        `\\b(?:cancel(?:e|em|ar|amento|amos)|encerr(?:e|em|ar|amento)|rescisao)(?: (?:o|a|os|as|do|da|de|meu|minha|meus|minhas|todos|todas|imediato|imediatamente|deste|desta|este|esta|nosso|nossa))* ${THING}\\b`,
        "u",
      ),
    },
    {
      id: "pt.cancel.no_more",
      intent: "cancel",
      pattern:
        /\b(?:nao (?:quero|queremos|tenho interesse|temos interesse|pretendo|vou|vamos|desejo)(?: \w+){0,2} (?:mais|continuar|renovar|manter)|desist(?:o|ir|imos|i) d[oae])\b/u,
      unlessAfter: /^(?: \w+){0,2} (?:receber|discutir|falar|e-?mails?|mensage\w+)/u,
    },
    {
      id: "pt.dispute.unknown",
      intent: "dispute",
      pattern:
        /\b(?:nao reconhec\w+|desconhec\w+ (?:ess[ea]|est[ea]) (?:cobranca|fatura|valor)|nunca (?:contratei|contratamos|solicitei|pedi)|nao (?:contratei|contratamos|solicitei|devo|devemos|pedi))\b/u,
    },
    {
      id: "pt.dispute.wrong",
      intent: "dispute",
      pattern:
        /\b(?:cobranca|fatura|valor|boleto)(?: \w+){0,2} (?:indevid[oa]|errad[oa]|duplicad[oa]|abusiv[oa]|incorret[oa]|em duplicidade)\b/u,
    },
    {
      id: "pt.dispute.ended",
      intent: "dispute",
      pattern:
        /\b(?:ja (?:foi |esta |estava |tinha )?cancel(?:ei|amos|ad[oa])|(?:cancelei|pedi (?:o )?cancelamento|solicitei (?:o )?cancelamento)(?: \w+){0,3} (?:ha|em|no|na|faz|mes|ano|dia))\b/u,
    },
    {
      id: "pt.dispute.take_back",
      intent: "dispute",
      pattern: /\b(?:cancel|estorn|contest)\w+(?: \w+){0,2} (?:cobranca|boleto|fatura|multa|juros)\b/u,
    },
    {
      id: "pt.installments",
      intent: "installments",
      pattern: /\b(?:parcel(?:ar|amento|em|ado|as)|dividir (?:em|o|a)|em \d ?(?:x|vezes)|negociar|desconto)\b/u,
    },
    {
      id: "pt.insult",
      intent: "insult",
      pattern:
        /\b(?:ladroes|ladrao|ladroa|picaretas?|vagabund[oa]s?|golpistas?|estelionat\w+|idiotas?|imbec(?:il|is)|incompetentes?|palhac[oa]s?|palhacada|lixo|merda|porra|caralho|fdp|pqp|filh[oa]s? da puta|(?:vai|vao|va) (?:se|te) (?:foder|fuder|ferrar|danar)|bosta|otari[oa]s?|safad[oa]s?|canalhas?|bandidos?|burros?|porcaria|vergonhos[oa]s?)\b/u,
    },
    {
      id: "pt.legal",
      intent: "legal",
      pattern:
        /\b(?:procon|reclame ?aqui|advogad[oa]s?|process(?:ar|arei|o judicial)|justica|judicial(?:mente)?|juizado|danos morais|consumidor\.gov|anatel|policia|boletim de ocorrencia|denunci\w+|direitos? do consumidor|codigo de defesa)\b/u,
    },
    {
      id: "pt.personal_data",
      intent: "personal_data",
      pattern: /\b(?:lgpd|protecao de dados|meus dados pessoais|(?:exclu|apag|remov|delet)\w+(?: \w+){0,3} (?:meus dados|meu cadastro))\b/u,
    },
    {
      id: "pt.fewer_messages",
      intent: "fewer_messages",
      pattern:
        /\b(?:descadastr\w+|nao (?:quero|desejo|gostaria de)(?: mais)? receber|par(?:em|e|ar) de (?:me |nos )?(?:mandar|enviar|encher|ligar|cobrar))\b/u,
    },
    {
      id: "pt.thanks",
      intent: "thanks",
      pattern: /\b(?:obrigad[oa]s?|obg|valeu|agradec\w+|grat[oa]|ciente|ok|certo|recebido|perfeito|combinado)\b/u,
    },
  ],
};
