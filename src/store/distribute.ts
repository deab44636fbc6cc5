// Spreads the tables over the machines of a Citus cluster: which table goes how, whether the schema allows it, and doing it.
import type pg from "pg";
import { inEach, joined, ReguaError, type InEach } from "../kernel/errors.ts";
import { openClient } from "./client.ts";
import { hasAppRole } from "./migrate.ts";

/**
 * Where a table lives. `customer`: cut by customer_id, each customer's rows of all tables on one machine. `own`: cut by its own key,
 * for what must be unique across customers. `reference`: whole on every machine. `local`: on the coordinator only.
 */
export type Placement = { kind: "customer" } | { kind: "own"; column: string } | { kind: "reference" } | { kind: "local" };
export type TablePlan = Placement & { table: string };

const byCustomer = (table: string): TablePlan => ({ table, kind: "customer" });
const byOwn = (table: string, column: string): TablePlan => ({ table, kind: "own", column });
const reference = (table: string): TablePlan => ({ table, kind: "reference" });

/** The table that all tables of customer data are colocated with. */
const ANCHOR_TABLE = "customer";

/** Every table, those that others refer to before those that refer to them. */
export const DISTRIBUTION: readonly TablePlan[] = [
  ...[
    "provider",
    "policy_version",
    "breaker",
    "claim_turn",
    "api_key",
    "anchor",
    "portal_key",
    "terms_version",
    "webhook_endpoint",
    "outlook",
    "motor_run",
    "house_record",
  ].map(reference),
  ...["staff", "staff_session", "staff_account", "staff_verification", "staff_two_factor", "staff_invite", "installation_secret"].map(
    reference,
  ),
  reference("saved_view"),
  ...[ANCHOR_TABLE, "service", "invoice", "receipt", "allocation", "hold", "promise", "claim", "claim_document", "termination"].map(
    byCustomer,
  ),
  ...[
    "charge",
    "write_off",
    "customer_address",
    "terms_acceptance",
    "backup_request",
    "portal_message",
    "portal_thread",
    "mail_bounce",
    "bulk_hold",
  ].map(byCustomer),
  ...["outbox", "notice", "evidence", "anchor_leaf", "suspension_start", "sandbox_receipt", "panel_difference", "customer_search"].map(
    byCustomer,
  ),
  ...["billing_row", "billing_task", "billing_ticket", "billing_ticket_message", "webhook_delivery"].map(byCustomer),
  byOwn("ref_index", "ref"),
  byOwn("receipt_key", "external_id"),
  byOwn("money_identity", "value"),
  byOwn("waiting_money", "money_id"),
  byOwn("gateway_payment", "external_id"),
  byOwn("hook_event", "event_id"),
  byOwn("hook_count", "gateway"),
  byOwn("gateway_cursor", "gateway"),
  byOwn("bank_line", "line_key"),
  byOwn("charge_code", "value"),
  byOwn("claim_mark", "value"),
  byOwn("portal_session", "token_hash"),
  byOwn("portal_code", "attempt_hash"),
  byOwn("sent_mail", "message_id"),
  byOwn("mailbox", "mailbox"),
  byOwn("mail_key", "message_id"),
  byOwn("mail_in", "mail_id"),
  byOwn("mail_out", "mail_id"),
  byOwn("idempotency", "key"),
  byOwn("bulk_act", "act_id"),
  byOwn("sandbox_account", "account"),
  byOwn("sandbox_charge", "charge_id"),
  byOwn("panel_memory", "account"),
  byOwn("panel_round", "panel"),
  byOwn("panel_circuit", "panel"),
  byOwn("panel_turn", "account"),
  byOwn("billing_sync", "system"),
  byOwn("billing_refusal", "billing_id"),
  byOwn("billing_hook", "nonce"),
  // Migrations run on the coordinator, and Citus carries what they change to the others.
  { table: "schema_migration", kind: "local" },
];

/** The column whose value says on which machine a row lies; null where all or one have all rows. */
export function distributionColumn(plan: TablePlan): string | null {
  if (plan.kind === "customer") return "customer_id";
  return plan.kind === "own" ? plan.column : null;
}

/** The statement that places a table; null where it stays. Names come from the plan above, never from outside. */
export function placingSql(plan: TablePlan): string | null {
  if (plan.kind === "local") return null;
  if (plan.kind === "reference") return `SELECT create_reference_table('${plan.table}') -- one row`;
  // `none` begins a group of its own; the default would tie unrelated tables together because their columns are of one type.
  const group = plan.kind === "own" || plan.table === ANCHOR_TABLE ? "none" : ANCHOR_TABLE;
  return `SELECT create_distributed_table('${plan.table}', '${distributionColumn(plan)}', colocate_with => '${group}') -- one row`;
}

/** What of the schema decides whether it can be distributed. */
export interface Schema {
  tables: string[];
  /** Primary keys, unique constraints and unique indexes; an expression in one is named by null. */
  uniques: { table: string; name: string; columns: (string | null)[] }[];
  foreignKeys: { table: string; name: string; columns: string[]; to: string; toColumns: string[] }[];
}

