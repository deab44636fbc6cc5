// Candidates for money that names nobody: what makes them sure, what keeps them from it, and the reasons a person reads.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { match, type Match, type Matter, type MatterInvoice, type MatterReceipt, type MoneySeen } from "./match.ts";
import { compareNames, compareTaxIds, holdsName } from "./names.ts";

const CPF = "111.444.777-35";

const line = (change: Partial<MoneySeen> = {}): MoneySeen => ({
  amount: 2990,
  paidOn: 100,
  memo: "PIX RECEBIDO",
  payerName: null,
  payerTaxId: null,
  endToEndId: null,
  ...change,
});
const owed = (ref: string, change: Partial<MatterInvoice> = {}): MatterInvoice => ({
  ref,
  dueOn: 95,
  open: 2990,
  due: 2990,
  named: null,
  ...change,
});
const customer = (id: number, change: Partial<Matter> = {}): Matter => ({
  customerId: id,
  ref: `C${id}`,
  name: "Padaria Central Ltda",
  taxId: CPF,
  invoices: [owed("1042")],
  receipts: [],
  ...change,
});
const receipt = (change: Partial<MatterReceipt> = {}): MatterReceipt => ({
  id: 7,
  amount: 2990,
  paidOn: 100,
  invoice: "1042",
  declared: true,
  isPix: false,
  method: null,
  ...change,
});
const said = (found: Match[]): string[] =>
  found.map(
    (m) =>
      `${m.confidence} ${m.customer} ${m.invoice ?? "-"}${m.receipt === null ? "" : ` receipt ${m.receipt}`}: ${m.because.map((b) => b.rule).join(" ")}`,
  );

describe("money with a code that we gave out", () => {
  it("is its invoice's, whoever paid and however much", () => {
    const invoices = [owed("1042", { named: "txid" })];
    expect(said(match(line({ amount: 500, payerTaxId: "222.555.888-46" }), [customer(1, { invoices })]))).toEqual([
      "certain C1 1042: txid amount_differs",
    ]);
  });

  it("is the receipt of that invoice that the gateway told of, and not money of its own", () => {
    const matter = customer(1, {
      invoices: [owed("1042", { named: "slip", open: 0, due: 0 })],
      receipts: [receipt({ declared: false, paidOn: 98 })],
    });
    expect(said(match(line(), [matter]))[0]).toBe("certain C1 1042 receipt 7: slip receipt_same");
  });
});

describe("a Pix with a code that was paid before", () => {
  const invoices = [owed("1042", { named: "txid", open: 0, due: 0 })];
  const pix = line({ endToEndId: "E18236120202611221430s0326120V4K" });

  it("is a second payment where the first was another Pix", () => {
    const paid = customer(1, { invoices, receipts: [receipt({ declared: false, isPix: true })] });
    expect(match(pix, [paid])[0]).toMatchObject({ confidence: "certain", invoice: "1042", receipt: null });
  });

  it("is for a person where a gateway told the first without saying that it was a Pix", () => {
    const paid = customer(1, { invoices, receipts: [receipt({ declared: false })] });
    expect(said(match(pix, [paid]))).toEqual(["likely C1 1042 receipt 7: txid receipt_same", "possible C1 1042: txid amount_differs"]);
  });

  it("and without an id of its own is the receipt of its day, and of another day, or where there are two, for a person", () => {
    const bare = line();
    const told = (id: number, paidOn: number) => receipt({ id, declared: false, isPix: true, paidOn });
    const of = (...receipts: ReturnType<typeof receipt>[]) => said(match(bare, [customer(1, { invoices, receipts })]))[0];
    expect(of(told(7, bare.paidOn - 2), told(8, bare.paidOn))).toBe("certain C1 1042 receipt 8: txid receipt_same");
    expect(of(told(7, bare.paidOn - 2))).toBe("likely C1 1042 receipt 7: txid receipt_same");
    expect(of(told(7, bare.paidOn), told(8, bare.paidOn))).toBe("likely C1 1042 receipt 7: txid receipt_same");
  });

  it("is money of its own beside what was paid by card, and where a slip was paid it is for a person", () => {
    const of = (money: MoneySeen, method: MatterReceipt["method"], named: MatterInvoice["named"] = "txid") => {
      const paid = customer(1, { invoices: [owed("1042", { named, open: 0, due: 0 })], receipts: [receipt({ declared: false, method })] });
      return said(match(money, [paid]))[0];
    };
    const bare = line();
    for (const money of [bare, pix]) expect(of(money, "card")).toBe("certain C1 1042: txid amount_differs");
    expect(of(bare, "card", "slip")).toBe("certain C1 1042: slip amount_differs");
    expect(of(bare, "boleto")).toBe("likely C1 1042 receipt 7: txid receipt_same");
    expect(of(bare, "pix", "slip")).toBe("likely C1 1042 receipt 7: slip receipt_same");
    for (const method of ["pix", "other", null] as const) expect(of(bare, method)).toBe("certain C1 1042 receipt 7: txid receipt_same");
    for (const method of ["boleto", "other", null] as const)
      expect(of(bare, method, "slip")).toBe("certain C1 1042 receipt 7: slip receipt_same");
  });

  it("is what somebody declared of the same invoice", () => {
    expect(match(pix, [customer(1, { invoices, receipts: [receipt()] })])[0]).toMatchObject({ confidence: "certain", receipt: 7 });
  });
});

