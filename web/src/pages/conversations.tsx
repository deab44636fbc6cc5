// Conversations: who wrote, those that wait for a person first, and the thread beside them with an answer at hand.
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { TALKS, type TalksShown } from "../app/search.ts";
import type { ConversationListed } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useNextKeys } from "../lib/keys.tsx";
import { useConversations } from "../lib/use.ts";
import { Bones, Empty, Failure, Page } from "../parts/page.tsx";
import { Thread } from "../parts/talk-thread.tsx";

const SHOWS: Readonly<Record<TalksShown, (talk: ConversationListed) => boolean>> = {
  all: () => true,
  waiting: ({ waitsSince }) => waitsSince !== null,
  strangers: ({ customer }) => customer === null,
};

export function Conversations() {
  const { t } = useTranslation();
  const found = useConversations();
  const { id, show = "all" } = useSearch({ from: "/frame/conversations" });
  const navigate = useNavigate({ from: "/conversations" });
  // What was begun is there again when one comes back from looking at another.
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>({});
  const all = found.data?.conversations ?? [];
  const list = all.filter(SHOWS[show]);
  const at = list.findIndex((talk) => talk.id === id);
  // One that is opened from a customer's page may be too old for the list, or have no word in it yet.
  const open = id ?? list[0]?.id;
  const go = (by: number): void => {
    const next = list[Math.max(0, at) + by];
    if (next) void navigate({ search: (now) => ({ ...now, id: next.id }), replace: true });
  };
  useNextKeys(go);
  return (
    <Page title={t("nav.conversations")} side={<Shows show={show} waiting={all.filter(SHOWS.waiting).length} />}>
      {found.error ? <Failure error={found.error} again={() => void found.refetch()} /> : null}
      <div className="inbox talk" data-chosen={id !== undefined || undefined}>
        <div className="card talk-list">
          {found.isPending ? <Bones rows={8} /> : null}
          {found.data && list.length === 0 ? <Empty title={t(`talk.none.${show}`)}>{t("talk.noneNote")}</Empty> : null}
          <div className="rows" role="list" aria-label={t("nav.conversations")}>
            {list.map((talk) => (
              <Listed key={talk.id} talk={talk} show={show} on={talk.id === open} />
            ))}
          </div>
        </div>
        {open === undefined ? null : (
          <Thread
            key={open}
            id={open}
            draft={drafts[open] ?? ""}
            onDraft={(text) => setDrafts((now) => ({ ...now, [open]: text }))}
            onDone={() => (show === "waiting" ? go(at + 1 < list.length ? 1 : -1) : undefined)}
            onMoved={(to) => void navigate({ search: { id: to }, replace: true })}
          />
        )}
      </div>
    </Page>
  );
}

function Shows({ show, waiting }: { show: TalksShown; waiting: number }) {
  const { t } = useTranslation();
  return (
    <div className="pills" role="group" aria-label={t("customers.filters")}>
      {TALKS.map((each) => (
        <Link
          key={each}
          to="/conversations"
          search={each === "all" ? {} : { show: each }}
          className="pill"
          activeOptions={{ exact: true }}
          aria-current={show === each ? "page" : undefined}
        >
          {t(`talk.show.${each}`)}
          {each === "waiting" && waiting > 0 ? ` (${waiting})` : ""}
        </Link>
      ))}
    </div>
  );
}

function Listed({ talk, show, on }: { talk: ConversationListed; show: TalksShown; on: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div role="listitem">
      <Link
        to="/conversations"
        search={{ ...(show === "all" ? {} : { show }), id: talk.id }}
        className="row"
        data-on={on || undefined}
        activeOptions={{ exact: true }}
        aria-current={on ? "true" : undefined}
      >
        <span style={{ display: "flex", gap: 8, alignItems: "baseline", minWidth: 0 }}>
          <span className="clip" style={{ fontWeight: talk.waitsSince === null ? 450 : 600 }}>
            {talk.name ?? (talk.address || t("talk.nobody"))}
          </span>
          <span className="small dim num" style={{ marginLeft: "auto", whiteSpace: "nowrap" }}>
            {format.moment(talk.lastAt)}
          </span>
        </span>
        <span className="small dim clip">
          {talk.lastBy === "staff" || talk.lastBy === "automatic" ? `${t(`talk.by.${talk.lastBy}`)}: ` : ""}
          {talk.lastText}
        </span>
        <span style={{ display: "flex", gap: 6, flexWrap: "wrap", minHeight: 20 }}>
          {talk.waitsSince === null ? null : <span className="tag warm">{t("talk.waits", { at: format.moment(talk.waitsSince) })}</span>}
          {talk.matter === null ? null : <span className="tag">{t(`talk.matter.${talk.matter}`, { defaultValue: talk.matter })}</span>}
          {talk.customer === null ? <span className="tag">{t("talk.stranger")}</span> : null}
        </span>
      </Link>
    </div>
  );
}
