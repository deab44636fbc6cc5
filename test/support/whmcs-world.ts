// An installation beside a fake WHMCS: its engine, the program's own jobs, and a clock that both live by.
import { WhmcsBilling } from "../../src/adapters/whmcs/whmcs.ts";
import { hookVerifier, signHook } from "../../src/adapters/whmcs/hook.ts";
import { openWhmcsPanel } from "../../src/adapters/panels/whmcs.ts";
import { SandboxMailer } from "../../src/adapters/mail/sandbox.ts";
import { emptyTally } from "../../src/engine/evaluate.ts";
import type { BesideTerms } from "../../src/engine/billing-rows.ts";
import { dispatch } from "../../src/jobs/dispatch.ts";
import { sweep } from "../../src/jobs/sweep.ts";
import { BesideHooks, type Heard } from "../../src/jobs/beside/hooks.ts";
import { syncBilling, type Synced, type SyncOptions } from "../../src/jobs/beside/sync.ts";
import { workTasks } from "../../src/jobs/beside/tasks.ts";
import type { ControlPanel } from "../../src/ports/control-panel.ts";
import { freshDatabase } from "./database.ts";
import { at, makeEngine, type Row, type World } from "./engine.ts";
import { FakeWhmcs, WHMCS } from "./fake-whmcs.ts";

export const HOOK_SECRET = "0123456789abcdef0123456789abcdef";

const TERMS: BesideTerms = { acts: "whmcs", gateways: {}, holdOffDays: 30, answerDepartments: [1] };

export interface WhmcsWorld {
  world: World;
  fake: FakeWhmcs;
  hooks: BesideHooks;
  options: SyncOptions;
  panels: Map<string, ControlPanel>;
  said: string[];
  /** Reads what there is now, whatever pause was agreed. */
  read(): Promise<Synced>;
  /** Writes what is to be written there. */
  write(): Promise<number>;
  /** A moment of the ladder: sweeps, calls, and what follows from them. */
  live(moment: string): Promise<void>;
  /** A signed call of the hook file; worked off before it answers. */
  call(body: object, change?: { timestamp?: string; nonce?: string; secret?: string }): Promise<Heard>;
  customer(clientId: number): Promise<Row>;
  invoice(id: number): Promise<{ state: string; paid: number; amount: number } | undefined>;
  /** As new, in a moment: a database of its own for each test costs a hundred times as much. */
  reset(terms?: Partial<BesideTerms>): Promise<void>;
  close(): Promise<void>;
}

/** Those that others refer to last. */
const TABLES = [
  ...["billing_row", "billing_sync", "billing_refusal", "billing_task", "billing_ticket", "billing_ticket_message", "billing_hook"],
  ...[
    "panel_difference",
    "panel_round",
    "panel_circuit",
    "hook_count",
    "suspension_start",
    "hold",
    "promise",
    "outbox",
    "notice",
    "evidence",
    "customer_search",
  ],
  ...["allocation", "receipt", "receipt_key", "money_identity", "waiting_money", "invoice", "service", "ref_index", "customer"],
];

/** A call as the hook file signs it, worked off. */
async function hear(hooks: BesideHooks, body: object, signed: { timestamp: string; nonce: string; secret?: string }): Promise<Heard> {
  const { timestamp, nonce, secret = HOOK_SECRET } = signed;
  const rawBody = Buffer.from(JSON.stringify(body));
  const signature = signHook(secret, { timestamp, nonce, rawBody });
  const heard = await hooks.hear({ rawBody, timestamp, nonce, signature });
  await hooks.workOff();
  return heard;
}

const NOW = "2026-12-01T09:00";

async function empty(world: World): Promise<void> {
  for (const table of TABLES) await world.rows(`DELETE FROM ${table}`);
}

export async function openWhmcsWorld(
  more: { now?: string; terms?: Partial<BesideTerms>; page?: number; policyDoc?: Record<string, unknown> } = {},
): Promise<WhmcsWorld> {
  const data = await freshDatabase();
  const world = await makeEngine(data.url, {
    now: at(more.now ?? NOW),
    ...(more.policyDoc ? { policyDoc: more.policyDoc } : {}),
  });
  const fake = await new FakeWhmcs().start();
  const { host, port, fingerprint } = fake.address;
  const access = { url: `https://${host}:${port}/clientes`, fingerprint, ...WHMCS, callsPerSecond: 10_000 };
  const system = new WhmcsBilling({ ...access, locks: false, paymentMethod: "banktransfer", admin: "regua" });
  const said: string[] = [];
  const log = {
    info: () => undefined,
    error: (what: Record<string, unknown>, text: string) => void said.push(`${text}: ${String(what.reason ?? what.err)}`),
  };
  let tokens = 0;
  const newToken = (): string => `t${(tokens += 1)}`;
  const nonce = (): string => (tokens += 1).toString(16).padStart(32, "0");
  const terms = { ...TERMS, ...more.terms };
  const options: SyncOptions = { engine: world.engine, system, terms, page: more.page ?? 50, log, newToken };
  const panels = new Map<string, ControlPanel>([["whmcs", openWhmcsPanel(access)]]);
  const hooks = new BesideHooks({ ...options, verify: hookVerifier(HOOK_SECRET) });
  const outside = { mailers: new Map([["email", new SandboxMailer()]]), panels };
  return {
    world,
    fake,
    hooks,
    options,
    panels,
    said,
    read: async () => {
      await world.rows("UPDATE billing_sync SET not_before = '2000-01-01'");
      return syncBilling(options);
    },
    write: () => workTasks(options),
    live: async (moment) => {
      world.clock.set(at(moment));
      fake.now = `${moment.replace("T", " ")}:00`;
      for (let round = 0; round < 6; round += 1) {
        const tally = emptyTally();
        await sweep(world.engine, tally);
        await dispatch({ engine: world.engine, outside, newToken, parallel: 2 }, { tally });
        if (tally.customers === 0) return;
      }
    },
    call: (body, change = {}) => hear(hooks, body, { timestamp: String(Math.floor(world.clock.now() / 1000)), nonce: nonce(), ...change }),
    customer: async (clientId) => {
      const [found] = await world.rows<Row>("SELECT customer_id AS id, ref FROM customer WHERE ref = $1", [String(clientId)]);
      if (!found) throw new Error(`no customer ${clientId}`);
      return found;
    },
    invoice: async (id) => {
      const [found] = await world.rows<{ state: string; paid: number; amount: number }>(
        "SELECT state, paid_cents AS paid, amount_cents AS amount FROM invoice WHERE ref = $1",
        [String(id)],
      );
      return found;
    },
    reset: async (changed = {}) => {
      await empty(world);
      world.clock.set(at(more.now ?? NOW));
      fake.reset();
      said.length = 0;
      Object.assign(terms, TERMS, changed);
      for (const name of panels.keys()) if (name !== "whmcs") panels.delete(name);
    },
    close: async () => {
      await world.close();
      await fake.close();
      await data.drop();
    },
  };
}
