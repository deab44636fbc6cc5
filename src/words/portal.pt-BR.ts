// O portal do cliente em português: calmo, exato, com o próximo passo e como evitá-lo.
import type { PortalTexts } from "./portal-texts.ts";

export const PORTAL_PT_BR: PortalTexts = {
  otherLang: "English",
  skip: "Ir para o conteúdo",
  portal: "Portal do cliente",
  sandbox: "Ensaio: os dados são de exemplo, e nada sai desta máquina.",
  signOut: "Sair",
  back: "Voltar",
  backHome: "Voltar ao início",
  needHelp: (email) => `Uma pessoa responde em ${email}.`,
  zone: (id) => `Horários no fuso ${id}`,
  customer: (ref) => `Cliente ${ref}`,

  signIn: {
    title: "Entrar no portal",
    lead: "Escreva o e-mail da sua conta. Enviamos um código de seis números; não é preciso senha.",
    email: "E-mail",
    send: "Enviar código",
    codeTitle: "Código enviado",
    codeLead: (minutes) =>
      `Se o e-mail é de uma conta daqui, o código chega em instantes e vale por ${minutes} minutos. Olhe também a caixa de spam.`,
    code: "Código de seis números",
    enter: "Entrar",
    again: "Enviar outro código",
    sandboxCode: (code) => `Ensaio: nenhum e-mail sai desta máquina. O código é ${code}.`,
    expired: "Este link já cumpriu o seu prazo. Receba um código por e-mail e entre do mesmo jeito.",
    invalid: "Este link não abre o portal: pode ter sido cortado na mensagem. Receba um código por e-mail.",
    wrong: "O código não confere, ou o prazo dele terminou. Confira os seis números do último e-mail ou peça outro.",
    signedOut: "Você saiu do portal. Para voltar, abra o link de uma mensagem ou receba um código.",
    wait: (minutes) => `Foram muitos pedidos em pouco tempo. Tente de novo em ${minutes === 1 ? "um minuto" : `${minutes} minutos`}.`,
  },
  codeMail: {
    subject: "Seu código para entrar no portal",
    text: (name, code, minutes) =>
      `${name === null ? "Olá." : `Olá, ${name}.`}\n\nSeu código para entrar no portal é ${code}. Ele vale por ${minutes} minutos.\n\nSe não foi você que pediu, não é preciso fazer nada: sem o código ninguém entra.\n`,
  },

  home: {
    nothing: "Está tudo em dia.",
    nothingSub: "Não há nada em aberto. Obrigado.",
    credit: (amount) => `Você tem um crédito de ${amount}.`,
    owed: "Em aberto",
    invoices: (count) => `${count} faturas`,
    due: (ref, onDue, past) => `A fatura ${ref} ${past ? "venceu" : "vence"} ${onDue}.`,
    dueToday: (ref) => `A fatura ${ref} vence hoje.`,
    moved: (until) => `Pode ser paga até ${until} sem acréscimo.`,
    suspended: (many, invoices) =>
      `${many ? "Há serviços suspensos" : "O serviço está suspenso"}. Seus dados estão guardados. Assim que ${
        invoices > 1 ? `as ${invoices} faturas vencidas forem pagas` : "o pagamento entrar"
      }, ${many ? "eles voltam sozinhos" : "ele volta sozinho"}, em segundos, a qualquer hora.`,
    suspendedOther: "O serviço está suspenso por outro motivo, que um pagamento não altera. Escreva para a equipe: uma pessoa responde.",
    back: "O serviço está no ar de novo.",
    comingBack: "Pagamento recebido. O serviço está voltando agora; esta página avisa quando estiver no ar.",
    clearing: (until) => `Um pagamento está a caminho. Esperamos o banco até ${until}; até lá nada muda.`,
    promise: (until, protocol) => `Prazo combinado até ${until} (protocolo ${protocol}). Pagando até lá, não é preciso fazer mais nada.`,
    next: (n) => {
      switch (n.kind) {
        case "message":
          return `O próximo passo é um aviso por e-mail, ${n.on}. Pagando antes, ele não é enviado.`;
        case "suspension":
          return `Para que o serviço continue no ar, pague até ${n.at}. Sem pagamento nem novo prazo até lá, ele fica suspenso, com os dados guardados.`;
        case "termination":
          return `Sem pagamento, o encerramento do serviço pode ser proposto ${n.on}; duas pessoas da equipe decidem. Pagando antes, isso não acontece.`;
        case "promise":
          return `O prazo combinado vai até ${n.at}.`;
        case "claim":
          return `A conferência do comprovante vai até ${n.at}.`;
        case "release":
          return `O serviço volta ${n.on}.`;
        case "person":
          return `Uma pessoa da equipe olha para este caso ${n.on}.`;
      }
    },
    noNext: "Nenhum outro passo está marcado.",
    rulerLabel: (due, today, next) => `Vencimento: ${due}. Hoje: ${today}.${next === null ? "" : ` Próximo passo: ${next}.`}`,
    ruler: {
      due: "vencimento",
      dueToday: "vence hoje",
      today: "hoje",
      next: {
        message: "aviso",
        suspension: "suspensão",
        termination: "encerramento",
        promise: "fim do prazo",
        claim: "conferência",
        release: "volta",
        person: "análise",
      },
    },
    paidTitle: "Já paguei",
    paidLead: "Enviar o comprovante",
    more: "Preciso de mais prazo",
    moreLead: "Ver o que é possível",
    paid: "Pagamento recebido. Obrigado.",
    otherInvoices: "Outras faturas em aberto",
    payThis: "Pagar esta",
    services: "Serviços",
    access: {
      active: "no ar",
      suspended: "suspenso",
      ending: "no ar, com fim pedido",
      other: "suspenso por outro motivo",
      ended: "encerrado",
      coming_back: "voltando",
      going_down: "em suspensão",
    },
    since: (at) => `desde ${at}`,
    endsOn: (day) => `fim pedido para ${day}`,
    everythingElse: "Mais",
    messages: "Mensagens",
    backup: "Cópia dos dados",
    leave: "Encerrar um serviço",
    terms: "Termos de serviço",
    live: "Esta página avisa sozinha quando o pagamento entrar.",
    changed: "A página foi atualizada.",
    offline: "Sem conexão agora. Os códigos acima continuam valendo; a página volta a olhar sozinha.",
    reload: "Já paguei: atualizar a página",
  },

  pay: {
    title: (ref) => `Pagar a fatura ${ref}`,
    pix: "Pagar com Pix",
    part: (ref, amount) => `${amount}, fatura ${ref}`,
    pixLead: "Copie o código e cole no aplicativo do seu banco, em Pix, Copia e Cola.",
    qr: (amount) => `Código QR do Pix de ${amount}`,
    copy: "Copiar código Pix",
    copied: "Código copiado",
    copyByHand: "Selecione o código abaixo e copie.",
    boleto: "Boleto",
    boletoLead: "Pelo boleto, o banco pode levar até um dia útil para avisar.",
    copyLine: "Copiar linha digitável",
    line: "Linha digitável do boleto",
    card: "Cartão",
    cardLead: (host) => `Na página de ${host}, que abre em outra aba. O número do cartão fica lá e não passa por nós.`,
    cardOpen: "Pagar com cartão",
    page: "Página de pagamento",
    pageLead: (host) => `O pagamento é feito na página de ${host}, que abre em outra aba.`,
    pageOpen: "Abrir a página de pagamento",
    boletoFile: "Baixar o boleto em PDF",
    boletoOpen: "Abrir o boleto em outra aba",
    otherWays: "Outras formas de pagar",
    ask: (email) => `Para saber como pagar, escreva para ${email}.`,
    amount: "Valor da fatura",
    fixedFee: (percent) => `Acréscimo único por atraso (${percent})`,
    dailyFee: (percent) => `Acréscimo por dia de atraso (${percent} ao mês)`,
    total: "Total hoje",
    noFees: "Sem acréscimo por atraso.",
    today: "Valor calculado para pagamento hoje.",
    sandbox: "Pagar agora (ensaio)",
    sandboxLead: "Neste ensaio o pagamento é de mentira, e o resto é de verdade: o motor recebe, aplica e reativa.",
    receiver: (name, taxId) => `Quem recebe: ${name}, ${taxId}`,
  },

  slip: {
    title: (ref) => `Boleto da fatura ${ref}`,
    bank: "Banco",
    due: "Vencimento",
    amount: "Valor",
    from: "Quem cobra",
    invoice: "Fatura",
    payer: "Pagador",
    how: "Como pagar",
    lines: [
      "No aplicativo do banco, em caixa eletrônico, agência ou lotérica, até o vencimento.",
      "Depois do vencimento é o banco que diz se o boleto ainda pode ser pago, e por quanto.",
      "Antes de confirmar, confira no aplicativo quem recebe e o valor.",
      "O banco pode levar até um dia útil para avisar do pagamento. Se já pagou, desconsidere.",
    ],
    line: "Linha digitável e código de barras",
    sandbox: "Ensaio: este código não paga ninguém.",
    foot: (provider) => `Folha feita por ${provider} a partir da linha digitável. O registro do boleto está no banco.`,
  },

  proof: {
    title: "Já paguei",
    lead: "Envie o comprovante: uma foto, uma captura de tela ou o PDF do banco. Quem paga por Pix não precisa enviar nada: o aviso do banco chega em segundos.",
    closed: "Aqui não recebemos comprovantes: o banco nos avisa do pagamento, e o serviço volta sozinho.",
    which: "De qual fatura",
    file: "Comprovante",
    hint: "PDF, JPEG ou PNG, até 10 MB.",
    send: "Enviar comprovante",
    sending: "Enviando e lendo o documento…",
    sent: "Comprovante recebido",
    open: "Um comprovante desta fatura já está em análise.",
    none: "Não há fatura em aberto para um comprovante.",
    problems: {
      none: "Escolha um arquivo ou tire uma foto do comprovante.",
      form: "Este arquivo não é PDF, JPEG nem PNG. Uma captura de tela do comprovante serve.",
      too_large: "O arquivo passa de 10 MB. Uma captura de tela do comprovante serve.",
      too_many_pages: "O arquivo tem mais de 10 páginas. Envie só a página do comprovante.",
      too_many_pixels: "A imagem é grande demais. Uma captura de tela do comprovante serve.",
      encrypted: "O arquivo pede uma senha. Envie uma captura de tela do comprovante.",
      unreadable: "O arquivo parece estar danificado. Envie de novo, ou uma captura de tela.",
      unread: "Não deu para ler o arquivo a tempo. Envie de novo, ou uma captura de tela; o pagamento em si não é afetado.",
      infected: "O antivírus não deixou passar este arquivo, e ele não foi guardado. Envie uma captura de tela.",
      spent: "Já recebemos vários comprovantes desta fatura. O serviço volta quando o banco avisar; se preferir, escreva para a equipe.",
      open: "Um comprovante desta fatura já está em análise. Não é preciso enviar outro.",
    },
  },

  time: {
    title: "Mais prazo",
    conditions: "As condições",
    reason: "Por que precisa de mais prazo",
    reasonHint: "Uma frase basta.",
    accept: "Li as condições e aceito.",
    ask: "Pedir este prazo",
    granted: (until, protocol) => `Combinado: o prazo vai até ${until}. Protocolo ${protocol}.`,
    grantedLead: "Um e-mail confirma o combinado.",
    because: "O que pesou",
    payInstead: "Ver como pagar",
    write: "Escrever para a equipe",
  },

  leave: {
    title: "Encerrar um serviço",
    lead: "Antes de pedir, veja o que acontece.",
    pick: "Qual serviço",
    owed: (amount) => `Há ${amount} em aberto deste serviço. O pedido de encerramento não muda esse valor.`,
    owedNothing: "Nada está em aberto deste serviço.",
    data: "Os dados não são apagados pelo pedido. A equipe confirma com você a data da remoção antes de fazê-la.",
    dataBackup: "Se quiser guardar os dados, peça a cópia antes do fim.",
    now: "Encerrar agora",
    nowHint: "A equipe conclui o encerramento a partir de hoje.",
    term: (day) => `Encerrar no fim do período, ${day}`,
    termHint: "O serviço segue normalmente até lá.",
    when: "Quando",
    reason: "Se quiser, conte por quê",
    confirm: "Pedir o encerramento",
    asked: (on) => `O encerramento está pedido para ${on}.`,
    askedLead: "Enquanto o pedido estiver aberto, não há novo prazo de pagamento.",
    keep: "Retirar o pedido",
    keepLead: "Mudou de ideia? Retire o pedido, e o serviço continua.",
    kept: "O pedido foi retirado. O serviço continua.",
    none: "Não há serviço para encerrar.",
    noTime: "Com o pedido aberto, não há novo prazo de pagamento.",
  },

  backup: {
    title: "Cópia dos dados",
    lead: "Peça uma cópia dos arquivos e dos bancos de dados do serviço. A equipe prepara e avisa aqui.",
    ask: "Pedir cópia",
    full: "Cópia completa",
    minimum: "Cópia mínima",
    asked: "O pedido foi recebido. A equipe prepara a cópia e avisa aqui.",
    refused: "Com o serviço suspenso, a cópia sai depois do pagamento: ele volta em segundos e a cópia fica disponível.",
    refusedFrom: (day) => `Mesmo sem pagamento, uma cópia mínima pode ser pedida a partir de ${day}.`,
    refusedUntilPaid: "Seus dados continuam guardados.",
    waits: "A cópia já foi pedida e está em preparo.",
    ended: "Este serviço não está mais no painel. Escreva para a equipe.",
    requests: "Pedidos",
    state: { asked: "em preparo", delivered: "entregue", withdrawn: "retirado" },
    none: "Não há serviços nesta conta.",
  },

  terms: {
    title: "Termos de serviço",
    version: (version, day) => `Versão ${version}, de ${day}`,
    accepted: (version, at) => `Você aceitou a versão ${version} ${at}.`,
    notAccepted: "Você ainda não aceitou estes termos pelo portal.",
    newer: "Há uma versão mais nova que a que você aceitou.",
    accept: "Li e aceito estes termos",
    hash: "Impressão digital do texto (SHA-256)",
    none: "Nenhum termo foi publicado aqui.",
  },

  messages: {
    title: "Mensagens",
    lead: "Escreva para a equipe. A resposta aparece aqui e não muda nenhum prazo que já esteja marcado.",
    empty: "Ainda não há mensagens.",
    text: "Sua mensagem",
    send: "Enviar mensagem",
    you: "Você",
    sent: "Mensagem enviada. Uma pessoa responde aqui.",
  },

  suspendedSite: {
    title: "Este site está temporariamente fora do ar",
    lead: "O conteúdo está guardado. Se você veio visitar, tente de novo mais tarde.",
    owner: "É responsável por este site? O portal mostra como ele volta ao ar; leva um minuto.",
    open: "Abrir o portal",
    contact: (email) => `Prefere escrever? ${email}`,
  },

  problem: {
    stale: {
      title: "A página ficou aberta por muito tempo",
      text: "Nada foi alterado. Abra a página de novo e repita o envio.",
    },
    tooMany: { title: "Muitos pedidos em pouco tempo", text: "Nada se perdeu. Tente de novo em um minuto." },
    notFound: {
      title: "Esta página não existe",
      text: "O endereço pode ter sido cortado. O início do portal tem tudo o que está em aberto.",
    },
    fault: {
      title: "Algo falhou do nosso lado",
      text: "Seus dados e prazos continuam como estavam. Tente de novo em um minuto; se continuar assim, escreva para a equipe.",
    },
    tls: { title: "Esta conexão não é protegida", text: "Abra o portal pelo endereço que começa com https." },
    spent: {
      title: "Suas mensagens chegaram",
      text: "Recebemos várias mensagens hoje, e uma pessoa vai responder. Você pode escrever de novo amanhã.",
    },
    invalid: { title: "Falta alguma coisa no formulário", text: "Nada foi alterado. Volte, confira os campos e envie de novo." },
    changed: {
      title: "Isso mudou nesse meio-tempo",
      text: "Nada foi alterado por este pedido. Abra a página de novo para ver como está agora.",
    },
  },
};
