// What is found in a policy is said in the person's language: each finding in both, and no English left in the Portuguese.
import { describe, expect, it } from "vitest";
import { plain, type PolicyChange } from "../../test/support/timeline.ts";
import { inEach, type InEach, type ReguaError } from "../kernel/errors.ts";
import { checkPolicy } from "./check.ts";
import { checkPanels } from "./check-panels.ts";
import { daysIn, hoursIn, sayFinding } from "./finding.ts";
import { FORM_WORDS, formWords } from "./form-words.ts";
import { MEANINGS_PT_BR } from "./meanings.pt-BR.ts";
import { readPolicy, tryPolicy } from "./read.ts";
import { policyJsonSchema } from "./schema.ts";

interface Node {
  description?: string;
  enum?: string[];
  const?: string;
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
}

/** Each part of the schema with its path, a union's parts at the path of the union. */
function walk(node: Node, path = ""): { path: string; node: Node }[] {
  const field = path.replace(/^segments\[\]\.ladder/u, "ladder");
  return [
    { path: field, node },
    ...(node.anyOf ?? []).flatMap((inner) => walk(inner, path)),
    ...(node.items ? walk(node.items, `${path}[]`) : []),
    ...Object.entries(node.properties ?? {}).flatMap(([key, inner]) => walk(inner, path === "" ? key : `${path}.${key}`)),
  ];
}

const SCHEMA = walk(policyJsonSchema() as Node);
/** Words of the file itself: they are written in it as they are, whatever language one reads. */
const OF_THE_FILE = new Set(
  SCHEMA.flatMap(({ node }) => [
    ...Object.keys(node.properties ?? {}),
    ...(node.enum ?? []),
    ...(node.const === undefined ? [] : [node.const]),
  ]),
);
/** The same word, or the same name, in both. */
const SHARED = new Set(
  "anatel art boleto download e-mail legal remove cdc civil código die hash iso lgpd local p14 pix pro rata resolução rgc yaml false true web1 vps".split(
    " ",
  ),
);
const ENGLISH =
  /(?<![\p{L}\d])(?:the|of|and|or|is|are|it|its|in|must|than|with|this|one|two|which|cannot|used|known|missing|whole|number|text|list|least|most|entry|entries|characters|line|file|before|after|only|hours|days|keep|leave|choose|between|stands|belongs|nothing|nobody|write|writes|written)(?![\p{L}\d])/iu;

