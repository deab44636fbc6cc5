// A payment proof sent as a form: read under the same limits, judged and kept once like one sent as JSON.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeService, type Answer, type Service } from "./support/api.ts";
import { aDebtor, makeDesk, NOW, pix, type Debtor, type Desk } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { makeEngine, type World } from "./support/engine.ts";

const BOUNDARY = "----------------------------7d0d";

interface Part {
  name: string;
  value: string | Uint8Array;
  /** Makes it a file. */
  filename?: string;
}

/** As curl and browsers write it (RFC 7578). */
function form(parts: readonly Part[], end = `--${BOUNDARY}--\r\n`): Buffer {
  const head = ({ name, filename }: Part): string =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? "" : `; filename="${filename}"\r\nContent-Type: application/octet-stream`}\r\n\r\n`;
  return Buffer.concat([
    ...parts.flatMap((part) => [Buffer.from(head(part)), Buffer.from(part.value as string), Buffer.from("\r\n")]),
    Buffer.from(end),
  ]);
}

let data: TestDatabase;
let world: World;
let desk: Desk;
let service: Service;
let debtor: Debtor;

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: NOW });
  desk = makeDesk(world);
  service = await makeService(world, "working", () => desk.tools);
  debtor = await aDebtor(world);
});

afterAll(async () => {
  await service.api.close();
  desk.close();
  await world.close();
  await data.drop();
});

function send(body: Buffer, options: { once?: string; url?: string; type?: string } = {}): Promise<Answer> {
  const { url = "/v1/claims", type = `multipart/form-data; boundary=${BOUNDARY}` } = options;
  return service.ask("POST", url, {
    body,
    headers: { "content-type": type },
    ...(options.once === undefined ? {} : { once: options.once }),
  });
}

const fields = (): Part[] => [
  { name: "customer", value: debtor.customer.ref },
  { name: "invoice", value: debtor.invoice.ref },
];
const file = (value: Uint8Array): Part => ({ name: "file", value, filename: "../../comprovante.pdf" });

describe("a payment proof sent as a form", () => {
  it("is taken like one sent as JSON, and is the same request under the same key", { timeout: 120_000 }, async () => {
    const bytes = await pix({ as: "pdf", rest: "form" });
    // The file may come before the fields.
    const sent = await send(form([file(bytes), ...fields()]), { once: "one" });
    expect(sent.code, service.lines.join("\n")).toBe(201);
    expect(sent.body).toMatchObject({
      customer: debtor.customer.ref,
      recommendation: "release",
      file: { form: "pdf", bytes: bytes.length },
    });
    expect(await desk.tools.files.get((sent.body as { file: { sha256: string } }).file.sha256)).toEqual(bytes);
    const json = { customer: debtor.customer.ref, invoice: debtor.invoice.ref, file: Buffer.from(bytes).toString("base64") };
    const again = await service.ask("POST", "/v1/claims", { body: json, once: "one" });
    expect([again.code, again.headers["idempotency-replayed"]]).toEqual([201, "true"]);
    expect(again.body).toEqual(sent.body);
    expect(await world.rows("SELECT count(*)::int AS n FROM claim")).toEqual([{ n: 1 }]);
  });

  it("is refused while it is read when it is too large, and with the field when something is missing, twice or not known", async () => {
    const large = await send(form([...fields(), file(new Uint8Array(10_000_001))]));
    expect([large.code, large.body.code]).toEqual([413, "request_too_large"]);
    const larger = await send(form([...fields(), file(new Uint8Array(11_000_000))]));
    expect([larger.code, larger.body.code]).toEqual([413, "request_too_large"]);
    const pdf = file(Buffer.from("%PDF-1.7\n"));
    for (const [parts, field] of [
      [fields(), "file"],
      [[...fields().slice(1), pdf], "customer"],
      [[...fields(), ...fields().slice(0, 1), pdf], "customer"],
      [[...fields(), { name: "status", value: "paid" }, pdf], "status"],
      [[...fields(), pdf, { ...pdf, name: "second" }], "body"],
      [[{ name: "customer", value: "9".repeat(2_000) }, ...fields().slice(1), pdf], "customer"],
      [[{ name: "__proto__", value: "x" }, ...fields(), pdf], "body"],
      [[...Array.from({ length: 12 }, (_, i) => ({ name: `f${i}`, value: "x" })), pdf], "body"],
    ] as [Part[], string][]) {
      const answer = await send(form(parts));
      expect([answer.code, answer.body.code], field).toEqual([400, "request_invalid"]);
      expect(answer.body.detail).toContain(field);
    }
    debtor = await aDebtor(world);
    expect((await send(form([...fields(), file(Buffer.from("MZ a program"))]))).body.code).toBe("proof_refused");
  });

  it("that is torn off, says no boundary, or is sent to another route is refused kindly, and without a key not even read", async () => {
    const whole = form([...fields(), file(new Uint8Array(5_000))]);
    expect((await send(whole.subarray(0, whole.length - 3_000))).body).toMatchObject({ status: 400, code: "request_invalid" });
    expect((await send(whole, { type: "multipart/form-data" })).code).toBe(400);
    expect((await send(whole, { url: "/v1/customers" })).body).toMatchObject({ status: 415, code: "media_type_unsupported" });
    const headers = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
    expect((await service.ask("POST", "/v1/claims", { body: whole, key: null, headers })).code).toBe(401);
    expect((await service.ask("POST", "/v1/claims", { body: whole, once: null, headers })).body.code).toBe("idempotency_key_missing");
    const { paths } = (await service.ask("GET", "/openapi.json")).body as {
      paths: Record<string, { post: { requestBody: { content: object } } }>;
    };
    expect(Object.keys(paths["/v1/claims"]?.post.requestBody.content ?? {})).toEqual(["application/json", "multipart/form-data"]);
  });
});
