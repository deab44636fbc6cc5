// A database as text and back: what the upgrade test is given, readable with `zcat`, and independent of pg_dump, which is not among our binaries.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import pg from "pg";

const MIGRATIONS = fileURLToPath(new URL("../../src/store/migrations/", import.meta.url));
const ROWS_PER_INSERT = 200;

/** The names of the migrations that the present program has, in order. */
export function migrationNames(): string[] {
  return readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith(".sql"))
    .sort();
}

/** Writes a database down: the schema's own files as they were applied, the rights of roles, every row in the order of its key. */
export async function dump(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, options: "-c timezone=UTC -c datestyle=ISO" });
  await client.connect();
  try {
    const parts = [
      ...migrationNames().map((name) => `-- ${name}, as it was applied\n${readFileSync(MIGRATIONS + name, "utf8")}`),
      // Made by the program itself, before its first migration.
      "CREATE TABLE schema_migration (name text PRIMARY KEY, checksum text NOT NULL);\n",
      await rightsOf(client),
    ];
    const tables = await client.query<{ name: string }>(
      "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY oid",
    );
    // Tables in the order in which they were made: what a row refers to was made before.
    for (const { name } of tables.rows) parts.push(await rowsOf(client, name));
    const sequence = await client.query<{ last: string; called: boolean }>("SELECT last_value AS last, is_called AS called FROM regua_id");
    for (const { last, called } of sequence.rows) parts.push(`SELECT setval('regua_id', ${last}, ${called});\n`);
    return parts.filter((part) => part !== "").join("\n");
  } finally {
    await client.end();
  }
}

/** What roles other than the owner may do, as the catalogue has it. */
async function rightsOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ what: string; object: string; rights: string; role: string }>(
    `SELECT what, object, string_agg(right_, ', ' ORDER BY right_) AS rights, role FROM (
       SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS what, quote_ident(c.relname) AS object, a.privilege_type AS right_,
         quote_ident(r.rolname) AS role
       FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S') AND a.grantee <> c.relowner
     ) granted GROUP BY what, object, role ORDER BY what, object, role`,
  );
  const roles = [...new Set(rows.map((row) => row.role))].map(
    (role) => `DO $$ BEGIN CREATE ROLE ${role} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
GRANT ${role} TO current_user;
GRANT USAGE ON SCHEMA public TO ${role};`,
  );
  const grants = rows.map(({ what, object, rights, role }) => `GRANT ${rights} ON ${what} ${object} TO ${role};`);
  return [...roles, ...grants, ""].join("\n");
}

async function rowsOf(client: pg.Client, table: string): Promise<string> {
  const columns = await client.query<{ name: string }>(
    "SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
    [table],
  );
  const key = await client.query<{ name: string }>(
    `SELECT a.attname AS name FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY k (attnum, place)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
     WHERE i.indrelid = $1::regclass AND i.indisprimary ORDER BY k.place`,
    [table],
  );
  const names = columns.rows.map((column) => pg.escapeIdentifier(column.name));
  const values = names.map((name) => `quote_nullable(${name}::text)`).join(` || ', ' || `);
  const order = key.rows.map((column) => pg.escapeIdentifier(column.name)).join(", ");
  const { rows } = await client.query<{ row: string }>(`SELECT ${values} AS row FROM ${pg.escapeIdentifier(table)} ORDER BY ${order}`);
  const inserts: string[] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_INSERT) {
    const some = rows.slice(at, at + ROWS_PER_INSERT).map(({ row }) => `(${row})`);
    inserts.push(`INSERT INTO ${pg.escapeIdentifier(table)} (${names.join(", ")}) VALUES\n${some.join(",\n")};\n`);
  }
  return inserts.join("\n");
}

/** Fills an empty database from a compressed text that {@link dump} wrote. */
export async function load(url: string, file: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: "-c timezone=UTC -c datestyle=ISO" });
  await client.connect();
  try {
    await client.query(gunzipSync(readFileSync(file)).toString("utf8"));
  } finally {
    await client.end();
  }
}
