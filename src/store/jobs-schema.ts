// The motor's own tables, and the rights of the application's role on them.
import pg from "pg";
import { APP_ROLE, hasAppRole } from "./migrate.ts";

/** pg-boss keeps its tables here, apart from ours. */
export const JOBS_SCHEMA = "regua_jobs";

/** Units of work enqueue in their own transaction, under the application's role. */
export async function grantJobs(url: string): Promise<void> {
  if (!(await hasAppRole(url))) return;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`GRANT USAGE ON SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
    await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
    await client.query(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${JOBS_SCHEMA} TO ${APP_ROLE}`);
  } finally {
    await client.end();
  }
}
