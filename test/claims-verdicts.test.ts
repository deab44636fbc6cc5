// Payment proofs as customers send them, honest and forged: what each is judged, on a real database and through the real reader.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeStaticBrCode } from "../src/codes/make-br-code.ts";
import { recordReceipts } from "../src/engine/record-receipts.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, parseDay } from "../src/kernel/time.ts";
import type { Recommendation } from "../src/proofs/judge.ts";
import { aDebtor, anIssuedSlip, BANK, endToEnd, makeDesk, NOW, OURS, pix, slip, type Debtor, type Desk } from "./support/claims.ts";
import { freshDatabase, type TestDatabase } from "./support/database.ts";
import { addInvoice, makeEngine, type World } from "./support/engine.ts";
import type { BankStyle, DocumentForm } from "./support/proof-documents.ts";
import { editedPdf } from "./support/proof-edits.ts";
import { bankMail, forwarded } from "./support/proof-mail.ts";
import { recompress, withSoftware } from "./support/proof-pictures.ts";

const FORMS: readonly DocumentForm[] = ["pdf", "photo", "screenshot"];
const STYLES: readonly BankStyle[] = ["beside", "above", "small"];

let test: TestDatabase;
let world: World;
let desk: Desk;

beforeAll(async () => {
  test = await freshDatabase();
  world = await makeEngine(test.url, { now: NOW });
  desk = makeDesk(world);
});

afterAll(async () => {
  desk.close();
  await world.close();
  await test.drop();
});

interface Document {
  name: string;
  /** Sends it, for a customer of its own. */
  send: (rest: string) => Promise<{ debtor: Debtor; bytes: Uint8Array; invoice?: string }>;
}

interface Judged {
  name: string;
  recommendation: Recommendation;
  contradicts: string[];
  looks: string[];
  seconds: number;
}

/** Two at a time, as the reader takes them; each document of its own customer unless it says otherwise. */
async function judgeAll(documents: readonly Document[], mark: string): Promise<Judged[]> {
  const queue = documents.map((document, i) => ({ document, i }));
  const judged: Judged[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { debtor, bytes, invoice } = await next.document.send(`${mark}${String(next.i).padStart(3, "0")}`);
      const from = systemClock.now();
      const { recommendation, checks } = await desk.submit(debtor, bytes, invoice);
      judged[next.i] = {
        name: next.document.name,
        recommendation,
        contradicts: checks.filter(({ verdict }) => verdict === "contradicts").map(({ rule, because }) => `${rule}: ${because}`),
        looks: checks.filter(({ look }) => look).map(({ rule, because }) => `${rule}: ${because}`),
        seconds: (systemClock.now() - from) / 1000,
      };
    }
  };
  await Promise.all([worker(), worker()]);
  return judged;
}

/** The whole table, so that a failure shows every verdict. */
function tableOf(judged: readonly Judged[]): string {
  const rows = judged.map(
    ({ name, recommendation, contradicts, looks, seconds }) =>
      `${name.padEnd(58)} ${recommendation.padEnd(8)} ${seconds.toFixed(1).padStart(5)} s  ${[...contradicts, ...looks.map((each) => `(${each})`)].join(", ")}`,
  );
  const all = judged.map(({ seconds }) => seconds);
  const mean = all.reduce((sum, each) => sum + each, 0) / Math.max(1, all.length);
  return ["", ...rows, `${judged.length} documents, ${mean.toFixed(2)} s each, the slowest ${Math.max(...all).toFixed(1)} s`].join("\n");
}

const alone = (name: string, make: (rest: string) => Promise<Uint8Array>): Document => ({
  name,
  send: async (rest) => ({ debtor: await aDebtor(world), bytes: await make(rest) }),
});

const OUR_CODE = makeStaticBrCode({
  key: "pix@hospedagem.example",
  name: "Hospedagem Exemplo",
  city: "Curitiba",
  amountCents: 2990,
  txid: null,
});
const mailed = (rest: string, altered?: Parameters<typeof bankMail>[0]["altered"]) => async (): Promise<Uint8Array> => {
  const text = `Comprovante de Pix\n\nValor: R$ 29,90\nRecebedor: ${OURS.name}\nID da transação: ${endToEnd(NOW - HOUR_MS / 2, rest)}\n`;
  return bankMail({ domain: BANK, at: NOW - HOUR_MS / 2, text, ...(altered === undefined ? {} : { altered }) });
};

