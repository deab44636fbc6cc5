// Tidy rules that read SQL inside string literals and migrations: where it may stand, what time it reads, in what order it answers.
import ts from "typescript";
import type { ProjectFile } from "./project.ts";
import { isProduction } from "./tidy-code.ts";
import type { Breach, Rule } from "./rule.ts";

interface Literal {
  node: ts.Node;
  /** The text, with `?` for each `${…}`. */
  text: string;
}

/** Every string and template of a file; what stands inside `${…}` is a literal of its own. */
function* literals(file: ProjectFile): Iterable<Literal> {
  for (const node of file.nodes) {
    if (ts.isStringLiteralLike(node)) yield { node, text: node.text };
    else if (ts.isTemplateExpression(node)) {
      yield { node, text: node.head.text + node.templateSpans.map((span) => `?${span.literal.text}`).join("") };
    }
  }
}

/** Drops `-- …` and quoted text, keeping the lines, so that words in them are not taken for SQL. */
function bare(sql: string): string {
  return sql.replace(/--[^\n]*/gu, "").replace(/'[^'\n]*'/gu, "''");
}

// Statements are written in one case throughout; “Select a customer from the list” is a sentence.
const START = String.raw`(?:^|[(;]|\b(?:union|all|as|AS|UNION|ALL)\b)\s*`;
const TABLE = String.raw`[\w."?]+(?:\s+(?:as\s+|AS\s+)?\w+)?`;
const STATEMENT = new RegExp(
  [
    String.raw`${START}(?:select\b[\s\S]*?\bfrom|SELECT\b[\s\S]*?\bFROM)\b`,
    String.raw`${START}(?:select|SELECT)\s+[\w.]+\(`,
    String.raw`${START}(?:insert\s+into|INSERT\s+INTO|delete\s+from|DELETE\s+FROM|merge\s+into|MERGE\s+INTO)\b`,
    String.raw`${START}(?:update\s+${TABLE}\s+set|UPDATE\s+${TABLE}\s+SET)\b`,
    String.raw`${START}(?:create|alter|drop|CREATE|ALTER|DROP)\s+(?:table|index|schema|TABLE|INDEX|SCHEMA)\b`,
  ].join("|"),
  "u",
);

const BUILDERS = new Set(["selectFrom", "insertInto", "updateTable", "deleteFrom", "mergeInto"]);

function* sqlTexts(file: ProjectFile): Iterable<Breach> {
  for (const { node, text } of literals(file)) {
    const statement = STATEMENT.exec(bare(text));
    if (statement) yield { line: file.lineOf(node), seen: `“${statement[0].trim().replace(/\s+/gu, " ").slice(0, 60)}”` };
  }
  for (const node of file.nodes) {
    if (ts.isTaggedTemplateExpression(node) && /^sql\b/u.test(node.tag.getText())) yield { line: file.lineOf(node), seen: "the sql tag" };
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && BUILDERS.has(node.expression.name.text)) {
      yield { line: file.lineOf(node.expression.name), seen: `.${node.expression.name.text}(` };
    }
  }
}

