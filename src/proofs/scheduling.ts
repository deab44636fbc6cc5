// Whether a document speaks of an order for later and not of a payment: the commonest honest mistake, and the commonest trick.

/** The words of banks for an order that was taken and not carried out, in letters without accents. */
const ORDER = [
  /comprovante de agendamento/u,
  /agendamento (?:de|do|da) (?:pagamento|pix|transferencia|boleto|titulo)/u,
  /(?:pagamento|pix|transferencia|transacao|boleto|titulo|operacao)s? (?:foi |esta |fica )?agendad[oa]/u,
  /(?:situacao|status)\s*:?\s*(?:agendad[oa]|pendente|em processamento|aguardando)/u,
  /sera (?:debitad|efetuad|efetivad|realizad|processad|pag)[oa]/u,
  /programad[oa] para/u,
  /(?:payment|transfer) (?:is )?scheduled|scheduled (?:for|payment|transfer)/u,
];

/** Words by which the same document says that the order was carried out meanwhile. */
const CARRIED_OUT = [
  /(?:agendamento|agendad[oa])[^.\n]{0,40}(?:efetuad|efetivad|realizad|concluid|executad)[oa]/u,
  /(?:situacao|status)\s*:?\s*(?:pag[oa]|efetuad[oa]|efetivad[oa]|realizad[oa]|concluid[oa]|aprovad[oa])/u,
  /(?:pagamento|pix|transferencia|transacao)s? (?:foi )?(?:efetuad|efetivad|realizad|concluid|executad)[oa]/u,
];
const NEGATED = /(?:nao|sem|nenhum|cancelamento de)\s+(?:\S+\s+)?$/u;

/** The words that make it an order for later; none when it says that it was carried out. */
export function schedulingIn(text: string): { words: string }[] {
  const plain = text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\S\n]+/gu, " ");
  if (CARRIED_OUT.some((words) => words.test(plain))) return [];
  for (const words of ORDER) {
    const match = words.exec(plain);
    if (match && !NEGATED.test(plain.slice(Math.max(0, match.index - 30), match.index))) return [{ words: match[0].trim() }];
  }
  return [];
}
