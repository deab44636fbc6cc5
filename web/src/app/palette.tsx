// The command palette: one box that finds customers, numbers and pages. ⌘K or / opens it from anywhere.
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight } from "@mantine/spotlight";
import { IconArrowRight, IconFileInvoice, IconSearch, IconUser } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, must, type Matter } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { usePaletteChoice } from "./palette-choice.ts";
import { PLACES } from "./places.ts";

const LIST = "palette-list";

export default function Palette() {
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 120);
  const { t } = useTranslation();
  const navigate = useNavigate();
  const toCustomer = (ref: string): Promise<void> => navigate({ to: "/customers/$ref", params: { ref } });
  const choice = usePaletteChoice();
  const format = useFormat();
  const owes = ({ ref, owedCents, daysPastDue }: Matter): string =>
    `${ref} · ${owedCents === 0 ? t("matter.nothingOwed") : `${format.money(owedCents)} · ${t("matter.days", { count: daysPastDue ?? 0 })}`}`;
  const found = useQuery({
    queryKey: ["find", asked],
    queryFn: () => must(api.GET("/admin/find", { params: { query: { text: asked } } })),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  });
  const places = PLACES.filter(({ key }) => t(`nav.${key}`).toLowerCase().includes(text.trim().toLowerCase()));
  const { customers, exact } = asked.length > 1 && found.data ? found.data : { customers: [], exact: [] };
  const numbers = exact.filter((hit) => hit.kind !== "customer");
  const rows = numbers.length + customers.length + places.length;
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut={["mod + K"]}
      clearQueryOnClose
      transitionProps={{ duration: 90 }}
      title={t("find.box")}
      classNames={{ header: "sr" }}
    >
      <Spotlight.Search
        placeholder={t("find.box")}
        leftSection={<IconSearch size={18} />}
        aria-label={t("find.box")}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={rows > 0}
        aria-controls={LIST}
        aria-activedescendant={rows > 0 ? choice.active : undefined}
      />
      <Spotlight.ActionsList>
        <div id={LIST} ref={choice.list} role={rows > 0 ? "listbox" : undefined} aria-label={rows > 0 ? t("find.box") : undefined}>
          <Rows
            label={t("find.numbers")}
            rows={numbers.map((hit) => ({
              key: `${hit.kind} ${hit.value} ${hit.customer}`,
              label: `${t(`find.kind.${hit.kind}`)} ${hit.value}`,
              description: hit.name ?? t("find.nobody"),
              icon: IconFileInvoice,
              go: () => (hit.customer === null ? navigate({ to: "/money" }) : toCustomer(hit.customer)),
            }))}
          />
          <Rows
            label={t("nav.customers")}
            rows={customers.map((customer) => ({
              key: customer.ref,
              label: customer.name,
              description: owes(customer),
              icon: IconUser,
              go: () => toCustomer(customer.ref),
            }))}
          />
          <Rows
            label={t("nav.places")}
            rows={places.map(({ to, key }) => ({ key: to, label: t(`nav.${key}`), icon: IconArrowRight, go: () => navigate({ to }) }))}
          />
        </div>
        {rows === 0 ? <Spotlight.Empty role="status">{t("find.nothing")}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

interface Row {
  key: string;
  label: string;
  description?: string;
  icon: typeof IconUser;
  go: () => Promise<void>;
}

/** Rows of one kind under their name; nothing where there are none. */
function Rows({ label, rows }: { label: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <Spotlight.ActionsGroup role="group" aria-label={label} label={label}>
      {rows.map(({ key, label: text, description, icon: Icon, go }) => (
        <Spotlight.Action
          role="option"
          key={key}
          label={text}
          description={description}
          leftSection={<Icon size={18} />}
          onClick={() => void go()}
        />
      ))}
    </Spotlight.ActionsGroup>
  );
}
