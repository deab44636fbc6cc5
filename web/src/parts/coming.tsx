// What comes in the days ahead if nobody pays: the last result with its time, the next one's progress, and a way to ask for it.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { useSayComing } from "../lib/say.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Empty, Failure, Part } from "./page.tsx";

const KINDS = ["message", "suspension", "release", "promise", "claim", "termination", "person"] as const;
const SHOWN = 9;
/** While the next one is worked out it is asked after so often; else once a minute. */
const SOON_MS = 1_500;
const LATER_MS = 60_000;

type Answer = AnswerOf<"/admin/coming", "get">;
type Days = NonNullable<Answer["coming"]>;

export function ComingPart({ today }: { today: string }) {
  const { t } = useTranslation();
  const coming = useQuery({
    queryKey: ["coming", currentLang()],
    queryFn: () => must(api.GET("/admin/coming")),
    refetchInterval: ({ state }) => (state.data?.comes ? SOON_MS : LATER_MS),
  });
  if (coming.error && !coming.data) return <Failure error={coming.error} again={() => void coming.refetch()} />;
  const { data } = coming;
  return (
    <Part title={t("today.coming")} note={t("today.comingNote")}>
      <div className="card">
        {!data ? (
          <Bones rows={5} />
        ) : (
          <>
            {data.coming === null ? <Bones rows={5} /> : <Kept found={data.coming} today={today} />}
            <AsOf answer={data} />
          </>
        )}
      </div>
    </Part>
  );
}

/** Of when it is, and what of it is under way. */
function AsOf({ answer: { coming, working, comes } }: { answer: Answer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const refresh = useAct(() => must(api.POST("/admin/coming/refresh", { body: {} })));
  const done = working && working.total > 0 ? format.percent(Math.min(1, working.done / working.total)) : null;
  return (
    <div className="pad small dim" style={{ display: "flex", gap: 12, alignItems: "center", borderTop: "1px solid var(--line)" }}>
      <span role="status" style={{ flex: 1 }}>
        {coming === null ? null : t("today.asOf", { at: format.moment(coming.factsAt) })}{" "}
        {done !== null ? t("today.underWay", { done }) : comes ? t("today.soon") : null}{" "}
        {coming !== null && coming.faults > 0 ? t("today.leftOut", { count: coming.faults }) : null}
      </span>
      <Button size="compact-xs" variant="default" loading={refresh.isPending} disabled={comes} onClick={() => refresh.mutate(undefined)}>
        {t("today.refresh")}
      </Button>
    </div>
  );
}

function Kept({ found, today }: { found: Days; today: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const say = useSayComing();
  if (found.total === 0) return <Empty title={t("today.nothingComes")} />;
  // A result of yesterday says so: what it calls its first day is not today.
  const fresh = found.from === today;
  return (
    <>
      <div className="pad days">
        {found.days.map((row, i) => (
          <div key={row.day}>
            <div className="small dim">
              {fresh && i === 0 ? t("today.todayWord") : fresh && i === 1 ? t("today.tomorrowWord") : format.dayShort(row.day)}
            </div>
            {KINDS.filter((kind) => row.counts[kind] > 0).map((kind) => (
              <div key={kind} className="num">
                {t(`today.count.${kind}`, { count: row.counts[kind] })}
              </div>
            ))}
            {KINDS.every((kind) => row.counts[kind] === 0) ? <div className="dim">{t("today.quiet")}</div> : null}
          </div>
        ))}
      </div>
      {found.breaker === null ? null : (
        <div className="pad small warm">
          {t("today.breakerComes", { at: format.moment(found.breaker.at), count: found.breaker.suspensions, limit: found.breaker.limit })}
        </div>
      )}
      <div className="rows">
        {found.first.slice(0, SHOWN).map((each, i) => (
          <Link
            key={i}
            to="/customers/$ref"
            params={{ ref: each.customer }}
            className="row"
            style={{ gridTemplateColumns: "116px minmax(0,1fr) minmax(0,1fr)" }}
          >
            <span className="dim num small">{format.moment(each.at)}</span>
            <span className="clip">{each.name}</span>
            <span className="clip small">{say(each)}</span>
          </Link>
        ))}
      </div>
      {found.total > SHOWN ? <div className="pad small dim">{t("today.more", { count: found.total - SHOWN })}</div> : null}
    </>
  );
}
