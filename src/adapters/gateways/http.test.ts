// What an HTTP answer means to the caller: done, refused, or not known; reads apart from acts.
import { afterEach, describe, expect, it } from "vitest";
import { FakeServer } from "../../../test/support/fake-server.ts";
import type { FakeAnswer } from "../../../test/support/fake-server.ts";
import type { CallContext } from "../../ports/outcome.ts";
import { GatewayApi, fixedAuthority } from "./api.ts";
import { GatewayHttp } from "./http.ts";
import type { HttpCall } from "./http.ts";

const SECRET = "top-secret-0042";
const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(answer: FakeAnswer): Promise<{ api: GatewayApi; server: FakeServer }> {
  const server = await FakeServer.start(() => answer);
  const api = new GatewayApi(
    "Gateway",
    new GatewayHttp(server.origin),
    fixedAuthority("authorization", SECRET, [SECRET]),
    ({ text }) => text,
  );
  closing.push(
    () => api.close(),
    () => server.close(),
  );
  return { api, server };
}

const GET: HttpCall = { method: "GET", path: "/x", query: { taxId: "11144477735" } };
const POST: HttpCall = { method: "POST", path: "/x", json: "{}" };

describe("an answer of a gateway", () => {
  it("that is a fault of its own is asked again for a read, and not known for an act", async () => {
    for (const code of [500, 502, 504, 408]) {
      const { api } = await open({ code, body: {} });
      expect(await api.call(GET, ample())).toMatchObject({ outcome: "refused", retry: true });
      expect(await api.call(POST, ample())).toMatchObject({ outcome: "unknown" });
    }
  });

  it("that says busy is refused for now, with the time it asks to wait", async () => {
    const { api } = await open({ code: 429, headers: { "retry-after": "17" } });
    expect(await api.call(POST, ample())).toMatchObject({ outcome: "refused", retry: true, reason: expect.stringContaining("17 s") });
  });

  it("that sends us elsewhere is not followed: the credentials would go along", async () => {
    const { api, server } = await open({ code: 302, headers: { location: "/y" } });
    expect(await api.call(GET, ample())).toMatchObject({ outcome: "refused", retry: false });
    expect(server.calls).toHaveLength(1);
  });

  it("that repeats our secret is told without it, and without the query", async () => {
    const { api } = await open({ code: 403, body: { message: `key ${SECRET} is not allowed` } });
    const outcome = await api.call(GET, ample());
    expect(outcome).toMatchObject({ outcome: "refused", retry: false });
    expect(JSON.stringify(outcome)).not.toMatch(/top-secret|11144477735/u);
  });

  it("that never comes because nobody listens is refused: nothing was sent", async () => {
    const { api, server } = await open({ code: 200 });
    await server.close();
    closing.pop();
    expect(await api.call(POST, ample())).toMatchObject({ outcome: "refused", retry: true });
  });

  it("that breaks off after an act is not known, also on a connection that was kept", async () => {
    const { api, server } = await open({ code: 200, body: {} });
    expect((await api.call(GET, ample())).outcome).toBe("done");
    server.loses = /./u;
    expect(await api.call(POST, ample())).toMatchObject({ outcome: "unknown" });
    expect(server.calls).toHaveLength(2);
  });

  it("is asked for once more where a kept connection had been closed meanwhile", async () => {
    const { api, server } = await open({ code: 200, body: {} });
    expect((await api.call(GET, ample())).outcome).toBe("done");
    for (const socket of server.sockets) socket.destroy();
    expect((await api.call(GET, ample())).outcome).toBe("done");
  });
});
