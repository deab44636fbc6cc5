// Settings: who the provider is, what is set up and reached by a test, the team, keys of other systems, who changed what, and oneself.
import { Button, Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useMay, useMe } from "../lib/me.ts";
import { useAct } from "../lib/use.ts";
import { Empty, Failure, Page, Part, Waiting } from "../parts/page.tsx";
import { Keys } from "../parts/settings-keys.tsx";
import { Mine } from "../parts/settings-mine.tsx";
import { HouseRecord } from "../parts/settings-record.tsx";
import { Team } from "../parts/settings-team.tsx";
import { Webhooks } from "../parts/settings-webhooks.tsx";

type Found = AnswerOf<"/admin/settings", "get">;

export function Settings() {
  const { t } = useTranslation();
  const may = useMay();
  const settings = useQuery({ queryKey: ["settings"], queryFn: () => must(api.GET("/admin/settings")) });
  if (settings.error) return <Page title={t("nav.settings")}>{<Failure error={settings.error} />}</Page>;
  if (!settings.data) return <Waiting />;
  return (
    <Page title={t("nav.settings")} side={<span className="dim small">Régua {settings.data.version}</span>}>
      <Tabs defaultValue="installation" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="installation">{t("settings.installation")}</Tabs.Tab>
          <Tabs.Tab value="team">{t("settings.team")}</Tabs.Tab>
          {may("listApiKeys") ? <Tabs.Tab value="keys">{t("settings.keys")}</Tabs.Tab> : null}
          {may("listWebhooks") ? <Tabs.Tab value="webhooks">{t("settings.webhooks")}</Tabs.Tab> : null}
          {may("listRecord") ? <Tabs.Tab value="record">{t("settings.record")}</Tabs.Tab> : null}
          <Tabs.Tab value="mine">{t("settings.mine")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="installation" pt="md">
          <Installation found={settings.data} />
        </Tabs.Panel>
        <Tabs.Panel value="team" pt="md">
          <Team />
        </Tabs.Panel>
        <Tabs.Panel value="keys" pt="md">
          <Keys />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks" pt="md">
          <Webhooks />
        </Tabs.Panel>
        <Tabs.Panel value="record" pt="md">
          <HouseRecord />
        </Tabs.Panel>
        <Tabs.Panel value="mine" pt="md">
          <Mine />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Installation({ found }: { found: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { identity } = found;
  return (
    <div className="columns even">
      <Part title={t("settings.identity")} note={t("settings.identityNote")}>
        <div className="card pad">
          <dl className="facts">
            {(["name", "legalName", "taxId", "address", "email", "phone", "site"] as const).map((key) => (
              <div key={key} style={{ display: "contents" }}>
                <dt>{t(`settings.id.${key}`)}</dt>
                <dd>{identity[key] ?? "–"}</dd>
              </div>
            ))}
            <dt>{t("settings.zone")}</dt>
            <dd>{found.timeZone}</dd>
            <dt>{t("settings.mode")}</dt>
            <dd>{t(`settings.modeOf.${found.mode}`)}</dd>
          </dl>
        </div>
      </Part>
      <div>
        <Part title={t("settings.parts")} note={t("settings.partsNote")}>
          <div className="card rows">
            {found.parts.length === 0 ? <Empty title={t("settings.noParts")} /> : null}
            {found.parts.map((part) => (
              <PartRow key={`${part.kind} ${part.name}`} part={part} />
            ))}
          </div>
          <p className="dim small">{t(`settings.partsWhere.${found.mode}`)}</p>
        </Part>
        <Part title={t("settings.work")}>
          <div className="card pad">
            <dl className="facts">
              <dt>{t("settings.due")}</dt>
              <dd className="num">{format.number(found.due)}</dd>
              {found.outbox.map((row) => (
                <div key={row.kind} style={{ display: "contents" }}>
                  <dt>{t(`settings.outbox.${row.kind}`, { defaultValue: row.kind })}</dt>
                  <dd className="num">
                    {format.number(row.open)}{" "}
                    {row.oldestAt ? <span className="dim small">{t("services.since", { at: format.moment(row.oldestAt) })}</span> : null}
                  </dd>
                </div>
              ))}
              <dt>{t("settings.schema")}</dt>
              <dd className="small mono">{found.migrations[found.migrations.length - 1]}</dd>
            </dl>
          </div>
        </Part>
      </div>
    </div>
  );
}

function PartRow({ part }: { part: Found["parts"][number] }) {
  const { t } = useTranslation();
  const may = useMay();
  const [said, setSaid] = useState<AnswerOf<"/admin/settings/test", "post"> | null>(null);
  const test = useAct(() => must(api.POST("/admin/settings/test", { body: { kind: part.kind, name: part.name } })));
  const letter = useAct(() => must(api.POST("/admin/settings/letter")));
  const { email } = useMe();
  return (
    <div className="row" style={{ gridTemplateColumns: "minmax(0,1fr) fit-content(60%)" }}>
      <span>
        {t(`settings.kind.${part.kind}`)} <strong>{part.name}</strong>{" "}
        <span className="dim small">{part.detail === part.name ? "" : part.detail}</span>
        {said ? (
          <span className={`small ${said.outcome === "done" ? "good" : "warm"}`} style={{ display: "block" }} role="status">
            {t(`settings.outcome.${said.outcome}`)} {said.detail} <span className="dim num">{said.ms} ms</span>
          </span>
        ) : null}
      </span>
      <span style={{ display: "flex", flexWrap: "wrap", gap: 8, justifyContent: "flex-end" }}>
        {part.kind === "mail" && part.name === "email" && may("sendTestLetter") ? (
          <Button
            size="xs"
            variant="subtle"
            loading={letter.isPending}
            title={t("settings.letterTo", { email })}
            onClick={() => letter.mutate(undefined, { onSuccess: setSaid })}
          >
            {t("settings.letter")}
          </Button>
        ) : null}
        {may("testSetting") ? (
          <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate(undefined, { onSuccess: setSaid })}>
            {t("settings.test")}
          </Button>
        ) : null}
      </span>
    </div>
  );
}
