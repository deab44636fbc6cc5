// Other systems that are told of events: added, tried, their secrets changed, stopped ones resumed, removed.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Empty, Failure } from "./page.tsx";
import { ShownOnce } from "./shown-once.tsx";

type Answer = AnswerOf<"/admin/webhooks", "get">;
type Webhook = Answer["webhooks"][number];

export function Webhooks() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["webhooks"], queryFn: () => must(api.GET("/admin/webhooks")), refetchInterval: 15_000 });
  const [secret, setSecret] = useState<{ name: string; secret: string } | null>(null);
  if (found.error) return <Failure error={found.error} />;
  if (!found.data) return <Bones />;
  return (
    <>
      <p className="dim small">{t("webhooks.note")}</p>
      <div className="card rows">
        {found.data.webhooks.length === 0 ? <Empty title={t("webhooks.none")}>{t("webhooks.noneNote")}</Empty> : null}
        {found.data.webhooks.map((webhook) => (
          <Row key={webhook.name} webhook={webhook} all={found.data.events} onSecret={setSecret} />
        ))}
      </div>
      {secret === null ? null : <ShownOnce note={t("webhooks.once", { name: secret.name })} value={secret.secret} />}
      <New events={found.data.events} onSecret={setSecret} />
    </>
  );
}

type OnSecret = (made: { name: string; secret: string }) => void;

