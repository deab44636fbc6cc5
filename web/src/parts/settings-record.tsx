// The record of the house: who changed who may do what, newest first, a page at a time.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { actorName } from "../lib/say.ts";
import { Bones, Empty, Failure } from "./page.tsx";

const PAGE = 50;

export function HouseRecord() {
  const { t } = useTranslation();
  const format = useFormat();
  const record = useInfiniteQuery({
    queryKey: ["record", currentLang()],
    queryFn: ({ pageParam }) =>
      must(api.GET("/admin/record", { params: { query: { limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  if (record.error) return <Failure error={record.error} />;
  if (!record.data) return <Bones />;
  const rows = record.data.pages.flatMap((page) => page.record);
  return (
    <>
      <p className="dim small">{t("record.note")}</p>
      {rows.length === 0 ? (
        <div className="card">
          <Empty title={t("record.none")}>{t("record.noneNote")}</Empty>
        </div>
      ) : (
        <ol className="card rows bare" aria-label={t("settings.record")}>
          {rows.map((row) => (
            <li className="row" key={row.seq}>
              <span>{row.sentence}</span>
              <span className="dim small">
                <time dateTime={row.at}>
                  {format.day(format.dayOf(row.at))}, {format.time(row.at)}
                </time>{" "}
                · {actorName(t, row.actor)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {record.hasNextPage ? (
        <Button mt="sm" size="xs" variant="default" loading={record.isFetchingNextPage} onClick={() => void record.fetchNextPage()}>
          {t("record.older")}
        </Button>
      ) : null}
    </>
  );
}