/** What is quoted, and what has the form of a key, is the file's or the reader's. */
const prose = (text: string): string => text.replace(/“[^”]*”/gu, " ").replace(/[\w[\]]*[_[][\w[\].]*|\w+\.\w[\w.]*/gu, " ");
const wordsOf = (text: string): string[] =>
  prose(text)
    .toLowerCase()
    .match(/[\p{L}\d-]{3,}/gu)
    ?.filter((word) => /\p{L}/u.test(word) && !OF_THE_FILE.has(word) && !SHARED.has(word)) ?? [];

function holds({ en, "pt-BR": ptBR }: InEach, what: string): void {
  expect(en.trim(), what).not.toBe("");
  expect(ptBR.trim(), what).not.toBe("");
  expect(ptBR, what).not.toMatch(/[!]/u);
  expect(ENGLISH.exec(prose(ptBR))?.[0], `${what}: ${ptBR}`).toBeUndefined();
  const english = new Set(wordsOf(en));
  expect(
    wordsOf(ptBR).filter((word) => english.has(word)),
    `${what}: ${ptBR}`,
  ).toEqual([]);
}

const notify = (day: number | string, more = {}) => ({ step: `n${day}`, day, at: "00:00", do: "notify", ...more });
const warn = (day: number, more = {}) => ({ step: "w", day, at: "00:00", do: "warn", ...more });
const suspend = (day: number | string, more = {}) => ({ step: "s", day, at: "00:00", do: "suspend", ...more });
const announce = (day: number, more = {}) => ({ step: "a", day, at: "00:00", do: "warn_termination", ...more });
const terminate = (day: number, more = {}) => ({ step: "t", day, at: "00:00", do: "terminate", ...more });
const WEEK = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const segment = (name: string, when: object) => ({ segment: name, when, ladder: plain().ladder });
const open = { breaker: {}, promises: { deadline_at: "18:00" } };

/** Each meaning a policy can be refused or pointed out for, by what is said of it in Portuguese. */
const MEANT: [RegExp, PolicyChange][] = [
  [/dois passos têm o nome “x”/u, { ladder: [notify(1, { step: "x" }), notify(2, { step: "x" })] }],
  [/vem antes do passo “w”/u, { ladder: [warn(4), notify(3)] }],
  [/espera 24 horas depois do passo “w”, que está só 12,5 horas antes/u, { ladder: [warn(4), suspend(4, { at: "12:30" })] }],
  [/cai nas horas sem mensagem: ela/u, { quiet_hours: { from: "20:00", to: "08:00" } }],
  [/um canal está escrito duas vezes/u, { ladder: [warn(4, { channels: ["email", "sms", "email"] }), suspend(5)] }],
  [/quem só tem endereço de e-mail/u, { ladder: [warn(4, { channels: ["sms"] }), suspend(5)] }],
  [/segundo passo “suspend”/u, { ladder: [warn(4), suspend(5), suspend(7, { step: "z" })] }],
  [/ainda está no prazo/u, { ladder: [warn(-5), suspend(0)] }],
  [/ninguém é suspenso sem aviso/u, { ladder: [suspend(5)] }],
  [
    /o aviso está só 3 horas antes/u,
    { ladder: [warn(4), notify(4, { at: "01:00", gap_hours: 1 }), suspend(4, { at: "03:00", gap_hours: 3.5 })] },
  ],
  [
    /never_suspend_on fecha 09:00/u,
    { ladder: [warn(4), suspend(5, { at: "09:00" })], never_suspend_on: WEEK.map((weekday) => ({ weekday, to: "10:00" })) },
  ],
  [/só permite a suspensão 15 dias/u, { regime: "telecom-br", ladder: [warn(4), suspend(5)] }],
  [/não há passo “suspend”/u, { ladder: [warn(4), announce(30), terminate(45)] }],
  [/ninguém é avisado de que o serviço/u, { ladder: [warn(4), suspend(5), terminate(45)] }],
  [/fim do contrato 60 dias/u, { regime: "telecom-br", ladder: [warn(4), suspend(19, { gap_hours: 360 }), announce(49), terminate(79)] }],
  [/encerrado 14 dias depois/u, { ladder: [warn(4), suspend(5), announce(10), terminate(19)] }],
  [/a régua nunca suspende/u, { ladder: [notify(3)] }],
  [/calendário de feriados para “XX”/u, { calendar: { holidays: "XX", weekend: [] } }],
  [/não deixa lugar para um dia bancário/u, { calendar: { holidays: "none", weekend: WEEK } }],
  [/não deixa lugar para uma suspensão/u, { never_suspend_on: WEEK.map((weekday) => ({ weekday })) }],
  [/grande demais/u, { small_remainder: "99999999999999999.00" }],
  [/às 08:00 nenhuma suspensão/u, { ladder: [warn(4), suspend(5, { at: "09:00" })], promises: { deadline_at: "08:00" } }],
  [/18:00 cai nas horas sem mensagem, e a mensagem/u, { quiet_hours: { from: "17:00", to: "08:00" } }],
  [/uma promessa de 0 dias/u, { promises: { max_days: 0, deadline_at: "18:00" } }],
  [/dois segmentos têm o nome “a”/u, { segments: [segment("a", { tags: ["x"] }), segment("a", { tags: ["y"] })] }],
  [/há ao menos 90 dias e há menos de 90 dias/u, { segments: [segment("a", { tenure_days_from: 90, tenure_days_below: 90 })] }],
  [/o segmento “a”, antes dele/u, { segments: [segment("a", { tags: ["x"] }), segment("b", { tags: ["x"] })] }],
  [/uma multa de 2,5 %/u, { late_fee: { fine_percent: 2.5 } }],
  [/juros de 9,9 % ao mês/u, { late_fee: { interest_percent_month: 9.9 } }],
  [/sem disjuntor/u, { breaker: "none" }],
];

describe("what a policy means", () => {
  it.each(MEANT)("is said in both languages: %s", (said, change) => {
    const findings = checkPolicy(plain({ ...open, ...change }));
    expect(findings.map(({ problem }) => problem["pt-BR"]).filter((problem) => said.test(problem))).not.toEqual([]);
    for (const { place, problem, cure } of findings) {
      holds(problem, place);
      holds(cure, place);
      expect(cure["pt-BR"]).toMatch(/\.$/u);
    }
  });

  it("is said of the panels too, of one and of several", () => {
    const doc = plain({ ladder: [warn(4), suspend(5), announce(30), terminate(45)] });
    const unable = (...names: string[]) => checkPanels(doc, names.map((name) => ({ name, terminate: false }))); // prettier-ignore
    expect(unable("web1")[0]?.problem["pt-BR"]).toMatch(/o painel web1 não remove contas$/u);
    expect(unable("web1", "vps")[0]?.problem["pt-BR"]).toMatch(/os painéis web1, vps não removem contas$/u);
    for (const { problem, cure } of [...unable("web1"), ...unable("web1", "vps")])
      for (const each of [problem, cure]) holds(each, "panels");
  });
});

const withLines = (lines: string): string => `policy: test\nladder:\n  - { step: reminder, day: 3, do: notify }\n${lines}\n`;
const inLadder = (step: string): string => `policy: test\nladder:\n  - { ${step} }\n`;

/** Each form a file can be wrong in, by its place and what is said of it in Portuguese. */
const FORMS: [string, string, RegExp][] = [
  ["an unknown key", withLines("regim: general"), /^regim \(linha 4\): a chave “regim” não é conhecida: Você quis escrever “regime”\?$/u],
  ["another unknown key", withLines("late_fee: { penalty: 2 }"), /As chaves aqui são fine_percent, /u],
  ["a missing key", inLadder("step: a, do: notify"), /^ladder\[0\]\.day \(linha 3\): está faltando: Escreva issued, ou um número inteiro de no mínimo -365 e no máximo 3650\. Dias a partir/u],
  ["a text for a number", inLadder("step: a, day: three, do: notify"), /o texto “three” não serve aqui/u],
  ["no time of day", inLadder("step: a, day: 3, do: notify, at: 9h"), /não serve aqui: escreva a hora como 09:00: Hora local/u],
  ["no amount", withLines('small_remainder: "5"\npromises: { max_amount: "cinco" }'), /“cinco” não serve aqui: escreva o valor como 5\.00, entre aspas/u],
  ["no name of a step", inLadder("step: A B, day: 3, do: notify"), /o nome de um passo/u],
  ["no name of a policy", withLines("").replace("policy: test", "policy: Minha Régua"), /o nome de uma política/u],
  ["a word nearly right", inLadder("step: a, day: 3, do: notifi"), /o texto “notifi” não é conhecido: Você quis escrever “notify”\?/u],
  ["a word far from all", inLadder("step: a, day: 3, do: lembrar"), /Escreva uma destas palavras: notify, warn, /u],
  ["a number for a text", withLines("small_remainder: 5.00"), /o número 5 está no lugar de um texto: Ponha o valor entre aspas\. Uma fatura/u],
  ["out of range", withLines("promises: { max_days: 70 }"), /o número 70 não serve aqui: Escreva um número inteiro de no mínimo 0 e no máximo 60\./u],
  ["below the least", withLines("breaker: { max_per_hour: 0 }"), /um número inteiro de no mínimo 1\./u],
  ["no whole number", withLines("promises: { max_days: 2.5 }"), /o número 2\.5 não serve aqui/u],
  ["a number with a share", withLines("breaker: { max_percent: 0 }"), /um número de no mínimo 0\.1 e no máximo 100\./u],
  ["a text for a switch", withLines('claims: { accept: "talvez" }'), /Escreva true ou false\./u],
  ["a switch for a text", withLines("description: true"), /“true” não serve aqui: Escreva um texto de no máximo 500 caracteres\./u],
  ["too short a text", withLines("late_fee: { legal_basis: curto }"), /um texto de 10 a 300 caracteres/u],
  ["too long a name", withLines(`segments: [{ segment: ${"x".repeat(61)}, when: { tags: [a] }, ladder: [{ step: a, day: 1, do: notify }] }]`), /um texto de 1 a 60 caracteres/u],
  ["an empty list", "policy: test\nladder: []\n", /uma lista vazia não serve aqui: Escreva uma lista de 1 a 40 itens\./u],
  ["an empty list of channels", inLadder("step: a, day: 3, do: notify, channels: []"), /uma lista com ao menos um item/u],
  ["no list", withLines("calendar: { weekend: sunday }"), /Escreva uma lista\./u],
  ["no list of segments", withLines("segments: nenhum"), /uma lista de no máximo 50 itens/u],
  ["a list for a group", withLines("promises: [a]"), /uma lista não serve aqui: Escreva um grupo de chaves\./u],
  ["nothing for a group", withLines("promises:"), /um valor vazio não serve aqui/u],
  ["a group for a word", withLines("scope: { a: 1 }"), /um grupo de chaves não serve aqui: Escreva service, account\./u],
  ["a word of a choice", withLines("quiet_hours: das 20 às 8"), /quiet_hours \(linha 4\): .*Escreva none, ou um grupo de chaves\. Nenhum aviso/u],
  ["a closed time that ends before it begins", withLines('never_suspend_on:\n  - { weekday: monday, from: "12:00", to: "10:00" }'), /precisa ser mais tarde que “from”/u],
  ["a segment of everybody", withLines("segments: [{ segment: x, when: {}, ladder: [{ step: a, day: 1, do: notify }] }]"), /ao menos uma condição/u],
  ["an empty file", "", /^o arquivo \(linha 1\): um valor vazio não serve aqui: Escreva um grupo de chaves\.$/u],
  ["too long a file", `# ${"x".repeat(200_001)}`, /^o arquivo: tem mais de 200000 caracteres: Dê o arquivo/u],
  ["a key twice", "policy: a\npolicy: b\n", /^linha 2: uma chave está escrita duas vezes no mesmo grupo/u],
  ["tabs", "policy: test\nladder:\n\t- a\n", /^linha 3: o recuo foi feito com tabulações: Faça o recuo com espaços\.$/u],
  ["two policies", "policy: a\n---\npolicy: b\n", /^linha \d: aqui começa um segundo documento/u],
  ["no YAML", "policy: [a\n", /^linha \d: não pode ser lido como YAML; o leitor diz, em inglês: “[^”]+”: Veja os espaços/u],
]; // prettier-ignore

describe("the form of a file", () => {
  it.each(FORMS)("is said in both languages: %s", (_, text, said) => {
    const reading = tryPolicy(text);
    const problems = reading.doc === null ? reading.problems : [];
    expect(problems.map(({ place, problem, cure }) => `${place["pt-BR"]}: ${problem["pt-BR"]}: ${cure["pt-BR"]}`)).toContainEqual(
      expect.stringMatching(said),
    );
    for (const { place, problem, cure } of problems) {
      expect(place["pt-BR"]).toMatch(/(?:^linha \d+|\(linha \d+\)|^o arquivo)$/u);
      for (const each of [problem, cure]) holds(each, place.en);
    }
  });

  it("is said of anchors that repeat too much", () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [i, name] of ["b", "c", "d", "e", "f"].entries())
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${"abcde"[i]}`).join(", ")}]`);
    expect(tryPolicy(bomb.join("\n"))).toMatchObject({ problems: [{ problem: { "pt-BR": "as âncoras dele se repetem demais" } }] });
  });

  it("is refused in both: the first problem in the message, all of them in the details", () => {
    let refused: unknown;
    try {
      readPolicy(withLines("regim: general\nscop: account"));
    } catch (error) {
      refused = error;
    }
    const error = refused as ReguaError;
    expect(error.message).toBe("The policy cannot be used: regim (line 4): the key “regim” is not known. (and 1 more)");
    expect(error.detailsIn("pt-BR")).toEqual({
      summary: "regim (linha 4): a chave “regim” não é conhecida. (e mais 1)",
      problems: [
        { place: "regim (linha 4)", problem: "a chave “regim” não é conhecida", cure: "Você quis escrever “regime”?" },
        { place: "scop (linha 5)", problem: "a chave “scop” não é conhecida", cure: "Você quis escrever “scope”?" },
      ],
    });
  });
});

