// Sets the stage of a chaos run: PostgreSQL, panel, mail server, an installation with its base, and who acts on it; and takes it down again.
import { mkdirSync, writeFileSync } from "node:fs";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MINUTE_MS } from "../../src/kernel/time.ts";
import { Known } from "../known.ts";
import { stream } from "../random.ts";
import { Acts } from "./acts.ts";
import { configOf, morningZone, writeBase, type Base } from "./base.ts";
import { Client } from "./client.ts";
import { Crowd } from "./crowd.ts";
import { Fleet } from "./fleet.ts";
import { MailServer } from "./mail.ts";
import { Panel } from "./panel.ts";
import { Postgres } from "./postgres.ts";
import type { Left } from "./support/books.ts";
import { Tape } from "./tape.ts";
import { Trouble } from "./trouble.ts";

export interface StageOptions {
  seed: number;
  minutes: number;
  /** How much faster the program's clock runs than the machine's. */
  speed: number;
  customers: number;
}

export interface Stage {
  tape: Tape;
  postgres: Postgres;
  panel: Panel;
  mail: MailServer;
  fleet: Fleet;
  base: Base;
  known: Known;
  acts: Acts;
  crowd: Crowd;
  client: Client;
  trouble: Trouble;
  /** Where the processes keep their logs. */
  folder: string;
  /** What was left to do when it was last looked at, once the faults had stopped. */
  left: Left | null;
}

/** What ends the things that were started, in the order of their beginning. */
export type Closing = (() => Promise<unknown>)[];

/** A payment that comes just as the program looks at the service it would suspend. */
const SURPRISE = 0.06;

export async function setStage(options: StageOptions, closing: Closing): Promise<Stage> {
  const { seed } = options;
  const postgres = new Postgres();
  const tape = new Tape(options.speed, join(postgres.folder, "skipped"));
  closing.push(() => postgres.stop());
  await postgres.start();
  const late = {} as { acts: Acts; trouble: Trouble; crowd: Crowd };
  const moment = (door: number, stage: "before" | "after"): void => late.trouble.moment(door, stage);
  const coin = stream(seed, "chaos surprise");
  const panel = await Panel.start(tape, stream(seed, "chaos panel"), {
    moment,
    arrives: (call) => late.acts.arrives(call),
    ended: (call) => {
      late.acts.ended(call);
      const service = call.command === "v-list-user" && coin.chance(SURPRISE) ? late.acts.serviceOf(call.account) : undefined;
      if (service !== undefined) late.crowd.surprise(service);
    },
  });
  closing.push(() => panel.close());
  const mail = new MailServer(tape, stream(seed, "chaos mail"), { moment });
  closing.push(() => mail.close());
  const folder = join(postgres.folder, "program");
  mkdirSync(folder);
  const doors = { open: async (door: number) => configOf({ panelPort: await panel.door(door), mailPort: await mail.door(door), panel }) };
  const fleet = new Fleet(folder, postgres.url, tape, doors, stream(seed, "chaos fleet"));
  closing.push(() => fleet.quit());
  const { base, known, key } = await install(options, tape, fleet, folder, await doors.open(0));
  for (const account of known.accounts.values()) panel.state.addUser(account);
  const client = new Client(() => fleet.addresses(), key, stream(seed, "chaos client"));
  const mostInvoices = Math.ceil(options.minutes * options.speed * 60) + options.customers;
  const crowd = new Crowd({ known, base, client, tape, random: stream(seed, "chaos crowd"), mostInvoices });
  const acts = new Acts(known, crowd.matters, tape);
  const trouble = new Trouble({ fleet, postgres, tape, seed });
  Object.assign(late, { acts, trouble, crowd });
  return { tape, postgres, panel, mail, fleet, base, known, acts, crowd, client, trouble, folder, left: null };
}

/** A live installation with its base, as an operator makes it: by the program's own commands. */
async function install(
  options: StageOptions,
  tape: Tape,
  fleet: Fleet,
  folder: string,
  config: string,
): Promise<{ base: Base; known: Known; key: string }> {
  const now = tape.now();
  const zone = morningZone(now);
  const promisesEnd = now + options.minutes * 0.55 * MINUTE_MS * options.speed;
  const base = writeBase(folder, { zone, now, customers: options.customers, random: stream(options.seed, "chaos base"), promisesEnd });
  const known = new Known(zone);
  for (const { services } of base.people) for (const { ref, account } of services) known.accounts.set(ref, account);
  for (const invoice of base.invoices) known.invoices.set(invoice.ref, invoice);
  writeFileSync(join(folder, "commands.yaml"), config, { mode: 0o600 });
  const command = async (...args: string[]): Promise<string> => {
    const ran = await fleet.run("--config", join(folder, "commands.yaml"), ...args);
    if (ran.code !== 0) throw new Error(`regua ${args.join(" ")} ended with ${ran.code}:\n${ran.err}${ran.out}`);
    return ran.out;
  };
  const file = (name: string): string => join(folder, name);
  await command("init", "--live", "--provider", file("provider.yaml"), "--policy", file("policy.yaml"));
  await command("import", "csv", "--map", file("map.yaml"));
  const { key } = JSON.parse(await command("keys", "add", "chaos", "--scopes", "read,write")) as { key: string };
  return { base, known, key };
}

/** Leaves the logs of all processes, and the run's own, in a folder. */
export async function keepLogs({ folder: from, tape }: Stage, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) if (name.endsWith(".log")) await copyFile(join(from, name), join(to, name));
  await writeFile(join(to, "run.log"), `${tape.lines.join("\n")}\n`);
}
