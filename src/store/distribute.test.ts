// The plan for Citus against the real schema, and the placing itself against a stand-in with Citus' documented functions.
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { InEach } from "../kernel/errors.ts";
import { freshDatabase, type TestDatabase } from "../../test/support/database.ts";
import {
  difference,
  distribute,
  DISTRIBUTION,
  distributionColumn,
  placingSql,
  planProblems,
  readSchema,
  type Schema,
} from "./distribute.ts";

let database: TestDatabase;
let schema: Schema;
beforeAll(async () => {
  database = await freshDatabase();
  schema = await query(database.url, (client) => readSchema(client));
});
afterAll(() => database.drop());

async function query<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const english = (all: readonly InEach[]): string[] => all.map(({ en }) => en);
const planOf = (table: string) => DISTRIBUTION.find((plan) => plan.table === table);
const columnOf = (table: string): string | null => {
  const plan = planOf(table);
  return plan ? distributionColumn(plan) : null;
};

describe("the plan of where each table lives", () => {
  it("holds every table of the migrated schema exactly once, and no other", async () => {
    const tables = await query(database.url, (client) =>
      client.query<{ tablename: string }>("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"),
    );
    expect(DISTRIBUTION.map((plan) => plan.table).sort()).toEqual(tables.rows.map((row) => row.tablename).sort());
  });

  it("cuts no table by a column that one of its unique keys lacks", () => {
    expect(schema.uniques.length).toBeGreaterThan(DISTRIBUTION.length);
    const lacking = schema.uniques.filter(({ table, columns }) => {
      const column = columnOf(table);
      return column !== null && !columns.includes(column);
    });
    expect(lacking).toEqual([]);
  });

  it("lets every foreign key reach rows on its own machine, or a table that is whole on every machine", () => {
    expect(schema.foreignKeys.length).toBeGreaterThan(8);
    const astray = schema.foreignKeys.filter(({ table, columns, to, toColumns }) => {
      if (planOf(to)?.kind === "reference") return false;
      const colocated = planOf(table)?.kind === "customer" && planOf(to)?.kind === "customer";
      return !colocated || toColumns[columns.indexOf("customer_id")] !== "customer_id";
    });
    expect(astray).toEqual([]);
  });

  it("places what is referred to before what refers to it", () => {
    const place = (table: string) => DISTRIBUTION.findIndex((plan) => plan.table === table);
    expect(schema.foreignKeys.filter(({ table, to }) => place(to) > place(table))).toEqual([]);
  });

  it("cuts by one type throughout, which colocation asks for", async () => {
    const types = await query(database.url, (client) =>
      client.query<{ table: string; type: string }>(
        `SELECT c.relname AS table, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE a.attname = 'customer_id' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
      ),
    );
    const customers = DISTRIBUTION.filter((plan) => plan.kind === "customer").map((plan) => plan.table);
    const typeOf = new Map(types.rows.map((row) => [row.table, row.type]));
    expect(customers.map((table) => [table, typeOf.get(table)])).toEqual(customers.map((table) => [table, "bigint"]));
  });

  it("fits the schema by its own check too", () => {
    expect(english(planProblems(schema))).toEqual([]);
  });
});

describe("the check of a plan says", () => {
  const without = (table: string) => DISTRIBUTION.filter((plan) => plan.table !== table);

  it("which table was forgotten, doubled or made up", () => {
    const plan = [...without("hold"), { table: "notice", kind: "customer" }, { table: "ghost", kind: "local" }] as const;
    expect(english(planProblems(schema, plan))).toEqual([
      "the table notice is in the plan twice",
      "the table hold is not in the plan",
      "the table ghost of the plan is not there",
    ]);
  });

  it("which unique key lacks the distribution column", () => {
    const plan = DISTRIBUTION.map((each) => (each.table === "anchor" ? ({ table: "anchor", kind: "own", column: "hash" } as const) : each));
    expect(english(planProblems(schema, plan))).toEqual(["the unique key anchor_pkey of anchor does not contain hash"]);
  });

  it("which foreign key leads astray, and which table comes too early", () => {
    const apart = DISTRIBUTION.map((each) =>
      each.table === "receipt" ? ({ table: "receipt", kind: "own", column: "receipt_id" } as const) : each,
    );
    expect(english(planProblems(schema, apart))).toEqual([
      "the foreign key allocation_customer_id_receipt_id_fkey of allocation reaches receipt, which lies elsewhere",
      "the foreign key receipt_customer_id_fkey of receipt reaches customer, which lies elsewhere",
    ]);
    const early = [...DISTRIBUTION.filter((plan) => plan.table === "allocation"), ...without("allocation")];
    expect(english(planProblems(schema, early))).toEqual([
      "the plan places allocation before invoice",
      "the plan places allocation before receipt",
    ]);
  });

  it("which table was placed otherwise by hand", () => {
    const there = new Map([
      ["customer", { kind: "distributed", column: "customer_id", group: 1 }],
      ["service", { kind: "distributed", column: "customer_id", group: 2 }],
      ["invoice", { kind: "distributed", column: "invoice_id", group: 1 }],
      ["provider", { kind: "distributed", column: "mode", group: 3 }],
      ["hold", { kind: "distributed", column: "customer_id", group: 1 }],
      ["anchor", { kind: "local", column: null, group: null }],
    ]);
    expect(english(DISTRIBUTION.flatMap((plan) => difference(plan, there)))).toEqual([
      "the table provider is distributed, and should be reference",
      "the table service is not colocated with customer",
      "the table invoice is distributed by invoice_id, and should be by customer_id",
    ]);
  });
});

describe("placing the tables", () => {
  it("without Citus is refused, says so and changes nothing", async () => {
    await expect(distribute(database.url)).rejects.toMatchObject({ code: "citus_missing", details: { available: false } });
  });

  it("names each table once, customers' tables with the customer, and is done once however often it is asked", async () => {
    const one = await freshDatabase();
    try {
      await query(adminUrlOf(one.url), (admin) => admin.query(CITUS_STAND_IN));
      const seen: string[] = [];
      const first = await distribute(one.url, { onTable: ({ table }) => seen.push(table) });
      expect(first.citus).toBe("13.2-1");
      expect(seen).toEqual(DISTRIBUTION.map((plan) => plan.table));
      expect(Object.groupBy(first.tables, (table) => table.done).stays?.map((table) => table.table)).toEqual(["schema_migration"]);
      const second = await distribute(one.url);
      expect(second.tables.filter((table) => table.done === "placed")).toEqual([]);
      const calls = await query(one.url, (client) => client.query<{ call: string }>("SELECT call FROM stand_in.call ORDER BY n"));
      const placings = calls.rows.map((row) => row.call).filter((call) => !call.startsWith("truncate"));
      expect(placings).toEqual(DISTRIBUTION.filter((plan) => placingSql(plan) !== null).map(callOf));
      const places = calls.rows.map((row) => row.call.startsWith("truncate"));
      expect(places.indexOf(true)).toBeGreaterThan(placings.length - 1);
    } finally {
      await one.drop();
    }
  });

  it("goes on where it was cut short", async () => {
    const one = await freshDatabase();
    try {
      await query(adminUrlOf(one.url), (admin) => admin.query(CITUS_STAND_IN));
      const stop = new Error("cut short");
      const cut = distribute(one.url, {
        onTable: ({ table }) => {
          if (table === "invoice") throw stop;
        },
      });
      await expect(cut).rejects.toBe(stop);
      const { tables } = await distribute(one.url);
      const already = tables.filter((table) => table.done === "already").map((table) => table.table);
      expect(already).toEqual(DISTRIBUTION.slice(0, already.length).map((plan) => plan.table));
      expect(already.at(-1)).toBe("service");
    } finally {
      await one.drop();
    }
  });
});

function adminUrlOf(url: string): string {
  const admin = new URL(inject("postgres").adminUrl);
  admin.pathname = new URL(url).pathname;
  return admin.href;
}

function callOf(plan: (typeof DISTRIBUTION)[number]): string {
  if (plan.kind === "reference") return `reference ${plan.table}`;
  const group = plan.kind === "customer" && plan.table !== "customer" ? "customer" : "none";
  return `distributed ${plan.table} ${distributionColumn(plan)} ${group}`;
}

/**
 * The functions and the view as the Citus manual documents them (version 13), as far as we call them. It refuses what Citus refuses
 * of order: a table whose foreign key reaches one that is not placed yet, and emptying one that a local table refers to.
 */
const CITUS_STAND_IN = `
  CREATE SCHEMA stand_in;
  CREATE TABLE stand_in.call (n serial, call text NOT NULL);
  CREATE TABLE stand_in.placed (table_name regclass PRIMARY KEY, citus_table_type text, distribution_column text, colocation_id integer);
  CREATE VIEW citus_tables AS SELECT * FROM stand_in.placed;
  CREATE FUNCTION stand_in.put(t regclass, type text, col text, grp integer) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conrelid = t AND k.confrelid NOT IN (SELECT table_name FROM stand_in.placed))
      THEN RAISE 'referenced table must be a distributed table or a reference table: %', t; END IF;
    INSERT INTO stand_in.placed VALUES (t, type, col, grp); END $$;
  CREATE FUNCTION create_distributed_table(table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count integer DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    PERFORM stand_in.put(table_name, 'distributed', distribution_column, CASE colocate_with WHEN 'none' THEN table_name::oid::integer
      ELSE (SELECT p.colocation_id FROM stand_in.placed p WHERE p.table_name = colocate_with::regclass) END);
    INSERT INTO stand_in.call (call) VALUES (concat_ws(' ', 'distributed', table_name, distribution_column, colocate_with)); END $$;
  CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    PERFORM stand_in.put(table_name, 'reference', NULL, 0);
    INSERT INTO stand_in.call (call) VALUES (concat_ws(' ', 'reference', table_name)); END $$;
  CREATE FUNCTION truncate_local_data_after_distributing_table(function_name regclass) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = function_name
      AND k.conrelid NOT IN (SELECT table_name FROM stand_in.placed))
      THEN RAISE 'cannot truncate a table referenced in a foreign key constraint by a local table: %', function_name; END IF;
    INSERT INTO stand_in.call (call) VALUES (concat_ws(' ', 'truncate', function_name)); END $$;
  GRANT ALL ON SCHEMA stand_in TO PUBLIC;
  GRANT ALL ON ALL TABLES IN SCHEMA stand_in TO PUBLIC;
  GRANT ALL ON ALL SEQUENCES IN SCHEMA stand_in TO PUBLIC;
  GRANT SELECT ON citus_tables TO PUBLIC;
  SET allow_system_table_mods = on;
  INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
    SELECT 99999999, 'citus', oid, 'public'::regnamespace, false, '13.2-1' FROM pg_roles WHERE rolname = current_user;
`;
