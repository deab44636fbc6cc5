// Mail in a running installation: each mailbox is read by one process at a time, woken by IDLE; what came is dealt with, and answers leave.
import type { Engine } from "../engine/engine.ts";
import { expireMail } from "../engine/expire-mail.ts";
import { handleMail } from "../engine/handle-mail.ts";
import { blankEnd, endAlone } from "../engine/mail-end.ts";
import { takeMail, type MailDesk } from "../engine/take-mail.ts";
import { deadline, every, wait } from "../kernel/clock.ts";
import type { Id } from "../kernel/ids.ts";
import { HOUR_MS, MINUTE_MS, type Instant } from "../kernel/time.ts";
import type { MailboxPlace, MailPage, MailSource } from "../ports/mail-source.ts";
import { unknown, type Outcome } from "../ports/outcome.ts";
import { attemptsAt, newMail, putOffMail } from "../store/mail-in.ts";
import { failMailbox, moveMailbox, releaseMailbox, takeMailbox } from "../store/mailboxes.ts";
import { sendOutgoing, type Postman } from "./mail-out.ts";
import type { MotorLog } from "./motor.ts";

/** Small enough to hold in memory with its largest messages, large enough that a storm is a few round trips. */
const PAGE = 20;
const FETCH_MS = 120_000;
/** Longer than a page takes and than an IDLE lasts; whoever dies leaves the mailbox to another after it. */
const HELD_MS = 10 * MINUTE_MS;
const IDLE_MS = 4 * MINUTE_MS;
const LOOK_MS = 5_000;
const FAILED_WAIT_MS = [5_000, 15_000, MINUTE_MS, 5 * MINUTE_MS];
/** A wrong password asked again and again gets an address banned. */
const REFUSED_WAIT_MS = 30 * MINUTE_MS;
const STOP_LOOK_MS = 250;
const HANDLE_WAIT_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS];
const BATCH = 50;

export interface MailInOptions {
  engine: Engine;
  desk: MailDesk;
  /** By their names in the configuration. */
  sources: ReadonlyMap<string, MailSource>;
  /** Sends answers; null: there is no mail server. */
  postman: Postman | null;
  newToken: () => string;
  log: MotorLog;
}

export interface MailIn {
  stop(): Promise<void>;
}

export function startMail(options: MailInOptions): MailIn {
  const stop = new AbortController();
  const stopping = (): boolean => stop.signal.aborted;
  const readers = [...options.sources].map(([name, source]) => new Reader(options, name, source, stop.signal).run());
  let expired: Instant | null = null;
  const look = every(LOOK_MS, async () => {
    try {
      await workMail(options, stopping);
      const now = options.engine.motorClock.now();
      if (expired !== null && now - expired < HOUR_MS) return;
      expired = now;
      await expireMail(options.engine, options.desk.files);
    } catch (error) {
      options.log.error({ err: error }, "mail");
    }
  });
  return {
    stop: async () => {
      stop.abort();
      await Promise.all([look.stop(), ...readers]);
      for (const source of options.sources.values()) await source.close();
    },
  };
}

/** Deals with what was taken in, and sends what is to go. Answers how many mails were dealt with. */
export async function workMail(
  { engine, desk, postman, log }: Omit<MailInOptions, "sources" | "newToken">,
  stopping: () => boolean,
): Promise<number> {
  let handled = 0;
  for (;;) {
    const ids = await newMail(engine.db, engine.motorClock.now(), BATCH);
    for (const id of ids) {
      if (stopping()) return handled;
      try {
        if (await handleMail(engine, desk, id)) handled += 1;
      } catch (error) {
        log.error({ err: error, mail: id }, "a mail could not be dealt with");
        await giveUpLater(engine, id);
      }
    }
    if (ids.length < BATCH) break;
  }
  if (postman) await sendOutgoing(postman, stopping);
  return handled;
}

/** Tried again a few times; then a person sees that it is there. */
async function giveUpLater(engine: Engine, id: Id): Promise<void> {
  const attempts = await attemptsAt(engine.db, id);
  if (attempts === null) return;
  const waitMs = HANDLE_WAIT_MS[attempts - 1];
  if (waitMs === undefined) await endAlone(engine, { ...blankEnd(id), outcome: "failed", waits: true });
  else await putOffMail(engine.db, id, engine.motorClock.now() + waitMs);
}

