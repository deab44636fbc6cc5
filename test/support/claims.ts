// What stories of payment proofs need: a database with customers who owe R$ 29,90, the real reader and store of files, and their documents.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderBlobStore } from "../../src/adapters/blobs/folder.ts";
import { storedKeys } from "../../src/adapters/proofs/dkim-keys.ts";
import { ChildProofReader } from "../../src/adapters/proofs/reader.ts";
import { makeBoleto } from "../../src/codes/boleto.ts";
import { recordCharge } from "../../src/engine/record-charge.ts";
import { submitClaim, type ProofTools, type Submitted } from "../../src/engine/submit-claim.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { civil, DAY_MS, HOUR_MS, MINUTE_MS, parseDay, type Instant } from "../../src/kernel/time.ts";
import { addCustomer, addInvoice, addService, identity, suspendFor, at, type Row, type World } from "./engine.ts";
import { pixReceipt, slipReceipt, type DocumentForm, type Party, type PixReceipt, type SlipReceipt } from "./proof-documents.ts";
import { mailKeys } from "./proof-mail.ts";

/** Sunday noon; the ladder suspended on Friday. */
export const NOW = at("2026-11-22T12:00");
export const BANK = "nubank.com.br";
export const OURS: Party = { name: identity.legalName, taxId: identity.taxId, institution: "Banco Exemplo" };
const PAYER: Party = { name: "Padaria Central", taxId: "***.982.247-**", institution: "Nubank" };

/** `E` + Nubank + the minute in UTC + eleven letters. */
export function endToEnd(paidAt: Instant, rest: string): string {
  const { year, month, day } = civil(Math.floor(paidAt / DAY_MS));
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor((paidAt % DAY_MS) / MINUTE_MS);
  return `E18236120${year}${two(month)}${two(day)}${two(Math.floor(minutes / 60))}${two(minutes % 60)}${rest.padStart(11, "x")}`;
}

export interface Debtor {
  customer: Row;
  service: Row;
  invoice: Row;
}

let made = 0;

/** A customer whose invoice of 10 November suspended the service on the 20th. */
export async function aDebtor(world: World, change: { tags?: string[]; amount?: number } = {}): Promise<Debtor> {
  made += 1;
  const n = made;
  const customer = await addCustomer(world, { ref: `C${n}`, ...(change.tags ? { tags: change.tags } : {}) });
  const service = await addService(world, customer, { ref: `site-${n}` });
  const invoice = await addInvoice(world, customer, { ref: `F-${n}`, service, dueOn: "2026-11-10", amount: change.amount ?? 2990 });
  await suspendFor(world, customer, service, invoice, at("2026-11-20T09:00"));
  return { customer, service, invoice };
}

/** Half an hour old, of this debtor alone. */
export async function pix(change: Partial<PixReceipt> & { as: DocumentForm; rest: string }): Promise<Uint8Array> {
  const { rest, ...receipt } = change;
  const paidAt = change.at ?? NOW - HOUR_MS / 2;
  return pixReceipt({ amount: 2990, at: paidAt, endToEndId: endToEnd(paidAt, rest), payer: PAYER, receiver: OURS, ...receipt });
}

/** A boleto issued for the debtor's invoice. */
export async function anIssuedSlip(world: World, { invoice }: Debtor): Promise<{ barCode: string; digitLine: string }> {
  const slip = makeBoleto({ bank: "077", amountCents: 2990, due: parseDay("2026-11-10"), freeField: String(invoice.id).padStart(25, "4") });
  const charge = { chargeId: `slip-${invoice.id}`, brCode: null, digitLine: slip.digitLine };
  await recordCharge(world.engine, { gateway: "banco", invoice: invoice.ref, charge });
  return slip;
}

export async function slip(
  codes: { barCode: string; digitLine: string },
  change: Partial<SlipReceipt> & { as: DocumentForm },
): Promise<Uint8Array> {
  return slipReceipt({ amount: 2990, paidAt: NOW - HOUR_MS / 2, payer: PAYER, receiver: OURS, ...codes, ...change });
}

export interface Desk {
  tools: ProofTools;
  submit(debtor: Debtor, bytes: Uint8Array, invoice?: string): Promise<Submitted>;
  close(): void;
}

/** The real reader, with the keys of the test's bank, and files in a folder of their own. */
export function makeDesk(world: World): Desk {
  const folder = mkdtempSync(join(tmpdir(), "regua-tests-"));
  const reader = new ChildProofReader({ keys: storedKeys(mailKeys(BANK)) });
  const tools: ProofTools = { reader, files: new FolderBlobStore(join(folder, "files"), systemClock), scan: null };
  return {
    tools,
    submit: (debtor, bytes, invoice = debtor.invoice.ref) =>
      submitClaim(world.engine, tools, { customer: debtor.customer.ref, invoice, bytes, by: "portal" }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
