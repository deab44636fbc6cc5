// A report in words: what was checked, what was found and where, and what it means; in both languages.
import type { Lang } from "../kernel/lang.ts";
import type { Finding, Note, Place, Report, Table } from "./finding.ts";
import { entriesIntact } from "./verify.ts";

type Says = (finding: never) => string;
type Sentences = { readonly [C in (Finding | Note)["code"]]: (finding: Extract<Finding | Note, { code: C }>) => string };

/** `entry 17 (2026-11-22T12:00:00.000Z, decision)`. */
function placed(word: string, { seq, at, kind }: Place): string {
  const about = [at, kind].filter((part) => part !== null).join(", ");
  return about === "" ? `${word} ${seq}` : `${word} ${seq} (${about})`;
}

const e = (place: Place): string => placed("entry", place);
const p = (place: Place): string => placed("a entrada", place);
const field = (name: string | null, lead: string): string => (name === null ? "" : `${lead} ${name}`);
const range = (from: number, through: number, one: string, many: string, to: string): string =>
  from === through ? `${one} ${from}` : `${many} ${from} ${to} ${through}`;

const TABLES_EN: Readonly<Record<Table, string>> = {
  receipts: "receipt",
  settlements: "settlement of a receipt",
  returns: "return of money",
  allocations: "allocation",
  invoices: "invoice",
  holds: "hold",
  lifted_holds: "lifted hold",
  promises: "promise",
  claims: "claim",
  terminations: "termination",
  services: "service",
  deliveries: "delivery of a message",
};

const TABLES_PT: Readonly<Record<Table, string>> = {
  receipts: "recebimento",
  settlements: "crédito em conta",
  returns: "devolução",
  allocations: "alocação",
  invoices: "fatura",
  holds: "bloqueio",
  lifted_holds: "bloqueio retirado",
  promises: "promessa",
  claims: "comprovante",
  terminations: "encerramento",
  services: "serviço",
  deliveries: "entrega de mensagem",
};

const EN: Sentences = {
  seal_broken: () => "the seal at its end is not the SHA-256 of the file: at least one byte was changed after export",
  not_utf8: (f) => `byte ${f.byte} is not UTF-8 text`,
  not_json: (f) => `it is not JSON from byte ${f.byte} on (line ${f.line})`,
  out_of_shape: (f) => `the member ${f.field === "" ? "at the top" : f.field} is not what a bundle has there: ${f.problem}`,
  out_of_form: (f) =>
    `from byte ${f.byte} on (line ${f.line}) it is not written as export writes it: white space, order or a member given twice`,
  customer_differs: (f) => `it names the customer ${f.shown}, and its entries name ${f.said}`,
  entry_unreadable: (f) => `${e(f.entry)}: its text cannot be read as an entry`,
  entry_differs: (f) =>
    f.field === "prev" && f.witness === "next"
      ? `${e(f.entry)}: its member prev was changed; with the hash of the entry before it, it gives the hash that is named for it`
      : `${e(f.entry)}: its text does not give the hash that ${f.witness === "next" ? `entry ${f.entry.seq + 1}` : f.witness === "head" ? "the head" : "the list of hashes"} names${field(f.field, "; what contradicts its place is")}`,
  entry_field: (f) => `${e(f.entry)}: its member ${f.field} contradicts the entry or its place, although its hash is the one named`,
  entries_missing: (f) => `${range(f.from, f.through, "entry", "entries", "to")} ${f.from === f.through ? "is" : "are"} missing`,
  hash_list_differs: (f) => `${e(f.entry)}: the list of hashes was changed; the entry itself gives the hash that is named for it`,
  head_differs: (f) => `the head does not name the last entry (${f.seq}): one of the two was changed before export`,
  message_differs: (f) => `the message of ${e(f.entry)}, item ${f.item}: its ${f.field} is not what the entry says`,
  message_missing: (f) => `the message of ${e(f.entry)}, item ${f.item}, is left out`,
  message_without_entry: (f) => `the message ${f.messageId} is named by no entry, or shown twice`,
  policy_missing: (f) => `the policy ${f.version}, which ${e(f.entry)} names, is left out`,
  policy_differs: (f) => `the policy ${f.version}: its ${f.field} is not what the version's hash stands for`,
  row_missing: (f) => `${e(f.entry)} tells of a ${TABLES_EN[f.table]} that the state does not show: ${f.row}`,
  row_without_entry: (f) => `the state shows a ${TABLES_EN[f.table]} that no entry tells of: ${f.row}`,
  sum_differs: (f) => `the ${TABLES_EN[f.table]} ${f.row}: its parts give ${f.sum} cents, ${f.shown} are shown`,
  anchor_differs: (f) => `the anchor of ${f.day} does not hold: its hash, root or predecessor was changed`,
  anchor_missing: (f) => `the anchor of ${f.day} is missing`,
  anchor_not_as_published: (f) => `the anchor of ${f.day} is not the one kept elsewhere: the history was made anew after it was published`,
  leaf_differs: (f) => `${e(f.entry)} is not what was anchored on ${f.day}`,
  leaf_gap: (f) => `the anchored part of ${f.day} does not begin where the one before it ends`,
  anchored_entry_missing: (f) => `entry ${f.seq}, anchored on ${f.day}, is missing`,
  house_row_differs: (f) => `row ${f.row} (${f.kind}) does not give its own hash: it was changed`,
  house_row_unchained: (f) => `row ${f.row} (${f.kind}) does not name the hash of the row before it: one of the two was changed`,
  house_rows_missing: (f) => `${range(f.from, f.through, "row", "rows", "to")} ${f.from === f.through ? "is" : "are"} missing`,
  not_anchored: (f) =>
    `${range(f.from, f.through, "entry", "entries", "to")}: not anchored yet; only the chain itself speaks for that part`,
  published_not_here: (f) => `the anchor of ${f.day} that was given is of a day this file does not reach: it was not compared`,
  clock_went_back: (f) => `${e(f.entry)} is earlier than an entry before it: the clock was set back`,
  policy_of_other_program: (f) =>
    `the policy ${f.version} was compiled by another version of the program: its source agrees as far as it is written out`,
};