/** What honest customers send, and what happens to it on the way. */
const HONEST: readonly Document[] = [
  ...FORMS.flatMap((as) => STYLES.map((style) => alone(`Pix, ${as}, ${style}`, (rest) => pix({ as, style, rest })))),
  ...FORMS.map((as) => alone(`Pix of a bank that prints no id, ${as}`, (rest) => pix({ as, rest, endToEndId: null }))),
  ...FORMS.map((as) => alone(`Pix with its QR code, ${as}`, (rest) => pix({ as, rest, qr: OUR_CODE }))),
  ...FORMS.map((as) => alone(`Pix with an authentication, ${as}`, (rest) => pix({ as, rest, authentication: `A1B2C3D4E5F6${rest}0718` }))),
  ...FORMS.flatMap((as) =>
    STYLES.map((style): Document => ({
      name: `boleto, ${as}, ${style}`,
      send: async () => {
        const debtor = await aDebtor(world);
        return { debtor, bytes: await slip(await anIssuedSlip(world, debtor), { as, style }) };
      },
    })),
  ),
  ...([3, 6, 8] as const).map((orientation) =>
    alone(`Pix, photo turned (${orientation})`, (rest) => pix({ as: "photo", rest, photo: { orientation } })),
  ),
  alone("Pix, dark and noisy photo", (rest) => pix({ as: "photo", rest, photo: { noise: 20, blur: 1.4, quality: 55, degrees: -9 } })),
  ...[60, 40, 25].map((quality) =>
    alone(`Pix, screenshot sent by a messenger (${quality})`, async (rest) =>
      recompress(await pix({ as: "screenshot", rest }), { quality, width: 900 }),
    ),
  ),
  alone("Pix, screenshot cut small", async (rest) => recompress(await pix({ as: "screenshot", rest }), { quality: 50, width: 480 })),
  alone("Pix with a remark about scheduling", (rest) => pix({ as: "pdf", rest, remarks: ["Este pagamento não foi agendado."] })),
  alone("Pix that was scheduled and carried out", (rest) =>
    pix({ as: "pdf", rest, remarks: ["Agendamento efetivado. Situação: efetivado."] }),
  ),
  alone("Pix of last night", (rest) => pix({ as: "pdf", rest, at: NOW - 14 * HOUR_MS })),
  alone("Pix by a minute before midnight in UTC", (rest) => pix({ as: "pdf", rest, at: NOW - 15 * HOUR_MS - MINUTE_MS })),
  alone("bank's mail, signed", (rest) => mailed(rest)()),
  alone("bank's mail with the PDF, signed", async (rest) =>
    bankMail({
      domain: BANK,
      at: NOW - HOUR_MS / 2,
      attachment: { name: "comprovante.pdf", type: "application/pdf", bytes: await pix({ as: "pdf", rest }) },
    }),
  ),
  alone("bank's mail, forwarded", async (rest) => forwarded(await mailed(rest)(), NOW)),
  {
    name: "two invoices paid at once",
    send: async (rest) => {
      const debtor = await aDebtor(world);
      await addInvoice(world, debtor.customer, { service: debtor.service, dueOn: "2026-11-30", amount: 2990 });
      return { debtor, bytes: await pix({ as: "pdf", rest, amount: 5980 }) };
    },
  },
];

const SCHEDULED: readonly Document[] = [
  ...FORMS.map((as) =>
    alone(`scheduled Pix, ${as}`, (rest) => pix({ as, rest, endToEndId: null, scheduled: parseDay("2026-11-25"), at: NOW - HOUR_MS })),
  ),
  ...FORMS.map((as): Document => ({
    name: `scheduled boleto, ${as}`,
    send: async () => {
      const debtor = await aDebtor(world);
      return { debtor, bytes: await slip(await anIssuedSlip(world, debtor), { as, scheduled: parseDay("2026-11-24") }) };
    },
  })),
];

const THEIRS = makeStaticBrCode({ key: "outra@pessoa.example", name: "Outra Pessoa", city: "Curitiba", amountCents: 2990, txid: null });
const day = (rest: string, digits: string): string => endToEnd(NOW - HOUR_MS / 2, rest).replace("20261122", digits);

/** Sends an honest one first, and then the same thing for somebody else. */
const again = (
  name: string,
  make: (rest: string) => Promise<[first: Uint8Array, second: Uint8Array]>,
  by: "another" | "same" = "another",
): Document => ({
  name,
  send: async (rest) => {
    const owner = await aDebtor(world);
    const [first, second] = await make(rest);
    await desk.submit(owner, first);
    if (by === "another") return { debtor: await aDebtor(world), bytes: second };
    const other = await addInvoice(world, owner.customer, { service: owner.service, dueOn: "2026-11-12" });
    return { debtor: owner, bytes: second, invoice: other.ref };
  },
});

