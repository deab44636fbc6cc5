// Mail that comes in, on a real database: bounces take the next channel, replies are understood and answered once, and nobody is believed unsigned.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SandboxMailer } from "../src/adapters/mail/sandbox.ts";
import { InMemorySandboxAccounts, SandboxPanel } from "../src/adapters/panels/sandbox.ts";
import { dispatch } from "../src/jobs/dispatch.ts";
import { DAY_MS, HOUR_MS } from "../src/kernel/time.ts";
import { LINK_MARK } from "../src/words/portal.ts";
import { verifyDatabase } from "../src/evidence/verify-database.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import {
  addCustomer,
  addInvoice,
  addService,
  at,
  desired,
  evaluate,
  evidence,
  makeEngine,
  type Row,
  type World,
} from "./support/engine.ts";
import { pix } from "./support/claims.ts";
import { makeMailDesk, type TestDesk } from "./support/mail-desk.ts";
import { complaint, deliveryReport, letter } from "./support/mails.ts";

let data: TestDatabase;
let world: World;
let desk: TestDesk;
let names = 0;
const accounts = new InMemorySandboxAccounts();

beforeAll(async () => {
  data = await freshDatabase();
  world = await makeEngine(data.url, {
    now: at("2026-11-16T10:00"),
    settings: { portal: "https://clientes.example/portal" },
    policyDoc: {
      ladder: [
        { step: "reminder", day: 3, do: "notify" },
        { step: "warning", day: 4, do: "warn", channels: ["email", "sms"] },
        { step: "suspend", day: 5, do: "suspend" },
      ],
      never_suspend_on: [],
    },
  });
  await world.rows("UPDATE provider SET channels = '{email,sms}'");
  desk = makeMailDesk(world);
});

afterAll(async () => {
  desk.close();
  await world.close();
  await data.drop();
});

async function work(...customers: Row[]): Promise<void> {
  await evaluate(world, ...customers);
  const mailer = new SandboxMailer();
  const mailers = new Map([
    ["email", mailer],
    ["sms", mailer],
  ] as const);
  await dispatch({
    engine: world.engine,
    outside: { mailers, panels: new Map([["sandbox", new SandboxPanel({ accounts })]]) },
    newToken: () => `token-${(names += 1)}`,
    parallel: 1,
  });
}

interface Debtor {
  customer: Row;
  service: Row;
  invoice: Row;
  address: string;
}

/** Owes an invoice due on Monday the 9th of November; the world stands at the day of its warning, with a telephone or without. */
async function aDebtor(change: { phone?: string | null; amount?: number } = {}): Promise<Debtor> {
  names += 1;
  const ref = `M${names}`;
  const customer = await addCustomer(world, { ref });
  if (change.phone) await world.rows("UPDATE customer SET phone = $2 WHERE customer_id = $1", [customer.id, change.phone]);
  const service = await addService(world, customer);
  await accounts.write(`conta${service.id}`, { access: "active" });
  const invoice = await addInvoice(world, customer, { service, dueOn: "2026-11-09", ref: `F-${ref}`, amount: change.amount ?? 2990 });
  return { customer, service, invoice, address: `${ref.toLowerCase()}@cliente.example` };
}

/** Reminded, and a day later warned. */
async function warned({ customer }: Debtor): Promise<string> {
  world.clock.set(at("2026-11-16T10:00"));
  await work(customer);
  world.clock.set(at("2026-11-17T10:30"));
  await work(customer);
  return messageId(customer, "warning");
}

async function messageId(customer: Row, step: string, channel = "email"): Promise<string> {
  const [row] = await world.rows<{ id: string }>(
    `SELECT o.payload::jsonb ->> 'messageId' AS id FROM notice n JOIN outbox o USING (customer_id, outbox_id)
     WHERE n.customer_id = $1 AND n.step = $2 AND n.channel = $3`,
    [customer.id, step, channel],
  );
  return row?.id ?? "";
}

const notices = (customer: Row) =>
  world.rows<{ step: string; channel: string; state: string }>(
    "SELECT step, channel, state FROM notice WHERE customer_id = $1 ORDER BY decided_at, key",
    [customer.id],
  );

const answers = (customer: Row) =>
  world.rows<{ to: string; subject: string; text: string; kind: string }>(
    `SELECT to_address AS "to", subject, text, kind FROM mail_out WHERE customer_id = $1 ORDER BY mail_id`,
    [customer.id],
  );

const kinds = async (customer: Row): Promise<string[]> => (await evidence(world, customer)).map(({ kind }) => kind);

