// The API Pix adapter against a bank that behaves as the Banco Central's specification says: the suite, and each of its traps.
import { afterEach, describe, expect, it } from "vitest";
import { openPixWorld } from "../../../../test/support/pix-world.ts";
import type { PixWorld } from "../../../../test/support/pix-world.ts";
import { DAY_MS, HOUR_MS } from "../../../kernel/time.ts";
import { paymentGatewayConformance } from "../../../ports/conformance/payment-gateway.ts";
import type { CallContext } from "../../../ports/outcome.ts";
import type { ChargeRequest, GatewayCharge } from "../../../ports/payment-gateway.ts";
import { belongsTo, kindOfTxid, txidOf } from "./txid.ts";

paymentGatewayConformance("The API Pix", () => openPixWorld("pix-api"));

const ample = (): CallContext => ({ signal: AbortSignal.timeout(15_000) });

const opened: PixWorld[] = [];
afterEach(async () => {
  for (const world of opened.splice(0)) await world.gateway.close().then(() => world.close());
});

async function open(): Promise<PixWorld> {
  const world = await openPixWorld("pix-api");
  opened.push(world);
  return world;
}

const request = (world: PixWorld, more: Partial<ChargeRequest> = {}): ChargeRequest => ({
  invoiceRef: "F-1",
  amountCents: 2_990,
  currency: "BRL",
  dueOn: Math.floor(world.now() / DAY_MS) + 5,
  description: "Fatura 1",
  methods: ["pix"],
  payer: { name: "Ana Exemplo", taxId: "11144477735", email: null },
  lateFee: { finePercent: 2, interestPercentMonth: 1 },
  ...more,
});

async function charge(world: PixWorld, more: Partial<ChargeRequest> = {}): Promise<GatewayCharge> {
  const outcome = await world.gateway.charge(request(world, more), ample());
  if (outcome.outcome !== "done") throw new Error(outcome.reason);
  return outcome.value;
}

describe("charges of the API Pix", () => {
  it("have a due date with fine and interest when the payer's tax id is known, and an expiry when not", async () => {
    const world = await open();
    const due = await charge(world);
    expect(kindOfTxid(due.chargeId)).toBe("V");
    expect(world.bank.cobs[0]?.body).toMatchObject({
      calendario: { dataDeVencimento: "2026-11-15", validadeAposVencimento: 59 },
      devedor: { cpf: "11144477735", nome: "Ana Exemplo" },
      valor: { original: "29.90", multa: { modalidade: 2, valorPerc: "2.00" }, juros: { modalidade: 3, valorPerc: "1.00" } },
    });
    const plain = await charge(world, { invoiceRef: "F-2", payer: { name: "Bia", taxId: null, email: null } });
    expect(kindOfTxid(plain.chargeId)).toBe("C");
    expect(plain.expiresAt).not.toBeNull();
    const company = await charge(world, { invoiceRef: "F-3", payer: { name: "Empresa", taxId: "12ABC34501DE35", email: null } });
    expect(world.bank.cobs.find(({ txid }) => txid === company.chargeId)?.body.devedor).toMatchObject({ cnpj: "12ABC34501DE35" });
  });

  it("stay the same charge when the tax id becomes known later", async () => {
    const world = await open();
    const first = await charge(world, { payer: { name: "Bia", taxId: null, email: null } });
    expect(await charge(world)).toEqual(first);
    expect(world.bank.cobs).toHaveLength(1);
  });

  it("that have run out are removed before another is made, so that no two can be paid", async () => {
    const world = await open();
    const first = await charge(world, { payer: { name: "Bia", taxId: null, email: null } });
    world.pass(80 * DAY_MS);
    const second = await charge(world, { payer: { name: "Bia", taxId: null, email: null } });
    expect(second.chargeId).not.toBe(first.chargeId);
    expect(world.bank.cobs.map(({ status }) => status)).toEqual(["REMOVIDA_PELO_USUARIO_RECEBEDOR", "ATIVA"]);
  });

  it("are refused in the bank's words when it does not take them", async () => {
    const world = await open();
    world.server.instead = {
      code: 400,
      type: "application/problem+json",
      body: {
        type: "https://pix.bcb.gov.br/api/v2/error/CobVOperacaoInvalida",
        title: "Cobrança inválida",
        status: 400,
        detail: "A requisição não respeita o schema",
        violacoes: [{ razao: "chave não pertence a este usuário", propriedade: "cobv.chave" }],
      },
    };
    await world.gateway.test(ample());
    world.server.instead = null;
    await world.gateway.test(ample());
    world.server.instead = {
      code: 400,
      body: { title: "Cobrança inválida", detail: "schema", violacoes: [{ razao: "chave de outro", propriedade: "cobv.chave" }] },
    };
    const outcome = await world.gateway.charge(request(world), ample());
    expect(outcome).toMatchObject({ outcome: "refused", retry: false });
    expect(outcome.outcome === "refused" && outcome.reason).toContain("cobv.chave: chave de outro");
  });

  it("carry our reference where only we could have put it", () => {
    expect(belongsTo(txidOf("F-1", "V", 3), "F-1")).toBe(true);
    expect(belongsTo(txidOf("F-1", "V", 0), "F-2")).toBe(false);
    expect(belongsTo("a".repeat(32), "F-1")).toBe(false);
    expect(txidOf("F-1", "C", 35)).toMatch(/^[a-zA-Z0-9]{26,35}$/u);
  });
});

describe("calls to the API Pix", () => {
  it("share one token until it ends, and get a new one when it is no longer taken", async () => {
    const world = await open();
    for (let index = 0; index < 3; index += 1) expect((await world.gateway.test(ample())).outcome).toBe("done");
    expect(world.bank.tokens.size).toBe(1);
    world.pass(HOUR_MS);
    expect((await world.gateway.test(ample())).outcome).toBe("done");
    expect(world.bank.tokens.size).toBe(2);
    world.bank.tokens.clear();
    expect((await world.gateway.test(ample())).outcome).toBe("done");
  });

  it("list a long time in stretches that the bank allows", async () => {
    const world = await open();
    const since = world.now();
    for (let day = 0; day < 30; day += 3) {
      world.payUnnamed(100 + day);
      world.pass(3 * DAY_MS);
    }
    const amounts: number[] = [];
    let cursor: string | null = null;
    for (let more = true; more;) {
      const page = await world.gateway.poll({ cursor, since, now: world.now() }, ample());
      if (page.outcome !== "done") throw new Error(page.reason);
      amounts.push(...page.value.payments.map(({ amountCents }) => amountCents));
      ({ cursor, more } = page.value);
    }
    expect(amounts).toEqual([100, 103, 106, 109, 112, 115, 118, 121, 124, 127]);
  });

  it("register the webhook with our secret in its address", async () => {
    const world = await open();
    const outcome = await world.gateway.setWebhook?.(new URL("https://regua.example.com/hooks/pix"), ample());
    expect(outcome).toMatchObject({ outcome: "done" });
    expect(world.bank.webhookUrl).toBe(`https://regua.example.com/hooks/pix?hmac=${world.secrets[2] ?? ""}`);
    expect(JSON.stringify(outcome)).not.toContain(world.secrets[2]);
  });
});
