// Whose money this is that names no invoice: candidates ranked, each with its reasons and how sure they make it.
import type { Id } from "../kernel/ids.ts";
import type { Cents } from "../kernel/money.ts";
import type { Day } from "../kernel/time.ts";
import { compareNames, compareTaxIds, holdsName } from "./names.ts";
import type { PaidBy } from "./told.ts";

/** Money as a bank line, or a gateway, shows it. */
export interface MoneySeen {
  amount: Cents;
  paidOn: Day;
  memo: string;
  payerName: string | null;
  payerTaxId: string | null;
  /** A Pix has one of its own, and no other has it. */
  endToEndId: string | null;
}

/** How an invoice is named by what the money carries: by a code that we gave out, by our number on the slip, or by words. */
export type NamedBy = "txid" | "slip" | "charge" | "document" | "memo";

export interface MatterInvoice {
  ref: string;
  dueOn: Day;
  /** Zero: paid, void or written off. */
  open: Cents;
  /** Open with fine and interest, on the day the money was paid. */
  due: Cents;
  named: NamedBy | null;
}

/** A receipt of the customer that no line of a statement explains yet. */
export interface MatterReceipt {
  id: Id;
  amount: Cents;
  paidOn: Day;
  invoice: string | null;
  /** A person or another system said so, and nobody has seen it in the account. */
  declared: boolean;
  /** It is known for one Pix; another Pix is other money. */
  isPix: boolean;
  /** How its gateway says that it was paid; null: no gateway told of it, or not how. */
  method: PaidBy | null;
}

/** A customer that the money could be of. */
export interface Matter {
  customerId: Id;
  ref: string;
  name: string;
  taxId: string | null;
  invoices: readonly MatterInvoice[];
  receipts: readonly MatterReceipt[];
}

export type MatchRule =
  | NamedBy
  | "tax_id"
  | "tax_id_masked"
  | "tax_id_differs"
  | "name_same"
  | "name_similar"
  | "amount_open"
  | "amount_due"
  | "amount_all"
  | "amount_differs"
  | "receipt_same"
  | "several_alike";

export interface MatchReason {
  rule: MatchRule;
  /** The invoice or tax number it is about. */
  detail?: string;
}

export type Confidence = "certain" | "likely" | "possible";

export interface Match {
  customerId: Id;
  customer: string;
  /** Null: the customer's, oldest debt first. */
  invoice: string | null;
  /** The money is this receipt, booked already. */
  receipt: Id | null;
  confidence: Confidence;
  because: readonly MatchReason[];
}

/** Banks book a payment of Friday evening on Monday, and people write down the day they remember. */
const SAME_RECEIPT_DAYS = 4;
/** A day's difference between declared and booked is the bank's; more needs a person. */
const SURE_RECEIPT_DAYS = 1;

const RANK: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, possible: 2 };
/** Codes that we gave out ourselves name one invoice and no other. */
const CODES: ReadonlySet<NamedBy> = new Set<NamedBy>(["txid", "slip", "charge"]);

interface Scored extends Match {
  score: number;
}

/** Ranked, the best first. Only the first can be certain, and only where nothing speaks for another. */
export function match(money: MoneySeen, matters: readonly Matter[]): Match[] {
  const found = matters
    .flatMap((matter) => ofMatter(money, matter))
    .sort((a, b) => RANK[a.confidence] - RANK[b.confidence] || b.score - a.score);
  const sure = found.filter((each) => each.confidence === "certain");
  const alone = sure.length === 1 || sure.every((each) => each.customerId === sure[0]?.customerId && each.invoice === sure[0].invoice);
  return found.map(({ score: _, ...each }): Match =>
    each.confidence === "certain" && !alone
      ? { ...each, confidence: "likely", because: [...each.because, { rule: "several_alike" }] }
      : each,
  );
}

function ofMatter(money: MoneySeen, matter: Matter): Scored[] {
  const who = whoPays(money, matter);
  const byCode = matter.invoices.find((invoice) => invoice.named !== null && CODES.has(invoice.named));
  const named = byCode ?? matter.invoices.find((invoice) => invoice.named !== null);
  if (who.strength === 0 && !named) return amountAlone(money, matter);
  const target = named ?? bestInvoice(money, matter.invoices);
  const amount = compareAmount(money, matter, target);
  const exact = amount.exact !== null;
  const confidence = judge(who, named?.named ?? null, exact);
  const base = { customerId: matter.customerId, customer: matter.ref };
  const reasons = [...sayNamed(named), ...who.because];
  const score = who.strength + (byCode ? 100 : named ? 60 : 0) + (exact ? 30 : 0);
  const twin = sameReceipt(money, matter, named ?? null);
  const found: Scored[] = [];
  if (twin) {
    const { id, invoice } = twin.receipt;
    const sure = twin.sure && (who.strength >= FULL || named !== undefined);
    const because: MatchReason[] = [...reasons, { rule: "receipt_same", ...(invoice === null ? {} : { detail: invoice }) }];
    found.push({ ...base, invoice, receipt: id, confidence: sure ? "certain" : "likely", because, score: score + 1 });
  }
  if (confidence !== null) {
    const invoice = named?.ref ?? (amount.exact === "one" ? (target?.ref ?? null) : null);
    const because = [...reasons, ...amount.because];
    // It may be a second payment; that is for a person to say.
    found.push({ ...base, invoice, receipt: null, confidence: twin ? "possible" : confidence, because, score });
  }
  return found;
}

const FULL = 50;
const MASKED = 25;
const SAME_NAME = 20;
const SIMILAR_NAME = 10;

