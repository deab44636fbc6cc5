// Reads a policy file, and says where and how it is wrong: the line, the problem, what to write instead. Writes one back; knows the presets.
import { readdirSync, readFileSync } from "node:fs";
import { LineCounter, parseDocument, stringify } from "yaml";
import { inEach, ReguaError, type InEach } from "../kernel/errors.ts";
import { sayProblem, THE_FILE, type FileProblem } from "../kernel/file-problems.ts";
import { inBoth } from "./finding.ts";
import { problemsOf } from "./problems.ts";
import { policySchema, type PolicyDoc } from "./schema.ts";

/** A policy, or what is wrong with the form of its file. */
export type Reading = { doc: PolicyDoc } | Wrong;

interface Wrong {
  doc: null;
  /** The first of them; as many as are worth reading at once. */
  problems: readonly FileProblem[];
  /** How many there are in all. */
  found: number;
}

/** A policy is a page or two; a longer text is something else. */
const CHARS_MAX = 200_000;
/** Anchors may repeat a ladder for a few segments; more is a bomb. */
const ALIASES_MAX = 200;
const PROBLEMS_MAX = 50;

/**
 * Reads a policy from YAML (JSON is YAML too), defaults filled in. Its meaning is checked apart, by `checkPolicy`.
 * @throws ReguaError `policy_invalid`, its details with `problems`: place, problem and cure of each
 */
export function readPolicy(yamlText: string): PolicyDoc {
  const reading = tryPolicy(yamlText);
  if (reading.doc === null) throw invalid(reading);
  return reading.doc;
}

/** As {@link readPolicy}, for who shows what is wrong instead of stopping there. */
export function tryPolicy(yamlText: string): Reading {
  if (yamlText.length > CHARS_MAX)
    return wrong([
      {
        place: THE_FILE,
        problem: inEach(`it has more than ${CHARS_MAX} characters`, `tem mais de ${CHARS_MAX} caracteres`),
        cure: inEach("Give the policy file.", "Dê o arquivo da política."),
      },
    ]);
  const lines = new LineCounter();
  const document = parseDocument(yamlText, { lineCounter: lines, prettyErrors: false });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0)
    return wrong(
      broken.map(({ code, message, pos }) => {
        const { line } = lines.linePos(pos[0]);
        return { place: inEach(`line ${line}`, `linha ${line}`), ...(SYNTAX[code] ?? ofParser(message)) };
      }),
    );
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch {
    return wrong([
      {
        place: THE_FILE,
        problem: inEach("its anchors repeat too much", "as âncoras dele se repetem demais"),
        cure: inEach("Write the repeated part out.", "Escreva por extenso a parte repetida."),
      },
    ]);
  }
  const result = policySchema.safeParse(value, { reportInput: true });
  if (result.success) return { doc: result.data };
  return wrong(result.error.issues.flatMap((issue) => problemsOf({ document, lines, value }, issue, [])));
}

/** The policy as a YAML file, every default written out. Reading it back gives the same policy. */
export function writePolicy(doc: PolicyDoc): string {
  return `# Policy ${doc.policy}, every default written out. Fields and units: docs/policy.md\n${stringify(doc, { lineWidth: 120 })}`;
}

const PRESETS = new URL("presets/", import.meta.url);

/** Names of the policies that come with the program. */
export function presetNames(): string[] {
  return readdirSync(PRESETS)
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => name.slice(0, -".yaml".length))
    .sort();
}

/**
 * A preset as its commented file.
 * @throws ReguaError `preset_unknown`
 */
export function presetText(name: string): string {
  const names = presetNames();
  if (!names.includes(name)) throw new ReguaError("preset_unknown", { value: name, names: names.join(", ") });
  return readFileSync(new URL(`${name}.yaml`, PRESETS), "utf8");
}

function wrong(problems: readonly FileProblem[]): Wrong {
  return { doc: null, problems: problems.slice(0, PROBLEMS_MAX), found: problems.length };
}

function invalid(reading: Wrong): ReguaError {
  const { problems } = reading;
  const said = inEach(
    problems.map((each) => sayProblem(each, "en")),
    problems.map((each) => sayProblem(each, "pt-BR")),
  );
  return new ReguaError("policy_invalid", { summary: summaryOf(reading), problems: said });
}

/** The first, and how many there are beside it. */
function summaryOf({ problems, found }: Wrong): InEach {
  const [first] = problems;
  if (!first) return inEach("", "");
  const others = found - 1;
  const more = others === 0 ? inEach("", "") : inEach(` (and ${others} more)`, ` (e mais ${others})`);
  return inBoth((lang) => `${first.place[lang]}: ${first.problem[lang]}.${more[lang]}`);
}

/** The slips of form that people make, by the YAML reader's code. */
const SYNTAX: Readonly<Record<string, Pick<FileProblem, "problem" | "cure">>> = {
  DUPLICATE_KEY: {
    problem: inEach("a key stands twice in one group", "uma chave está escrita duas vezes no mesmo grupo"),
    cure: inEach("Keep one of the two.", "Deixe só uma das duas."),
  },
  TAB_AS_INDENT: {
    problem: inEach("it is indented with tabs", "o recuo foi feito com tabulações"),
    cure: inEach("Indent with spaces.", "Faça o recuo com espaços."),
  },
  MULTIPLE_DOCS: {
    problem: inEach("a second document begins here", "aqui começa um segundo documento"),
    cure: inEach(
      "Keep one policy in a file: take out the line with three dashes.",
      "Deixe uma só política no arquivo: retire a linha com três hifens.",
    ),
  },
};

/** All other slips: the reader's own words, which are English, within a sentence of ours. */
function ofParser(message: string): Pick<FileProblem, "problem" | "cure"> {
  const said = (message.split("\n")[0] ?? "").replace(/[.:]$/u, "");
  return {
    problem: inEach(`it cannot be read as YAML: “${said}”`, `não pode ser lido como YAML; o leitor diz, em inglês: “${said}”`),
    cure: inEach(
      "Look at the spaces at the beginning of that line, and at its colons and quotes.",
      "Veja os espaços no começo dessa linha, os dois-pontos e as aspas.",
    ),
  };
}
