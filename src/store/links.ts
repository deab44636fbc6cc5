// Which services are tied to which accounts, and which are tied to none.
import { sql } from "kysely";
import type { Id } from "../kernel/ids.ts";
import type { Db } from "./database.ts";

export interface LinkableService {
  serviceId: Id;
  ref: string;
  name: string;
  customerRef: string;
  email: string | null;
  panel: string | null;
  account: string | null;
}

/** Services still served, after one of them by id. */
export async function linkableServices(db: Db, after: Id, limit: number): Promise<LinkableService[]> {
  const { rows } = await sql<LinkableService>`
    SELECT s.service_id AS "serviceId", s.ref, s.name, c.ref AS "customerRef", c.email, s.panel, s.account
    FROM service s JOIN customer c ON c.customer_id = s.customer_id
    WHERE s.terminated_at IS NULL AND s.service_id > ${after}
    ORDER BY s.service_id LIMIT ${limit}`.execute(db);
  return rows;
}

/** Accounts that more than one service is tied to: what suspends one would take the others down. */
export async function sharedAccounts(db: Db, limit: number): Promise<{ panel: string; account: string; services: string[] }[]> {
  const { rows } = await sql<{ panel: string; account: string; services: string[] }>`
    SELECT panel, account, array_agg(ref ORDER BY ref) AS services FROM service
    WHERE panel IS NOT NULL AND terminated_at IS NULL GROUP BY panel, account HAVING count(*) > 1 ORDER BY panel, account LIMIT ${limit}`.execute(
    db,
  );
  return rows;
}