describe("a warning that comes back", () => {
  it("goes by the next channel, and only that one's acceptance counts for the suspension", async () => {
    const debtor = await aDebtor({ phone: "+5541999990000" });
    const id = await warned(debtor);
    world.clock.set(at("2026-11-17T15:00"));
    const handled = await desk.receive(deliveryReport({ messageId: id, to: debtor.address, at: world.clock.now() }));
    expect(handled).toMatchObject({ kind: "bounce", outcome: "failed", customerId: debtor.customer.id, waits: false });
    await work(debtor.customer);
    expect(await notices(debtor.customer)).toEqual([
      { step: "reminder", channel: "email", state: "accepted" },
      { step: "warning", channel: "email", state: "undeliverable" },
      { step: "warning", channel: "sms", state: "accepted" },
    ]);
    const entry = (await evidence(world, debtor.customer)).find(({ kind }) => kind === "message.bounced");
    expect(entry?.body).toMatchObject({ message_id: id, code: "5.1.1", words: "550 5.1.1 User unknown", steps: ["warning"] });
    // 24 hours from the e-mail's acceptance nothing happens; from that of the other channel it does.
    world.clock.set(at("2026-11-18T11:00"));
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["active"]);
    world.clock.set(at("2026-11-18T15:30"));
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["suspended"]);
  });

  it("without another channel is a person's matter, and nothing hard follows", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    await desk.receive(deliveryReport({ messageId: id, to: debtor.address, at: world.clock.now() }));
    world.clock.set(at("2026-11-30T10:00"));
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["active"]);
    const [row] = await world.rows<{ attention: string[] }>("SELECT attention FROM customer WHERE customer_id = $1", [debtor.customer.id]);
    expect(row?.attention).toEqual([`warning_undeliverable:I:${debtor.invoice.id}:warning`]);
  });

  it("after the suspension takes it back, and its ladder goes on from the warning", async () => {
    const debtor = await aDebtor({ phone: "+5541999990001" });
    const id = await warned(debtor);
    world.clock.set(at("2026-11-18T11:00"));
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["suspended"]);
    world.clock.set(at("2026-11-19T10:00"));
    await desk.receive(deliveryReport({ messageId: id, to: debtor.address, at: world.clock.now() }));
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["active"]);
    world.clock.set(world.clock.now() + DAY_MS + HOUR_MS);
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["suspended"]);
  });

  it("only delayed holds the suspension back for as long as the server tries", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const report = deliveryReport({ messageId: id, to: debtor.address, at: world.clock.now(), action: "delayed", status: "4.4.1" });
    expect(await desk.receive(report)).toMatchObject({ outcome: "delayed" });
    world.clock.set(world.clock.now() + 5 * DAY_MS);
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["active"]);
    world.clock.set(world.clock.now() + DAY_MS + HOUR_MS);
    await work(debtor.customer);
    expect(Object.values(await desired(world, debtor.customer))).toEqual(["suspended"]);
  });

  it("told twice is one bounce, and a report of somebody else's mail changes nothing", async () => {
    const debtor = await aDebtor({ phone: "+5541999990002" });
    const id = await warned(debtor);
    const report = deliveryReport({ messageId: id, to: debtor.address, at: world.clock.now() });
    await desk.receive(report);
    expect(await desk.receive(report)).toBeNull();
    const other = deliveryReport({ messageId: "<outro@hospedagem.example>", to: debtor.address, at: world.clock.now() });
    expect(await desk.receive(other)).toMatchObject({ outcome: "report_of_other_mail", customerId: null });
    expect((await kinds(debtor.customer)).filter((kind) => kind === "message.bounced")).toHaveLength(1);
  });

  it("stands in evidence that verifies", async () => {
    const report = await verifyDatabase(world.engine.db);
    expect(report.findings).toEqual([]);
  });
});

it("a complaint is told in the evidence and put before a person", async () => {
  const debtor = await aDebtor();
  const id = await warned(debtor);
  const handled = await desk.receive(complaint({ messageId: id, at: world.clock.now() }));
  expect(handled).toMatchObject({ kind: "complaint", customerId: debtor.customer.id, waits: true });
  expect((await evidence(world, debtor.customer)).find(({ kind }) => kind === "message.complaint")?.body).toMatchObject({
    message_id: id,
    type: "abuse",
  });
});

