// A conversation: each message with what it was taken for and by which rule, what came of it, and the ways to end it.
import { Button, TextInput } from "@mantine/core";
import { IconArrowLeft, IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Conversation, type ConversationFact, type ConversationMessage } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { Letter, useLetterKeys } from "../lib/keys.tsx";
import { useMay } from "../lib/me.ts";
import { actorName } from "../lib/say.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Failure } from "./page.tsx";
import { Answer } from "./talk-answer.tsx";
import { TakeProof } from "./talk-proof.tsx";

export interface ThreadProps {
  id: string;
  draft: string;
  onDraft: (text: string) => void;
  onDone: () => void;
  /** A stranger's conversation became a customer's. */
  onMoved: (id: string) => void;
}

export function Thread({ id, draft, onDraft, onDone, onMoved }: ThreadProps) {
  const { t } = useTranslation();
  const may = useMay();
  const page = useQuery({
    queryKey: ["conversation", id],
    queryFn: () => must(api.GET("/admin/conversations/{id}", { params: { path: { id } } })),
    refetchInterval: 30_000,
  });
  if (page.error) return <Failure error={page.error} again={() => void page.refetch()} />;
  if (!page.data)
    return (
      <div className="card talk-thread">
        <Bones rows={9} />
      </div>
    );
  const talk = page.data;
  return (
    <article className="card talk-thread" aria-label={nameOf(talk) ?? t("talk.nobody")}>
      <Head talk={talk} onDone={onDone} />
      <Words talk={talk} />
      {talk.customer === null && may("assignConversation") ? <Whose id={id} onMoved={onMoved} /> : null}
      {may("replyToConversation") ? <Answer talk={talk} text={draft} onText={onDraft} onSent={onDone} /> : null}
    </article>
  );
}

const nameOf = (talk: Conversation): string | null => talk.name ?? (talk.address || null);

function Head({ talk, onDone }: { talk: Conversation; onDone: () => void }) {
  const { t } = useTranslation();
  const may = useMay();
  const waits = talk.waitsSince !== null;
  const close = useAct(
    () => must(api.POST("/admin/conversations/{id}/close", { params: { path: { id: talk.id } }, body: {} })),
    () => t("talk.closed"),
  );
  const end = (): void => {
    if (waits && !close.isPending) close.mutate(undefined, { onSuccess: onDone });
  };
  useLetterKeys(may("closeConversation") ? [["E", end]] : []);
  return (
    <header className="talk-head">
      <Link to="/conversations" search={(now) => ({ ...now, id: undefined })} className="talk-back small" activeOptions={{ exact: true }}>
        <IconArrowLeft size={16} aria-hidden /> {t("talk.back")}
      </Link>
      <h2>
        {talk.customer === null ? (
          (nameOf(talk) ?? t("talk.nobody"))
        ) : (
          <Link to="/customers/$ref" params={{ ref: talk.customer }}>
            {talk.name}
          </Link>
        )}
      </h2>
      <span className="small dim clip">{talk.customer === null ? t("talk.strangerNote") : (talk.address ?? t("talk.noAddress"))}</span>
      {may("closeConversation") ? (
        <Button
          size="xs"
          variant="default"
          style={{ marginLeft: "auto" }}
          disabled={!waits}
          loading={close.isPending}
          onClick={end}
          rightSection={<Letter>E</Letter>}
        >
          {t("talk.done")}
        </Button>
      ) : null}
    </header>
  );
}

type Line = { at: string; key: string; message: ConversationMessage } | { at: string; key: string; fact: ConversationFact };

