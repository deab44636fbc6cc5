// The server as a process: it answers, a payment brings a service back through the motor, and it ends in order.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { wait } from "../src/kernel/clock.ts";
import { makeHome, type Home } from "./support/program.ts";
import { startServer, type Server } from "./support/server.ts";

let home: Home;
let server: Server;
let key: string;

beforeAll(async () => {
  home = makeHome();
  // A Monday. What is due on Tuesday the 3rd is suspended by Tuesday the 10th at the latest.
  await home.json("init", "--sandbox", "--empty", "--date", "2026-11-02");
  server = await startServer(home.data, ["serve", "--port", "0"]);
  ({ key } = await home.json<{ key: string }>("keys", "add", "billing", "--scopes", "read,write"));
});

afterAll(async () => {
  server.kill("SIGKILL");
  await server.ended;
  await home.remove();
});

let acts = 0;

async function ask(method: string, path: string, body?: unknown): Promise<{ code: number; body: Record<string, unknown> }> {
  const answer = await fetch(`${server.address}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(method === "POST" ? { "idempotency-key": `act-${(acts += 1)}` } : {}),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { code: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Asks again until the answer is as wanted; fails with the last answer after ten seconds. */
async function until(path: string, wanted: (body: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
  for (let tries = 0; ; tries += 1) {
    const { body } = await ask("GET", path);
    if (wanted(body)) return body;
    if (tries === 100) throw new Error(`after ten seconds still ${JSON.stringify(body)}`);
    await wait(100);
  }
}

describe("regua serve", () => {
  it("is alive and ready, in the sandbox, on the loopback address", async () => {
    expect(server.greeting).toMatchObject({ mode: "sandbox" });
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
    expect((await ask("GET", "/healthz")).body).toEqual({ alive: true, mode: "sandbox" });
    expect(await until("/readyz", ({ ready }) => ready === true)).toMatchObject({ motor: "working" });
  });

  it("suspends by the sandbox's date that another command moves, and brings the service back within seconds of the payment", async () => {
    await ask("POST", "/v1/customers", { ref: "P-1", name: "Padaria Central", email: "p1@cliente.example" });
    await ask("POST", "/v1/customers/P-1/services", { ref: "P-1-site", name: "padaria.example" });
    const invoice = { ref: "P-1-f", service: "P-1-site", issuedOn: "2026-11-02", dueOn: "2026-11-03", amountCents: 2990, currency: "BRL" };
    expect((await ask("POST", "/v1/customers/P-1/invoices", invoice)).code).toBe(201);
    await home.json("sandbox", "advance", "--to", "2026-11-12");
    await until("/v1/customers/P-1/explain", ({ at }) => String(at).startsWith("2026-11-12"));
    expect((await ask("GET", "/v1/services/P-1-site")).body).toMatchObject({ desired: "suspended", actual: "suspended" });
    const receipt = { source: "pix", externalId: "e2e-1", invoice: "P-1-f", amountCents: 2990, currency: "BRL" };
    expect((await ask("POST", "/v1/receipts", { receipts: [receipt] })).body).toEqual({ booked: 1, known: 0 });
    expect(await until("/v1/services/P-1-site", ({ actual }) => actual === "active")).toMatchObject({ desired: "active" });
  });

  it("tells a second server on the same port what is wrong and what to do", async () => {
    const ran = await home.run("--json", "serve", "--port", new URL(server.address).port);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('"error":"address_in_use"');
  });

  it("lists keys without showing them, and refuses one from the moment it is revoked", async () => {
    const { key: other } = await home.json<{ key: string }>("keys", "add", "reports");
    const seen = async () => (await fetch(`${server.address}/v1/breaker`, { headers: { authorization: `Bearer ${other}` } })).status;
    expect(await seen()).toBe(200);
    const { out } = await home.run("keys", "list");
    expect(out).toMatch(/^sandbox · .*\nName .*\nbilling +read, write .*\nreports +read /u);
    expect(out).not.toContain("rk_");
    expect((await home.run("keys", "add", "reports")).err).toContain("another name");
    await home.json("keys", "revoke", "reports");
    expect(await seen()).toBe(401);
    expect((await home.run("keys", "revoke", "reports")).code).toBe(1);
  });

  it("ends with 0 on SIGTERM, having finished what was in flight", async () => {
    server.kill("SIGTERM");
    expect(await server.ended).toEqual({ code: 0, signal: null });
    expect(server.log()).toContain('"msg":"stopped"');
    expect(server.log()).not.toContain('"level":50');
  });

  it("greets on `start` with what the ladder did so far, and ends by itself when the sandbox is reset", async () => {
    server = await startServer(home.data, ["start", "--port", "0"]);
    expect(server.greeting).toMatchObject({
      mode: "sandbox",
      story: { customers: 1, suspended: 0, receipts: 1, receivedCents: 2990, notices: { reminder: 1, warning: 1, suspended: 1 } },
    });
    await home.json("sandbox", "reset");
    expect(await server.ended).toEqual({ code: 0, signal: null });
  });
});
