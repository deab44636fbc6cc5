// Conversations over the service API: staff see who waits, answer by mail, assign a stranger's mail, take a file as a proof, and deny a report.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { denyBounceOf } from "../src/engine/conversations.ts";
import { PortalLinks } from "../src/engine/portal-links.ts";
import { sendOutgoing } from "../src/jobs/mail-out.ts";
import { formatInstant, HOUR_MS } from "../src/kernel/time.ts";
import type { OutgoingMail } from "../src/ports/mailer.ts";
import { makeService, type Service } from "./support/api.ts";
import { pix } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addCustomer, addInvoice, addService, at, evaluate, evidence, makeEngine, type Row, type World } from "./support/engine.ts";
import { makeMailDesk, type TestDesk } from "./support/mail-desk.ts";
import { deliveryReport, letter } from "./support/mails.ts";

let data: TestDatabase;
let world: World;
let desk: TestDesk;
let service: Service;

class RecordingMailer extends SandboxMailer {
  readonly sent: OutgoingMail[] = [];

  override send(...args: Parameters<SandboxMailer["send"]>): ReturnType<SandboxMailer["send"]> {
    this.sent.push(args[0]);
    return super.send(...args);
  }
}
const mailer = new RecordingMailer();

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, { now: at("2026-11-16T10:00"), settings: { portal: "https://clientes.example/portal" } });
  desk = makeMailDesk(world);
  service = await makeService(world, "working", desk.desk.proofs);
});

afterAll(async () => {
  await service.api.close();
  desk.close();
  await world.close();
  await data.drop();
});

async function send(): Promise<OutgoingMail[]> {
  const links = new PortalLinks(world.engine, () => "secret-of-test-0123456789abcdef");
  let tokens = 0;
  mailer.sent.length = 0;
  await sendOutgoing({ engine: world.engine, mailer, links, newToken: () => `out-${(tokens += 1)}` });
  return mailer.sent;
}

async function aDebtor(ref: string): Promise<{ customer: Row; address: string }> {
  const customer = await addCustomer(world, { ref });
  const on = await addService(world, customer);
  await addInvoice(world, customer, { service: on, dueOn: "2026-11-09", ref: `F-${ref}` });
  return { customer, address: `${ref.toLowerCase()}@cliente.example` };
}

const now = () => world.clock.now();
const waiting = async (): Promise<{ id: string; customer: string | null; unsure: string | null }[]> => {
  const { body } = await service.ask("GET", "/v1/conversations?waiting=true");
  return (body as { conversations: { id: string; customer: string | null; unsure: string | null }[] }).conversations;
};