const PT: Sentences = {
  seal_broken: () => "o lacre no fim não é o SHA-256 do arquivo: ao menos um byte foi alterado depois da exportação",
  not_utf8: (f) => `o byte ${f.byte} não é texto UTF-8`,
  not_json: (f) => `deixa de ser JSON no byte ${f.byte} (linha ${f.line})`,
  out_of_shape: (f) => `o membro ${f.field === "" ? "no topo" : f.field} não é o que um pacote tem ali: ${f.problem}`,
  out_of_form: (f) =>
    `a partir do byte ${f.byte} (linha ${f.line}) não está escrito como a exportação escreve: espaços, ordem ou membro repetido`,
  customer_differs: (f) => `nomeia o cliente ${f.shown}, e as entradas nomeiam ${f.said}`,
  entry_unreadable: (f) => `${p(f.entry)}: o texto não pode ser lido como entrada`,
  entry_differs: (f) =>
    f.field === "prev" && f.witness === "next"
      ? `${p(f.entry)}: o membro prev foi alterado; com o hash da entrada anterior, ela dá o hash citado para ela`
      : `${p(f.entry)}: o texto não dá o hash que ${f.witness === "next" ? `a entrada ${f.entry.seq + 1}` : f.witness === "head" ? "a cabeça da cadeia" : "a lista de hashes"} cita${field(f.field, "; o que contradiz o seu lugar é")}`,
  entry_field: (f) => `${p(f.entry)}: o membro ${f.field} contradiz a entrada ou o seu lugar, embora o hash seja o citado`,
  entries_missing: (f) => `${f.from === f.through ? "falta" : "faltam"} ${range(f.from, f.through, "a entrada", "as entradas", "a")}`,
  hash_list_differs: (f) => `${p(f.entry)}: a lista de hashes foi alterada; a entrada em si dá o hash citado para ela`,
  head_differs: (f) => `a cabeça da cadeia não cita a última entrada (${f.seq}): uma das duas foi alterada antes da exportação`,
  message_differs: (f) => `a mensagem d${p(f.entry)}, item ${f.item}: ${f.field} não é o que a entrada diz`,
  message_missing: (f) => `a mensagem d${p(f.entry)}, item ${f.item}, foi omitida`,
  message_without_entry: (f) => `a mensagem ${f.messageId} não é citada por nenhuma entrada, ou aparece duas vezes`,
  policy_missing: (f) => `a política ${f.version}, citada pel${p(f.entry)}, foi omitida`,
  policy_differs: (f) => `a política ${f.version}: ${f.field} não é o que o hash da versão representa`,
  row_missing: (f) => `${p(f.entry)} conta um registro que o estado não mostra (${TABLES_PT[f.table]}): ${f.row}`,
  row_without_entry: (f) => `o estado mostra um registro que nenhuma entrada conta (${TABLES_PT[f.table]}): ${f.row}`,
  sum_differs: (f) => `${TABLES_PT[f.table]} ${f.row}: as partes somam ${f.sum} centavos, o mostrado é ${f.shown}`,
  anchor_differs: (f) => `a âncora de ${f.day} não se sustenta: o hash, a raiz ou a anterior foi alterada`,
  anchor_missing: (f) => `falta a âncora de ${f.day}`,
  anchor_not_as_published: (f) => `a âncora de ${f.day} não é a guardada fora daqui: a história foi refeita depois da publicação`,
  leaf_differs: (f) => `${p(f.entry)} não é o que foi ancorado em ${f.day}`,
  leaf_gap: (f) => `a parte ancorada em ${f.day} não começa onde a anterior termina`,
  anchored_entry_missing: (f) => `falta a entrada ${f.seq}, ancorada em ${f.day}`,
  house_row_differs: (f) => `a linha ${f.row} (${f.kind}) não dá o próprio hash: foi alterada`,
  house_row_unchained: (f) => `a linha ${f.row} (${f.kind}) não cita o hash da linha anterior: uma das duas foi alterada`,
  house_rows_missing: (f) => `${f.from === f.through ? "falta" : "faltam"} ${range(f.from, f.through, "a linha", "as linhas", "a")}`,
  not_anchored: (f) =>
    `${range(f.from, f.through, "entrada", "entradas", "a")}: ainda sem âncora; por essa parte responde só a própria cadeia`,
  published_not_here: (f) => `a âncora de ${f.day} que foi dada é de um dia que este arquivo não alcança: não foi comparada`,
  clock_went_back: (f) => `${p(f.entry)} é anterior a uma que vem antes dela: o relógio foi atrasado`,
  policy_of_other_program: (f) =>
    `a política ${f.version} foi compilada por outra versão do programa: a fonte confere em tudo o que está escrito nela`,
};