describe("a reply", () => {
  it("that asks for time is answered at once with what may be agreed, by link, and agrees to nothing itself", async () => {
    const debtor = await aDebtor();
    for (const month of ["07", "08", "09", "10"])
      await addInvoice(world, debtor.customer, { service: debtor.service, dueOn: `2026-${month}-09`, paidOn: `2026-${month}-08` });
    const id = await warned(debtor);
    const raw = await letter({
      from: `Maria <${debtor.address}>`,
      answers: id,
      text: "Preciso de mais prazo, consigo pagar na sexta.",
      at: world.clock.now(),
    });
    expect(await desk.receive(raw)).toMatchObject({ kind: "reply", matter: "more_time", outcome: "more_time", waits: false });
    const [answer] = await answers(debtor.customer);
    expect(answer).toMatchObject({ to: debtor.address, subject: "Re: Aviso", kind: "automatic" });
    expect(answer?.text).toContain(`https://clientes.example/portal/i/${LINK_MARK}`);
    expect(answer?.text).toMatch(/Hoje é possível combinar até .+ O prazo começa a valer quando você confirma/u);
    expect(answer?.text).toContain("12.345.678/0001-90");
    expect(await world.rows("SELECT 1 FROM promise WHERE customer_id = $1", [debtor.customer.id])).toEqual([]);
    expect((await kinds(debtor.customer)).slice(-2)).toEqual(["mail.received", "mail.answered"]);
  });

  it("with an insult is answered calmly, and a person sees it", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const raw = await letter({ from: debtor.address, answers: id, text: "Bando de ladrões, vou pagar amanhã!!!", at: world.clock.now() });
    expect(await desk.receive(raw)).toMatchObject({ matter: "more_time", waits: true });
    expect((await answers(debtor.customer))[0]?.text).toContain("Recebemos seu pedido de mais prazo.");
  });

  it("that asks for the end is shown where it is asked for, and ends nothing", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    await desk.receive(await letter({ from: debtor.address, answers: id, text: "Quero cancelar minha conta.", at: world.clock.now() }));
    expect((await answers(debtor.customer))[0]?.text).toContain("Por ela nada foi alterado");
    expect(await world.rows("SELECT cancel_on FROM service WHERE customer_id = $1", [debtor.customer.id])).toEqual([{ cancel_on: null }]);
  });

  it("with a proof opens a claim, where the sender's domain signed it", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const bytes = await pix({ as: "pdf", rest: `mail${names}`, at: world.clock.now() - HOUR_MS });
    const files = [{ name: "comprovante.pdf", type: "application/pdf", bytes }];
    const raw = await letter({ from: debtor.address, answers: id, text: "Segue comprovante", files, at: world.clock.now() });
    expect(await desk.receive(raw)).toMatchObject({ matter: "proof", outcome: "claim_opened", waits: false });
    const claims = await world.rows<{ state: string }>("SELECT state FROM claim WHERE customer_id = $1", [debtor.customer.id]);
    expect(claims).toEqual([{ state: "under_review" }]);
    expect(await answers(debtor.customer)).toEqual([]);
  });

  it("with a proof that nobody vouches for opens none: its sender is shown the way", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const bytes = await pix({ as: "pdf", rest: `mail${names}`, at: world.clock.now() - HOUR_MS });
    const files = [{ name: "comprovante.pdf", type: "application/pdf", bytes }];
    const raw = await letter({ from: debtor.address, answers: id, text: "Segue comprovante", files, at: world.clock.now(), signed: false });
    expect(await desk.receive(raw)).toMatchObject({ outcome: "proof_by_link", waits: true });
    expect(await world.rows("SELECT 1 FROM claim WHERE customer_id = $1", [debtor.customer.id])).toEqual([]);
    expect((await answers(debtor.customer))[0]?.text).toContain("envie-o pela sua área de cliente");
  });

  it("is answered once in 24 hours; what comes meanwhile waits for a person", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const write = async (text: string) => desk.receive(await letter({ from: debtor.address, answers: id, text, at: world.clock.now() }));
    expect(await write("Me envia o pix")).toMatchObject({ outcome: "how_to_pay", waits: false });
    world.clock.set(world.clock.now() + 23 * HOUR_MS);
    expect(await write("Preciso de mais prazo")).toMatchObject({ outcome: "answered_today", waits: true });
    world.clock.set(world.clock.now() + 2 * HOUR_MS);
    expect(await write("Me envia o pix de novo")).toMatchObject({ outcome: "how_to_pay" });
    expect(await answers(debtor.customer)).toHaveLength(2);
  });

  it("from another address is tied to its customer by what it answers, and not answered", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const raw = await letter({ from: "filho@outro.example", answers: id, text: "Vou pagar amanhã", at: world.clock.now(), signed: false });
    expect(await desk.receive(raw)).toMatchObject({ customerId: debtor.customer.id, outcome: "another_address", waits: true });
    expect(await answers(debtor.customer)).toEqual([]);
  });

  it("of a stranger waits for a person, and is not answered", async () => {
    const raw = await letter({
      from: "ninguem@outro.example",
      text: "Quero contratar",
      subject: "Olá",
      at: world.clock.now(),
      signed: false,
    });
    expect(await desk.receive(raw)).toMatchObject({ customerId: null, outcome: "unknown_sender", waits: true });
  });

  it("of a machine is kept and never answered, nor is our own mail come back", async () => {
    const debtor = await aDebtor();
    const id = await warned(debtor);
    const away = await letter({
      from: debtor.address,
      answers: id,
      subject: "Resposta automática: Aviso",
      text: "Estou de férias, volto amanhã. Preciso de mais prazo.",
      headers: { "Auto-Submitted": "auto-replied" },
      at: world.clock.now(),
    });
    expect(await desk.receive(away)).toMatchObject({ kind: "automatic", customerId: debtor.customer.id, waits: false });
    const back = await letter({ from: debtor.address, messageId: id, text: "Preciso de mais prazo", at: world.clock.now() });
    expect(await desk.receive(back)).toMatchObject({ kind: "own" });
    expect(await answers(debtor.customer)).toEqual([]);
  });
});
