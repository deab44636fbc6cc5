// Webhooks against real servers on loopback: the signature as receivers compute it, where they may not go, and every way an attempt can end.
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { makeCertificate } from "../../../test/support/certificate.ts";
import { FakeServer, type FakeAnswer, type FakeRequest } from "../../../test/support/fake-server.ts";
import type { WebhookCall } from "../../ports/webhook-sender.ts";
import { withinReach } from "./reach.ts";
import { HttpWebhookSender, type Resolve } from "./sender.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const PATIENT = () => ({ signal: AbortSignal.timeout(20_000) });
/** The example that the specification's own libraries are tested with. */
const EXAMPLE: Omit<WebhookCall, "url"> = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
  secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
};
const SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const OTHER = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

async function aServer(
  answer: (request: FakeRequest) => FakeAnswer,
  tls?: Parameters<typeof FakeServer.start>[1],
): Promise<{ server: FakeServer; seen: FakeRequest[] }> {
  const seen: FakeRequest[] = [];
  const server = await FakeServer.start((request) => {
    seen.push(request);
    return answer(request);
  }, tls);
  closers.push(() => server.close());
  return { server, seen };
}

const ok = (): FakeAnswer => ({ code: 200, body: { thanks: true } });
const here = new HttpWebhookSender({ reach: "loopback" });

describe("a webhook", () => {
  it("is signed as the specification's own example is", async () => {
    const { server, seen } = await aServer(ok);
    expect(await here.send({ ...EXAMPLE, url: `${server.origin}/regua` }, PATIENT())).toMatchObject({ outcome: "done", code: 200 });
    expect(seen[0]).toMatchObject({ method: "POST", path: "/regua", body: EXAMPLE.body });
    expect(seen[0]?.headers).toMatchObject({
      "webhook-id": EXAMPLE.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": SIGNATURE,
      "content-type": "application/json",
    });
  });

  it("carries one signature for each secret while one is changed for another", async () => {
    const { server, seen } = await aServer(ok);
    await here.send({ ...EXAMPLE, url: server.origin, secrets: [OTHER, ...EXAMPLE.secrets] }, PATIENT());
    const own = createHmac("sha256", Buffer.alloc(32, 7)).update(`${EXAMPLE.id}.${EXAMPLE.timestamp}.${EXAMPLE.body}`).digest("base64");
    expect(seen[0]?.headers["webhook-signature"]).toBe(`v1,${own} ${SIGNATURE}`);
  });

  it("goes over TLS to whom an authority vouches for, and to nobody else", async () => {
    const { cert, key } = makeCertificate();
    const { server, seen } = await aServer(ok, { cert, key });
    const trusting = new HttpWebhookSender({ reach: "loopback", ca: cert });
    expect(await trusting.send({ ...EXAMPLE, url: server.origin }, PATIENT())).toMatchObject({ outcome: "done" });
    expect(await here.send({ ...EXAMPLE, url: server.origin }, PATIENT())).toMatchObject({ outcome: "refused", code: null });
    expect(seen).toHaveLength(1);
  });

  it("follows no redirect", async () => {
    const { server: trap, seen: trapped } = await aServer(ok);
    const { server } = await aServer(() => ({ code: 307, headers: { location: trap.origin } }));
    const answer = await here.send({ ...EXAMPLE, url: server.origin }, PATIENT());
    expect(answer).toMatchObject({ outcome: "refused", code: 307, gone: false });
    expect(answer.words).toContain("redirect");
    expect(trapped).toEqual([]);
  });

  it("was refused by any answer but 2xx, heeds how long to wait, and hears when nobody wants it any more", async () => {
    const { server } = await aServer(({ path }) => {
      if (path === "/gone") return { code: 410 };
      return path === "/busy" ? { code: 503, headers: { "retry-after": "120" }, body: { say: "later" } } : { code: 404 };
    });
    const send = (path: string) => here.send({ ...EXAMPLE, url: `${server.origin}${path}` }, PATIENT());
    expect(await send("/gone")).toMatchObject({ outcome: "refused", code: 410, gone: true, waitMs: null });
    expect(await send("/busy")).toEqual({ outcome: "refused", code: 503, words: '503 {"say":"later"}', gone: false, waitMs: 120_000 });
    expect(await send("/other")).toMatchObject({ outcome: "refused", code: 404 });
  });

  it("reads no more of an answer than a line", async () => {
    const { server } = await aServer(() => ({ code: 200, body: `a\u0000b\n${"x".repeat(3_000_000)}` }));
    const answer = await here.send({ ...EXAMPLE, url: server.origin }, PATIENT());
    expect(answer.outcome).toBe("done");
    expect(answer.words.length).toBeLessThan(220);
  });

  it("that was accepted stays accepted when the rest of the answer never ends, or breaks off", async () => {
    const dripping = createServer((request, response) => {
      request.resume().once("end", () => {
        response.writeHead(200, { "content-type": "text/plain" });
        response.write("thank", () => void (request.url === "/breaks" && response.destroy()));
      });
    });
    await new Promise<void>((resolve) => void dripping.listen(0, "127.0.0.1", resolve));
    closers.push(async () => {
      dripping.closeAllConnections();
      await new Promise<void>((resolve) => void dripping.close(() => resolve()));
    });
    const origin = `http://127.0.0.1:${(dripping.address() as AddressInfo).port}`;
    const impatient = { signal: AbortSignal.timeout(500) };
    expect(await here.send({ ...EXAMPLE, url: `${origin}/drips` }, impatient)).toMatchObject({
      outcome: "done",
      code: 200,
      words: "200 thank",
    });
    expect(await here.send({ ...EXAMPLE, url: `${origin}/breaks` }, PATIENT())).toMatchObject({ outcome: "done", code: 200 });
  });

  it("whose answer never comes is unknown; one that never left is not", async () => {
    const { server } = await aServer(ok);
    server.loses = /./u;
    expect(await here.send({ ...EXAMPLE, url: server.origin }, PATIENT())).toMatchObject({ outcome: "unknown", code: null });
    server.stalled = true;
    const impatient = { signal: AbortSignal.timeout(300) };
    expect(await here.send({ ...EXAMPLE, url: server.origin }, impatient)).toMatchObject({
      outcome: "unknown",
      words: "no answer before the deadline",
    });
    await server.close();
    closers.pop();
    expect(await here.send({ ...EXAMPLE, url: server.origin }, PATIENT())).toMatchObject({ outcome: "refused", code: null });
  });
});