describe("money with the payer's tax number", () => {
  it("and an amount owed to the cent is sure", () => {
    expect(said(match(line({ payerTaxId: "11144477735", payerName: "PADARIA CENTRAL L" }), [customer(1)]))).toEqual([
      "certain C1 1042: tax_id name_same amount_open",
    ]);
  });

  it("pays the oldest of several of that amount, or all together", () => {
    const invoices = [owed("1043", { dueOn: 125 }), owed("1042")];
    expect(said(match(line({ payerTaxId: CPF }), [customer(1, { invoices })]))[0]).toBe("certain C1 1042: tax_id amount_open");
    expect(said(match(line({ payerTaxId: CPF, amount: 5980 }), [customer(1, { invoices })]))[0]).toBe("certain C1 -: tax_id amount_all");
  });

  it("and the amount with fine and interest is sure too", () => {
    const invoices = [owed("1042", { due: 3059 })];
    expect(said(match(line({ payerTaxId: CPF, amount: 3059 }), [customer(1, { invoices })]))).toEqual([
      "certain C1 1042: tax_id amount_due",
    ]);
  });

  it("is not sure with another amount, with digits hidden, or where two customers have the number", () => {
    expect(said(match(line({ payerTaxId: CPF, amount: 3000 }), [customer(1)]))).toEqual(["likely C1 -: tax_id amount_differs"]);
    expect(said(match(line({ payerTaxId: "***.444.777-**" }), [customer(1)]))).toEqual(["likely C1 1042: tax_id_masked amount_open"]);
    expect(said(match(line({ payerTaxId: CPF }), [customer(1), customer(2, { invoices: [owed("9")] })]))).toEqual([
      "likely C1 1042: tax_id amount_open several_alike",
      "likely C2 9: tax_id amount_open several_alike",
    ]);
  });

  it("of somebody else keeps a name from being more than possible", () => {
    expect(said(match(line({ payerTaxId: "222.555.888-46", payerName: "Padaria Central" }), [customer(1)]))).toEqual([
      "possible C1 1042: name_same tax_id_differs amount_open",
    ]);
  });
});

describe("money that a receipt may be already", () => {
  it("is that receipt for sure where staff declared it of the same payer, amount and day; a second payment is left to a person", () => {
    const matter = customer(1, { invoices: [owed("1043")], receipts: [receipt()] });
    expect(said(match(line({ payerTaxId: CPF }), [matter]))).toEqual([
      "certain C1 1042 receipt 7: tax_id receipt_same",
      "possible C1 1043: tax_id amount_open",
    ]);
  });

  it("is for a person where days lie between, where two are alike, or where a gateway told it", () => {
    for (const receipts of [[receipt({ paidOn: 97 })], [receipt(), receipt({ id: 8 })], [receipt({ declared: false })]])
      expect(match(line({ payerTaxId: CPF }), [customer(1, { receipts })])[0]?.confidence).toBe("likely");
  });

  it("is other money with another amount, or weeks apart", () => {
    for (const receipts of [[receipt({ amount: 2991 })], [receipt({ paidOn: 80 })]])
      expect(match(line({ payerTaxId: CPF }), [customer(1, { receipts })])[0]).toMatchObject({ confidence: "certain", receipt: null });
  });
});

describe("money with less", () => {
  const nobody = { taxId: null };

  it("is likely by name and amount, possible by an amount alone, and by a number in the memo as sure as the rest makes it", () => {
    expect(said(match(line({ payerName: "PADARIA CENTRAL" }), [customer(1, nobody)]))).toEqual(["likely C1 1042: name_same amount_open"]);
    expect(said(match(line(), [customer(1, nobody)]))).toEqual(["possible C1 1042: amount_open"]);
    const invoices = [owed("1042", { named: "memo" })];
    expect(said(match(line({ amount: 2000 }), [customer(1, { invoices })]))).toEqual(["possible C1 1042: memo amount_differs"]);
    expect(said(match(line(), [customer(1, { invoices })]))).toEqual(["likely C1 1042: memo amount_open"]);
    expect(said(match(line({ payerTaxId: CPF }), [customer(1, { invoices })]))).toEqual(["certain C1 1042: memo tax_id amount_open"]);
  });

  it("is sure by the number that we wrote on the slip, with its amount", () => {
    const invoices = [owed("1042", { named: "document" })];
    expect(said(match(line(), [customer(1, { invoices })]))).toEqual(["certain C1 1042: document amount_open"]);
    expect(said(match(line({ amount: 1 }), [customer(1, { invoices })]))).toEqual(["likely C1 1042: document amount_differs"]);
  });

  it("is nobody's where nothing fits", () => {
    expect(match(line({ amount: 1 }), [customer(1)])).toEqual([]);
    expect(match(line({ payerName: "Oficina do Norte", amount: 1 }), [customer(1)])).toEqual([]);
  });
});