/** What speaks for the customer as the payer. A tax number that is another's speaks against it: then the name alone says little. */
function whoPays(
  { payerName, payerTaxId, memo }: MoneySeen,
  { name, taxId }: Matter,
): { strength: number; because: MatchReason[]; against: boolean } {
  const because: MatchReason[] = [];
  let strength = 0;
  let against = false;
  if (payerTaxId !== null && taxId !== null) {
    const same = compareTaxIds(payerTaxId, taxId);
    if (same === "full") because.push({ rule: "tax_id", detail: taxId });
    else if (same === "masked") because.push({ rule: "tax_id_masked", detail: payerTaxId });
    else against = true;
    strength = same === "full" ? FULL : same === "masked" ? MASKED : 0;
  }
  const names = payerName === null ? (holdsName(memo, name) ? "similar" : "different") : compareNames(payerName, name);
  if (names !== "different") {
    strength += names === "same" ? SAME_NAME : SIMILAR_NAME;
    because.push({ rule: names === "same" ? "name_same" : "name_similar", detail: name });
  }
  if (against && because.length > 0) because.push({ rule: "tax_id_differs" });
  return { strength, because, against };
}

function sayNamed(named: MatterInvoice | undefined): MatchReason[] {
  return named?.named ? [{ rule: named.named, detail: named.ref }] : [];
}

/** How a line was paid, by what it carries; null where it does not say. */
function paidBy({ endToEndId }: MoneySeen, named: MatterInvoice | null): PaidBy | null {
  if (endToEndId !== null || named?.named === "txid") return "pix";
  return named?.named === "slip" ? "boleto" : null;
}

/** A receipt that this money probably is: the same amount, about the same day, not explained by any other line. */
function sameReceipt(
  money: MoneySeen,
  { receipts }: Matter,
  named: MatterInvoice | null,
): { receipt: MatterReceipt; sure: boolean } | null {
  const distance = (each: MatterReceipt): number => Math.abs(each.paidOn - money.paidOn);
  const by = paidBy(money, named);
  const alike = receipts
    .filter(
      (each) =>
        each.amount === money.amount &&
        distance(each) <= SAME_RECEIPT_DAYS &&
        // Known by its id, it would not have come here: who pays a code twice has paid twice.
        !(each.isPix && money.endToEndId !== null) &&
        // What a card pays reaches the account with others' money, days later and less its cost.
        !(each.method === "card" && by !== null),
    )
    .sort((a, b) => distance(a) - distance(b));
  const receipt = alike.find((each) => named !== null && each.invoice === named.ref) ?? alike[0];
  if (!receipt) return null;
  const near = distance(receipt) <= SURE_RECEIPT_DAYS;
  const same = named !== null && receipt.invoice === named.ref;
  // What came by a code of ours is the receipt of its invoice, whoever told it; but a Pix beside what a gateway was paid by card is for a person.
  if (same && named.named !== null && CODES.has(named.named)) {
    // A Pix arrives the day it is paid. The code paid again on another day, and told of first, is not this one.
    const today = alike.filter((each) => each.invoice === named.ref && distance(each) === 0);
    const itself = money.endToEndId === null && (named.named !== "txid" || (today.length === 1 && today[0] === receipt));
    const other = receipt.method !== null && receipt.method !== "other" && by !== null && receipt.method !== by;
    return { receipt, sure: receipt.declared || (itself && !other) };
  }
  return { receipt, sure: alike.length === 1 && receipt.declared && near && (named === null || same) };
}

/** The oldest of those that the amount pays to the cent, else none. */
function bestInvoice({ amount }: MoneySeen, invoices: readonly MatterInvoice[]): MatterInvoice | undefined {
  return invoices.filter((each) => each.open > 0 && (each.open === amount || each.due === amount)).sort((a, b) => a.dueOn - b.dueOn)[0];
}

function compareAmount(
  { amount }: MoneySeen,
  { invoices }: Matter,
  target: MatterInvoice | undefined,
): { exact: "one" | "all" | null; because: MatchReason[] } {
  if (target && target.open > 0 && target.open === amount) return { exact: "one", because: [{ rule: "amount_open", detail: target.ref }] };
  if (target && target.open > 0 && target.due === amount) return { exact: "one", because: [{ rule: "amount_due", detail: target.ref }] };
  const open = invoices.filter((each) => each.open > 0);
  const [all, allDue] = [open.reduce((sum, each) => sum + each.open, 0), open.reduce((sum, each) => sum + each.due, 0)];
  if (open.length > 1 && (all === amount || allDue === amount)) return { exact: "all", because: [{ rule: "amount_all" }] };
  return { exact: null, because: [{ rule: "amount_differs" }] };
}

/** Null: nothing worth showing. */
function judge(who: ReturnType<typeof whoPays>, named: NamedBy | null, exact: boolean): Confidence | null {
  // Money that carries a code of ours is meant for its invoice, whoever pays and whatever the amount.
  if (named !== null && CODES.has(named)) return "certain";
  if (named === "document") return exact ? "certain" : "likely";
  if (named === "memo" && exact) return who.strength >= FULL ? "certain" : "likely";
  if (who.strength >= FULL) return exact ? "certain" : "likely";
  if (who.against) return named !== null || exact ? "possible" : null;
  if (exact && who.strength >= SAME_NAME) return "likely";
  if (exact && who.strength > 0) return "possible";
  return named !== null || who.strength >= MASKED ? "possible" : null;
}

/** Nothing is known of the payer: an amount that is owed to the cent is worth a look, no more. */
function amountAlone(money: MoneySeen, matter: Matter): Scored[] {
  const target = bestInvoice(money, matter.invoices);
  if (!target || (money.payerTaxId !== null && matter.taxId !== null)) return [];
  const { because } = compareAmount(money, matter, target);
  return [
    { customerId: matter.customerId, customer: matter.ref, invoice: target.ref, receipt: null, confidence: "possible", because, score: 0 },
  ];
}
