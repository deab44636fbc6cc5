// Planted: a decision is written under the version of the moment, not under the one that its facts were read at.
import type { Mutant } from "../mutant.ts";

export const versionCheckDropped: Mutant = {
  name: "version-check-dropped",
  breaks: ["fault", "S6", "S1", "S4", "S7"],
  needs: ["payment_between", "worker_between"],
  stands: "The sweep had read the customer, the payment was booked, and then the sweep wrote what it had decided before.",
  patches: [
    {
      file: "src/engine/evaluate.ts",
      find: "  const changes = await planCases(engine, setting, cases, now);\n",
      replace: "  let changes: CustomerChange[] = [];\n",
    },
    {
      file: "src/engine/evaluate.ts",
      find: "    const lost = await writeChanges(trx, changes);",
      replace:
        '    const heads = new Map((await customersById(trx, cases.map(({ facts }) => facts.id))).map((row) => [row.id, row]));\n    const rebased = cases.map((found): Case => {\n      const { version = 0, evidence_seq: seq = 0, evidence_hash: hash = "" } = heads.get(found.facts.id) ?? {};\n      return { ...found, version, evidence: { seq, hash } };\n    });\n    changes = await planCases(engine, setting, rebased, now);\n    const lost = await writeChanges(trx, changes);',
    },
  ],
};