const SENTENCES: Readonly<Record<Lang, Sentences>> = { en: EN, "pt-BR": PT };

/** One finding or note as a sentence without its capital letter and full stop. */
export function sayFinding(finding: Finding | Note, lang: Lang): string {
  return (SENTENCES[lang][finding.code] as Says)(finding as never);
}

/** The whole report as lines. */
export function sayReport(report: Report, lang: Lang): string {
  const { checked, findings, notes } = report;
  const en = lang === "en";
  const lines: string[] = [];
  const who = report.customer === null ? "" : en ? ` of customer ${report.customer}` : ` do cliente ${report.customer}`;
  const when = report.exportedAt === null ? "" : en ? `, exported ${report.exportedAt}` : `, exportadas em ${report.exportedAt}`;
  lines.push(en ? `Evidence${who}${when}` : `Provas${who}${when}`);
  lines.push(
    en
      ? `Checked: entries ${checked.entries}, messages ${checked.messages}, policy versions ${checked.policies}, receipts ${checked.receipts}, anchored days ${checked.anchors}.`
      : `Conferido: entradas ${checked.entries}, mensagens ${checked.messages}, versões de política ${checked.policies}, recebimentos ${checked.receipts}, dias ancorados ${checked.anchors}.`,
  );
  if (report.intact) lines.push(en ? "Nothing was changed since export." : "Nada foi alterado desde a exportação.");
  else {
    const inside = !entriesIntact(findings);
    const known = checked.entries > 0;
    if (en)
      lines.push(
        inside
          ? "Entries were changed:"
          : known
            ? "The file was changed after export, or its parts disagree; the entries themselves are intact:"
            : "The file cannot be trusted:",
      );
    else
      lines.push(
        inside
          ? "Há entradas alteradas:"
          : known
            ? "O arquivo foi alterado depois da exportação, ou as partes não conferem; as entradas em si estão intactas:"
            : "O arquivo não é confiável:",
      );
    for (const finding of findings) lines.push(`- ${sayFinding(finding, lang)}.`);
  }
  lines.push(sayAnchor(report, en));
  for (const note of notes) lines.push(`${en ? "Note" : "Nota"}: ${sayFinding(note, lang)}.`);
  return `${lines.join("\n")}\n`;
}

/** What the anchors prove, and what they do not. */
function sayAnchor({ anchor, compared }: Report, en: boolean): string {
  if (anchor === null)
    return en
      ? "No anchor covers these entries yet: nothing outside this file speaks for them."
      : "Nenhuma âncora cobre estas entradas ainda: nada fora deste arquivo responde por elas.";
  const { day, hash, through } = anchor;
  if (compared > 0)
    return en
      ? `Entries 1 to ${through} are under the anchors; ${compared} of these were compared with ones kept elsewhere.`
      : `As entradas 1 a ${through} estão sob as âncoras; ${compared} delas foram comparadas com as guardadas em outro lugar.`;
  return en
    ? `Entries 1 to ${through} are under the anchor of ${day}. Compare it with the one the provider published: ${hash}`
    : `As entradas 1 a ${through} estão sob a âncora de ${day}. Compare com a que o prestador publicou: ${hash}`;
}
