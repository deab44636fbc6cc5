// The door: password, then the code of the second factor where there is one.
import { Button, PasswordInput, PinInput, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, must, Problem } from "../lib/api.ts";
import { currentLang, speak } from "../lib/i18n.ts";
import { Failure } from "../parts/page.tsx";

export function SignIn() {
  const { t } = useTranslation();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [step, setStep] = useState<"password" | "code">("password");
  const [error, setError] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { to } = useSearch({ from: "/sign-in" });
  const carry = async (work: () => Promise<"done" | "second_factor">): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      if ((await work()) === "second_factor") return setStep("code");
      queries.clear();
      await navigate({ to: to?.startsWith("/") ? to : "/" });
    } catch (caught) {
      if (caught instanceof Problem) setError(caught);
      else throw caught;
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void carry(async () => (await must(api.POST("/admin/sign-in", { body: { email, password } }))).next);
  };
  return (
    <Door title={step === "password" ? t("door.title") : t("door.codeTitle")}>
      {error ? <Failure error={error} /> : null}
      {step === "password" ? (
        <form onSubmit={submit} className="steps-list">
          <TextInput
            label={t("door.email")}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(e) => setEmail(e.currentTarget.value)}
            autoFocus
          />
          <PasswordInput
            label={t("door.password")}
            autoComplete="current-password"
            required
            value={password}
            onChange={(e) => setPassword(e.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth mt="sm">
            {t("door.go")}
          </Button>
          <p className="small dim">{t("door.lost")}</p>
        </form>
      ) : (
        <Code
          busy={busy}
          onCode={(code) => void carry(async () => (await must(api.POST("/admin/sign-in/code", { body: { code } }))).next)}
        />
      )}
    </Door>
  );
}

function Code({ busy, onCode }: { busy: boolean; onCode: (code: string) => void }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const [code, setCode] = useState("");
  return (
    <div className="steps-list">
      <p className="small dim">{kept ? t("door.keptHint") : t("door.codeHint")}</p>
      {kept ? (
        <TextInput label={t("door.kept")} value={code} onChange={(e) => setCode(e.currentTarget.value)} />
      ) : (
        <PinInput length={6} type="number" oneTimeCode autoFocus onComplete={onCode} disabled={busy} aria-label={t("door.codeTitle")} />
      )}
      {kept ? (
        <Button loading={busy} onClick={() => onCode(code)}>
          {t("door.go")}
        </Button>
      ) : null}
      <Button variant="subtle" size="compact-sm" onClick={() => setKept(!kept)}>
        {kept ? t("door.useApp") : t("door.useKept")}
      </Button>
    </div>
  );
}

export function Door({ title, children }: { title: string; children: React.ReactNode }) {
  const other = currentLang() === "en" ? "pt-BR" : "en";
  return (
    <main className="door" tabIndex={-1}>
      <div className="card">
        <img src={new URL("../icon.svg", import.meta.url).href} width={36} height={36} alt="Régua" />
        <h1 style={{ fontSize: 20, margin: "14px 0 16px" }}>{title}</h1>
        {children}
        <Button variant="subtle" color="gray" size="compact-xs" mt="md" onClick={() => void speak(other)}>
          {other === "en" ? "English" : "Português"}
        </Button>
      </div>
    </main>
  );
}
