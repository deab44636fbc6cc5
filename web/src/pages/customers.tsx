// Customers: filters in the address, a list that draws only what is seen and reads on as it is scrolled.
import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { FILTERS, type CustomersSearch } from "../app/search.ts";
import { api, must } from "../lib/api.ts";
import { currentLang } from "../lib/i18n.ts";
import { useChosen } from "../lib/chosen.ts";
import { useMay, useMe } from "../lib/me.ts";
import { ManyBar } from "../parts/many-bar.tsx";
import { PickAll, Pickable, useChoosing } from "../parts/many-rows.tsx";
import { MatterRow } from "../parts/matter-row.tsx";
import { Bones, Empty, Failure, Page } from "../parts/page.tsx";
import { SavedViews } from "../parts/saved-views.tsx";

const PAGE = 60;
const ROW_PX = 64;

function useMatters(search: CustomersSearch) {
  const { filter = "late", ...rest } = search;
  return useInfiniteQuery({
    queryKey: ["matters", filter, rest, currentLang()],
    queryFn: ({ pageParam }) =>
      must(
        api.GET("/admin/matters", {
          params: {
            query: {
              filter: search.search ? (search.filter ?? "all") : filter,
              limit: PAGE,
              ...rest,
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
}

export function Customers() {
  const { t } = useTranslation();
  const search = useSearch({ from: "/frame/customers" });
  const navigate = useNavigate({ from: "/customers" });
  const [text, setText] = useState(search.search ?? "");
  const look = useDebouncedCallback((value: string) => {
    void navigate({
      search: (now) => ({ ...now, search: value.trim() === "" ? undefined : value.trim() }),
      replace: true,
    });
  }, 200);
  const matters = useMatters(search);
  const shown = search.search ? search.filter : (search.filter ?? "late");
  return (
    <Page title={t("nav.customers")}>
      <div style={{ display: "flex", gap: 12, flexWrap: "wrap", marginBottom: 14, alignItems: "center" }}>
        <TextInput
          aria-label={t("customers.search")}
          placeholder={t("customers.search")}
          leftSection={<IconSearch size={16} />}
          value={text}
          w={320}
          maw="100%"
          onChange={(event) => {
            setText(event.currentTarget.value);
            look(event.currentTarget.value);
          }}
        />
        <div className="pills" role="group" aria-label={t("customers.filters")}>
          {FILTERS.map((filter) => (
            <button
              key={filter}
              type="button"
              className="pill"
              aria-pressed={shown === filter}
              onClick={() => void navigate({ search: (now) => ({ ...(now.search ? { search: now.search } : {}), filter }) })}
            >
              {t(`customers.filter.${filter}`)}
            </button>
          ))}
        </div>
        {search.daysFrom === undefined && search.daysTo === undefined ? null : (
          <span className="tag accent">
            {search.daysTo === undefined
              ? t("customers.ageOver", { from: search.daysFrom })
              : t("customers.age", { from: search.daysFrom ?? 0, to: search.daysTo })}
          </span>
        )}
      </div>
      <SavedViews search={search} />
      {matters.error ? (
        <Failure error={matters.error} again={() => void matters.refetch()} />
      ) : (
        <List matters={matters} text={search.search} />
      )}
    </Page>
  );
}

function List({ matters, text }: { matters: ReturnType<typeof useMatters>; text: string | undefined }) {
  const { t } = useTranslation();
  const list = useRef<HTMLDivElement>(null);
  const rows = matters.data?.pages.flatMap((page) => page.customers) ?? [];
  const ladder = matters.data?.pages[0]?.ladder ?? [];
  const mayAct = useMay()("actOnMany");
  const { chosen } = useChosen(useMe().email);
  const choosing = useChoosing(rows, chosen);
  const lines = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: list.current?.offsetTop ?? 0,
    measureElement: (element) => element.getBoundingClientRect().height,
  });
  const items = lines.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = matters;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - PAGE / 2) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, last, rows.length, fetchNextPage]);
  if (matters.isPending) return <div className="card">{<Bones rows={8} />}</div>;
  const bar = mayAct ? <ManyBar shown={new Set(rows.map((row) => row.ref))} /> : null;
  if (rows.length === 0)
    return (
      <>
        <div className="card">
          <Empty title={text ? t("customers.noneFound", { text }) : t("customers.none")}>
            {text ? t("customers.noneFoundHint") : t("customers.noneHint")}
          </Empty>
        </div>
        {bar}
      </>
    );
  return (
    <>
      <div className="card">
        {mayAct ? <PickAll rows={rows} chosen={chosen} /> : null}
        <div ref={list} style={{ height: lines.getTotalSize(), position: "relative" }} onKeyDown={choosing.onKeyDown}>
          {items.map((item) => {
            const matter = rows[item.index];
            return matter ? (
              <div
                key={matter.ref}
                data-index={item.index}
                ref={lines.measureElement}
                style={{
                  position: "absolute",
                  insetInline: 0,
                  top: 0,
                  transform: `translateY(${item.start - lines.options.scrollMargin}px)`,
                  borderTop: item.index === 0 ? 0 : "1px solid var(--line)",
                }}
              >
                {mayAct ? (
                  <Pickable matter={matter} index={item.index} choosing={choosing}>
                    <MatterRow matter={matter} ladder={ladder} />
                  </Pickable>
                ) : (
                  <MatterRow matter={matter} ladder={ladder} />
                )}
              </div>
            ) : null;
          })}
        </div>
      </div>
      <p className="small dim" aria-live="polite">
        {hasNextPage ? t("customers.more", { count: rows.length }) : t("customers.all", { count: rows.length })}
      </p>
      {bar}
    </>
  );
}