describe("an address", () => {
  const open = new HttpWebhookSender({ reach: "public" });
  const leadingTo = (...addresses: string[]): { resolve: Resolve; asked: string[] } => {
    const asked: string[] = [];
    return {
      asked,
      resolve: (host) => {
        asked.push(host);
        return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
      },
    };
  };

  it.each([
    "http://hooks.example/regua",
    "https://10.0.0.8/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://192.168.1.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://localhost/",
    "https://user:password@hooks.example/",
    "https://hooks.example/#a",
    "ftp://hooks.example/",
    "file:///etc/passwd",
    "hooks",
    `https://hooks.example/${"x".repeat(500)}`,
  ])("like %s is refused in public, before anything is sent", async (url) => {
    expect(await open.vet(url, PATIENT())).toMatchObject({ outcome: "refused" });
    expect(await open.send({ ...EXAMPLE, url }, PATIENT())).toMatchObject({ outcome: "refused", code: null });
  });

  it("of the public internet is good", async () => {
    const { resolve } = leadingTo("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c");
    const sender = new HttpWebhookSender({ reach: "public", resolve });
    expect(await sender.vet("https://hooks.example:8443/a?b=c", PATIENT())).toEqual({
      outcome: "done",
      value: { address: "93.184.215.14" },
    });
  });

  it("is judged where it leads: one of several addresses within is enough to refuse it", async () => {
    for (const inside of ["10.1.2.3", "100.64.0.1", "::1", "fc00::1", "::ffff:10.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255"]) {
      const sender = new HttpWebhookSender({ reach: "public", resolve: leadingTo("93.184.215.14", inside).resolve });
      expect(await sender.vet("https://hooks.example/", PATIENT())).toMatchObject({ outcome: "refused" });
    }
  });

  it("that leads elsewhere after it was judged good is refused at the connection, and nothing arrives", async () => {
    const { cert, key } = makeCertificate({ dns: "hooks.example" });
    const { server, seen } = await aServer(ok, { cert, key });
    const { port } = new URL(server.origin);
    const url = `https://hooks.example:${port}/`;
    let answers = ["93.184.215.14"];
    const resolve: Resolve = () => Promise.resolve(answers.map((address) => ({ address, family: 4 })));
    const sender = new HttpWebhookSender({ reach: "public", resolve, ca: cert });
    expect(await sender.vet(url, PATIENT())).toMatchObject({ outcome: "done" });
    answers = ["127.0.0.1"];
    const answer = await sender.send({ ...EXAMPLE, url }, PATIENT());
    expect(answer).toMatchObject({ outcome: "refused", code: null });
    expect(answer.words).toContain("127.0.0.1");
    expect(server.sockets.size).toBe(0);
    expect(seen).toEqual([]);
  });

  it("that was judged is the one that the socket goes to: no other look-up comes in between", async () => {
    const { server, seen } = await aServer(ok);
    const { asked, resolve } = leadingTo("127.0.0.1");
    const sender = new HttpWebhookSender({ reach: "loopback", resolve });
    const url = server.origin.replace("127.0.0.1", "known-to-nobody.localhost");
    expect(await sender.send({ ...EXAMPLE, url }, PATIENT())).toMatchObject({ outcome: "done" });
    expect([asked, seen.length]).toEqual([["known-to-nobody.localhost"], 1]);
  });

  it("in the sandbox is of this machine, and nothing else is reached", async () => {
    const { asked, resolve } = leadingTo("93.184.215.14");
    const sandbox = new HttpWebhookSender({ reach: "loopback", resolve });
    expect(await sandbox.vet("http://127.0.0.1:3000/regua", PATIENT())).toMatchObject({ outcome: "done" });
    expect(await sandbox.vet("http://[::1]:3000/regua", PATIENT())).toMatchObject({ outcome: "done" });
    for (const url of [
      "https://hooks.example/",
      "http://10.0.0.1/",
      "http://93.184.215.14/",
      "https://localhost.example/",
      "http://odd.localhost/",
    ]) {
      expect(await sandbox.vet(url, PATIENT())).toMatchObject({ outcome: "refused" });
      expect(await sandbox.send({ ...EXAMPLE, url }, PATIENT())).toMatchObject({ outcome: "refused", code: null });
    }
    // Not even a name server outside was asked.
    expect(new Set(asked)).toEqual(new Set(["odd.localhost"]));
  });

  it("that is none, or whose name nobody knows, is not within reach", async () => {
    expect(withinReach("hooks.example", "public")).toBe(false);
    expect(withinReach("", "loopback")).toBe(false);
    const unknownName: Resolve = () => Promise.reject(new Error("getaddrinfo ENOTFOUND hooks.example"));
    const sender = new HttpWebhookSender({ reach: "public", resolve: unknownName });
    expect(await sender.vet("https://hooks.example/", PATIENT())).toMatchObject({ outcome: "unknown" });
    expect(await sender.send({ ...EXAMPLE, url: "https://hooks.example/" }, PATIENT())).toMatchObject({ outcome: "refused", code: null });
  });
});
