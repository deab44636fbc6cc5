// An act on many customers, in the panel at the side: what is asked for, what it will change for each, and afterwards how it ended.
import { Button, Drawer, Select, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type BulkAct } from "../lib/api.ts";
import { choose, keepLast, type LastAct, type ManyAct } from "../lib/chosen.ts";
import { addDays, useFormat } from "../lib/format.ts";
import { currentLang } from "../lib/i18n.ts";
import { useMe } from "../lib/me.ts";
import { useAct } from "../lib/use.ts";
import { Reason } from "./act-form.tsx";
import { Foreseen } from "./many-foreseen.tsx";
import { ManyResult } from "./many-result.tsx";
import { Bones, Failure } from "./page.tsx";

/** Whom it is for is kept as it was when the panel was opened; or the result of the last act. */
export type Open = { act: ManyAct; people: readonly { ref: string; name: string }[] } | "last";

export function ManyPanel({ open, last, onOpen }: { open: Open | null; last: LastAct | null; onOpen: (open: Open | null) => void }) {
  const { t } = useTranslation();
  const act = open === "last" ? last?.act : open?.act;
  return (
    <Drawer
      opened={open !== null}
      onClose={() => onOpen(null)}
      position="right"
      size={560}
      title={act === undefined ? "" : t(`many.${act}.title`)}
      closeButtonProps={{ "aria-label": t("act.close") }}
    >
      {open === "last" ? (
        last && <ManyResult last={last} />
      ) : open === null ? null : (
        <Ask key={open.act} act={open.act} people={open.people} done={() => onOpen("last")} />
      )}
    </Drawer>
  );
}

const KINDS = ["manual", "dispute"] as const;
/** A hold on collection must end; two weeks is what the single act proposes too. */
const HOLD_DAYS = 14;

function Ask({ act, people, done }: { act: ManyAct; people: readonly { ref: string; name: string }[]; done: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const today = format.dayOf(useMe().now);
  const [kind, setKind] = useState<(typeof KINDS)[number]>("manual");
  const [until, setUntil] = useState(act === "hold" ? addDays(today, HOLD_DAYS) : "");
  const [reason, setReason] = useState("");
  const asked = askedOf(act, kind, until);
  const { preview, passing, carryOut, ready } = useMany(
    people.map(({ ref }) => ref),
    asked,
    reason.trim(),
  );
  return (
    <form
      className="steps-list"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        carryOut.mutate(undefined, {
          onSuccess: (answer) => {
            keepLast({ act, done: answer, undone: null });
            choose(
              answer.rows.filter((row) => row.refused === null),
              false,
            );
            done();
          },
        });
      }}
    >
      <p className="small dim" style={{ margin: 0 }}>
        {t(`many.${act}.what`)}
      </p>
      {act === "time" ? null : (
        <Select
          label={t("many.kind")}
          data={KINDS.map((each) => ({ value: each, label: t(`hold.${each}`) }))}
          value={kind}
          allowDeselect={false}
          onChange={(value) => setKind(value as typeof kind)}
        />
      )}
      {act === "lift" ? null : (
        <TextInput
          type="date"
          label={t(act === "hold" ? "books.until" : "act.time.until")}
          {...(act === "hold" ? {} : { description: t("act.time.untilHint") })}
          required={act === "hold"}
          min={today}
          value={until}
          onChange={(event) => setUntil(event.currentTarget.value)}
        />
      )}
      <Reason value={reason} onChange={setReason} />
      <section aria-label={t("act.will")} aria-busy={preview.isFetching}>
        {preview.error ? (
          <Failure error={preview.error} again={() => void preview.refetch()} />
        ) : preview.data ? (
          <Foreseen act={act} rows={preview.data.rows} />
        ) : (
          <Bones rows={Math.min(people.length, 6)} />
        )}
      </section>
      <div className="many-go">
        <Button type="submit" fullWidth loading={carryOut.isPending} disabled={!ready}>
          {t(`many.${act}.go`, { count: passing.length })}
        </Button>
      </div>
    </form>
  );
}

/** What it would change, and doing it for those it changes. */
function useMany(refs: readonly string[], asked: BulkAct | null, reason: string) {
  const preview = useQuery({
    queryKey: ["many", refs, asked, currentLang()],
    queryFn: () => must(api.POST("/admin/bulk/preview", { body: { customers: [...refs], act: asked as BulkAct } })),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
  });
  const passing = preview.data?.rows.filter((row) => row.refused === null).map(({ ref }) => ref) ?? [];
  const body = { customers: passing, act: asked as BulkAct, reason };
  const said = JSON.stringify(body);
  // The same request keeps its key: sent again after a broken connection, it changes nothing twice.
  const key = useMemo(() => ({ said, value: crypto.randomUUID() }), [said]);
  const carryOut = useAct(() => must(api.POST("/admin/bulk", { body, headers: { "idempotency-key": key.value } })));
  const ready = asked !== null && reason !== "" && passing.length > 0 && !preview.isFetching && !preview.error;
  return { preview, passing, carryOut, ready };
}

/** Null while what was typed is not enough to ask. */
function askedOf(act: ManyAct, kind: (typeof KINDS)[number], until: string): BulkAct | null {
  if (act === "lift") return { act, kind };
  if (act === "time") return until === "" ? { act } : { act, until };
  return until === "" ? null : { act, kind, until };
}
