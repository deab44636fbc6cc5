// An answer in a conversation: suggested words to choose from, a box to change them in, and where they go before they do.
import { Button, SegmentedControl, Skeleton, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Conversation } from "../lib/api.ts";
import { useLetterKeys } from "../lib/keys.tsx";
import { useAct } from "../lib/use.ts";

const CHARS_MAX = 4_000;
const VIAS = ["mail", "portal"] as const;
type Via = (typeof VIAS)[number];

export function Answer({
  talk,
  text,
  onText,
  onSent,
}: {
  talk: Conversation;
  text: string;
  onText: (text: string) => void;
  onSent: () => void;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLTextAreaElement>(null);
  const [chosen, setChosen] = useState<Via | null>(null);
  const wroteByMail = talk.messages.findLast(({ author }) => author === "customer")?.via === "mail";
  const via: Via = talk.customer === null ? "mail" : talk.address === null ? "portal" : (chosen ?? (wroteByMail ? "mail" : "portal"));
  const { send, go, ready } = useSend(talk.id, via, text, () => {
    onText("");
    onSent();
  });
  const take = (words: string): void => {
    onText(text.trim() === "" ? words : `${text.trimEnd()}\n\n${words}`);
    box.current?.focus();
  };
  useLetterKeys([["R", () => box.current?.focus()]]);
  return (
    <form
      className="talk-answer"
      onSubmit={(event) => {
        event.preventDefault();
        go();
      }}
    >
      <Suggested id={talk.id} words={talk.messages.length} onTake={take} />
      <Textarea
        ref={box}
        label={t("talk.answer")}
        autosize
        minRows={3}
        maxRows={14}
        maxLength={CHARS_MAX}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) go();
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      <div style={{ display: "flex", gap: 10, flexWrap: "wrap", alignItems: "center", marginTop: 10 }}>
        <Button type="submit" loading={send.isPending} disabled={!ready}>
          {t("talk.send")}
        </Button>
        {talk.customer !== null && talk.address !== null ? (
          <SegmentedControl
            size="xs"
            value={via}
            onChange={setChosen}
            data={VIAS.map((value) => ({ value, label: t(`talk.via.${value}`) }))}
            aria-label={t("talk.way")}
          />
        ) : null}
        <span className="small dim" aria-live="polite">
          {via === "mail" ? t("talk.goesTo", { address: talk.address }) : t("talk.goesToPortal")}
        </span>
        <span className="small dim keys">{t("talk.keys")}</span>
      </div>
    </form>
  );
}

/** Sent again after a lost answer it is the same request, and the customer has one mail. */
function useSend(id: string, via: Via, text: string, onSent: () => void) {
  const { t } = useTranslation();
  const last = useRef({ what: "", key: "" });
  const send = useAct(
    () => {
      const what = JSON.stringify([id, via, text]);
      if (last.current.what !== what) last.current = { what, key: crypto.randomUUID() };
      return must(
        api.POST("/admin/conversations/{id}/reply", {
          params: { path: { id } },
          body: { text, via },
          headers: { "idempotency-key": last.current.key },
        }),
      );
    },
    ({ via: by }) => t(`talk.sent.${by}`),
  );
  const ready = text.trim() !== "" && !send.isPending;
  const go = (): void => {
    if (!ready) return;
    send.mutate(undefined, {
      onSuccess: () => {
        last.current = { what: "", key: "" };
        onSent();
      },
    });
  };
  return { send, go, ready };
}

/** Those that answer what was asked stand first and are marked; one press puts the words into the box. */
function Suggested({ id, words, onTake }: { id: string; words: number; onTake: (text: string) => void }) {
  const { t } = useTranslation();
  const found = useQuery({
    // Another word may ask for something else.
    queryKey: ["suggestions", id, words],
    queryFn: () => must(api.GET("/admin/conversations/{id}/suggestions", { params: { path: { id } } })),
  });
  if (found.error) return <p className="small dim">{t("talk.noSuggestions")}</p>;
  if (!found.data) return <Skeleton height={58} mb={10} />;
  const asked = found.data.answers.filter((answer) => answer.fits);
  return (
    <div className="talk-suggested" role="group" aria-label={t("talk.suggested")}>
      <span className="small dim">{t(asked.length > 0 ? "talk.suggestedFits" : "talk.suggested")}</span>
      <div className="pills">
        {found.data.answers.map(({ kind, fits, text }) => (
          <button key={kind} type="button" className={fits ? "pill fits" : "pill"} title={text} onClick={() => onTake(text)}>
            {t(`talk.draft.${kind}`, { defaultValue: kind })}
          </button>
        ))}
      </div>
    </div>
  );
}
