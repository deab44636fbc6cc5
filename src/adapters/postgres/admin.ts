// The few statements to the server itself, before there is a database of ours: the only SQL outside the store.
import pg from "pg";
import { ADMIN } from "./cluster.ts";
import type { Keys } from "./home.ts";

/** The role that owns our database. No superuser: a hole in our SQL must not become a hole in the machine. */
const OWNER = "regua";
const DATABASE = "regua";

/** Why a connection test failed, or null when the server knows our password and proved (SCRAM goes both ways) that it is ours. */
export async function refusal(keys: Keys, port: number): Promise<string | null> {
  const client = new pg.Client({ connectionString: adminUrl(keys, port), connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end();
  }
}

/** Makes our role and our database unless they are there. */
export async function ensureDatabase(keys: Keys, port: number): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl(keys, port) });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const role = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [OWNER]);
    if (role.rowCount === 0) await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD ${pg.escapeLiteral(keys.ownerPassword)}`);
    const database = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
  } finally {
    await client.end();
  }
}

/** Address of the maintenance database, as superuser. */
export function adminUrl(keys: Keys, port: number): string {
  return `postgres://${ADMIN}:${encodeURIComponent(keys.adminPassword)}@127.0.0.1:${port}/postgres`;
}

/** Address of our database, as its owner. */
export function ownerUrl(keys: Keys, port: number): string {
  return `postgres://${OWNER}:${encodeURIComponent(keys.ownerPassword)}@127.0.0.1:${port}/${DATABASE}`;
}