/** What forgers were seen to do, each planted by hand. */
const FORGED: readonly Document[] = [
  alone("id of an impossible date", (rest) => pix({ as: "pdf", rest, endToEndId: day(rest, "20261345") })),
  alone("id from before Pix", (rest) => pix({ as: "pdf", rest, endToEndId: day(rest, "20190101") })),
  alone("id of a return", (rest) => pix({ as: "pdf", rest, endToEndId: `D${day(rest, "20261122").slice(1)}` })),
  alone("id of another day than printed", (rest) => pix({ as: "pdf", rest, endToEndId: day(rest, "20261112") })),
  alone("dated two days ahead", (rest) => pix({ as: "pdf", rest, at: NOW + 2 * DAY_MS })),
  alone("older than the invoice", (rest) => pix({ as: "pdf", rest, at: NOW - 60 * DAY_MS })),
  alone("smaller amount, PDF", (rest) => pix({ as: "pdf", rest, amount: 990 })),
  ...FORMS.map((as) => alone(`QR code of another key, ${as}`, (rest) => pix({ as, rest, qr: THEIRS }))),
  alone("PDF edited afterwards", async (rest) => editedPdf(await pix({ as: "pdf", rest }), { at: NOW - HOUR_MS / 4 })),
  alone("PDF made by a design program", (rest) => pix({ as: "pdf", rest, made: { producer: "Canva", creator: "Canva" } })),
  alone("photo saved by an editor", async (rest) => withSoftware(await pix({ as: "photo", rest }), "Adobe Photoshop 25.0")),
  alone("screenshot saved by an editor", async (rest) =>
    withSoftware(await recompress(await pix({ as: "screenshot", rest })), "GIMP 2.10"),
  ),
  alone("bank's mail, text altered", (rest) => mailed(rest, "text")()),
  alone("bank's mail, second From", (rest) => mailed(rest, "second_from")()),
  alone("bank's mail, lines added", (rest) => mailed(rest, "length_tag")()),
  alone("mail in a bank's name, unsigned", async () => bankMail({ domain: BANK, at: NOW - HOUR_MS, signed: false })),
  again("the very file of another customer", async (rest) => {
    const bytes = await pix({ as: "pdf", rest });
    return [bytes, bytes];
  }),
  again("the very screenshot of another customer", async (rest) => {
    const bytes = await pix({ as: "screenshot", rest });
    return [bytes, bytes];
  }),
  again(
    "the same file for the next invoice",
    async (rest) => {
      const bytes = await pix({ as: "pdf", rest });
      return [bytes, bytes];
    },
    "same",
  ),
  again("another customer's id, printed anew", async (rest) => [
    await pix({ as: "pdf", rest }),
    await pix({ as: "pdf", rest, style: "small", bank: "Banco Outro" }),
  ]),
  again("another customer's receipt without codes, recompressed", async (rest) => {
    const first = await pix({ as: "screenshot", rest, endToEndId: null });
    return [first, await recompress(first, { quality: 70 })];
  }),
  {
    name: "boleto of another customer",
    send: async () => ({ debtor: await aDebtor(world), bytes: await slip(await anIssuedSlip(world, await aDebtor(world)), { as: "pdf" }) }),
  },
  {
    name: "boleto of another invoice",
    send: async () => {
      const debtor = await aDebtor(world);
      const invoice = await addInvoice(world, debtor.customer, { service: debtor.service, dueOn: "2026-10-10" });
      return { debtor, bytes: await slip(await anIssuedSlip(world, { ...debtor, invoice }), { as: "pdf" }) };
    },
  },
  {
    name: "payment that the bank told of for another customer",
    send: async (rest) => {
      const paid = await aDebtor(world);
      const value = endToEnd(NOW - HOUR_MS / 2, rest);
      const receipt = { source: "banco", externalId: rest, amount: 2990, currency: "BRL", paidOn: parseDay("2026-11-22") } as const;
      const identities = [{ kind: "end_to_end" as const, value }];
      await recordReceipts(world.engine, [
        { ...receipt, identities, customerId: paid.customer.id, invoiceRef: paid.invoice.ref, reason: null, actor: "banco" },
      ]);
      return { debtor: await aDebtor(world), bytes: await pix({ as: "pdf", rest }) };
    },
  },
];

describe("payment proofs", () => {
  it("of honest customers are never contradicted, and nearly all release", async () => {
    const judged = await judgeAll(HONEST, "h");
    const table = tableOf(judged);
    expect(
      judged.filter(({ contradicts }) => contradicts.length > 0),
      table,
    ).toEqual([]);
    expect(judged.filter(({ recommendation }) => recommendation === "release").length / judged.length, table).toBeGreaterThan(0.9);
    process.stderr.write(`${table}\n`);
  }, 900_000);

  it("that are only scheduled release nothing, and nothing but the scheduling speaks against them", async () => {
    const judged = await judgeAll(SCHEDULED, "s");
    const table = tableOf(judged);
    expect(
      judged.filter(({ recommendation }) => recommendation === "release"),
      table,
    ).toEqual([]);
    expect(
      judged.flatMap(({ contradicts }) => contradicts).filter((each) => each !== "scheduled: order"),
      table,
    ).toEqual([]);
    process.stderr.write(`${table}\n`);
  }, 300_000);

  it("that are forged release nothing", async () => {
    const judged = await judgeAll(FORGED, "f");
    const table = tableOf(judged);
    expect(
      judged.filter(({ recommendation }) => recommendation !== "person").map(({ name }) => name),
      table,
    ).toEqual([]);
    process.stderr.write(`${table}\n`);
  }, 900_000);

  it("are at least sixty documents", () => {
    expect(HONEST.length + SCHEDULED.length + FORGED.length).toBeGreaterThanOrEqual(60);
  });
});
