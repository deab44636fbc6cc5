// Empties a sandbox: everything but the schema goes, under the owner's rights, since the evidence is closed to the program's own.
import { openClient } from "./client.ts";
import { JOBS_SCHEMA } from "./jobs-schema.ts";

/** The caller has made sure that this is a sandbox; the statement makes sure again. */
export async function resetData(url: string): Promise<void> {
  const client = await openClient({ connectionString: url });
  try {
    const mode = await client.query<{ mode: string }>("SELECT mode FROM provider -- one row");
    if (mode.rows[0]?.mode !== "sandbox") return;
    const tables = await client.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration' ORDER BY tablename",
    );
    await client.query(`TRUNCATE ${tables.rows.map((row) => row.name).join(", ")}`);
    await client.query("ALTER SEQUENCE regua_id RESTART");
    await client.query(`DROP SCHEMA IF EXISTS ${JOBS_SCHEMA} CASCADE`);
  } finally {
    await client.end();
  }
}
