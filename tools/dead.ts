// Dead code: exports that no other file imports and their own file does not use. `node tools/dead.ts [folder]`.
// Ours, because ts-unused-exports 11.0.1 misses two things: with --ignoreLocallyUsed it takes a declaration for a use
// of itself and reports nothing, and without it `await import("./x.ts")` counts as no import at all.
import { dirname, posix, resolve } from "node:path";
import ts from "typescript";
import { readProject } from "./project.ts";
import type { ProjectFile } from "./project.ts";

export interface DeadExport {
  path: string;
  line: number;
  name: string;
}

/** Files whose exports are read by a program, not by an import. */
const READ_BY_TOOLS = /(^|\/)[\w.-]+\.config\.[jt]s$|^test\/(global-setup|support\/many-times)\.ts$/u;

/** Imports of everything: `import * as x`, `await import(…)`, `import("…").Type`. */
const ALL = "*";

/**
 * The exports under `root` that nothing uses. A test counts as a use: a rule may be proved before it is wired.
 */
export function deadExports(root: string): DeadExport[] {
  const files = readProject(root).filter((file) => file.isTypeScript);
  const used = new Map<string, Set<string>>();
  for (const file of files) {
    for (const [path, name] of imports(file)) used.set(path, (used.get(path) ?? new Set()).add(name));
  }
  const dead: DeadExport[] = [];
  for (const file of files) {
    const names = used.get(file.path);
    if (READ_BY_TOOLS.test(file.path) || names?.has(ALL)) continue;
    for (const [name, node] of exportsOf(file)) {
      if (!names?.has(name) && !usedAtHome(file, name)) dead.push({ path: file.path, line: file.lineOf(node), name });
    }
  }
  return dead;
}

/** What a file imports of ours: path relative to the root, and the name. */
function* imports(file: ProjectFile): Iterable<[path: string, name: string]> {
  for (const node of file.nodes) {
    const specifier = specifierOf(node);
    if (!specifier?.startsWith(".")) continue;
    const path = posix.join(dirname(file.path), specifier);
    const clause = ts.isImportDeclaration(node) ? node.importClause : undefined;
    if (!ts.isImportDeclaration(node) || (clause?.namedBindings && ts.isNamespaceImport(clause.namedBindings))) yield [path, ALL];
    if (clause?.name) yield [path, "default"];
    if (clause?.namedBindings && ts.isNamedImports(clause.namedBindings)) {
      for (const element of clause.namedBindings.elements) yield [path, (element.propertyName ?? element.name).text];
    }
  }
}

function specifierOf(node: ts.Node): string | undefined {
  let place: ts.Node | undefined;
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) place = node.moduleSpecifier;
  else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) place = node.arguments[0];
  else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) place = node.argument.literal;
  return place && ts.isStringLiteralLike(place) ? place.text : undefined;
}

function* exportsOf(file: ProjectFile): Iterable<[name: string, node: ts.Node]> {
  for (const node of file.source.statements) {
    if (ts.isExportAssignment(node)) yield ["default", node];
    if (ts.isExportDeclaration(node) && node.exportClause && ts.isNamedExports(node.exportClause)) {
      for (const element of node.exportClause.elements) yield [element.name.text, element];
    }
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    if (!modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)) continue;
    if (modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)) yield ["default", node];
    else if (ts.isVariableStatement(node)) {
      for (const declaration of node.declarationList.declarations) for (const name of names(declaration.name)) yield [name.text, name];
    } else if ("name" in node && node.name && ts.isIdentifier(node.name as ts.Node)) {
      yield [(node.name as ts.Identifier).text, node];
    }
  }
}

/** The identifiers a declaration binds, also by destructuring. */
function names(binding: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(binding)) return [binding];
  return binding.elements.flatMap((element) => (ts.isBindingElement(element) ? names(element.name) : []));
}

/** Named twice in its own file: once declared, once used. An exported type of an exported function is such a use. */
function usedAtHome(file: ProjectFile, name: string): boolean {
  return file.nodes.filter((node) => ts.isIdentifier(node) && node.text === name).length > 1;
}

if (import.meta.main) {
  const dead = deadExports(resolve(process.argv[2] ?? "."));
  for (const { path, line, name } of dead) console.log(`${path}:${line}  ${name} is exported and used nowhere.`);
  if (dead.length > 0) console.log("\nRemove what nobody needs; a word needed only at home needs no export.");
  process.exitCode = dead.length > 0 ? 1 : 0;
}
