// The measurement of lists: the console's own server asked over HTTP by somebody signed in, beside the least SQL that has the same rows.
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { join } from "node:path";
import type pg from "pg";
import pino from "pino";
import { makeMetrics } from "../src/api/metrics.ts";
import { buildApi } from "../src/api/server.ts";
import { showComing, workOutComing } from "../src/engine/coming-days.ts";
import { inviteStaff } from "../src/engine/staff.ts";
import { makeReach } from "../src/jobs/reach.ts";
import { assert } from "../src/kernel/assert.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { openStaffDatabase } from "../src/store/staff.ts";
import { buildCrowd } from "./crowd.ts";
import { openPlace, type Place, type Start } from "./place.ts";
import { QUESTIONS, type Question } from "./questions.ts";
import { timed } from "./timed.ts";

export interface ListsOptions extends Start {
  customers: number;
  /** How often each question is asked, each time about other customers. */
  times: number;
  newToken: () => string;
  onProgress: (done: number, doing: string) => void;
}

/** Milliseconds. */
interface Took {
  p50: number;
  p95: number;
  max: number;
}

export interface ListMeasured {
  name: string;
  api: Took;
  raw: Took;
  /** p95 by p95. */
  ratio: number;
}

export interface ComingMeasured {
  /** Of work; in an installation it rests as long again. */
  seconds: number;
  /** Customers to whom something could come, and to whom something does. */
  looked: number;
  touched: number;
  /** The longest page: so long was nobody else let in, at most. */
  longestMs: number;
}

export interface ListsMeasured {
  customers: number;
  times: number;
  lists: ListMeasured[];
  /** What the next days hold, worked out once. */
  coming: ComingMeasured;
  /** The server's folder lies in memory, where reading costs nothing. */
  inMemory: boolean;
}

/** Parts of a measurement, for a progress bar: what is built, and each question. */
export const LIST_PARTS = 16 + QUESTIONS.length;

export async function measureLists(options: ListsOptions): Promise<ListsMeasured> {
  let done = 0;
  const part = (doing: string): void => options.onProgress(done++, doing);
  part("starting a database server");
  const place = await openPlace(options, { connections: 8 });
  try {
    await buildCrowd(place.owner, options.customers, part);
    await place.checkpoint();
    return await askLists(place, options, part);
  } finally {
    await place.close();
  }
}

/** The questions alone, on a base that is built. */
export async function askLists(
  place: Place,
  options: ListsOptions,
  part: (doing: string) => void,
  questions: readonly Question[] = QUESTIONS,
): Promise<ListsMeasured> {
  const desk = await openDesk(place, options);
  try {
    part("what comes, for everybody");
    const coming = await measureComing(place);
    const lists: ListMeasured[] = [];
    for (const question of questions) {
      part(question.name);
      lists.push(await measureOne(question, place.owner, desk, options));
    }
    return { customers: options.customers, times: options.times, lists, coming, inMemory: place.inMemory };
  } finally {
    await desk.close();
  }
}

/** The background's work in one go: by a clock that stands still it does not rest. */
async function measureComing({ engine }: Place): Promise<ComingMeasured> {
  await showComing(engine);
  let longest = 0;
  let turn = systemClock.now();
  const seconds = await timed(async () => {
    const onPage = (): void => {
      const now = systemClock.now();
      longest = Math.max(longest, now - turn);
      turn = now;
    };
    assert(await workOutComing(engine, { lease: "bench", onPage }), "what comes was not worked out");
  });
  const { kept } = await showComing(engine);
  assert(kept !== null && kept.result.touched > 0 && kept.result.faults === 0, "nothing comes to anybody");
  return { seconds, looked: kept.result.looked, touched: kept.result.touched, longestMs: longest };
}

