// The facts of a matter in one line of time, the newest first: each with who did it and, for decisions, because of what.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Case } from "../lib/api.ts";
import { useFormat, type Format } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { actorName, stepName } from "../lib/say.ts";
import { Empty } from "./page.tsx";

type Entry = Case["entries"][number];

interface Line {
  seq: number;
  at: string;
  tone: "plain" | "money" | "warm" | "down" | "word";
  text: string;
  by: string | null;
  why: string[];
}

export function Timeline({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [older, setOlder] = useState<number | null>(null);
  const { ref } = matter.customer;
  const more = useQuery({
    queryKey: ["case", ref, "before", older, currentLang()],
    queryFn: () => must(api.GET("/admin/cases/{ref}", { params: { path: { ref }, query: { before: older ?? 2 } } })),
    enabled: older !== null,
  });
  const lines = [...linesOf(matter, t, format), ...(more.data ? linesOf(more.data, t, format) : [])];
  const next = more.data ? more.data.before : matter.before;
  if (lines.length === 0) return <Empty title={t("case.noStory")} />;
  return (
    <>
      <ol className="story">
        {lines.map((line, i) => (
          <li key={`${line.seq} ${i}`} data-tone={line.tone}>
            <span className="dot" aria-hidden />
            <time dateTime={line.at}>{format.moment(line.at)}</time> <span>{line.text}</span>
            {line.by === null ? null : <span className="dim small"> · {line.by}</span>}
            {line.why.map((why) => (
              <div key={why} className="why">
                {why}
              </div>
            ))}
          </li>
        ))}
      </ol>
      {next === null || older === next ? null : (
        <Button variant="default" size="xs" loading={more.isFetching} onClick={() => setOlder(next)}>
          {t("case.older")}
        </Button>
      )}
    </>
  );
}

function linesOf(matter: Case, t: TFunction, format: Format): Line[] {
  const reasons = new Map(matter.because.map(({ seq, reasons: list }) => [seq, [...new Set(list.map((reason) => reason.text))]]));
  return matter.entries.flatMap((entry) => {
    if (entry.kind === "decision") return decisionLines(entry, reasons.get(entry.seq) ?? [], t, format);
    return [{ seq: entry.seq, at: entry.at, by: actorName(t, entry.actor), why: [], ...plainLine(entry, t, format) }];
  });
}

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? (value as Record<string, unknown>[]) : []);

/** A decision may do several things at once: each is a line, and its reasons stand under the first. */
function decisionLines({ seq, at, body }: Entry, why: string[], t: TFunction, format: Format): Line[] {
  const lines: Omit<Line, "why">[] = [];
  const add = (tone: Line["tone"], said: string): void => void lines.push({ seq, at, tone, text: said, by: null });
  for (const message of list(body.messages)) {
    const steps = list(message.notices).map((notice) => stepName(t, text(notice.step)));
    add("word", t("story.message", { what: [...new Set(steps)].join(", "), to: text(message.to), subject: text(message.subject) }));
  }
  for (const hold of list(body.holds)) add("down", t("story.hold", { service: text(hold.service), invoice: text(hold.invoice) }));
  for (const access of list(body.access))
    add(
      access.desired === "suspended" ? "down" : "money",
      t(access.desired === "suspended" ? "story.down" : "story.up", { service: text(access.service) }),
    );
  for (const promise of list(body.promises))
    add(
      promise.end === "kept" ? "money" : "warm",
      t(promise.end === "kept" ? "story.kept" : "story.broken", { protocol: text(promise.promise) }),
    );
  for (const _claim of list(body.claims)) add("plain", t("story.claimEnded"));
  for (const item of list(body.attention))
    add("warm", t("story.asks", { what: t(`attention.${text(item.kind)}`, { defaultValue: t("attention.other") }) }));
  for (const each of list(body.terminations)) add("down", t("story.termination", { service: text(each.service) }));
  if (lines.length === 0 && body.lifted !== undefined) add("money", t("story.lifted"));
  void format;
  return lines.map((line, i) => ({ ...line, why: i === 0 ? why : [] }));
}

function plainLine({ kind, body }: Entry, t: TFunction, format: Format): Pick<Line, "tone" | "text"> {
  const cents = (value: unknown): string => (typeof value === "number" ? format.money(value) : "");
  const day = (value: unknown): string => (typeof value === "string" && value !== "" ? format.day(value.slice(0, 10)) : "");
  const moment = (value: unknown): string => (typeof value === "string" && value !== "" ? format.moment(value) : "");
  const whole = { ...body, ...((body.receipt as Record<string, unknown> | undefined) ?? {}) };
  const words = {
    amount: cents(whole.amount_cents ?? whole.amount ?? whole.cents),
    invoice: text(whole.invoice ?? whole.ref ?? whole.named_invoice),
    service: text(whole.service ?? whole.name),
    reason: text(whole.reason),
    protocol: text(whole.protocol ?? whole.promise),
    until: moment(whole.until),
    on: day(whole.on ?? whole.due_on),
    source: text(whole.source),
  };
  const tone: Line["tone"] =
    kind.startsWith("receipt") || kind.startsWith("credit") || kind === "payment"
      ? "money"
      : kind.startsWith("claim") || kind.startsWith("promise") || kind.startsWith("hold")
        ? "warm"
        : "plain";
  const said = t(`story.kind.${kind.replaceAll(".", "_")}`, { ...words, defaultValue: kind });
  const { customers } = (body.together ?? {}) as { customers?: number };
  if (customers === undefined) return { tone, text: said };
  return { tone, text: `${said} · ${t(body.undoes === true ? "story.undone" : "story.together", { count: customers })}` };
}
