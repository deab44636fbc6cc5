// What the sender wrote: the text without what is quoted below it, and without a signature.

/** How mail programs begin what they quote, in the languages of our customers. */
const INTRODUCES = [
  /^(?:em|on|no dia|el|le)\b.{4,200}(?:escreveu|wrote|escribió|a écrit)\s*:?\s*$/iu,
  /^-{2,}\s*(?:original message|mensagem original|mensagem encaminhada|forwarded message)\s*-{2,}/iu,
  /^_{10,}\s*$/u,
  /^(?:de|from)\s*:\s.*@/iu,
  /^\*?(?:de|from)\*?:\*?\s+\S.*$/iu,
];
/** What follows the line of a header block, where a program quotes without a sign. */
const HEADER_LINE = /^\*?(?:para|to|assunto|subject|data|date|sent|enviad[ao](?: em)?|cc)\*?\s*:/iu;
const SIGNATURE = /^-- ?$/u;
/** Lines that a telephone adds. */
const SENT_FROM = /^(?:enviad[oa] (?:do|pelo|de|via)|sent from|get outlook|obter o outlook)\b.{0,80}$/iu;

export const OWN_WORDS_MAX = 8_000;

/** At most {@link OWN_WORDS_MAX} characters; never throws, whatever the text. */
export function ownWords(text: string): string {
  const lines = text
    .slice(0, 4 * OWN_WORDS_MAX)
    .replaceAll("\r\n", "\n")
    .split("\n");
  const kept: string[] = [];
  for (const [i, line] of lines.entries()) {
    const bare = line.trim();
    if (SIGNATURE.test(line) || introduces(bare, lines, i)) break;
    if (bare.startsWith(">") || SENT_FROM.test(bare)) continue;
    kept.push(line.trimEnd());
  }
  return kept
    .join("\n")
    .replace(/\n{3,}/gu, "\n\n")
    .trim()
    .slice(0, OWN_WORDS_MAX);
}

function introduces(line: string, lines: readonly string[], at: number): boolean {
  if (line === "" || line.length > 300) return false;
  const next = lines[at + 1]?.trim() ?? "";
  for (const [i, sign] of INTRODUCES.entries()) {
    // “De: …” may stand in anybody's sentence; with the other lines of a header below it, it begins a quotation.
    if (i === 4 ? sign.test(line) && lines.slice(at + 1, at + 5).some((each) => HEADER_LINE.test(each.trim())) : sign.test(line))
      return true;
  }
  // The introduction is often folded over two lines.
  return /^(?:em|on)\b/iu.test(line) && /(?:escreveu|wrote)\s*:?\s*$/iu.test(next) && `${line} ${next}`.length < 300;
}
