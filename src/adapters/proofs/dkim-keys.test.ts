// Keys of mail signatures asked of a real name server on loopback: found, none, out of order, and silence until the deadline.
import { afterAll, beforeAll, expect, it } from "vitest";
import { FakeDns } from "../../../test/support/fake-dns.ts";
import { dnsKeys, storedKeys } from "./dkim-keys.ts";

const LONG = "x".repeat(200);
let dns: FakeDns;
beforeAll(async () => {
  dns = await FakeDns.start({
    "a._domainkey.banco.example": [["v=DKIM1; p=", LONG], ["v=spf1"]],
    "empty._domainkey.banco.example": [],
    "down._domainkey.banco.example": "down",
    "silent._domainkey.banco.example": "silent",
  });
});
afterAll(() => dns.close());

/** No test waits for it; it ends a run that hangs. */
const patient = () => ({ signal: AbortSignal.timeout(20_000) });
const ask = (name: string, context = patient()) => dnsKeys([dns.server])(`${name}._domainkey.banco.example`, context);

it("a record in several parts is one text", async () => {
  expect(await ask("a")).toEqual({ outcome: "done", value: [`v=DKIM1; p=${LONG}`, "v=spf1"] });
});

it("a name that does not exist, and one without such a record, have no keys", async () => {
  expect(await ask("nobody")).toEqual({ outcome: "done", value: [] });
  expect(await ask("empty")).toEqual({ outcome: "done", value: [] });
});

it("a name server out of order tells nothing", async () => {
  expect(await ask("down")).toMatchObject({ outcome: "unknown" });
});

it("silence ends with the deadline, and is no answer", async () => {
  expect(await ask("silent", { signal: AbortSignal.timeout(100) })).toMatchObject({ outcome: "unknown" });
  expect(await ask("silent", { signal: AbortSignal.abort() })).toMatchObject({ outcome: "unknown" });
});

it("kept records are all there is", async () => {
  const keys = storedKeys({ "a._domainkey.banco.example": ["v=DKIM1; p=x"] });
  expect(await keys("a._domainkey.banco.example", patient())).toEqual({ outcome: "done", value: ["v=DKIM1; p=x"] });
  expect(await keys("toString", patient())).toEqual({ outcome: "done", value: [] });
});
