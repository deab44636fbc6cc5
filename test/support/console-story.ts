// What a console of the sample provider needs to have something to decide: payment proofs of customers who are late, sent as staff would.
import type { BrowserContext } from "playwright-core";
import { pixReceipt } from "./proof-documents.ts";

interface Listed {
  customers: { ref: string; name: string; owedCents: number; servicesDown: number }[];
}

/** Sends in two proofs through the console's own routes; answers a customer whose story is worth a picture. */
export async function provideClaims(context: BrowserContext, address: string): Promise<{ telling: string }> {
  const get = async <T>(path: string): Promise<T> => (await (await context.request.get(`${address}/admin${path}`)).json()) as T;
  const { customers } = await get<Listed>("/matters?filter=late&limit=30");
  const { claims } = await get<{ claims: unknown[] }>("/claims");
  // Yesterday, by the clock that the rules go by.
  const at = Math.floor(Date.parse((await get<{ now: string }>("/me")).now) / 60_000) * 60_000 - 20 * 3_600_000;
  const minute = new Date(at).toISOString().replace(/\D/gu, "").slice(0, 12);
  const [first, second] = customers.filter((each) => each.servicesDown > 0 || each.owedCents > 0);
  for (const [i, each] of [first, second].entries()) {
    if (!each || claims.length > 0) continue;
    const { customer } = await get<{ customer: { invoices: { ref: string; openCents: number }[] } }>(`/cases/${each.ref}`);
    const [invoice] = customer.invoices;
    if (!invoice) continue;
    const file = await pixReceipt({
      amount: invoice.openCents,
      payer: { name: each.name, taxId: "***.982.247-**", institution: "Banco Exemplo" },
      receiver: { name: "Hospedagem Exemplo Ltda", taxId: "12.345.678/0001-95", key: "pix@hospedagem.example" },
      at,
      endToEndId: `E00000000${minute}abcdef0000${i}`,
      as: i === 0 ? "pdf" : "screenshot",
    });
    const sent = await context.request.post(`${address}/admin/claims`, {
      headers: { origin: address, "idempotency-key": `proof-${each.ref}` },
      data: { customer: each.ref, invoice: invoice.ref, file: Buffer.from(file).toString("base64") },
    });
    if (!sent.ok()) throw new Error(`the proof was not taken: ${await sent.text()}`);
  }
  const telling = customers.find((each) => each.servicesDown > 0) ?? customers[0];
  if (!telling) throw new Error("nobody is late in the sample");
  return { telling: telling.ref };
}