/**
 * What Citus 13 would refuse: tables the plan does not know, unique keys without the distribution column, foreign keys that are not
 * between colocated rows or towards a reference table. Sentences for a person; none: the plan fits.
 */
export function planProblems(schema: Schema, plan: readonly TablePlan[] = DISTRIBUTION): InEach[] {
  const problems: InEach[] = [];
  const wrong = (en: string, ptBR: string): unknown => problems.push(inEach(en, ptBR));
  const order = new Map(plan.map((each, i) => [each.table, i]));
  const placed = (table: string): TablePlan | undefined => plan[order.get(table) ?? -1];
  for (const { table } of plan.filter((each, i) => order.get(each.table) !== i))
    wrong(`the table ${table} is in the plan twice`, `a tabela ${table} está duas vezes no plano`);
  for (const table of schema.tables)
    if (!order.has(table)) wrong(`the table ${table} is not in the plan`, `a tabela ${table} não está no plano`);
  for (const table of order.keys())
    if (!schema.tables.includes(table)) wrong(`the table ${table} of the plan is not there`, `a tabela ${table} do plano não existe`);
  for (const { table, name, columns } of schema.uniques) {
    const own = placed(table);
    const column = own ? distributionColumn(own) : null;
    if (column !== null && !columns.includes(column))
      wrong(`the unique key ${name} of ${table} does not contain ${column}`, `a chave única ${name} de ${table} não contém ${column}`);
  }
  for (const key of schema.foreignKeys) {
    const [from, to] = [placed(key.table), placed(key.to)];
    if (!from || !to || from.kind === "local") continue;
    if (!refersWithin(from, to, key))
      wrong(
        `the foreign key ${key.name} of ${key.table} reaches ${key.to}, which lies elsewhere`,
        `a chave estrangeira ${key.name} de ${key.table} alcança ${key.to}, que fica em outro lugar`,
      );
    else if ((order.get(key.to) ?? 0) > (order.get(key.table) ?? 0))
      wrong(`the plan places ${key.table} before ${key.to}`, `o plano coloca ${key.table} antes de ${key.to}`);
  }
  return problems;
}

function refersWithin(from: TablePlan, to: TablePlan, key: Schema["foreignKeys"][number]): boolean {
  if (to.kind === "reference") return true;
  // Tables by their own key are each a group of their own.
  if (from.kind !== "customer" || to.kind !== "customer") return false;
  return key.toColumns[key.columns.indexOf("customer_id")] === "customer_id";
}

/** Reads our tables with their unique keys and foreign keys. */
export async function readSchema(client: pg.ClientBase): Promise<Schema> {
  const tables = await client.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
  );
  const uniques = await client.query<Schema["uniques"][number]>(
    `SELECT c.relname AS table, i.relname AS name, ARRAY(
       SELECT a.attname::text FROM unnest(x.indkey::int2[]) WITH ORDINALITY k (n, place)
         LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.n AND k.n <> 0
       WHERE k.place <= x.indnkeyatts ORDER BY k.place) AS columns
     FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
     WHERE x.indisunique AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, i.relname`,
  );
  const foreignKeys = await client.query<Schema["foreignKeys"][number]>(
    `SELECT c.relname AS table, k.conname AS name, ${columnsOf("k.conrelid", "k.conkey")} AS columns,
       f.relname AS to, ${columnsOf("k.confrelid", "k.confkey")} AS "toColumns"
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
     WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, k.conname`,
  );
  return { tables: tables.rows.map((row) => row.name), uniques: uniques.rows, foreignKeys: foreignKeys.rows };
}

function columnsOf(table: string, numbers: string): string {
  return `ARRAY(SELECT a.attname::text FROM unnest(${numbers}) WITH ORDINALITY n (n, place)
    JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = n.n ORDER BY n.place)`;
}

export interface Distributed {
  /** Version of the Citus extension. */
  citus: string;
  tables: (TablePlan & { done: "placed" | "already" | "stays" })[];
  /** The role of the application is still taken by this user: Citus cannot work under it. */
  appRole: boolean;
  user: string;
}

export interface DistributeOptions {
  /** Called before each table. */
  onTable?: (plan: TablePlan, index: number) => void;
}

/**
 * Places every table as planned. What is placed already stays, so a run that was cut short is simply begun again.
 * @throws ReguaError `citus_missing`, `distribution_refused`
 */