describe("whatever is there", () => {
  const some = <T>(...values: T[]) => fc.constantFrom(...values);
  const invoices = fc.array(
    fc.record({
      ref: some("1", "2", "3"),
      dueOn: some(1, 2),
      open: some(0, 2990, 5000),
      due: some(2990, 3050),
      named: some<MatterInvoice["named"]>(null, "memo", "document", "txid"),
    }),
    { maxLength: 3 },
  );
  const receipts = fc.array(
    fc.record({
      id: some(1, 2),
      amount: some(2990, 1),
      paidOn: some(99, 100, 110),
      invoice: some(null, "1", "2"),
      declared: fc.boolean(),
      isPix: fc.boolean(),
      method: some<MatterReceipt["method"]>(null, "pix", "boleto", "card", "other"),
    }),
    { maxLength: 2 },
  );
  const matters = fc
    .array(fc.record({ name: some("Padaria Central", "Ana Silva", ""), taxId: some(CPF, null, "222.555.888-46"), invoices, receipts }), {
      maxLength: 4,
    })
    .map((rows) => rows.map((row, i) => ({ ...row, customerId: i + 1, ref: `C${i + 1}` })));
  const money = fc.record({
    amount: some(2990, 5980, 7),
    paidOn: fc.constant(100),
    memo: some("", "PIX ANA SILVA"),
    payerName: some(null, "PADARIA CENTRAL", "Ana"),
    payerTaxId: some(null, CPF, "***.444.777-**"),
    endToEndId: some(null, "E18236120202611221430s0326120V4K"),
  });

  it("at most one owner is certain, it comes first, every candidate has a reason, and one customer more never makes another surer", () => {
    fc.assert(
      fc.property(money, matters, (seen, found) => {
        const matches = match(seen, found);
        const sure = matches.filter((each) => each.confidence === "certain");
        expect(new Set(sure.map((each) => `${each.customerId} ${each.invoice ?? ""}`)).size).toBeLessThanOrEqual(1);
        for (const each of matches) expect(each.because.length).toBeGreaterThan(0);
        const order = matches.map((each) => ["certain", "likely", "possible"].indexOf(each.confidence));
        expect(order).toEqual([...order].sort((a, b) => a - b));
        const alone = new Map(
          found.flatMap((matter) =>
            match(seen, [matter]).map((each) => [`${each.customerId} ${each.invoice} ${each.receipt}`, each.confidence]),
          ),
        );
        const rank = (confidence: string | undefined): number => ["certain", "likely", "possible"].indexOf(confidence ?? "");
        for (const each of matches)
          expect(rank(each.confidence)).toBeGreaterThanOrEqual(rank(alone.get(`${each.customerId} ${each.invoice} ${each.receipt}`)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("names as banks write them", () => {
  it.each([
    ["JOAO DA SILVA SANTOS", "João da Silva Santos", "same"],
    ["JOAO DA SILVA SANT", "João da Silva Santos", "same"],
    ["12345678901 MARIA JOSE LIMA", "Maria José Lima MEI", "same"],
    ["PADARIA CENTRAL LTDA ME", "Padaria Central", "same"],
    ["COMERCIO DE PAES CENTRAL S/A", "Comércio de Pães Central", "same"],
    ["MARIA LIMA", "Maria José Lima", "similar"],
    ["JOAO SILVA", "Joana Silveira", "different"],
    ["ANA", "Ana", "different"],
    ["", "Padaria", "different"],
  ])("“%s” and “%s” are %s", (a, b, how) => {
    expect(compareNames(a, b)).toBe(how);
    expect(compareNames(b, a)).toBe(how);
  });

  it("are found in a memo only whole", () => {
    expect(holdsName("PIX RECEBIDO - MARIA JOSE LIMA 24/11", "Maria José Lima")).toBe(true);
    expect(holdsName("PIX RECEBIDO - MARIA 24/11", "Maria José Lima")).toBe(false);
    expect(holdsName("PIX CENTRAL", "Central")).toBe(false);
  });

  it("tax numbers count where shown, and six characters at least", () => {
    expect(compareTaxIds("11144477735", CPF)).toBe("full");
    expect(compareTaxIds("***.444.777-**", CPF)).toBe("masked");
    expect(compareTaxIds("***.***.777-**", CPF)).toBe("different");
    expect(compareTaxIds("***.444.778-**", CPF)).toBe("different");
    expect(compareTaxIds("12.abc.345/01de-35", "12ABC34501DE35")).toBe("full");
    expect(compareTaxIds("111", CPF)).toBe("different");
  });
});
