// How pages and acts say what they share: moments, amounts, reasons, and what comes.
import type { Coming } from "../engine/outlook.ts";
import type { Setting } from "../engine/setting.ts";
import type { Lang } from "../kernel/lang.ts";
import { formatMoney, type Cents, type Currency } from "../kernel/money.ts";
import { formatDay, formatTimeOfDay, type Day, type Instant } from "../kernel/time.ts";
import type { Because } from "../policy/decision.ts";
import { oneLine } from "../words/clean.ts";
import { cliTexts } from "../words/cli.ts";
import type { CliTexts } from "../words/cli-texts.ts";
import { sayAct, sayBecause, sayStep } from "../words/reasons.ts";

const CHANNELS: Readonly<Record<string, string>> = { email: "e-mail", whatsapp: "WhatsApp", sms: "SMS" };

/** A voice for one command: its language, and the provider's clock and currency. */
export class Voice {
  readonly lang: Lang;
  readonly texts: CliTexts;
  readonly #setting: Setting;
  readonly #now: Instant;

  constructor(lang: Lang, setting: Setting, now: Instant) {
    this.lang = lang;
    this.texts = cliTexts(lang);
    this.#setting = setting;
    this.#now = now;
  }

  money(amount: Cents, currency: Currency = this.#setting.currency): string {
    return formatMoney(amount, currency, this.lang);
  }

  /** `2026-11-27`: one form in both languages, the same width in every row. */
  day(day: Day): string {
    return formatDay(day);
  }

  /** `2026-11-27 09:00` on the provider's clock. */
  moment(at: Instant): string {
    const { day, minute } = this.#setting.zone.local(at);
    return `${formatDay(day)} ${formatTimeOfDay(minute)}`;
  }

  time(at: Instant): string {
    return formatTimeOfDay(this.#setting.zone.local(at).minute);
  }

  /** The moment, or that it is due now. */
  when(at: Instant): string {
    return at <= this.#now ? this.texts.now : this.moment(at);
  }

  /** For a narrow column: the time if it is today, else the day. */
  whenShort(at: Instant): string {
    const { zone } = this.#setting;
    if (at <= this.#now) return this.texts.now;
    return zone.dayOf(at) === zone.dayOf(this.#now) ? this.time(at) : this.day(zone.dayOf(at));
  }

  /** Text that somebody else wrote, fit for one line. */
  line(text: string): string {
    return oneLine(text, 200);
  }

  step(name: string): string {
    return sayStep(name, this.lang);
  }

  channel(name: string): string {
    return CHANNELS[name] ?? name;
  }

  /** Each reason once, as sentences. */
  reasons(because: readonly Because[]): string[] {
    const { zone, currency } = this.#setting;
    return [...new Set(because.map((each) => sayBecause(each, this.lang, zone, currency)))];
  }

  /** What it is, without its time: `suspension warning by e-mail`. */
  coming(coming: Coming): string {
    const what = this.comingShort(coming);
    return coming.kind === "message" ? this.texts.coming.by(what, this.channel(coming.channel ?? "email")) : what;
  }

  /** The same for a narrow column. */
  comingShort({ kind, steps, detail }: Coming): string {
    const { coming } = this.texts;
    if (kind === "message") return steps.map((step) => this.step(step)).join(", ");
    if (kind === "suspension") return sayAct("suspend", this.lang);
    if (kind === "promise") return coming.promise[detail ?? ""] ?? coming.termination;
    return coming[kind];
  }
}
