// The motor's own tables, and the rights of the application's role on them.
import { openClient } from "./client.ts";
import { APP_ROLE, hasAppRole } from "./migrate.ts";

/** pg-boss keeps its tables here, apart from ours. */
export const JOBS_SCHEMA = "regua_jobs";

const GRANT_LOCK = 7_308_902;

/** Units of work enqueue in their own transaction, under the application's role. */
export async function grantJobs(url: string): Promise<void> {
  if (!(await hasAppRole(url))) return;
  const client = await openClient({ connectionString: url });
  try {
    // Two servers that start together would both write the same rows of the catalogue, and one would end with a fault.
    await client.query("SELECT pg_advisory_lock($1) -- one row", [GRANT_LOCK]);
    await client.query(`GRANT USAGE ON SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
    await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
  } finally {
    await client.end();
  }
}
