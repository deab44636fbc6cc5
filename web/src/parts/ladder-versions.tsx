// Versions of the policy: who kept each and when, which is in force, and putting another in force by a second person.
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useMay, useMe } from "../lib/me.ts";
import { actorName } from "../lib/say.ts";
import { useAct } from "../lib/use.ts";
import { Part } from "./page.tsx";

type Version = AnswerOf<"/admin/policies", "get">["versions"][number];

export function Versions({ versions, shown, onShow }: { versions: readonly Version[]; shown: string; onShow: (version: string) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Part title={t("versions.title")}>
      <div className="card scroll-x" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t("versions.version")}</th>
              <th>{t("versions.kept")}</th>
              <th>{t("versions.force")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {[...versions].reverse().map((row) => (
              <tr key={row.version}>
                <td>
                  <span className="mono">{row.version}</span>{" "}
                  {row.inForce ? <span className="tag good">{t("versions.inForce")}</span> : null}
                </td>
                <td className="small">
                  {format.moment(row.storedAt)} <span className="dim">{actorName(t, row.storedBy)}</span>
                </td>
                <td className="small">
                  {row.activatedAt ? format.moment(row.activatedAt) : "–"}{" "}
                  <span className="dim">{row.activatedBy ? actorName(t, row.activatedBy) : ""}</span>
                </td>
                <td>
                  {row.version === shown ? (
                    <Activate row={row} />
                  ) : (
                    <Button size="compact-sm" variant="subtle" onClick={() => onShow(row.version)}>
                      {t("versions.show")}
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Part>
  );
}

function Activate({ row }: { row: Version }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const me = useMe();
  const [on, setOn] = useState("");
  const activate = useAct(
    () =>
      must(api.POST("/admin/policies/{version}/activate", { params: { path: { version: row.version } }, body: on === "" ? {} : { on } })),
    ({ from, customers }) => t("versions.activated", { from: format.momentLong(from), count: customers }),
  );
  if (row.inForce) return <span className="small dim">{t("versions.shown")}</span>;
  if (!may("activatePolicy")) return null;
  if (row.storedBy === `staff:${me.email}`) return <span className="small warm">{t("versions.second")}</span>;
  return (
    <form
      style={{ display: "flex", gap: 8, alignItems: "center" }}
      onSubmit={(event) => {
        event.preventDefault();
        activate.mutate(undefined);
      }}
    >
      <TextInput size="xs" type="date" aria-label={t("versions.from")} value={on} onChange={(event) => setOn(event.currentTarget.value)} />
      <Button size="xs" type="submit" loading={activate.isPending}>
        {on === "" ? t("versions.now") : t("versions.onDay")}
      </Button>
    </form>
  );
}
