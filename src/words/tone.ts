// What our texts never say: threats, blame, shouting. The tests hold every sentence of ours to it.
import type { Lang } from "../kernel/lang.ts";

// The law forbids threat, constraint and ridicule (CDC art. 42); the rest is manners.
const NEVER: Readonly<Record<Lang, readonly RegExp[]>> = {
  "pt-BR": [
    /\bsob pena\b/iu,
    /últim[oa] (?:aviso|chance|oportunidade)/iu,
    /\bultimato\b/iu,
    /\binadimpl/iu,
    /\bdevedor/iu,
    /\bd[íi]vida\b/iu,
    /\bcalote/iu,
    /\bnegativa(?:ção|do|r)\b/iu,
    /\b(?:SPC|Serasa)\b/iu,
    /\bprotest[oa]/iu,
    /\bjudicia/iu,
    /\badvogad/iu,
    /\bmedidas\b/iu,
    /\bimediata(?:mente)?\b/iu,
    /\burgente\b/iu,
    /\b(?:exigimos|obrigad[oa] a|é obrigatório)\b/iu,
    /\bvocê (?:não pagou|deixou de|deve|atrasou)\b/iu,
    /\b(?:sua culpa|irresponsá|má[- ]fé|fraude)/iu,
    /\bcancela(?:r|do|da|mento)\b/iu,
    /\b(?:multa|juros)\b/iu,
  ],
  en: [
    /\b(?:final|last) (?:notice|warning|chance)\b/iu,
    /\bultimatum\b/iu,
    /\bdunning\b/iu,
    /\bdebt(?:or)?\b/iu,
    /\bdelinquen/iu,
    /\bdefault(?:ed|er)\b/iu,
    /\b(?:legal action|lawyer|attorney|court|credit bureau|collection agency)\b/iu,
    /\bimmediate(?:ly)?\b/iu,
    /\burgent\b/iu,
    /\b(?:we demand|you must|or else|failure to|failed to)\b/iu,
    /\byou (?:did not pay|have not paid|owe)\b/iu,
    /\b(?:your fault|bad faith|fraud)\b/iu,
    /\bcancel(?:led|lation)?\b/iu,
    /\b(?:penalty|penalties)\b/iu,
  ],
};

const SHOUTING = /[!¡]|\p{Lu}{4,}/gu;
/** Names the law or the field writes in capitals. */
const NAMES = new Set(["CNPJ", "HTTP", "HTTPS"]);

/** The expressions of a text that our texts never use; empty when it is calm. */
export function harshness(text: string, lang: Lang): string[] {
  const found = NEVER[lang].flatMap((expression) => expression.exec(text)?.[0] ?? []);
  const loud = (text.match(SHOUTING) ?? []).filter((word) => !NAMES.has(word));
  return [...found, ...loud];
}
