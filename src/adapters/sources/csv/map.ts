// The mapping file: which column of which file is what. YAML in, one strict schema, every error with its place.
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { alike, inEach, ReguaError, type InEach } from "../../../kernel/errors.ts";
import { lineAt } from "../../../kernel/file-problems.ts";
import { issueIn } from "../../../kernel/issues.ts";
import { LANGS } from "../../../kernel/lang.ts";
import { DECIMALS } from "./amounts.ts";
import { DATE_FORMATS } from "./dates.ts";
import { ENCODINGS } from "./encoding.ts";

const column = z.union([z.string().min(1), z.int().min(1)], { error: "write a column's name, or its number from 1" });

/** A plain name or number is a column; anything more is spelt out. */
const shorthand = (value: unknown): unknown => (typeof value === "string" || typeof value === "number" ? { column: value } : value);

const cellKeys = {
  column: column.optional(),
  template: z
    .string()
    .min(1)
    .optional()
    .describe("Text with columns in it, as $" + "{Nome}; blank when one of them is blank."),
  constant: z.union([z.string(), z.number()]).transform(String).optional().describe("The same in every line."),
  prefix: z.string().max(60).optional().describe("Put before what was found."),
  case: z.enum(["lower", "upper"]).optional(),
  default: z.string().optional().describe("Where the cell is blank."),
};

const ONE_OF = "say where the value comes from by one of column, template and constant";
const oneSource = (cell: { column?: unknown; template?: unknown; constant?: unknown }): boolean =>
  [cell.column, cell.template, cell.constant].filter((source) => source !== undefined).length === 1;

const cell = z.preprocess(shorthand, z.strictObject(cellKeys).refine(oneSource, ONE_OF));
const tags = z.preprocess(
  shorthand,
  z
    .strictObject({ ...cellKeys, split: z.string().min(1).max(5).default(",").describe("What stands between two tags.") })
    .refine(oneSource, ONE_OF),
);

const customer = z.strictObject({
  ref: cell.describe("The provider's own number."),
  name: cell.optional().describe("Absent: the number."),
  email: cell.optional(),
  phone: cell.optional(),
  tax_id: cell.optional(),
  lang: cell.optional().describe("pt-BR or en. Absent: the map's lang."),
  since: cell.optional().describe("First day as a customer. Absent: the day of the first invoice."),
  tags: tags.optional(),
});

const service = z
  .strictObject({
    ref: cell,
    customer: cell.optional().describe("Absent: the customer of the same line."),
    name: cell.optional().describe("Absent: the number."),
    plan: cell.optional(),
    price: cell.optional(),
    panel: cell.optional().describe("Name of the panel; with account. Absent: the service is not linked."),
    account: cell.optional(),
  })
  .refine((value) => (value.panel === undefined) === (value.account === undefined), "panel and account go together");

const invoice = z.strictObject({
  ref: cell,
  customer: cell.optional().describe("Absent: the customer of the same line."),
  service: cell.optional().describe("The service it bills. Absent: the service of the same line, else none."),
  issued: cell,
  due: cell,
  amount: cell,
  currency: cell.optional().describe("Absent: the map's currency, else the provider's."),
});

const payment = z.strictObject({
  id: cell.describe("The payment's own number; with source, what makes it known again."),
  source: z.string().min(1).max(60).optional().describe("Where the money was seen. Absent: the map's name."),
  customer: cell.optional().describe("Absent: the customer of the same line, else of the invoice."),
  invoice: cell.optional().describe("The invoice it names. Absent: the invoice of the same line, else the oldest open one is paid first."),
  paid: cell.describe("The day. In a file with more than payments, a line without it has no payment."),
  amount: cell.optional().describe("Absent: the amount of the invoice of the same line."),
  currency: cell.optional(),
});

