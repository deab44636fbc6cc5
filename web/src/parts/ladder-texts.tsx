// The ladder's texts as the customer of the example would read them, in either language.
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Draft } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { sayOffset } from "../lib/ruler.ts";
import { stepName } from "../lib/say.ts";
import { Bones } from "./page.tsx";

export function Texts({ draft }: { draft: Draft | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [lang, setLang] = useState<string>(currentLang());
  const [at, setAt] = useState(0);
  if (!draft?.drawn) return <Bones />;
  const texts = draft.drawn.texts.filter((text) => text.lang === lang);
  const open = texts[Math.min(at, texts.length - 1)];
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="sm"
        value={lang}
        onChange={setLang}
        data={[
          { value: "pt-BR", label: "Português" },
          { value: "en", label: "English" },
        ]}
        aria-label={t("case.language")}
      />
      <div className="inbox">
        <div className="card rows">
          {texts.map((text, i) => (
            <button
              key={`${text.at} ${text.template}`}
              type="button"
              className="row"
              data-on={i === at || undefined}
              aria-pressed={i === at}
              onClick={() => setAt(i)}
              style={{ gridTemplateColumns: "44px minmax(0,1fr)" }}
            >
              <span className="num dim">{sayOffset(text.offset)}</span>
              <span className="clip">{text.steps.map((step) => stepName(t, step)).join(", ")}</span>
            </button>
          ))}
        </div>
        {open ? (
          <div>
            <div className="small dim">
              {format.momentLong(open.at)} · {open.channel}
            </div>
            <div className="letter" lang={lang}>
              <strong>{open.subject}</strong>
              {"\n\n"}
              {open.text}
            </div>
          </div>
        ) : null}
      </div>
    </>
  );
}
