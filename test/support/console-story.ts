// What a console needs to have something to look at: a few customers, payment proofs of those who are late, and words of theirs.
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openPage } from "./browser.ts";
import type { Home } from "./program.ts";
import { pixReceipt } from "./proof-documents.ts";
import type { Server } from "./server.ts";

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

/** A customer's words, written where the link of a message leads. */
export async function writeInPortal(browser: Browser, home: Home, { address }: Server, customer: string, words: string): Promise<Page> {
  const { url } = await home.json<{ url: string }>("portal", "link", customer);
  const { page } = await openPage(browser);
  await page.goto(`${address}${new URL(url).pathname}`);
  await page.goto(`${address}/portal/messages`);
  await page.locator("textarea").fill(words);
  await page.locator("form:has(textarea) button").click();
  await page.getByText(words).waitFor();
  return page;
}

/** Three customers as another system would send them: two late enough to be suspended, one late since yesterday. */
export async function fewCustomers(home: Home, { address }: Server): Promise<void> {
  const { key } = await home.json<{ key: string }>("keys", "add", "billing", "--scopes", "read,write");
  let acts = 0;
  const post = async (path: string, body: object): Promise<void> => {
    const headers = {
      authorization: `Bearer ${key}`,
      "idempotency-key": `act-${(acts += 1)}`,
      "content-type": "application/json",
    };
    const answer = await fetch(`${address}/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  const people = [
    { ref: "C1", name: "Padaria São José", site: "padaria-sao-jose.example", dueOn: "2026-11-03" },
    { ref: "C2", name: "Oficina do Zé", site: "oficina.example", dueOn: "2026-11-04" },
    { ref: "C3", name: "Escola Aurora", site: "aurora.example", dueOn: "2026-11-11" },
  ];
  for (const [i, { ref, name, site, dueOn }] of people.entries()) {
    await post("/customers", { ref, name, email: `contato@${site}`, since: "2025-01-10" });
    await post(`/customers/${ref}/services`, { ref: `S${i + 1}`, name: site, plan: "plus", priceCents: 5990 });
    await post(`/customers/${ref}/invoices`, {
      ref: `2041${i}`,
      service: `S${i + 1}`,
      issuedOn: "2026-11-02",
      dueOn,
      amountCents: 5990,
      currency: "BRL",
    });
  }
  await home.json("sandbox", "advance", "--to", "2026-11-13");
}