const file = z
  .strictObject({
    file: z.string().min(1).max(200).optional().describe("The file's name. May be left out when there is only one."),
    delimiter: z.enum([",", ";", "|", "tab"]).optional(),
    encoding: z.enum(ENCODINGS).optional(),
    quote: z.enum(['"', "none"]).default('"').describe("none: a quotation mark is a letter like any other."),
    header: z.boolean().default(true).describe("The first line names the columns. Without it columns are numbers."),
    dates: z.enum(DATE_FORMATS).optional(),
    decimal: z.enum(DECIMALS).optional(),
    skip: z
      .array(z.strictObject({ column, is: z.array(z.union([z.string(), z.number()]).transform(String)).min(1) }))
      .max(20)
      .default([])
      .describe("Lines left out, for example of cancelled invoices: the column has one of these values."),
    customer: customer.optional(),
    service: service.optional(),
    invoice: invoice.optional(),
    payment: payment.optional(),
  })
  .superRefine((value, context) => {
    const { customer: c, service: s, invoice: i, payment: p } = value;
    const say = (path: string[], message: string): void => context.addIssue({ code: "custom", path, message });
    if (!c && !s && !i && !p) say([], "say what a line is: customer, service, invoice, payment, or several of them");
    if (s && !s.customer && !c) say(["service"], "say whose service it is: customer");
    if (i && !i.customer && !c) say(["invoice"], "say whose invoice it is: customer");
    if (p && !p.customer && !c && !p.invoice && !i) say(["payment"], "say whose payment it is: customer, or the invoice it names");
    if (p && !p.amount && !i) say(["payment"], "say how much was paid: amount");
  });

const mapSchema = z
  .strictObject({
    map: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,59}$/u, "a map's name is lower-case letters, digits and dashes")
      .describe("Name of the map; payments are known by it again, so keep it."),
    description: z.string().max(500).optional(),
    lang: z.enum(LANGS).default("pt-BR").describe("Language of new customers of whom no line tells it."),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/u, "a currency is three capital letters, for example BRL")
      .optional(),
    files: z.array(file).min(1).max(50),
  })
  .superRefine((value, context) => {
    const seen = new Set<string>();
    for (const [i, { file: name }] of value.files.entries()) {
      if (name === undefined && value.files.length > 1)
        context.addIssue({ code: "custom", path: ["files", i], message: "with several files each needs its name: file" });
      if (name !== undefined && seen.has(name))
        context.addIssue({
          code: "custom",
          path: ["files", i, "file"],
          message: "this file is there twice; put its entities together",
        });
      if (name !== undefined) seen.add(name);
    }
  });

export type CsvMap = z.infer<typeof mapSchema>;
export type FileMap = CsvMap["files"][number];
export type CellSpec = z.infer<typeof cell>;
export type ColumnKey = z.infer<typeof column>;

const CURE = inEach("docs/import.md lists every key with an example.", "docs/import.md lista todas as chaves, com exemplos.");

/**
 * Reads a mapping file's text.
 * @throws ReguaError `import_map_invalid`, with the line of the first fault
 */
export function parseMap(text: string, name: string): CsvMap {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const [fault] = doc.errors;
  if (fault)
    throw invalid(
      name,
      lines.linePos(fault.pos[0]).line,
      alike(sentence(fault.message)),
      inEach(
        "Mend the YAML there: two spaces a level, a colon and a space after each key.",
        "Conserte o YAML ali: dois espaços por nível, dois-pontos e um espaço depois de cada chave.",
      ),
    );
  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw invalid(
      name,
      1,
      alike(sentence(error instanceof Error ? error.message : String(error))),
      inEach(
        "Write the values out instead of naming them by aliases.",
        "Escreva os valores por extenso, em vez de usar apelidos (aliases).",
      ),
    );
  }
  const parsed = mapSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // A misspelt key is the reason why another one is missing.
  const issue = issues.find((one) => one.code === "unrecognized_keys") ?? issues[0];
  const path = issue?.path ?? [];
  const keys = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const line = lineAt(doc, lines, keys[0] === undefined ? path : [...path, keys[0]], doc.contents?.range?.[0]);
  const where = path.length === 0 ? "" : ` (${path.map(String).join(".")})`;
  const said = wording(issue);
  throw invalid(name, line, inEach(sentence(said.en), sentence(said["pt-BR"])), CURE, where);
}

function invalid(file: string, line: number, problem: InEach, cure: InEach, where = ""): ReguaError {
  return new ReguaError("import_map_invalid", { file, place: inEach(`Line ${line}${where}`, `Linha ${line}${where}`), problem, cure });
}

function wording(issue: z.core.$ZodIssue | undefined): InEach {
  if (issue === undefined) return inEach("it is not a map", "não é um mapa");
  const key = issue.path.at(-1);
  if (!issue.message.endsWith("received undefined")) return issueIn(issue);
  return key === undefined ? inEach("it is empty", "está vazio") : inEach(`“${String(key)}” is missing`, `falta “${String(key)}”`);
}

function sentence(text: string): string {
  return text.replace(/\s+/gu, " ").replace(/\.$/u, "");
}
