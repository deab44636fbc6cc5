// What was written to the customer: the exact text, and what the receiving server answered.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Case } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { stepName } from "../lib/say.ts";
import { Empty } from "./page.tsx";

type Letter = Case["messages"][number];

export function Letters({ matter }: { matter: Case }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number | null>(matter.messages[0]?.id ?? null);
  if (matter.messages.length === 0) return <Empty title={t("letters.none")} />;
  return (
    <div className="card rows">
      {matter.messages.map((letter) => (
        <One key={letter.id} letter={letter} open={open === letter.id} onOpen={() => setOpen(open === letter.id ? null : letter.id)} />
      ))}
    </div>
  );
}

function One({ letter, open, onOpen }: { letter: Letter; open: boolean; onOpen: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const tone = letter.state === "done" ? "good" : letter.state === "refused" ? "warm" : "";
  return (
    <div>
      <button
        type="button"
        className="row"
        aria-expanded={open}
        onClick={onOpen}
        style={{ gridTemplateColumns: "112px minmax(0,1fr) auto" }}
      >
        <span className="dim num small">{format.moment(letter.decidedAt)}</span>
        <span className="clip">
          {letter.steps.map((step) => stepName(t, step)).join(", ") || letter.template} <span className="dim">· {letter.subject}</span>
        </span>
        <span className={`tag ${tone}`}>{t(`letters.state.${letter.state}`)}</span>
      </button>
      {open ? (
        <div style={{ padding: "0 16px 16px" }}>
          <dl className="facts small">
            <dt>{t("letters.to")}</dt>
            <dd>
              {letter.to} <span className="dim">({letter.channel})</span>
            </dd>
            <dt>{t("letters.answer")}</dt>
            <dd className="mono">{letter.answer ?? t("letters.noAnswer")}</dd>
            {letter.endedAt ? (
              <>
                <dt>{t("letters.ended")}</dt>
                <dd>{format.momentLong(letter.endedAt)}</dd>
              </>
            ) : null}
            {letter.attempts > 1 || letter.unknowns > 0 ? (
              <>
                <dt>{t("letters.attempts")}</dt>
                <dd>{t("letters.attemptsOf", { count: letter.attempts, lost: letter.unknowns })}</dd>
              </>
            ) : null}
            <dt>Message-ID</dt>
            <dd className="mono">{letter.messageId}</dd>
          </dl>
          <div className="letter" lang={letter.lang}>
            <strong>{letter.subject}</strong>
            {"\n\n"}
            {letter.text}
          </div>
        </div>
      ) : null}
    </div>
  );
}
