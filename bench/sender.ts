// The other side of a measurement of payments, in a thread of its own: a gateway that sends signed webhooks at a steady rate and answers what it
// is asked about their payments. It keeps to its schedule whatever is answered: a slow receiver is not spared by being slow.
import { createHmac } from "node:crypto";
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parentPort } from "node:worker_threads";
import { assert } from "../src/kernel/assert.ts";
import { wait } from "../src/kernel/clock.ts";
import { formatInstant } from "../src/kernel/time.ts";
import { invoiceOf, OWED_CENTS } from "./debtors.ts";
import { clockMs, type Answered, type Order } from "./sending.ts";

/** The account that is paid. */
const COLLECTOR = 4_217;

function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const id = /^\/v1\/payments\/(\d+)$/u.exec(incoming.url ?? "")?.[1];
  const body = id === undefined ? { id: COLLECTOR } : paymentOf(Number(id));
  outgoing.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}

let now = 0;

/** A Pix that was paid, as Mercado Pago tells of it. */
function paymentOf(n: number): object {
  const at = formatInstant(now - 1_000);
  return {
    id: n,
    status: "approved",
    date_created: at,
    date_approved: at,
    money_release_date: at,
    payment_method_id: "pix",
    payment_type_id: "bank_transfer",
    currency_id: "BRL",
    collector_id: COLLECTOR,
    external_reference: invoiceOf(n),
    transaction_amount: OWED_CENTS / 100,
    transaction_amount_refunded: 0,
    transaction_details: { transaction_id: `PIXE18236120202611231200${String(n).padStart(11, "0")}` },
    payer: { first_name: "Padaria", last_name: `São José ${n}`, identification: { number: null } },
  };
}

async function carryOut({ url, secret, count, rate, now: at }: Order): Promise<Answered> {
  now = at;
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const due = new Float64Array(count);
  const answered = new Float64Array(count);
  let refused = 0;
  const flying: Promise<void>[] = [];
  const begun = clockMs() + 20;
  for (let n = 0; n < count; n += 1) {
    const planned = begun + (n * 1000) / rate;
    for (let left = planned - clockMs(); left > 0; left = planned - clockMs()) await wait(left);
    due[n] = planned;
    flying.push(
      post(agent, url, secret, n + 1, at).then((code) => {
        answered[n] = clockMs();
        if (code !== 200) refused += 1;
      }),
    );
  }
  await Promise.all(flying);
  agent.destroy();
  return { due, answered, refused };
}

function post(agent: Agent, url: string, secret: string, n: number, at: number): Promise<number> {
  const requestId = `bench-${n}`;
  const signature = createHmac("sha256", secret).update(`id:${n};request-id:${requestId};ts:${at};`).digest("hex");
  const body = JSON.stringify({
    action: "payment.updated",
    api_version: "v1",
    data: { id: String(n) },
    id: n,
    live_mode: true,
    type: "payment",
  });
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "x-signature": `ts=${at},v1=${signature}`,
    "x-request-id": requestId,
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}?data.id=${n}&type=payment`, { method: "POST", agent, headers }, (incoming) => {
      incoming.resume();
      incoming.once("error", reject);
      incoming.once("end", () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

const server = createServer(answer).listen(0, "127.0.0.1", () => {
  assert(parentPort, "the sender runs in a thread");
  const port = parentPort;
  port.on("message", (order: Order) => void carryOut(order).then((told) => port.postMessage(told)));
  port.postMessage({ port: (server.address() as AddressInfo).port });
});
