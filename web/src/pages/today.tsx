// Today: what is owed and what came back, what waits for a person, and what comes today and tomorrow if nobody pays.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useMay, useMe } from "../lib/me.ts";
import { stepName } from "../lib/say.ts";
import { useAct, useToday } from "../lib/use.ts";
import { ComingPart } from "../parts/coming.tsx";
import { Bones, Empty, Failure, Figure, Page, Part, Waiting } from "../parts/page.tsx";
import { RunNow } from "../parts/run-now.tsx";

const ReceivedChart = lazy(() => import("../parts/received-chart.tsx"));

type TodayAnswer = AnswerOf<"/admin/today", "get">;

export function Today() {
  const { t } = useTranslation();
  const today = useToday();
  const format = useFormat();
  const { name } = useMe();
  if (today.error) return <Page title={t("today.title")}>{<Failure error={today.error} again={() => void today.refetch()} />}</Page>;
  if (!today.data) return <Waiting />;
  const { counts, recovered, received, today: day } = today.data;
  const yesterday = received[received.length - 2]?.cents ?? 0;
  const now = received[received.length - 1]?.cents ?? 0;
  return (
    <Page title={t("today.hello", { name: name.split(" ")[0] })} side={<span className="dim">{format.dayLong(day)}</span>}>
      <Breaker today={today.data} />
      <RunNow />
      <div className="figures">
        <Link to="/customers" search={{ filter: "late" }} className="figure">
          <Figure
            label={t("today.atRisk")}
            value={format.money(counts.lateCents)}
            note={t("today.lateCustomers", { count: counts.lateCustomers })}
          />
        </Link>
        <Link to="/reports" className="figure">
          <Figure
            label={t("today.recovered")}
            value={format.money(recovered.inThirtyDays)}
            note={t("today.recoveredNote", { count: recovered.invoices })}
          />
        </Link>
        <Link to="/reports" className="figure">
          <Figure label={t("today.received")} value={format.money(now + yesterday)} note={t("today.receivedNote")} />
        </Link>
        <Link to="/customers" search={{ filter: "suspended" }} className="figure">
          <Figure
            label={t("today.down")}
            value={format.number(counts.suspendedServices)}
            note={t("today.downNote", { count: counts.customers, n: format.number(counts.customers) })}
          />
        </Link>
      </div>
      <div className="columns">
        <div>
          <Asks today={today.data} />
          <ComingPart today={day} />
        </div>
        <div>
          <Part title={t("today.curve")} note={t("today.curveNote")}>
            <div className="card pad">
              <Suspense fallback={<Bones rows={3} />}>
                <ReceivedChart rows={received} />
              </Suspense>
            </div>
          </Part>
          <Sent notices={today.data.notices} />
        </div>
      </div>
    </Page>
  );
}

function Breaker({ today }: { today: TodayAnswer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const approve = useAct(
    () => must(api.POST("/admin/breaker/approve", { body: {} })),
    ({ released }) => t("today.breakerReleased", { count: released }),
  );
  if (today.breaker.trippedAt === null) return null;
  return (
    <div className="note-box" role="alert">
      <strong>{t("today.breaker")}</strong>
      <div>{t("today.breakerWhy", { at: format.moment(today.breaker.trippedAt), because: today.breaker.because ?? "" })}</div>
      {may("approveBreaker") ? (
        <Button size="xs" mt="xs" loading={approve.isPending} onClick={() => approve.mutate(undefined)}>
          {t("today.breakerApprove")}
        </Button>
      ) : null}
    </div>
  );
}

/** What waits for a person; each line opens its list. */
function Asks({ today }: { today: TodayAnswer }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { counts } = today;
  const lines = [
    { key: "claims", n: counts.claims, to: "/claims" as const },
    { key: "money", n: counts.waitingMoney, to: "/money" as const, note: format.money(counts.waitingCents) },
    { key: "attention", n: counts.attention, to: "/customers" as const, search: { filter: "attention" as const } },
    { key: "promises", n: counts.promisesDue, to: "/promises" as const },
    { key: "proposals", n: counts.proposals, to: "/customers" as const, search: { filter: "attention" as const } },
    { key: "writeOffs", n: counts.writeOffs, to: "/money" as const },
    { key: "undeliverable", n: counts.undeliverable, to: "/customers" as const, search: { filter: "attention" as const } },
    { key: "webhooks", n: counts.webhooksStopped, to: "/settings" as const },
  ].filter(({ n }) => n > 0);
  return (
    <Part title={t("today.asks")}>
      <div className="card rows">
        {lines.length === 0 ? (
          <Empty title={t("today.nothingAsks")}>{t("today.nothingAsksNote")}</Empty>
        ) : (
          lines.map(({ key, n, to, search, note }) => (
            <Link
              key={key}
              to={to}
              {...(search ? { search } : {})}
              className="row"
              style={{ gridTemplateColumns: "44px minmax(0,1fr) auto" }}
            >
              <span className="num" style={{ fontSize: 18, fontWeight: 600 }}>
                {format.number(n)}
              </span>
              <span>
                {t(`today.ask.${key}`, { count: n })}
                <span className="dim small" style={{ display: "block" }}>
                  {t(`today.askWhy.${key}`)}
                </span>
              </span>
              <span className="dim num small">{note}</span>
            </Link>
          ))
        )}
      </div>
    </Part>
  );
}

function Sent({ notices }: { notices: TodayAnswer["notices"] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Part title={t("today.sent")} note={t("today.sentNote")}>
      <div className="card">
        {notices.length === 0 ? (
          <Empty title={t("today.nothingSent")} />
        ) : (
          <table className="plain">
            <tbody>
              {notices.map((row) => (
                <tr key={row.step}>
                  <td>{stepName(t, row.step)}</td>
                  <td className="r">{format.number(row.accepted)}</td>
                  <td className="small dim">
                    {row.undeliverable > 0 ? (
                      <span className="warm">{t("today.undeliverable", { count: row.undeliverable })}</span>
                    ) : row.pending > 0 ? (
                      t("today.pending", { count: row.pending })
                    ) : (
                      t("today.accepted")
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Part>
  );
}
