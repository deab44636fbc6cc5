// db distribute: spreads the tables over the machines of a Citus cluster.
import type { Command } from "commander";
import { distribute, DISTRIBUTION, distributionColumn, placingSql, type Distributed, type TablePlan } from "../store/distribute.ts";
import type { Run, Tools } from "./tools.ts";

interface DistributeCliOptions {
  print?: boolean;
}

export function databaseCommands(program: Command, run: Run): void {
  const db = program.command("db").description("The database: growing beyond one machine.");
  db.command("distribute")
    .description("Spread the tables over the machines of a Citus cluster. Stop the server first; run it again whenever it was cut short.")
    .option("--print", "only print the statements, for an administrator to run; needs no database")
    .addHelpText(
      "after",
      "\nExample:\n  DATABASE_URL=postgres://regua@coordinator/regua regua db distribute\n  regua db distribute --print",
    )
    .action(run(async (tools, options: DistributeCliOptions) => (options.print ? print(tools) : spread(tools))));
}

function print({ io }: Tools): Promise<void> {
  const plan = DISTRIBUTION.map((each) => ({ ...each, column: distributionColumn(each), statement: statementOf(each) }));
  io.result(plan, () =>
    plan.map(({ table, statement }) => (statement === null ? `-- ${table} stays on the coordinator` : `${statement};`)).join("\n"),
  );
  return Promise.resolve();
}

function statementOf(plan: TablePlan): string | null {
  return placingSql(plan)?.replace(/ -- one row$/u, "") ?? null;
}

async function spread(tools: Tools): Promise<void> {
  const { io } = tools;
  await tools.withData(async ({ url }) => {
    const progress = io.progress("Placing tables", DISTRIBUTION.length);
    try {
      const done = await distribute(url, { onTable: (plan, i) => progress.update(i, plan.table) });
      io.result(done, () => say(done));
    } finally {
      progress.stop();
    }
  });
}

const DONE = { placed: "placed now", already: "placed before", stays: "stays" } as const;

function say({ citus, tables, appRole, user }: Distributed): string {
  const rows = tables.map((each) => `  ${each.table.padEnd(18)} ${sayPlacement(each).padEnd(38)} ${DONE[each.done]}`);
  return [
    `Citus ${citus}: ${tables.length} tables are where they should be.`,
    ...rows,
    ...(appRole ? ["", ...withoutRole(user)] : []),
  ].join("\n");
}

function sayPlacement(plan: TablePlan): string {
  if (plan.kind === "customer") return "with its customer (customer_id)";
  if (plan.kind === "own") return `by its own key (${plan.column})`;
  return plan.kind === "reference" ? "whole on every machine" : "on the coordinator";
}

/** Citus signs in to its workers as the user who asks, and the role of the application cannot sign in. */
function withoutRole(user: string): string[] {
  return [
    "One thing is left for a person. Régua works under the role regua_app, which cannot sign in to the other machines.",
    "Let DATABASE_URL name an ordinary user who owns the tables (no SUPERUSER, no CREATEROLE), and take the role from it:",
    `  REVOKE regua_app FROM "${user}";`,
    "Régua then works as that user. The evidence is guarded by its chain and its daily anchors, no longer by rights as well.",
  ];
}