describe("a conversation", () => {
  it("that a rule understood waits for nobody, and shows the mail, what it was taken for, and the answer with its delivery", async () => {
    const { customer, address } = await aDebtor("V1");
    await desk.receive(await letter({ from: address, subject: "Aviso", text: "Me envia o pix por favor", at: now() }));
    expect(await waiting()).toEqual([]);
    const [sent] = await send();
    expect(sent).toMatchObject({ to: address, subject: "Re: Aviso" });
    expect(sent?.inReplyTo).toMatch(/^<letter-/u);
    expect(sent?.text).toMatch(/portal\/i\/[0-9a-z]+\.0\.[0-9a-z]+\.[\w-]{22}\n/u);
    const { body } = await service.ask("GET", `/v1/conversations/c-${customer.id}`);
    expect(body).toMatchObject({
      customer: "V1",
      address,
      messages: [
        {
          author: "customer",
          via: "mail",
          text: "Me envia o pix por favor",
          waits: false,
          mail: { matter: "how_to_pay", vouched: "signed" },
        },
        { author: "automatic", via: "mail", mail: null, delivery: { state: "done" } },
      ],
    });
    expect((body as { messages: { mail: { reasons: unknown } | null }[] }).messages[0]?.mail?.reasons).toEqual([
      { rule: "pt.how_to_pay.send", intent: "how_to_pay", words: "envia o pix" },
    ]);
    expect((await evidence(world, customer)).flatMap(({ kind }) => (kind.startsWith("mail.") ? [kind] : []))).toEqual([
      "mail.received",
      "mail.answered",
      "mail.accepted",
    ]);
  });

  it("that no rule understood waits until a person answers, and the answer goes by mail in the same thread", async () => {
    const { customer, address } = await aDebtor("V2");
    await desk.receive(await letter({ from: address, subject: "Migração", text: "Vocês migram o site de outro servidor?", at: now() }));
    expect(await waiting()).toMatchObject([{ id: `c-${customer.id}`, customer: "V2", unsure: "nothing_known" }]);
    await send();
    const answer = await service.ask("POST", `/v1/conversations/c-${customer.id}/reply`, {
      body: { text: "Sim. A migração leva um dia." },
    });
    expect(answer).toMatchObject({ code: 201, body: { via: "mail" } });
    expect(await waiting()).toEqual([]);
    const [sent] = await send();
    expect(sent).toMatchObject({ to: address, subject: "Re: Migração" });
    expect(sent?.text).toContain("Sim. A migração leva um dia.\n\n---\n");
    expect(sent?.text).toContain("12.345.678/0001-90");
    // What comes back to that mail is tied to the customer too.
    const raw = await letter({ from: "outra@cliente.example", answers: sent?.messageId ?? "", text: "Obrigada", at: now() });
    expect(await desk.receive(raw)).toMatchObject({ customerId: customer.id });
  });

  it("of a stranger is assigned to its customer, and moves there", async () => {
    const { customer } = await aDebtor("V3");
    await desk.receive(
      await letter({ from: "contador@escritorio.example", text: "Falo pela Padaria. Qual o valor total?", at: now(), signed: false }),
    );
    const [stranger] = await waiting();
    expect(stranger).toMatchObject({ customer: null, id: expect.stringMatching(/^m-/u) as unknown });
    const moved = await service.ask("POST", `/v1/conversations/${stranger?.id ?? ""}/assign`, { body: { customer: "V3" } });
    expect(moved).toMatchObject({ code: 200, body: { id: `c-${customer.id}` } });
    expect((await waiting()).map(({ id }) => id)).toEqual([`c-${customer.id}`]);
    expect(await service.ask("POST", `/v1/conversations/c-${customer.id}/close`)).toMatchObject({ body: { closed: true } });
    expect(await waiting()).toEqual([]);
    expect((await service.ask("GET", `/v1/conversations/${stranger?.id ?? ""}`)).code).toBe(404);
  });

  it("of a stranger is answered by a person at the address it came from, and by no rule", async () => {
    await desk.receive(await letter({ from: "curioso@outro.example", subject: "Preço", text: "Quanto custa?", at: now(), signed: false }));
    expect(await send()).toEqual([]);
    const [stranger] = await waiting();
    await service.ask("POST", `/v1/conversations/${stranger?.id ?? ""}/reply`, { body: { text: "Os planos estão no site." } });
    expect(await send()).toMatchObject([{ to: "curioso@outro.example", subject: "Re: Preço" }]);
    expect(await waiting()).toEqual([]);
  });

  it("offers calm answers in the customer's language, those that fit what was asked first, with what is open in them", async () => {
    const { customer, address } = await aDebtor("V6");
    const path = `/v1/conversations/c-${customer.id}`;
    await desk.receive(await letter({ from: address, text: "Vou no procon. Não reconheço essa cobrança", at: now() }));
    const offered = async (): Promise<{ kind: string; fits: boolean; text: string }[]> =>
      ((await service.ask("GET", `${path}/suggestions`)).body as { answers: { kind: string; fits: boolean; text: string }[] }).answers;
    const answers = await offered();
    expect(
      answers
        .filter(({ fits }) => fits)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["dispute", "legal"]);
    expect(answers.find(({ kind }) => kind === "how_to_pay")).toMatchObject({
      fits: false,
      text: expect.stringContaining("F-V6") as unknown,
    });
    for (const { text } of answers) expect(text).toMatch(/^Olá, .+\n\n/u);
    // Once a person answered nothing is asked any more; what was sent names the portal by the customer's own link.
    await send();
    const words = answers.find(({ kind }) => kind === "paid")?.text ?? "";
    expect(words).toContain("https://clientes.example/portal");
    await service.ask("POST", `${path}/reply`, { body: { text: words } });
    expect((await offered()).some(({ fits }) => fits)).toBe(false);
    const [sent] = await send();
    expect(sent?.text).toMatch(/clientes\.example\/portal\/i\/[0-9a-z]+\.0\.[0-9a-z]+\.[\w-]{22}\n/u);
    const { body } = await service.ask("GET", path);
    expect((body as { messages: { text: string }[] }).messages.at(-1)?.text).toBe(words);
  });

  it("tells a stranger nothing of anybody, in the language that was written", async () => {
    await desk.receive(
      await letter({ from: "someone@other.example", text: "Please delete my personal data under the GDPR", at: now(), signed: false }),
    );
    const stranger = (await waiting()).find(({ id }) => id.startsWith("m-"));
    const { body } = await service.ask("GET", `/v1/conversations/${stranger?.id ?? ""}/suggestions`);
    const { lang, answers } = body as { lang: string; answers: { kind: string; text: string }[] };
    expect(lang).toBe("en");
    expect(answers.map(({ kind }) => kind)).toEqual(["personal_data", "unknown_address", "received"]);
    expect(await service.ask("POST", `/v1/conversations/${stranger?.id ?? ""}/close`)).toMatchObject({ body: { closed: true } });
  });

  it("shows the time that was granted and the proofs that came meanwhile, and since when a person is waited for", async () => {
    const { customer, address } = await aDebtor("V7");
    const path = `/v1/conversations/c-${customer.id}`;
    await desk.receive(await letter({ from: address, text: "Vocês migram o site?", at: now() }));
    expect((await service.ask("GET", path)).body).toMatchObject({ waitsSince: formatInstant(now()), facts: [] });
    const body = { reason: "recebe na sexta", askedBy: "staff", override: "liga toda semana" };
    const { protocol } = (await service.ask("POST", "/v1/customers/V7/promises", { body })).body as { protocol: string };
    expect((await service.ask("GET", path)).body).toMatchObject({ facts: [{ kind: "promise", protocol, state: "running" }] });
    await service.ask("POST", `${path}/close`);
    expect((await service.ask("GET", path)).body).toMatchObject({ waitsSince: null });
  });

  it("holds a file that a person takes as a payment proof, where nobody vouched for the mail", async () => {
    const { customer, address } = await aDebtor("V4");
    const bytes = await pix({ as: "pdf", rest: "conversa1", at: now() - HOUR_MS });
    const files = [{ name: "comprovante.pdf", type: "application/pdf", bytes }];
    await desk.receive(await letter({ from: address, text: "Segue comprovante", files, at: now(), signed: false }));
    const { body } = await service.ask("GET", `/v1/conversations/c-${customer.id}`);
    const [first] = (body as { messages: { id: number; mail: { files: { sha256: string }[] } }[] }).messages;
    const sha256 = first?.mail.files[0]?.sha256 ?? "";
    const taken = await service.ask("POST", `/v1/conversations/c-${customer.id}/claims`, {
      body: { mail: first?.id, sha256, invoice: "F-V4" },
    });
    expect(taken.code).toBe(201);
    const after = await service.ask("GET", `/v1/conversations/c-${customer.id}`);
    expect((after.body as { messages: { mail: { claim: number } }[] }).messages[0]?.mail.claim).toBe(
      (taken.body as { claim: number }).claim,
    );
    const unknown = { mail: first?.id, sha256: "0".repeat(64), invoice: "F-V4" };
    expect((await service.ask("POST", `/v1/conversations/c-${customer.id}/claims`, { body: unknown })).code).toBe(404);
  });

  it("shows a report that a person knows to be wrong, who gives the notice its acceptance back", async () => {
    const { customer, address } = await aDebtor("V5");
    await evaluate(world, customer);
    await service.work();
    const [row] = await world.rows<{ id: string }>(
      "SELECT payload::jsonb ->> 'messageId' AS id FROM outbox WHERE customer_id = $1 AND kind = 'message'",
      [customer.id],
    );
    await desk.receive(deliveryReport({ messageId: row?.id ?? "", to: address, at: now() }));
    const [bounce] = await world.rows<{ id: number }>("SELECT mail_id AS id FROM mail_bounce WHERE customer_id = $1", [customer.id]);
    const state = async () => world.rows("SELECT state FROM notice WHERE customer_id = $1", [customer.id]);
    expect(await state()).toEqual([{ state: "undeliverable" }]);
    await denyBounceOf(world.engine, { customer: "V5", mailId: bounce?.id ?? 0, by: "ana", reason: "she answered that very message" });
    expect(await state()).toEqual([{ state: "accepted" }]);
    await expect(denyBounceOf(world.engine, { customer: "V5", mailId: bounce?.id ?? 0, by: "ana", reason: "again" })).rejects.toMatchObject(
      {
        code: "bounce_unknown",
      },
    );
  });

  it("that is not there is not found, whatever its name", async () => {
    for (const id of ["c-999999999", "m-1", "c-0"]) expect((await service.ask("GET", `/v1/conversations/${id}`)).code).toBe(404);
    expect((await service.ask("GET", "/v1/conversations/x")).code).toBe(400);
  });
});
