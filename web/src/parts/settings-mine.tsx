// Oneself: the second factor with its codes kept for a lost phone, and where one is signed in.
import { Button, PasswordInput, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import qrcode from "qrcode-generator";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useLetters } from "../lib/keys.tsx";
import { useMe } from "../lib/me.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Failure, Part } from "./page.tsx";

export function Mine() {
  return (
    <div className="columns even">
      <Factor />
      <div>
        <Sessions />
        <Letters />
      </div>
    </div>
  );
}

function Factor() {
  const { t } = useTranslation();
  const { twoFactor } = useMe();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [begun, setBegun] = useState<{ uri: string; codes: string[] } | null>(null);
  const begin = useAct(() => must(api.POST("/admin/me/second-factor", { body: { password } })));
  const confirm = useAct(
    () => must(api.POST("/admin/me/second-factor/confirm", { body: { code } })),
    () => t("mine.factorOn"),
  );
  const end = useAct(
    () => must(api.POST("/admin/me/second-factor/end", { body: { password } })),
    () => t("mine.factorOff"),
  );
  if (begun && !twoFactor)
    return (
      <Part title={t("mine.factor")}>
        <form
          className="card pad steps-list"
          onSubmit={(event) => {
            event.preventDefault();
            confirm.mutate(undefined, { onSuccess: () => setBegun(null) });
          }}
        >
          <p className="small">{t("mine.scan")}</p>
          <Qr text={begun.uri} />
          <p className="small dim">{t("mine.codes")}</p>
          <code className="mono letter">{begun.codes.join("\n")}</code>
          <TextInput
            label={t("mine.firstCode")}
            inputMode="numeric"
            pattern="[0-9]{6}"
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          <Button type="submit" loading={confirm.isPending}>
            {t("mine.turnOn")}
          </Button>
        </form>
      </Part>
    );
  return (
    <Part title={t("mine.factor")}>
      <form
        className="card pad steps-list"
        onSubmit={(event) => {
          event.preventDefault();
          if (twoFactor) end.mutate(undefined, { onSuccess: () => setPassword("") });
          else begin.mutate(undefined, { onSuccess: setBegun });
        }}
      >
        <p className="small dim" style={{ margin: 0 }}>
          {twoFactor ? t("mine.isOn") : t("mine.isOff")}
        </p>
        <PasswordInput
          label={t("door.password")}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" variant={twoFactor ? "default" : "filled"} loading={begin.isPending || end.isPending}>
          {twoFactor ? t("mine.turnOff") : t("mine.begin")}
        </Button>
      </form>
    </Part>
  );
}

function Letters() {
  const { t } = useTranslation();
  const [on, turn] = useLetters();
  return (
    <Part title={t("mine.keys")}>
      <div className="card pad">
        <Switch
          label={t("mine.letters")}
          description={t("mine.lettersNote")}
          checked={on}
          onChange={(event) => turn(event.currentTarget.checked)}
        />
      </div>
    </Part>
  );
}

/** Dark on light in both schemes: cameras read it so. */
function Qr({ text }: { text: string }) {
  const { t } = useTranslation();
  const code = qrcode(0, "M");
  code.addData(text);
  code.make();
  const size = code.getModuleCount();
  const path = Array.from({ length: size * size }, (_, i) =>
    code.isDark(Math.floor(i / size), i % size) ? `M${i % size} ${Math.floor(i / size)}h1v1h-1z` : "",
  ).join("");
  return (
    <svg
      viewBox={`-2 -2 ${size + 4} ${size + 4}`}
      width={190}
      role="img"
      aria-label={t("mine.qr")}
      style={{ background: "#fff", borderRadius: 8 }}
    >
      <path d={path} fill="#111" />
    </svg>
  );
}

function Sessions() {
  const { t } = useTranslation();
  const format = useFormat();
  const sessions = useQuery({ queryKey: ["sessions"], queryFn: () => must(api.GET("/admin/me/sessions")) });
  const end = useAct(
    (id: string) => must(api.POST("/admin/me/sessions/{id}/end", { params: { path: { id } }, body: {} })),
    () => t("mine.ended"),
  );
  const others = useAct(
    () => must(api.POST("/admin/me/sessions/end-others", { body: {} })),
    ({ ended }) => t("mine.endedOthers", { count: ended }),
  );
  if (sessions.error) return <Failure error={sessions.error} />;
  if (!sessions.data) return <Bones />;
  return (
    <Part
      title={t("mine.sessions")}
      side={
        sessions.data.sessions.length > 1 ? (
          <Button size="compact-sm" variant="default" onClick={() => others.mutate(undefined)}>
            {t("mine.endOthers")}
          </Button>
        ) : null
      }
    >
      <div className="card rows">
        {sessions.data.sessions.map((session) => (
          <div key={session.id} className="row" style={{ gridTemplateColumns: "minmax(0,1fr) auto" }}>
            <span className="small">
              <span className="clip" style={{ display: "block" }} title={session.agent ?? ""}>
                {session.agent ?? t("mine.unknownAgent")}
              </span>
              <span className="dim num">
                {session.ip} · {t("mine.used", { when: format.moment(session.seenAt) })}
              </span>
            </span>
            {session.current ? (
              <span className="tag accent">{t("mine.here")}</span>
            ) : (
              <Button size="compact-sm" variant="subtle" color="gray" onClick={() => end.mutate(session.id)}>
                {t("mine.end")}
              </Button>
            )}
          </div>
        ))}
      </div>
    </Part>
  );
}