/** One mailbox, read for as long as the process lives. */
class Reader {
  readonly #options: MailInOptions;
  readonly #name: string;
  readonly #source: MailSource;
  readonly #stop: AbortSignal;
  readonly #token: string;

  constructor(options: MailInOptions, name: string, source: MailSource, stop: AbortSignal) {
    this.#options = options;
    this.#name = name;
    this.#source = source;
    this.#stop = stop;
    this.#token = options.newToken();
  }

  async run(): Promise<void> {
    const { engine, log } = this.#options;
    while (!this.#stop.aborted) {
      try {
        const stopping = (): boolean => this.#stop.aborted;
        const read = await readMailbox(this.#options, this.#name, this.#source, { token: this.#token, stopping });
        // Somebody waits for an answer: not only at the next look.
        if (read.end === "read" && read.taken > 0) await workMail(this.#options, stopping);
        await this.#rest(read);
      } catch (error) {
        log.error({ err: error, mailbox: this.#name }, "mailbox");
        await this.#pause(MINUTE_MS);
      }
    }
    await releaseMailbox(engine.db, this.#name, this.#token).catch(() => undefined);
  }

  async #rest(read: MailboxRead): Promise<void> {
    if (read.end === "held") return this.#pause(MINUTE_MS);
    if (read.end === "failed") return this.#pause(read.waitMs);
    // IDLE ends when something comes; a server without it, or a connection that broke, is looked at again after a while.
    if (!(await this.#source.watch(AbortSignal.any([this.#stop, deadline(IDLE_MS)])))) await this.#pause(LOOK_MS);
  }

  async #pause(ms: number): Promise<void> {
    for (let waited = 0; waited < ms && !this.#stop.aborted; waited += STOP_LOOK_MS) await wait(Math.min(STOP_LOOK_MS, ms));
  }
}

export type MailboxRead = { end: "read"; taken: number } | { end: "held" } | { end: "failed"; reason: string; waitMs: number };

/** Reads what is new in a mailbox. A mail is safe here before the server is told that it was seen. */
export async function readMailbox(
  options: Pick<MailInOptions, "engine" | "desk" | "log">,
  name: string,
  source: MailSource,
  holder: { token: string; stopping: () => boolean },
): Promise<MailboxRead> {
  const { engine, log } = options;
  let taken = 0;
  for (;;) {
    const now = engine.motorClock.now();
    const row = await takeMailbox(engine.db, name, { token: holder.token, now, until: now + HELD_MS });
    if (!row) return { end: "held" };
    const place: MailboxPlace | null = row.validity === null ? null : { validity: row.validity, uid: row.uid };
    const page = await orUnknown(source.fetch(place, PAGE, { signal: deadline(FETCH_MS) }));
    if (page.outcome !== "done") {
      const failures = await failMailbox(engine.db, name, page.reason);
      log.error({ mailbox: name, reason: page.reason, failures }, "a mailbox could not be read");
      const refused = page.outcome === "refused" && page.credentials === true;
      return {
        end: "failed",
        reason: page.reason,
        waitMs: refused ? REFUSED_WAIT_MS : (FAILED_WAIT_MS[Math.min(failures, 4) - 1] ?? MINUTE_MS),
      };
    }
    taken += await takePage(options, name, page.value);
    const { mails, validity, through, more } = page.value;
    await moveMailbox(engine.db, name, { validity, uid: through, now: engine.motorClock.now() });
    // Only a courtesy to whoever looks into the mailbox: where we are is in our own row.
    const settled = await orUnknown(
      source.settle(
        mails.map((mail) => mail.uid),
        { signal: deadline(FETCH_MS) },
      ),
    );
    if (settled.outcome !== "done") log.info({ mailbox: name, reason: settled.reason }, "messages were not marked as seen");
    if (!more || holder.stopping()) return { end: "read", taken };
  }
}

async function takePage({ engine, desk }: Pick<MailInOptions, "engine" | "desk">, mailbox: string, { mails }: MailPage): Promise<number> {
  let fresh = 0;
  for (const { raw } of mails) if ((await takeMail(engine, desk, { mailbox, raw })).id !== null) fresh += 1;
  return fresh;
}

async function orUnknown<T>(asked: Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await asked;
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}
