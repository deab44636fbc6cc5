// A boleto on paper, drawn from its own digits: who bills whom, how much, until when, the line to type and the bars to read.
import type { SlipSheet } from "../../engine/ways-to-pay.ts";
import { Paper } from "../../evidence/paper.ts";
import type { Lang } from "../../kernel/lang.ts";
import { formatMoney, type Cents, type Currency } from "../../kernel/money.ts";
import type { Day, Instant } from "../../kernel/time.ts";
import { sayShortDay } from "../../words/dates.ts";
import { portalTexts } from "../../words/portal.ts";
import type { Provider } from "../../words/provider.ts";

export interface SlipView {
  sheet: SlipSheet;
  digitLine: string;
  invoice: { ref: string; dueOn: Day; openCents: Cents; currency: Currency };
  payer: { name: string; taxId: string | null };
  provider: Provider;
  lang: Lang;
  at: Instant;
  sandbox: boolean;
}

const MM = 72 / 25.4;
/** As boletos are printed (FEBRABAN): 103 mm by 13 mm. */
const BARS = { width: 103 * MM, height: 13 * MM };

/** The code says amount and day; the invoice's own stand in where it says none, since the payer then types them in. */
export function drawSlip({ sheet, digitLine, invoice, payer, provider, lang, at, sandbox }: SlipView): Promise<Buffer> {
  const t = portalTexts(lang).slip;
  const amount = formatMoney(sheet.amountCents ?? invoice.openCents, invoice.currency, lang);
  const due = sayShortDay(sheet.dueOn ?? invoice.dueOn, lang);
  const { number, name } = sheet.bank;
  const paper = new Paper({ title: t.title(invoice.ref), author: provider.name, lang, at, foot: () => t.foot(provider.name) });
  paper.note(provider.name);
  paper.title(t.title(invoice.ref));
  if (sandbox) paper.note(t.sandbox);
  const row = (...cells: readonly (readonly [head: string, value: string, share: number])[]): void => {
    paper.rule();
    paper.table(
      cells.map(([head, , share]) => ({ head, share })),
      [cells.map(([, value]) => value)],
    );
  };
  row([t.bank, name === null ? number : `${number} · ${name}`, 2], [t.due, due, 1], [t.amount, amount, 1]);
  row([t.from, `${provider.legalName} · ${provider.taxId}\n${provider.address}`, 3], [t.invoice, invoice.ref, 1]);
  row([t.payer, payer.taxId === null ? payer.name : `${payer.name} · ${payer.taxId}`, 1]);
  paper.head(t.how);
  for (const line of t.lines) paper.line(line);
  paper.head(t.line);
  paper.digits(digitLine);
  paper.bars(sheet.bars, BARS);
  return paper.end();
}