describe("the schema's own words", () => {
  const described = SCHEMA.filter(({ node }) => node.description !== undefined);

  it("have their Portuguese for every field, and none is left of a field that is gone", () => {
    expect(Object.keys(MEANINGS_PT_BR).sort()).toEqual([...new Set(described.map(({ path }) => path))].sort());
    for (const { path, node } of described) holds(inEach(node.description ?? "", MEANINGS_PT_BR[path] ?? ""), path);
  });

  it("are found again in what the library answers", () => {
    for (const words of Object.values(FORM_WORDS)) {
      holds(words, words.en);
      expect(formWords(words.en)).toBe(words);
    }
    expect(() => formWords("Invalid input")).toThrow("no words here");
  });
});

it("is said with its numbers in the manner of the language, and singular where it is one", () => {
  expect([hoursIn(1), hoursIn(2.5), hoursIn(24), daysIn(1)].map((each) => each["pt-BR"])).toEqual([
    "1 hora",
    "2,5 horas",
    "24 horas",
    "1 dia",
  ]);
  expect([hoursIn(1), hoursIn(2.5), daysIn(2)].map((each) => each.en)).toEqual(["1 hour", "2.5 hours", "2 days"]);
  const finding = { severity: "error" as const, place: "ladder", problem: inEach("a", "b"), cure: inEach("c", "d") };
  expect(sayFinding(finding, "pt-BR")).toEqual({ severity: "error", place: "ladder", problem: "b", cure: "d" });
  expect(sayFinding({ ...finding, place: inEach("x (line 1)", "x (linha 1)") }, "en").place).toBe("x (line 1)");
});
