// Rows of the billing system beside us taken in by the one way of importing, and remembered as they were read there.
import type { Lang } from "../kernel/lang.ts";
import type { BilledClient, BilledService } from "../ports/billing-system.ts";
import type { CustomerSource, RefusedLine, SourceBatch } from "../ports/customer-source.ts";
import { keepRefusals, rememberRows, type BillingKind, type SeenRow } from "../store/billing.ts";
import { importCustomers, type ImportResult } from "./import-customers.ts";
import type { Engine } from "./engine.ts";

/** The source of receipts that the billing system told us of, who acts in the evidence, and the panel where it acts on our word. */
export const WHMCS = "whmcs";

/** What of the configuration decides how it is read. */
export interface BesideTerms {
  /** Who suspends. */
  acts: "whmcs" | "panel";
  /** Our gateway's name by the payment module's there: the same money, told twice. */
  gateways: Readonly<Record<string, string>>;
  holdOffDays: number;
  answerDepartments: readonly number[];
}

const NOTHING: SourceBatch = { customers: [], services: [], invoices: [], payments: [], refused: [], lines: 0 };

const NONE: ImportResult = { customers: 0, services: 0, invoices: 0, receipts: 0, updated: 0, lines: 0, refusedLines: 0, refused: [] };

/** One page as a source: what is refused in it stands with its kind and number there. */
class PageSource implements CustomerSource {
  readonly kind = WHMCS;
  readonly defaultLang: Lang;
  readonly lines: number;
  readonly #batch: SourceBatch;

  constructor(batch: SourceBatch, defaultLang: Lang) {
    this.#batch = batch;
    this.defaultLang = defaultLang;
    this.lines = batch.lines;
  }

  async *read(): AsyncIterable<SourceBatch> {
    yield this.#batch;
  }
}

/** Imports, then remembers what was read: cut off between the two, the same page is read again and changes nothing. */
export async function takeRows(engine: Engine, batch: Partial<SourceBatch>, seen: readonly SeenRow[]): Promise<ImportResult> {
  const whole = { ...NOTHING, ...batch };
  const empty = seen.length === 0 && whole.refused.length === 0;
  if (empty) return NONE;
  const { provider } = await engine.settings.load(engine.db, engine.clock.now());
  const source = new PageSource({ ...whole, lines: seen.length }, provider.lang);
  const result = await importCustomers(engine, source, { by: WHMCS });
  const now = engine.motorClock.now();
  await rememberRows(engine.db, seen, now);
  await keepRefusals(engine.db, namesOf(seen), refusalsOf([...result.refused, ...whole.refused]), now);
  return result;
}

const KINDS: Readonly<Record<string, BillingKind>> = { clients: "client", services: "service", invoices: "invoice" };

const namesOf = (seen: readonly SeenRow[]): { kind: string; billingId: number }[] =>
  seen.map(({ kind, billingId }) => ({ kind, billingId }));

const refusalsOf = (lines: readonly RefusedLine[]): { kind: string; billingId: number; reason: string }[] =>
  lines.map(({ file, line, column, value, reason }) => ({
    kind: KINDS[file] ?? file,
    billingId: line,
    // Kept, and shown to whoever asks later: in English, as logs and evidence are.
    reason: `${reason.en}${column === undefined ? "" : ` (${column})`}${value === undefined || value === "" ? "" : ` [${value}]`}`,
  }));

/** `whole`: read with telephone, tax number and language. */
export function seenClient({ id, record }: BilledClient, whole: boolean): SeenRow {
  const mark = [record.name, record.email].join("\n");
  return { kind: "client", billingId: id, clientId: id, state: "", mark, whole };
}

export function seenService(service: BilledService): SeenRow {
  const { id, clientId, state, reason, username, domain, server, nextDueOn, heldOff, record } = service;
  const mark = [state, record.name, record.price, nextDueOn, heldOff.on, heldOff.until, reason, username, server].join("\n");
  return { kind: "service", billingId: id, clientId, state, mark, whole: true, username, domain, server, reason, nextDueOn, heldOff };
}

/** Where its modules act on our word, a service is tied to its own number there; one without a server has no module, and is never touched. */
export function serviceRecords(services: readonly BilledService[], { acts }: BesideTerms): SourceBatch["services"] {
  return services.map(({ record, id, server, state }) =>
    acts === "whmcs" && server !== null && HAS_ACCOUNT.has(state) ? { ...record, panel: WHMCS, account: String(id) } : record,
  );
}

const HAS_ACCOUNT = new Set(["Active", "Suspended", "Completed"]);

export async function takeClients(engine: Engine, clients: readonly BilledClient[], refused: readonly RefusedLine[], whole = false) {
  const seen = clients.map((client) => seenClient(client, whole));
  return takeRows(engine, { customers: clients.map(({ record }) => record), refused }, seen);
}

export async function takeServices(
  engine: Engine,
  terms: BesideTerms,
  services: readonly BilledService[],
  refused: readonly RefusedLine[],
) {
  // What was never served here is no service of ours: it comes when WHMCS has made it.
  const served = services.filter(({ state }) => state !== "Pending" && state !== "Fraud");
  return takeRows(engine, { services: serviceRecords(served, terms), refused }, served.map(seenService));
}
