// The HTTP channel against a server that behaves as WhatsApp's Cloud API and SMS services do, their refusals and silences included.
import { afterEach, describe, expect, it } from "vitest";
import { FakeServer, type FakeAnswer, type FakeRequest } from "../../../test/support/fake-server.ts";
import { mailerConformance } from "../../ports/conformance/mailer.ts";
import type { OutgoingMail } from "../../ports/mailer.ts";
import { HttpChannel, type HttpChannelOptions } from "./http-channel.ts";

const TOKEN = "EAAG-chave-secreta-do-canal";
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const mail = (change: Partial<OutgoingMail> = {}): OutgoingMail => ({
  messageId: "<a1b2@hospedagem.example>",
  to: "(41) 99999-0000",
  subject: 'Para o serviço "Plus" continuar no ar, pague até sexta, às 9h',
  text: "texto inteiro",
  html: "",
  repeat: false,
  template: "warning",
  lang: "pt-BR",
  short: "Aviso\nhttps://clientes.example/portal/i/abc\nHospedagem, CNPJ",
  ...change,
});

/** As docs/mail.md shows it for the Cloud API. */
const whatsapp = (origin: string): HttpChannelOptions => ({
  name: "whatsapp",
  url: `${origin}/v23.0/1055/messages`,
  token: TOKEN,
  headers: { authorization: "Bearer {token}" },
  format: "json",
  body: {
    messaging_product: "whatsapp",
    to: "{to}",
    type: "template",
    template: {
      name: "{template}",
      language: { code: "{lang_underscore}" },
      components: [
        {
          type: "body",
          parameters: [
            { type: "text", text: "{subject}" },
            { type: "text", text: "{link}" },
          ],
        },
      ],
    },
  },
  acceptedPath: "messages.0.id",
  templates: { warning: "regua_aviso" },
  country: "55",
});

const PATIENT = () => ({ signal: AbortSignal.timeout(20_000) });

async function aServer(answer: (request: FakeRequest) => FakeAnswer): Promise<{ server: FakeServer; seen: FakeRequest[] }> {
  const seen: FakeRequest[] = [];
  const server = await FakeServer.start((request) => {
    seen.push(request);
    return answer(request);
  });
  closers.push(() => server.close());
  return { server, seen };
}

const taken = (): FakeAnswer => ({ code: 200, body: { messages: [{ id: "wamid.1" }] } });

function aChannel(options: HttpChannelOptions): HttpChannel {
  const channel = new HttpChannel(options);
  closers.push(() => channel.close());
  return channel;
}

mailerConformance("a channel by HTTP", async () => {
  const numbers = { accepts: "+5541999990001", refuses: "+5541999990002", defers: "+5541999990003", loses: "+5541999990004" };
  let deferred = 0;
  const server = await FakeServer.start(({ body }): FakeAnswer => {
    if (body.includes("990002")) return { code: 400, body: { error: { message: "not a WhatsApp number" } } };
    if (body.includes("990003") && (deferred += 1) === 1) return { code: 429, body: { error: { message: "slow down" } } };
    if (body.includes("990004")) return { code: 502, body: {} };
    return taken();
  });
  const { templates: _, ...open } = whatsapp(server.origin);
  return { mailer: new HttpChannel(open), ...numbers, secrets: [TOKEN], close: () => server.close() };
});

describe("a message by HTTP", () => {
  it("fills the places of the request as it is written in the configuration, and the service's own name for it", async () => {
    const { server, seen } = await aServer(taken);
    const outcome = await aChannel(whatsapp(server.origin)).send(mail(), PATIENT());
    expect(outcome).toMatchObject({ outcome: "done", value: { response: "200 wamid.1" } });
    expect(seen[0]).toMatchObject({ method: "POST", path: "/v23.0/1055/messages" });
    expect(seen[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
      messaging_product: "whatsapp",
      to: "5541999990000",
      type: "template",
      template: {
        name: "regua_aviso",
        language: { code: "pt_BR" },
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: 'Para o serviço "Plus" continuar no ar, pague até sexta, às 9h' },
              { type: "text", text: "https://clientes.example/portal/i/abc" },
            ],
          },
        ],
      },
    });
  });

  it("goes as a form to services that want one", async () => {
    const { server, seen } = await aServer(() => ({ code: 201, body: {} }));
    const options = {
      ...whatsapp(server.origin),
      format: "form" as const,
      body: { To: "+{to}", Body: "{short}" },
      acceptedPath: undefined,
      templates: undefined,
    };
    expect(await aChannel(options).send(mail(), PATIENT())).toMatchObject({ outcome: "done", value: { response: "201" } });
    expect(new URLSearchParams(seen[0]?.body).get("To")).toBe("+5541999990000");
    expect(new URLSearchParams(seen[0]?.body).get("Body")).toContain("CNPJ");
  });

  it("without a template for it, or to no telephone, is refused for good: the next channel has it", async () => {
    const { server, seen } = await aServer(taken);
    const channel = aChannel(whatsapp(server.origin));
    expect(await channel.send(mail({ template: "reminder" }), PATIENT())).toMatchObject({ outcome: "refused", retry: false });
    expect(await channel.send(mail({ to: "maria@padaria.example" }), PATIENT())).toMatchObject({ outcome: "refused", retry: false });
    expect(seen).toEqual([]);
  });

  it("that a service answers with 200 and does not take was not accepted", async () => {
    const { server } = await aServer(() => ({ code: 200, body: { error: { message: `bad token ${TOKEN}` } } }));
    const outcome = await aChannel(whatsapp(server.origin)).send(mail(), PATIENT());
    expect(outcome).toMatchObject({ outcome: "refused", retry: false });
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  });

  it("whose answer is lost is unknown; one that never left is tried again", async () => {
    const { server } = await aServer(taken);
    const channel = aChannel(whatsapp(server.origin));
    server.loses = /messages/u;
    expect(await channel.send(mail(), PATIENT())).toMatchObject({ outcome: "unknown" });
    await server.close();
    expect(await channel.send(mail(), PATIENT())).toMatchObject({ outcome: "refused", retry: true });
  });

  it.each([
    ["41 99999-0000", "5541999990000"],
    ["041 3333-4444", "554133334444"],
    ["5541999990000", "5541999990000"],
    ["+1 202 555 0100", "12025550100"],
    // The area code 55 is that of Santa Maria.
    ["55 99999-0000", "5555999990000"],
  ])("to %s goes to %s", async (to, number) => {
    const { server, seen } = await aServer(taken);
    await aChannel(whatsapp(server.origin)).send(mail({ to }), PATIENT());
    expect((JSON.parse(seen[0]?.body ?? "{}") as { to: string }).to).toBe(number);
  });
});