/** Raw and asked in turn, about the same customers: whichever comes first pays for what must be read from disk. */
async function measureOne(question: Question, owner: pg.Client, desk: Desk, { customers, times }: ListsOptions): Promise<ListMeasured> {
  const ask = await desk.person();
  const api: number[] = [];
  const raw: number[] = [];
  // The first two of each are not counted: they make the plans and the connections.
  for (let i = -2; i < times; i += 1) {
    // Steps of a large odd number go all over the base, and never twice to the same place.
    const n = (((i + 3) * 7_368_787) % customers) + 1;
    const path = question.path(n);
    let answered = "";
    const asked = async (): Promise<void> => {
      const ms = 1000 * (await timed(async () => void (answered = await ask(path))));
      if (i >= 0) api.push(ms);
    };
    const queried = async (): Promise<void> => {
      const { raw: plain } = question;
      const values = plain.values(n);
      const ms = 1000 * (await timed(() => owner.query({ name: question.name, text: plain.text, values })));
      if (i >= 0) raw.push(ms);
    };
    for (const turn of i % 2 === 0 ? [asked, queried] : [queried, asked]) await turn();
    question.check(JSON.parse(answered), n);
  }
  const [spent, least] = [spread(api), spread(raw)];
  return { name: question.name, api: spent, raw: least, ratio: spent.p95 / least.p95 };
}

interface Desk {
  /** Somebody signed in, who asks for a path under `/admin`. Each question has its own: one person's requests are limited. */
  person(): Promise<(path: string) => Promise<string>>;
  close(): Promise<void>;
}

async function openDesk(place: Place, { parent, newToken, newSecret }: ListsOptions): Promise<Desk> {
  const { engine } = place;
  const staff = openStaffDatabase({ url: place.url, role: null });
  const pages = mkdtempSync(join(parent, "regua-bench-pages-"));
  const api = await buildApi({
    ...{ engine, panels: ["sandbox"], mode: "live", metrics: makeMetrics(engine), motor: () => "working", version: "0", newToken },
    log: pino({ level: "info" }, { write: () => undefined }),
    console: {
      ...{ database: staff.db, secret: newSecret(), issuer: "Régua", version: "0", newSecret, pages },
      reach: makeReach({ outside: { mailers: new Map(), panels: new Map() }, gateways: new Map(), clock: engine.motorClock }),
    },
  });
  const address = await api.listen({ host: "127.0.0.1", port: 0 });
  const agent = new Agent({ keepAlive: true });
  let people = 0;
  return {
    person: async () => {
      people += 1;
      const { token } = await inviteStaff(engine, { role: "owner", email: null, secret: newSecret(), by: "bench" });
      const body = { token, name: "Ana", email: `ana${newToken()}@example.org`, password: newSecret(), lang: "pt-BR" };
      // The door counts tries by address.
      const headers = { "x-forwarded-for": `192.0.2.${people}`, "idempotency-key": newToken() };
      const entered = await send(agent, `${address}/admin/invite/accept`, { ...headers, origin: address }, body);
      assert(entered.code === 200, `nobody came in: ${entered.text}`);
      const cookie = entered.cookies.map((line) => line.split(";")[0] ?? "").join("; ");
      return async (path) => {
        const answer = await send(agent, `${address}/admin${path}`, { cookie });
        assert(answer.code === 200, `${path} was answered ${answer.code}: ${answer.text.slice(0, 300)}`);
        return answer.text;
      };
    },
    close: async () => {
      agent.destroy();
      await api.close();
      await staff.close();
      rmSync(pages, { recursive: true, force: true });
    },
  };
}

function send(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
  body?: object,
): Promise<{ code: number; text: string; cookies: string[] }> {
  const payload = body && JSON.stringify(body);
  const all =
    payload === undefined
      ? headers
      : { ...headers, "content-type": "application/json", "content-length": String(Buffer.byteLength(payload)) };
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method: payload === undefined ? "GET" : "POST", agent, headers: all }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (more: string) => (text += more));
      incoming.once("error", reject);
      incoming.once("end", () => resolve({ code: incoming.statusCode ?? 0, text, cookies: incoming.headers["set-cookie"] ?? [] }));
    });
    outgoing.once("error", reject);
    outgoing.end(payload);
  });
}

function spread(took: readonly number[]): Took {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