const OWN_TIME =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|uuidv[47])\s*\(|\b(?:current_(?:timestamp|date|time)|localtime(?:stamp)?)\b/giu;

function* databaseTime(file: ProjectFile): Iterable<Breach> {
  if (!file.isTypeScript) {
    const text = bare(file.text);
    for (const match of text.matchAll(OWN_TIME)) yield { line: text.slice(0, match.index).split("\n").length, seen: match[0] };
    return;
  }
  for (const { node, text } of literals(file)) {
    const sql = bare(text);
    for (const match of sql.matchAll(OWN_TIME)) {
      yield { line: file.lineOf(node) + sql.slice(0, match.index).split("\n").length - 1, seen: match[0] };
    }
  }
}

const MARK = /--\s*(?:one row\b|unordered:\s*\S)/u;
const AGGREGATES = /^(?:count|sum|min|max|avg|every|(?:bool|bit)_(?:and|or)|\w+_agg|coalesce|greatest|least|exists|not exists)\s*\(\)/iu;
const MANY_ROWS = /\b(?:unnest|generate_series|values|\w+_(?:each|elements|to_table|matches))\s*\(\)/iu;

/** The statement with every `(…)` emptied, so that only its outermost clauses remain. */
function outermost(sql: string): string {
  let text = "";
  let depth = 0;
  for (const letter of sql) {
    if (letter === ")") depth = Math.max(0, depth - 1);
    if (depth === 0) text += letter;
    if (letter === "(") depth += 1;
  }
  return text;
}

/** Whether an outermost statement answers with several rows in whatever order the database likes. */
function answersUnordered(statement: string): boolean {
  const select = /\bselect\b(?:\s+distinct)?([\s\S]*)$/iu.exec(statement);
  if (!select) return false;
  if (/\binsert\s+into\b|\bdelete\s+from\b|\bmerge\s+into\b|\bupdate\s+\S+(?:\s+(?:as\s+)?\w+)?\s+set\b/iu.test(statement)) return false;
  if (/\border\s+by\b|\blimit\s+1\b/iu.test(statement)) return false;
  const body = select[1] ?? "";
  const from = /\bfrom\b/iu.exec(body);
  const list = body.slice(0, from?.index);
  if (!from) return MANY_ROWS.test(list);
  const aggregatesOnly = !/\bgroup\s+by\b/iu.test(body) && list.split(",").every((item) => AGGREGATES.test(item.trim()));
  return !aggregatesOnly;
}

/** A change that answers with the rows it changed gives them in the order in which the database came to them, and cannot be told another. */
const RETURNS = /^\s*(?:update|insert\s+into|delete\s+from|merge\s+into|with)\b[\s\S]*\breturning\b/iu;

/** The names called along a chain that ends here: `db.selectFrom(…).orderBy(…).execute()`. */
function chain(call: ts.CallExpression): Set<string> {
  const names = new Set<string>();
  let node: ts.Expression = call;
  for (;;) {
    if (ts.isCallExpression(node)) node = node.expression;
    else if (ts.isPropertyAccessExpression(node)) {
      names.add(node.name.text);
      node = node.expression;
    } else return names;
  }
}

function* unordered(file: ProjectFile): Iterable<Breach> {
  for (const { node, text } of literals(file)) {
    if (MARK.test(text) || !/\b(?:select|returning)\b/iu.test(text)) continue;
    const statements = outermost(bare(text)).split(";");
    // Only text that starts as a statement: an error message may hold the words too.
    const found = statements.find(
      (statement) => RETURNS.test(statement) || (/^\s*(?:select|with)\b/iu.test(statement) && answersUnordered(statement)),
    );
    if (found !== undefined) yield { line: file.lineOf(node), seen: `“${found.trim().replace(/\s+/gu, " ").slice(0, 60)}”` };
  }
  for (const node of file.nodes) {
    if (!ts.isCallExpression(node)) continue;
    const names = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "execute" ? chain(node) : undefined;
    if (names?.has("selectFrom") && !names.has("orderBy")) yield { line: file.lineOf(node), seen: "selectFrom(…).execute()" };
  }
}

/** The simulator's oracle looks at the tables itself: asking the store would be asking the one it judges. */
const isOracleView = (file: ProjectFile) => /^sim\/(?:chaos\/)?support\//u.test(file.path);

const inStore = (file: ProjectFile) => file.path.startsWith("src/store/");

export const sqlRules: readonly Rule[] = [
  {
    name: "sql",
    why: "One room knows the tables, so that a change of schema is a change of one room.",
    cure: "Move the query to src/store and call it from here.",
    binds: (file) => isProduction(file) && !inStore(file) && !isOracleView(file) && !/^src\/adapters\/postgres(\/|\.)/u.test(file.path),
    find: sqlTexts,
  },
  {
    name: "database-time",
    why: "Time and chance are parameters of a query: a database that reads its own clock cannot be replayed.",
    cure: "Pass the instant, or the value, as a parameter.",
    binds: (file) => inStore(file) && !file.isTest && (file.isTypeScript || file.path.endsWith(".sql")),
    find: databaseTime,
  },
  {
    name: "order",
    why: "Without `order by` the database answers in any order, and two runs of one seed differ.",
    cure: "Add `order by` (or sort what `returning` gives), or say in the SQL `-- one row` (a full key is given) or `-- unordered: reason`.",
    binds: (file) => inStore(file) && file.isTypeScript && !file.isTest,
    find: unordered,
  },
];
