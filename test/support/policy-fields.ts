// Every field of a policy file, read from the schema itself: for the proof that each has an effect, and for the table in docs/policy.md.
import { policyJsonSchema } from "../../src/policy/schema.ts";

export interface PolicyField {
  /** `ladder[].day`. */
  path: string;
  /** What may be written. */
  type: string;
  /** As YAML; `–` where the field may be absent. */
  fallback: string;
  meaning: string;
}

interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  const?: string;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  properties?: Record<string, Node>;
  required?: string[];
  items?: Node;
  anyOf?: Node[];
}

/** The fields that hold a value, in the order of the schema. A segment's ladder has the fields of the common one. */
export function policyFields(): PolicyField[] {
  return fieldsOf("", policyJsonSchema() as Node, true);
}

function fieldsOf(path: string, node: Node, required: boolean): PolicyField[] {
  if (path === "segments[].ladder") return [];
  const choices = node.anyOf ?? [node];
  const groups = choices.flatMap((choice) => {
    const group = choice.items && (choice.items.properties || choice.items.anyOf) ? choice.items : choice;
    const inner = group === choice ? path : `${path}[]`;
    return (group.anyOf ?? [group]).filter((one) => one.properties).map((one) => ({ inner, one }));
  });
  const words = choices
    .flatMap((choice) => (choice.items?.anyOf ? choice.items.anyOf : [choice]))
    .filter((one) => !one.properties && !one.items?.properties);
  const own: PolicyField[] =
    words.length === 0
      ? []
      : [
          {
            path,
            type: [...new Set(words.map(typeOf))].join(", or "),
            fallback: fallbackOf(node, required),
            meaning: node.description ?? words[0]?.description ?? "",
          },
        ];
  return [
    ...own,
    ...groups.flatMap(({ inner, one }) =>
      Object.entries(one.properties ?? {}).flatMap(([key, child]) =>
        fieldsOf(inner === "" ? key : `${inner}.${key}`, child, one.required?.includes(key) ?? false),
      ),
    ),
  ];
}

function fallbackOf(node: Node, required: boolean): string {
  if (node.default === undefined) return required ? "required" : "–";
  const text = JSON.stringify(node.default);
  return text === "{}" ? "as below" : `\`${text}\``;
}

function typeOf(node: Node): string {
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.map((word) => `\`${word}\``).join(" ");
  if (node.type === "array") return `list of ${node.items?.enum ? node.items.enum.map((word) => `\`${word}\``).join(" ") : "texts"}`;
  if (node.type === "boolean") return "true or false";
  if (node.pattern?.includes("[01]") === true) return "time";
  if (node.pattern?.includes(String.raw`\.\d{2}`) === true) return "amount";
  if (node.type !== "integer" && node.type !== "number") return "text";
  const most = node.maximum === undefined || node.maximum >= Number.MAX_SAFE_INTEGER ? "or more" : `to ${node.maximum}`;
  return `${node.type === "integer" ? "whole number" : "number"}, ${node.minimum} ${most}`;
}

/** The table of docs/policy.md, row for row. */
export function fieldTable(): string {
  const rows = policyFields().map(
    ({ path, type, fallback, meaning }) => `| \`${path}\` | ${type} | ${fallback} | ${meaning.replaceAll("|", "\\|")} |`,
  );
  return ["| Field | Value | Default | Meaning |", "|---|---|---|---|", ...rows].join("\n");
}
