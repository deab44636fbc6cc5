// Keys with which other systems act: made, shown once, revoked.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Empty, Failure } from "./page.tsx";

export function Keys() {
  const { t } = useTranslation();
  const format = useFormat();
  const keys = useQuery({ queryKey: ["keys"], queryFn: () => must(api.GET("/admin/keys")) });
  const revoke = useAct(
    (name: string) => must(api.POST("/admin/keys/{name}/revoke", { params: { path: { name } }, body: {} })),
    () => t("keys.revoked"),
  );
  if (keys.error) return <Failure error={keys.error} />;
  if (!keys.data) return <Bones />;
  return (
    <>
      <div className="card scroll-x" tabIndex={0}>
        {keys.data.keys.length === 0 ? (
          <Empty title={t("keys.none")}>{t("keys.noneNote")}</Empty>
        ) : (
          <table className="plain">
            <thead>
              <tr>
                <th>{t("keys.name")}</th>
                <th>{t("keys.may")}</th>
                <th>{t("keys.used")}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {keys.data.keys.map((key) => (
                <tr key={key.name}>
                  <td className="mono">{key.name}</td>
                  <td className="small">{key.scopes.map((scope) => t(`keys.scope.${scope}`)).join(", ")}</td>
                  <td className="small num">{key.lastUsedAt ? format.moment(key.lastUsedAt) : "–"}</td>
                  <td>
                    {key.revokedAt ? (
                      <span className="dim small">{t("keys.wasRevoked", { at: format.moment(key.revokedAt) })}</span>
                    ) : (
                      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => revoke.mutate(key.name)}>
                        {t("keys.revoke")}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <New />
    </>
  );
}

function New() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [writes, setWrites] = useState(true);
  const [key, setKey] = useState<string | null>(null);
  const add = useAct(() => must(api.POST("/admin/keys", { body: { name: name.trim(), scopes: writes ? ["read", "write"] : ["read"] } })));
  return (
    <>
      <form
        className="card pad"
        style={{ display: "flex", gap: 12, alignItems: "end", flexWrap: "wrap", marginTop: 16 }}
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(undefined, { onSuccess: (made) => setKey(made.key) });
        }}
      >
        <TextInput
          label={t("keys.name")}
          placeholder="whmcs"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox label={t("keys.writes")} checked={writes} onChange={(event) => setWrites(event.currentTarget.checked)} mb={8} />
        <Button type="submit" loading={add.isPending}>
          {t("keys.add")}
        </Button>
      </form>
      {key === null ? null : (
        <div className="note-box calm" role="status" style={{ marginTop: 12 }}>
          <div className="small dim">{t("keys.once")}</div>
          <code className="mono" style={{ overflowWrap: "anywhere" }}>
            {key}
          </code>
        </div>
      )}
    </>
  );
}
