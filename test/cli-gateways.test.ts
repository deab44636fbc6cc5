// The commands about payment gateways, run as the real program, with gateways on loopback.
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_KEY, FakeAsaas } from "./support/fake-asaas.ts";
import { FakeServer } from "./support/fake-server.ts";
import { ManualClock } from "../src/kernel/clock.ts";
import { makeHome, type Home } from "./support/program.ts";

const TOKEN = "token-for-webhooks-0123456789abcdef";

let home: Home;
let asaas: FakeAsaas;
let server: FakeServer;
beforeAll(async () => {
  asaas = new FakeAsaas(new ManualClock(Date.UTC(2026, 10, 10, 12)));
  server = await FakeServer.start((request) => asaas.handle(request));
  home = makeHome();
});
afterAll(async () => {
  await server.close();
  await home.remove();
});

function settings(name: string, lines: readonly string[]): string {
  writeFileSync(join(home.folder, name), lines.join("\n"));
  return name;
}

const honest = (): string[] => ["kind: asaas", `access_key: "${API_KEY}"`, `base_url: ${server.origin}/v3`, `webhook_secret: ${TOKEN}`];
const config = (): string => join(home.data, "regua.yaml");

describe("gateways", () => {
  it("that answer are written into the configuration beside what is there, readable by their owner only", async () => {
    mkdirSync(home.data);
    writeFileSync(config(), "# ours\nlog_level: warn # quiet\n");
    const ran = await home.run("gateways", "add", "asaas", settings("asaas.yaml", honest()));
    expect([ran.code, ran.err]).toEqual([0, ""]);
    expect(ran.out).toContain("Asaas answers: 0 charges");
    expect(ran.out).toContain("/hooks/gateways/asaas");
    expect(ran.out).not.toContain(API_KEY);
    const written = readFileSync(config(), "utf8");
    expect(written).toContain("# ours\nlog_level: warn # quiet\n");
    expect(written).toContain("kind: asaas");
    expect(statSync(config()).mode & 0o777).toBe(0o600);
    const check = await home.run("config", "check");
    expect(check.out).toContain("gateways.asaas.access_key");
    expect(check.out).not.toMatch(/aact|token-for-webhooks/u);
  });

  it("are tested by name or all together", async () => {
    expect(await home.json("gateways", "test")).toEqual({
      gateways: [
        {
          name: "asaas",
          kind: "asaas",
          answers: true,
          methods: ["pix", "boleto", "card"],
          detail: "Asaas answers: 0 charges in the account.",
        },
      ],
    });
    expect((await home.run("gateways", "test")).out).toContain("Pix, boleto, card");
    expect((await home.run("gateways", "test", "banco")).err).toContain("No payment gateway named “banco”");
  });

  it("whose key is refused are not written, and the refusal repeats no key", async () => {
    const before = readFileSync(config(), "utf8");
    const other = honest().map((line) => line.replace("aact_prod", "aact_other"));
    const refused = await home.run("gateways", "add", "second", settings("refused.yaml", other));
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("did not take the call");
    expect(refused.err).not.toContain("aact_other");
    expect(readFileSync(config(), "utf8")).toBe(before);
  });

  it("with settings that cannot be, or under a name that is taken, are not written", async () => {
    const before = readFileSync(config(), "utf8");
    const open = settings("http.yaml", ["kind: asaas", "access_key: x", "base_url: http://api.example.com"]);
    expect((await home.run("gateways", "add", "third", open)).err).toContain("base_url: must begin with https://");
    expect((await home.run("gateways", "add", "asaas", settings("asaas.yaml", honest()))).err).toContain("set up already");
    expect(readFileSync(config(), "utf8")).toBe(before);
  });

  it("whose webhooks are set at the gateway's own page are told so", async () => {
    const ran = await home.run("gateways", "webhook", "asaas", "https://regua.example.com");
    expect(ran.code).toBe(1);
    expect(ran.err).toContain("https://regua.example.com/hooks/gateways/asaas");
  });
});
