// The motor's run as it goes on: a ruler that fills, what leaves, and about when it ends; between runs, what the last one did and when the next comes.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";

/** While a run goes on it is looked at so often, as long as the page is in front; else twice a minute. */
const RUNNING_MS = 3_000;
const RESTING_MS = 30_000;
/** Ticks of the ruler: tenths. */
const TICKS = [10, 20, 30, 40, 50, 60, 70, 80, 90];
const MINUTE_MS = 60_000;

type Answer = AnswerOf<"/admin/run", "get">;
type Running = NonNullable<Answer["running"]>;
type Last = NonNullable<Answer["last"]>;

export function RunNow() {
  const run = useQuery({
    queryKey: ["run"],
    queryFn: () => must(api.GET("/admin/run")),
    refetchInterval: ({ state }) => (state.data?.running ? RUNNING_MS : RESTING_MS),
  });
  // The page says what matters without it; a look that failed is made again by itself.
  if (!run.data) return <div className="run resting" />;
  const { running } = run.data;
  return running === null ? <Resting answer={run.data} /> : <Going answer={run.data} running={running} />;
}

function Going({ answer, running }: { answer: Answer; running: Running }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { judged, planned } = running;
  const share = planned === 0 ? 1 : Math.min(1, judged / planned);
  const { messages, calls, later, more } = answer.leaving;
  const number = (n: number): string => `${more ? t("today.run.atLeast") : ""}${format.number(n)}`;
  const leaving = [
    messages > 0 ? t("today.run.messages", { count: messages, n: number(messages) }) : null,
    calls > 0 ? t("today.run.calls", { count: calls, n: number(calls) }) : null,
  ].filter((each) => each !== null);
  return (
    <section className="card pad run" aria-label={t("today.run.title")}>
      <strong>{t("today.run.going", { count: planned, done: format.number(judged), n: format.number(planned) })}</strong>
      <div
        className="run-ruler"
        role="progressbar"
        aria-label={t("today.run.title")}
        aria-valuemin={0}
        aria-valuemax={planned}
        aria-valuenow={Math.min(judged, planned)}
      >
        <span className="fill" style={{ width: `${share * 100}%` }} />
        {TICKS.map((at) => (
          <span key={at} className="tick" style={{ left: `${at}%` }} />
        ))}
      </div>
      <div className="small">
        {t("today.run.began", { at: format.time(running.beganAt) })}{" "}
        {running.silent
          ? t("today.run.silent", { at: format.moment(running.seenAt) })
          : running.aboutDoneAt === null
            ? null
            : t("today.run.aboutDone", { at: format.time(running.aboutDoneAt) })}
      </div>
      <div className="small dim">
        {leaving.length > 0 ? t("today.run.leaving", { what: leaving.join(", ") }) : null} <Did did={running} />{" "}
        {later > 0 ? t("today.run.later", { count: later, n: format.number(later) }) : null}
      </div>
      <Stopped answer={answer} />
    </section>
  );
}

/** What a run did so far, or did. */
function Did({ did }: { did: Running | Last }) {
  const { t } = useTranslation();
  const format = useFormat();
  const parts = (["accepted", "suspended", "reactivated"] as const)
    .filter((key) => did[key] > 0)
    .map((key) => t(`today.run.did.${key}`, { count: did[key], n: format.number(did[key]) }));
  return (
    <>
      {parts.length > 0 ? t("today.run.done", { what: parts.join(", ") }) : null}{" "}
      {did.faults > 0 ? <span className="warm">{t("today.run.faults", { count: did.faults, n: format.number(did.faults) })}</span> : null}
    </>
  );
}

function Stopped({ answer: { breakerTrippedAt, restingPanels } }: { answer: Answer }) {
  const { t } = useTranslation();
  if (breakerTrippedAt === null && restingPanels.length === 0) return null;
  return (
    <div className="small warm">
      {breakerTrippedAt === null ? null : t("today.run.breaker")}{" "}
      {restingPanels.length === 0 ? null : t("today.run.panels", { count: restingPanels.length, names: restingPanels.join(", ") })}
    </div>
  );
}

function Resting({ answer }: { answer: Answer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { last, nextAt } = answer;
  return (
    <div className="run resting small dim">
      {last === null ? (
        t("today.run.never")
      ) : (
        <>
          {t("today.run.last", { count: last.judged, at: format.moment(last.endedAt), n: format.number(last.judged), took: took(last, t) })}{" "}
          <Did did={last} />
        </>
      )}{" "}
      {nextAt === null ? t("today.run.noNext") : t("today.run.next", { at: format.moment(nextAt) })}
    </div>
  );
}

function took({ beganAt, endedAt }: Last, t: ReturnType<typeof useTranslation>["t"]): string {
  const ms = Date.parse(endedAt) - Date.parse(beganAt);
  return ms < 2 * MINUTE_MS
    ? t("today.run.seconds", { count: Math.max(1, Math.round(ms / 1000)) })
    : t("today.run.minutes", { count: Math.round(ms / MINUTE_MS) });
}
