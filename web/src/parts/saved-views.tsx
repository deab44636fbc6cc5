// Filters of the customers' list under a name, one's own: opened, kept, renamed, deleted. What is deleted leaves its filters in the address.
import { ActionIcon, Button, Popover, TextInput } from "@mantine/core";
import { IconBookmarkPlus, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomersSearch } from "../app/search.ts";
import { api, must, type SavedView } from "../lib/api.ts";
import { useAct } from "../lib/use.ts";

const PARTS = ["filter", "search", "daysFrom", "daysTo"] as const;
const same = (a: CustomersSearch, b: CustomersSearch): boolean =>
  PARTS.every((part) => (part === "filter" ? shown(a) === shown(b) : a[part] === b[part]));
/** What the list shows where the address names no filter. */
const shown = ({ filter, search }: CustomersSearch): string => filter ?? (search === undefined ? "late" : "all");

export function SavedViews({ search }: { search: CustomersSearch }) {
  const { t } = useTranslation();
  const kept = useQuery({ queryKey: ["views"], queryFn: () => must(api.GET("/admin/me/views")), staleTime: 60_000 });
  const views = kept.data?.views ?? [];
  const here = views.find((view) => same(view.search, search));
  return (
    <div className="pills views" role="group" aria-label={t("views.title")}>
      {views.map((view) => (
        <Link
          key={view.id}
          to="/customers"
          search={view.search}
          className="pill"
          activeOptions={{ exact: true }}
          aria-current={view.id === here?.id ? "page" : undefined}
        >
          {view.name}
        </Link>
      ))}
      {here ? <Change key={here.id} view={here} /> : <Keep search={search} ready={kept.isSuccess} />}
    </div>
  );
}

function Keep({ search, ready }: { search: CustomersSearch; ready: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const save = useAct(
    (name: string) => must(api.POST("/admin/me/views", { body: { name, search } })),
    ({ name }) => t("views.saved", { name }),
  );
  return (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus withinPortal position="bottom-start">
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          disabled={!ready}
          leftSection={<IconBookmarkPlus size={16} aria-hidden />}
          onClick={() => setOpen(!open)}
        >
          {t("views.keep")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="steps-list"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate(name.trim(), {
              onSuccess: () => {
                setOpen(false);
                setName("");
              },
            });
          }}
        >
          <TextInput
            label={t("views.name")}
            maxLength={60}
            required
            value={name}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {t("views.go")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

function Change({ view }: { view: SavedView }) {
  const { t } = useTranslation();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState(view.name);
  const path = { id: view.id };
  const rename = useAct(
    (name: string) => must(api.POST("/admin/me/views/{id}/rename", { params: { path }, body: { name } })),
    () => t("views.renamed"),
  );
  const forget = useAct(
    () => must(api.POST("/admin/me/views/{id}/forget", { params: { path }, body: {} })),
    () => t("views.forgotten", { name: view.name }),
  );
  if (naming)
    return (
      <form
        className="views-name"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate(name.trim(), { onSuccess: () => setNaming(false) });
        }}
      >
        <TextInput
          size="xs"
          aria-label={t("views.name")}
          maxLength={60}
          value={name}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => (event.key === "Escape" ? setNaming(false) : undefined)}
        />
        <Button size="xs" type="submit" loading={rename.isPending} disabled={name.trim() === ""}>
          {t("views.rename")}
        </Button>
      </form>
    );
  return (
    <>
      <ActionIcon variant="subtle" color="gray" aria-label={t("views.renameOne", { name: view.name })} onClick={() => setNaming(true)}>
        <IconPencil size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("views.forgetOne", { name: view.name })}
        loading={forget.isPending}
        onClick={() => forget.mutate(undefined)}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </>
  );
}
