// The team: who may come in, by which role, and one-time links for colleagues.
import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type AnswerOf } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useMay, useMe } from "../lib/me.ts";
import { useAct } from "../lib/use.ts";
import { Bones, Failure, Part } from "./page.tsx";
import { ShownOnce } from "./shown-once.tsx";

const ROLES = ["owner", "finance", "support", "auditor"] as const;
type Role = (typeof ROLES)[number];
type Member = AnswerOf<"/admin/team", "get">["staff"][number];

export function Team() {
  const { t } = useTranslation();
  const may = useMay();
  const team = useQuery({ queryKey: ["team"], queryFn: () => must(api.GET("/admin/team")) });
  if (team.error) return <Failure error={team.error} />;
  if (!team.data) return <Bones />;
  return (
    <>
      <div className="card scroll-x" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t("team.who")}</th>
              <th>{t("team.role")}</th>
              <th>{t("team.factor")}</th>
              <th>{t("team.seen")}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {team.data.staff.map((member) => (
              <MemberRow key={member.id} member={member} />
            ))}
          </tbody>
        </table>
      </div>
      <dl className="facts small" style={{ marginTop: 16 }}>
        {ROLES.map((role) => (
          <div key={role} style={{ display: "contents" }}>
            <dt>{t(`role.${role}`)}</dt>
            <dd className="dim">{t(`team.may.${role}`)}</dd>
          </div>
        ))}
      </dl>
      {may("inviteStaff") ? <Invite /> : null}
    </>
  );
}

function MemberRow({ member }: { member: Member }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const me = useMe();
  const change = useAct(
    (body: { role?: Role; disabled?: boolean }) => must(api.POST("/admin/team/{id}", { params: { path: { id: member.id } }, body })),
    () => t("team.changed"),
  );
  const other = may("changeStaff") && member.email !== me.email;
  return (
    <tr>
      <td>
        {member.name} <div className="small dim">{member.email}</div>
      </td>
      <td>
        {other && member.disabledAt === null ? (
          <Select
            size="xs"
            w={150}
            aria-label={t("team.roleOf", { name: member.name })}
            allowDeselect={false}
            data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
            value={member.role}
            onChange={(role) => change.mutate({ role: role as Role })}
          />
        ) : (
          t(`role.${member.role}`)
        )}
      </td>
      <td>{member.twoFactor ? <span className="tag good">{t("team.on")}</span> : <span className="tag">{t("team.off")}</span>}</td>
      <td className="small num">{member.lastSeenAt ? format.moment(member.lastSeenAt) : "–"}</td>
      <td>
        {other ? (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => change.mutate({ disabled: member.disabledAt === null })}>
            {member.disabledAt === null ? t("team.disable") : t("team.enable")}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}

function Invite() {
  const { t } = useTranslation();
  const format = useFormat();
  const [role, setRole] = useState<Role>("support");
  const [email, setEmail] = useState("");
  const [link, setLink] = useState<{ url: string; expiresAt: string } | null>(null);
  const invite = useAct(() =>
    must(api.POST("/admin/team/invite", { body: { role, ...(email.trim() === "" ? {} : { email: email.trim() }) } })),
  );
  return (
    <Part title={t("team.invite")} note={t("team.inviteNote")}>
      <form
        className="card pad"
        style={{ display: "flex", gap: 12, alignItems: "end", flexWrap: "wrap" }}
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate(undefined, { onSuccess: ({ path, expiresAt }) => setLink({ url: `${location.origin}${path}`, expiresAt }) });
        }}
      >
        <Select
          label={t("team.role")}
          allowDeselect={false}
          data={ROLES.map((each) => ({ value: each, label: t(`role.${each}`) }))}
          value={role}
          onChange={(value) => setRole(value as Role)}
        />
        <TextInput label={t("team.email")} type="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <Button type="submit" loading={invite.isPending}>
          {t("team.makeLink")}
        </Button>
      </form>
      {link ? <ShownOnce note={t("team.linkOnce", { until: format.momentLong(link.expiresAt) })} value={link.url} /> : null}
    </Part>
  );
}
