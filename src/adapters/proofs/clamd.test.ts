// ClamAV's protocol over a real socket: clean, found, too large, out of reach, cut off and silent.
import { afterEach, describe, expect, it } from "vitest";
import { EICAR, FakeClamd, type ClamdOptions } from "../../../test/support/fake-clamd.ts";
import { ClamdScan } from "./clamd.ts";

const servers: FakeClamd[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function aScanner(options: ClamdOptions = {}): Promise<{ scan: ClamdScan; clamd: FakeClamd }> {
  const clamd = await FakeClamd.start(options);
  servers.push(clamd);
  return { scan: new ClamdScan(clamd.address), clamd };
}

/** No test waits for it; it ends a run that hangs. */
const patient = () => ({ signal: AbortSignal.timeout(20_000) });
const CLEAN = Buffer.from("%PDF-1.3 comprovante");

describe.each([
  ["a port", {}],
  ["a socket file", { socketFile: true }],
] as const)("over %s", (_, options) => {
  it("a harmless file is clean, byte for byte as it was sent", async () => {
    const { scan, clamd } = await aScanner(options);
    const large = Buffer.alloc(1_000_000, "comprovante ");
    expect(await scan.scan(large, patient())).toEqual({ outcome: "done", value: { verdict: "clean" } });
    expect(clamd.scanned.map((bytes) => bytes.equals(large))).toEqual([true]);
  });

  it("a virus is found by its name", async () => {
    const { scan } = await aScanner(options);
    const answer = await scan.scan(Buffer.concat([CLEAN, Buffer.from(EICAR)]), patient());
    expect(answer).toEqual({ outcome: "done", value: { verdict: "found", name: "Eicar-Test-Signature" } });
  });

  it("the version is told", async () => {
    const { scan } = await aScanner(options);
    expect(await scan.test(patient())).toMatchObject({
      outcome: "done",
      value: { detail: expect.stringContaining("ClamAV 1.4.2") as string },
    });
  });
});

describe("what is not an answer about the file is never clean", () => {
  it("a file larger than clamd's settings allow is refused for good", async () => {
    const { scan } = await aScanner({ streamMax: 1_000 });
    expect(await scan.scan(Buffer.alloc(3_000_000), patient())).toMatchObject({ outcome: "refused", retry: false });
  });

  it("nobody listening is refused for now", async () => {
    const { scan, clamd } = await aScanner();
    await clamd.close();
    servers.splice(0);
    expect(await scan.scan(CLEAN, patient())).toMatchObject({ outcome: "refused", retry: true });
    expect(await scan.test(patient())).toMatchObject({ outcome: "refused", retry: true });
  });

  it.each([
    ["cut", "unknown"],
    ["cut_after", "unknown"],
  ] as const)("a connection that dies (%s) is %s", async (misbehaves, outcome) => {
    const { scan } = await aScanner({ misbehaves });
    expect(await scan.scan(CLEAN, patient())).toMatchObject({ outcome });
  });

  it("silence until the deadline is unknown", async () => {
    const { scan } = await aScanner({ misbehaves: "stall" });
    expect(await scan.scan(CLEAN, { signal: AbortSignal.timeout(150) })).toMatchObject({ outcome: "unknown" });
    expect(await scan.scan(CLEAN, { signal: AbortSignal.abort() })).toMatchObject({ outcome: "refused", retry: true });
  });

  it.each([
    ["stream: Can't allocate memory ERROR", "refused"],
    ["stream: OK or not", "unknown"],
    ["OK", "unknown"],
    ["", "unknown"],
  ])("%j is %s", async (says, outcome) => {
    const { scan } = await aScanner({ says });
    expect(await scan.scan(CLEAN, patient())).toMatchObject({ outcome });
  });

  it("another server on the port is told apart", async () => {
    const { scan } = await aScanner({ says: "220 mail ESMTP" });
    expect(await scan.test(patient())).toMatchObject({ outcome: "refused", retry: false });
  });
});