/** Messages and what came of them in one line of time, the last of theirs in sight. */
function Words({ talk }: { talk: Conversation }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const count = talk.messages.length;
  useEffect(() => {
    const theirs = box.current?.querySelectorAll<HTMLElement>(".said:not([data-ours])");
    const last = theirs?.[theirs.length - 1];
    if (box.current) box.current.scrollTop = last ? last.offsetTop - box.current.offsetTop - 12 : box.current.scrollHeight;
  }, [count]);
  const lines: Line[] = [
    ...talk.messages.map((message) => ({ at: message.at, key: `m${message.id}`, message })),
    ...talk.facts.map((fact) => ({ at: fact.at, key: fact.kind === "claim" ? `c${fact.id}` : fact.protocol, fact })),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return (
    <div className="talk-words" ref={box} tabIndex={0} role="region" aria-label={t("talk.words")}>
      {count === 0 ? <p className="small dim">{t("talk.empty")}</p> : null}
      <ol>
        {lines.map((line) => (
          <li key={line.key}>
            {"message" in line ? <Said message={line.message} talk={talk} /> : <Came fact={line.fact} customer={talk.customer ?? ""} />}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Said({ message, talk }: { message: ConversationMessage; talk: Conversation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { author, by, mail, delivery } = message;
  const ours = author === "staff" || author === "automatic";
  const report = mail !== null && mail.kind !== null && mail.kind !== "reply";
  return (
    <div className="said" data-ours={ours || undefined} data-waits={message.waits || undefined}>
      <div className="small dim">
        <strong>
          {report
            ? t(`talk.kind.${mail.kind}`, { defaultValue: mail.kind })
            : author === "staff" && by !== ""
              ? actorName(t, by)
              : t(`talk.by.${author}`)}
        </strong>{" "}
        · <time dateTime={message.at}>{format.moment(message.at)}</time> · {t(`talk.via.${message.via}`)}
        {delivery === null ? null : (
          <span className={delivery.state === "refused" ? "warm" : ""} title={delivery.answer ?? undefined}>
            {" "}
            · {t(`talk.delivery.${delivery.state}`)}
          </span>
        )}
      </div>
      {mail?.subject ? <div className="small">{mail.subject}</div> : null}
      <div className="letter">{message.text}</div>
      {mail === null ? null : <Taken message={message} mail={mail} talk={talk} />}
    </div>
  );
}

/** What a mail was taken for, by which rule and words, and what was done. */
function Taken({
  message,
  mail,
  talk,
}: {
  message: ConversationMessage;
  mail: NonNullable<ConversationMessage["mail"]>;
  talk: Conversation;
}) {
  const { t } = useTranslation();
  const may = useMay();
  const { customer } = talk;
  const takes = customer !== null && mail.claim === null && message.author === "customer" && may("claimFromConversation");
  const rules = mail.reasons.filter((reason) => typeof reason.rule === "string");
  return (
    <div className="taken small">
      <div style={{ display: "flex", gap: 6, flexWrap: "wrap", alignItems: "center" }}>
        {mail.matter === null ? null : <span className="tag">{t(`talk.matter.${mail.matter}`, { defaultValue: mail.matter })}</span>}
        {mail.unsure === null ? null : <span className="tag warm">{t(`talk.unsure.${mail.unsure}`, { defaultValue: mail.unsure })}</span>}
        {message.author === "customer" && mail.ownAddress === false ? (
          <span className="tag warm">{t("talk.otherAddress", { address: mail.from ?? "–" })}</span>
        ) : null}
        {mail.outcome === null ? null : <span className="dim">{t(`talk.outcome.${mail.outcome}`, { defaultValue: mail.outcome })}</span>}
        {mail.claim === null ? null : (
          <Link to="/claims" search={{ id: mail.claim }}>
            {t("talk.claim")}
          </Link>
        )}
      </div>
      {rules.length === 0 ? null : (
        <details>
          <summary className="dim">{t("talk.rules", { count: rules.length })}</summary>
          <ul>
            {rules.map((reason) => (
              <li key={String(reason.rule)}>
                <span className="mono">{reason.rule}</span>: <q>{reason.words}</q>
              </li>
            ))}
          </ul>
        </details>
      )}
      {mail.files.length === 0 ? null : (
        <ul className="files" aria-label={t("talk.files")}>
          {mail.files.map((file) => (
            <li key={`${message.id} ${file.sha256} ${file.name}`}>
              <IconPaperclip size={14} aria-hidden /> {file.name}{" "}
              <span className="dim num">{t("talk.bytes", { count: Math.max(1, Math.round(file.bytes / 1000)) })}</span>{" "}
              {takes && !file.inline ? <TakeProof id={talk.id} customer={customer} mail={message.id} file={file} /> : null}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Came({ fact, customer }: { fact: ConversationFact; customer: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const open = fact.kind === "claim" && fact.state === "under_review";
  return (
    <div className="came small">
      <time className="dim num" dateTime={fact.at}>
        {format.moment(fact.at)}
      </time>{" "}
      {fact.kind === "promise"
        ? t("talk.promise", { protocol: fact.protocol, until: format.moment(fact.until) })
        : t("talk.claimOf", { invoice: fact.invoice })}{" "}
      <span className="tag">{t(fact.kind === "promise" ? `promises.state.${fact.state}` : `talk.claimState.${fact.state}`)}</span>{" "}
      {open ? (
        <Link to="/claims" search={{ id: fact.id }}>
          {t("talk.claim")}
        </Link>
      ) : (
        <Link to="/customers/$ref" params={{ ref: customer }}>
          {t("talk.case")}
        </Link>
      )}
    </div>
  );
}

/** A stranger's mail is given to its customer; the address is not taken over. */
function Whose({ id, onMoved }: { id: string; onMoved: (id: string) => void }) {
  const { t } = useTranslation();
  const [customer, setCustomer] = useState("");
  const assign = useAct(
    () => must(api.POST("/admin/conversations/{id}/assign", { params: { path: { id } }, body: { customer: customer.trim() } })),
    () => t("talk.assigned"),
  );
  return (
    <form
      className="talk-whose"
      onSubmit={(event) => {
        event.preventDefault();
        assign.mutate(undefined, { onSuccess: (moved) => onMoved(moved.id) });
      }}
    >
      <TextInput
        label={t("talk.whose")}
        description={t("talk.whoseNote")}
        value={customer}
        maxLength={200}
        onChange={(event) => setCustomer(event.currentTarget.value)}
        style={{ flex: 1 }}
      />
      <Button type="submit" variant="default" disabled={customer.trim() === ""} loading={assign.isPending}>
        {t("talk.assign")}
      </Button>
    </form>
  );
}