export async function distribute(url: string, options: DistributeOptions = {}): Promise<Distributed> {
  const client = await openClient({ connectionString: url });
  try {
    const citus = await citusVersion(client);
    const problems = planProblems(await readSchema(client));
    if (problems.length > 0)
      throw new ReguaError("distribution_refused", {
        problems: joined(problems),
        cure: inEach("Report this: the plan does not fit the schema.", "Relate isto: o plano não corresponde ao esquema."),
      });
    const there = await placedTables(client);
    const differing = DISTRIBUTION.flatMap((plan) => difference(plan, there));
    if (differing.length > 0)
      throw new ReguaError("distribution_refused", {
        problems: joined(differing),
        cure: inEach(
          "Undo the placing of those tables with Citus' undistribute_table, then run this again. No table was touched.",
          "Desfaça a distribuição dessas tabelas com undistribute_table do Citus e rode isto de novo. Nenhuma tabela foi tocada.",
        ),
      });
    const tables: Distributed["tables"] = [];
    for (const [i, plan] of DISTRIBUTION.entries()) {
      options.onTable?.(plan, i);
      tables.push({ ...plan, done: await place(client, plan, there) });
    }
    await dropLocalRows(client);
    const user = await client.query<{ name: string }>("SELECT current_user AS name -- one row");
    return { citus, tables, appRole: await hasAppRole(url), user: user.rows[0]?.name ?? "" };
  } finally {
    await client.end();
  }
}

async function citusVersion(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ present: string | null; available: boolean }>(
    `SELECT (SELECT extversion FROM pg_extension WHERE extname = 'citus') AS present,
       EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citus') AS available -- one row`,
  );
  const [row] = rows;
  if (row?.present) return row.present;
  throw new ReguaError("citus_missing", {
    available: row?.available === true,
    cure: row?.available
      ? inEach(
          "Citus is installed on the server: run CREATE EXTENSION citus in this database as a superuser, add the workers with citus_add_node, then run this again.",
          "O Citus está instalado no servidor: rode CREATE EXTENSION citus neste banco como superusuário, acrescente os nós com citus_add_node e rode isto de novo.",
        )
      : inEach(
          "Until one machine is too small nothing is missing. To grow beyond it, let DATABASE_URL name the coordinator of a Citus 13 cluster, and run this again.",
          "Enquanto uma máquina bastar, nada falta. Para crescer além dela, aponte DATABASE_URL para o coordenador de um cluster Citus 13 e rode isto de novo.",
        ),
  });
}

interface Placed {
  kind: string;
  column: string | null;
  group: number | null;
}

/** What Citus has placed already. */
async function placedTables(client: pg.Client): Promise<Map<string, Placed>> {
  const { rows } = await client.query<Placed & { table: string }>(
    `SELECT c.relname AS table, t.citus_table_type AS kind, t.distribution_column AS column, t.colocation_id AS group
     FROM citus_tables t JOIN pg_class c ON c.oid = t.table_name
     WHERE c.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
  );
  return new Map(rows.map(({ table, ...placed }) => [table, placed]));
}

/** A table placed otherwise than planned: by hand, or by another version of the program. */
export function difference(plan: TablePlan, there: ReadonlyMap<string, Placed>): InEach[] {
  const placed = there.get(plan.table);
  // Citus lists a local table that refers to a reference table; it may still be placed.
  if (!placed || placed.kind === "local") return [];
  const wanted = plan.kind === "reference" ? "reference" : plan.kind === "local" ? "local" : "distributed";
  if (placed.kind !== wanted)
    return [
      inEach(
        `the table ${plan.table} is ${placed.kind}, and should be ${wanted}`,
        `a tabela ${plan.table} está como ${placed.kind}, e deveria estar como ${wanted}`,
      ),
    ];
  const column = distributionColumn(plan);
  if (column !== null && placed.column !== column)
    return [
      inEach(
        `the table ${plan.table} is distributed by ${placed.column}, and should be by ${column}`,
        `a tabela ${plan.table} está distribuída por ${placed.column}, e deveria estar por ${column}`,
      ),
    ];
  const group = there.get(ANCHOR_TABLE)?.group;
  if (plan.kind === "customer" && placed.group !== group)
    return [
      inEach(`the table ${plan.table} is not colocated with ${ANCHOR_TABLE}`, `a tabela ${plan.table} não está junto de ${ANCHOR_TABLE}`),
    ];
  return [];
}

/** Each in a transaction of its own: Citus copies the rows, and a table that is done stays done. */
async function place(client: pg.Client, plan: TablePlan, there: ReadonlyMap<string, Placed>): Promise<"placed" | "already" | "stays"> {
  const statement = placingSql(plan);
  if (statement === null) return "stays";
  const placed = there.get(plan.table);
  if (placed && placed.kind !== "local") return "already";
  await client.query(statement);
  return "placed";
}

/**
 * The coordinator's own copy of rows that were copied to the shards: invisible, but its constraints are still checked. Only when all
 * tables are placed, since it cascades along foreign keys; again at each run, since the last one may have been cut short.
 */
async function dropLocalRows(client: pg.Client): Promise<void> {
  for (const { table, kind } of DISTRIBUTION)
    if (kind !== "local") await client.query("SELECT truncate_local_data_after_distributing_table($1::regclass) -- one row", [table]);
}