function Row({ webhook, all, onSecret }: { webhook: Webhook; all: readonly string[]; onSecret: OnSecret }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { name } = webhook;
  const [said, setSaid] = useState<AnswerOf<"/admin/webhooks/{name}/test", "post"> | null>(null);
  const [removing, setRemoving] = useState(false);
  const at = { params: { path: { name } }, body: {} };
  const test = useAct(() => must(api.POST("/admin/webhooks/{name}/test", at)));
  const rotate = useAct(() => must(api.POST("/admin/webhooks/{name}/rotate", at)), ({ oldUntil }) => t("webhooks.rotated", { at: format.moment(oldUntil) })); // prettier-ignore
  const resume = useAct(
    () => must(api.POST("/admin/webhooks/{name}/resume", at)),
    () => t("webhooks.resumed"),
  );
  const remove = useAct(
    () => must(api.POST("/admin/webhooks/{name}/remove", at)),
    () => t("webhooks.removed"),
  );
  const subject = useSubject();
  const hears = webhook.events.length === all.length ? t("webhooks.hearsAll") : inSubjects(webhook.events, all, subject).join(", ");
  return (
    <div className="row" style={{ display: "block" }}>
      <div style={{ display: "flex", gap: 12, flexWrap: "wrap", alignItems: "baseline" }}>
        <strong>{name}</strong>
        <span className="mono small" style={{ overflowWrap: "anywhere" }}>
          {webhook.url}
        </span>
      </div>
      <div className="small dim">{t("webhooks.hears", { events: hears })}</div>
      <Standing webhook={webhook} />
      {said ? (
        <div className={`small ${said.outcome === "done" ? "good" : "warm"}`} role="status">
          {t(`webhooks.outcome.${said.outcome}`)} {said.answer} <span className="dim num">{said.ms} ms</span>
        </div>
      ) : null}
      <div style={{ display: "flex", gap: 8, flexWrap: "wrap", marginTop: 8 }}>
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate(undefined, { onSuccess: setSaid })}>
          {t("webhooks.test")}
        </Button>
        {webhook.state === "stopped" || webhook.givenUp > 0 ? (
          <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate(undefined)}>
            {t("webhooks.resume")}
          </Button>
        ) : null}
        <Button
          size="xs"
          variant="default"
          loading={rotate.isPending}
          onClick={() => rotate.mutate(undefined, { onSuccess: ({ secret }) => onSecret({ name, secret }) })}
        >
          {t("webhooks.rotate")}
        </Button>
        {removing ? (
          <>
            <span className="small" style={{ alignSelf: "center" }}>
              {t("webhooks.removeWhat", { count: webhook.open + webhook.givenUp })}
            </span>
            <Button size="xs" color="amber" loading={remove.isPending} onClick={() => remove.mutate(undefined)}>
              {t("webhooks.removeYes")}
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={() => setRemoving(false)}>
              {t("webhooks.removeNo")}
            </Button>
          </>
        ) : (
          <Button size="xs" variant="subtle" color="gray" onClick={() => setRemoving(true)}>
            {t("webhooks.remove")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A subject of events in the reader's words. */
function useSubject(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => t(`webhooks.subject.${name}`, { defaultValue: name });
}

const subjectsOf = (events: readonly string[]): string[] => [...new Set(events.map((event) => event.split(".")[0] ?? ""))];

/** Whole subjects by their name, the events of others one by one. */
function inSubjects(events: readonly string[], all: readonly string[], say: (subject: string) => string): string[] {
  return subjectsOf(events).flatMap((subject) => {
    const mine = events.filter((event) => event.startsWith(`${subject}.`));
    return mine.length === all.filter((event) => event.startsWith(`${subject}.`)).length ? [say(subject)] : mine;
  });
}

/** Since when it stands as it does and why; and what it answered last. */
function Standing({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, stoppedAt, stoppedBecause, failingSince, lastAt, lastAnswer, lastEvent, oldSecretUntil, open, givenUp } = webhook;
  return (
    <>
      {state === "stopped" ? (
        <div className="small warm" role="alert">
          {t(`webhooks.stopped.${stoppedBecause ?? "failing"}`, { at: stoppedAt ? format.moment(stoppedAt) : "" })}
        </div>
      ) : failingSince ? (
        <div className="small warm">{t("webhooks.failing", { at: format.moment(failingSince) })}</div>
      ) : null}
      <div className="small">
        {lastAt ? (
          <>
            {t("webhooks.last", { at: format.moment(lastAt) })} <span className="mono">{lastEvent}</span>: {lastAnswer}
          </>
        ) : (
          <span className="dim">{t("webhooks.nothingYet")}</span>
        )}
        {open > 0 ? <span className="num"> · {t("webhooks.open", { count: open })}</span> : null}
        {givenUp > 0 ? <span className="num warm"> · {t("webhooks.givenUp", { count: givenUp })}</span> : null}
      </div>
      {oldSecretUntil && Date.parse(oldSecretUntil) > Date.now() ? (
        <div className="small dim">{t("webhooks.oldUntil", { at: format.moment(oldSecretUntil) })}</div>
      ) : null}
    </>
  );
}

function New({ events, onSecret }: { events: readonly string[]; onSecret: OnSecret }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const subject = useSubject();
  const subjects = subjectsOf(events);
  const [chosen, setChosen] = useState<readonly string[]>(subjects);
  const add = useAct(() =>
    must(
      api.POST("/admin/webhooks", {
        body: { name: name.trim(), url: url.trim(), events: chosen.length === subjects.length ? [] : [...chosen] },
      }),
    ),
  );
  return (
    <form
      className="card pad"
      style={{ marginTop: 16 }}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(undefined, {
          onSuccess: ({ secret }) => {
            onSecret({ name: name.trim(), secret });
            setName("");
            setUrl("");
          },
        });
      }}
    >
      <div style={{ display: "flex", gap: 12, alignItems: "end", flexWrap: "wrap" }}>
        <TextInput
          label={t("webhooks.name")}
          placeholder="central"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("webhooks.url")}
          placeholder="https://hooks.example.com.br/regua"
          required
          style={{ flex: "1 1 280px" }}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
      </div>
      <Checkbox.Group label={t("webhooks.subjects")} mt="md" value={[...chosen]} onChange={setChosen}>
        <div style={{ display: "flex", gap: 16, flexWrap: "wrap", marginTop: 8 }}>
          {subjects.map((name) => (
            <Checkbox key={name} value={name} label={subject(name)} />
          ))}
        </div>
      </Checkbox.Group>
      <Button type="submit" mt="md" loading={add.isPending} disabled={chosen.length === 0}>
        {t("webhooks.add")}
      </Button>
    </form>
  );
}
