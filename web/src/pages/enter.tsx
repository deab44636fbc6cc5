// Coming in by a one-time link: what it is for, and who one is. The token stands behind the #, which no server ever sees in a log.
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api, must, Problem } from "../lib/api.ts";
import { currentLang } from "../lib/i18n.ts";
import { Failure } from "../parts/page.tsx";
import { Door } from "./sign-in.tsx";

export function Enter() {
  const { t } = useTranslation();
  const [token] = useState(() => location.hash.slice(1));
  const [person, setPerson] = useState({ name: "", email: "", password: "" });
  const [error, setError] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const invite = useQuery({
    queryKey: ["invite", token],
    queryFn: () => must(api.POST("/admin/invite", { body: { token } })),
    retry: false,
  });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await must(
        api.POST("/admin/invite/accept", {
          body: { token, ...person, ...(address === null ? {} : { email: address }), lang: currentLang() },
        }),
      );
      queries.clear();
      await navigate({ to: "/" });
    } catch (caught) {
      if (caught instanceof Problem) setError(caught);
      else throw caught;
    } finally {
      setBusy(false);
    }
  };
  const field = (name: keyof typeof person) => ({
    value: person[name],
    required: true,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setPerson((now) => ({ ...now, [name]: value }));
    },
  });
  // A link that was made for an address is for that address.
  const address = invite.data?.email ?? null;
  const meant = address === null ? {} : { value: address, readOnly: true };
  if (invite.error) return <Door title={t("door.welcome")}>{<Failure error={invite.error} />}</Door>;
  return (
    <Door title={t("door.welcome")}>
      <p className="small dim" style={{ marginTop: -8 }}>
        {invite.data ? t("door.asRole", { role: t(`role.${invite.data.role}`) }) : " "}
      </p>
      {error ? <Failure error={error} /> : null}
      <form onSubmit={(event) => void submit(event)} className="steps-list">
        <TextInput label={t("door.name")} autoComplete="name" autoFocus {...field("name")} />
        <TextInput label={t("door.email")} type="email" autoComplete="username" {...field("email")} {...meant} />
        <PasswordInput
          label={t("door.password")}
          description={t("door.passwordHint")}
          autoComplete="new-password"
          minLength={12}
          {...field("password")}
        />
        <Button type="submit" loading={busy} fullWidth mt="sm">
          {t("door.come")}
        </Button>
      </form>
    </Door>
  );
}
