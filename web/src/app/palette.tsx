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

/** What fits the text: customers and numbers of the server's once it stands still for a moment, pages at once. */
function useFound(text: string) {
  const [asked] = useDebouncedValue(text.trim(), 120);
  const { t } = useTranslation();
  const found = useQuery({
    queryKey: ["find", asked],
    queryFn: () => must(api.GET("/admin/find", { params: { query: { text: asked } } })),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  });
  const places = PLACES.filter(({ key }) => t(`nav.${key}`).toLowerCase().includes(text.trim().toLowerCase()));
  const { customers, exact } = asked.length > 1 && found.data ? found.data : { customers: [], exact: [] };
  const numbers = exact.filter((hit) => hit.kind !== "customer");
  return { customers, numbers, places, rows: numbers.length + customers.length + places.length };
}

/** A customer's number and what they owe, in a few words. */
function useOwes(): (matter: Matter) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ ref, owedCents, daysPastDue }) =>
    `${ref} · ${owedCents === 0 ? t("matter.nothingOwed") : `${format.money(owedCents)} · ${t("matter.days", { count: daysPastDue ?? 0 })}`}`;
}

export default function Palette() {
  const [text, setText] = useState("");
  const { t } = useTranslation();
  const navigate = useNavigate();
  const choice = usePaletteChoice();
  const owes = useOwes();
  const { customers, numbers, places, rows } = useFound(text);
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
          {numbers.length > 0 ? (
            <Spotlight.ActionsGroup role="group" aria-label={t("find.numbers")} label={t("find.numbers")}>
              {numbers.map((hit) => (
                <Spotlight.Action
                  role="option"
                  key={`${hit.kind} ${hit.value} ${hit.customer}`}
                  label={`${t(`find.kind.${hit.kind}`)} ${hit.value}`}
                  description={hit.name ?? t("find.nobody")}
                  leftSection={<IconFileInvoice size={18} />}
                  onClick={() =>
                    void (hit.customer === null
                      ? navigate({ to: "/money" })
                      : navigate({ to: "/customers/$ref", params: { ref: hit.customer } }))
                  }
                />
              ))}
            </Spotlight.ActionsGroup>
          ) : null}
          {customers.length > 0 ? (
            <Spotlight.ActionsGroup role="group" aria-label={t("nav.customers")} label={t("nav.customers")}>
              {customers.map((customer) => (
                <Spotlight.Action
                  role="option"
                  key={customer.ref}
                  label={customer.name}
                  description={owes(customer)}
                  leftSection={<IconUser size={18} />}
                  onClick={() => void navigate({ to: "/customers/$ref", params: { ref: customer.ref } })}
                />
              ))}
            </Spotlight.ActionsGroup>
          ) : null}
          {places.length > 0 ? (
            <Spotlight.ActionsGroup role="group" aria-label={t("nav.places")} label={t("nav.places")}>
              {places.map(({ to, key }) => (
                <Spotlight.Action
                  role="option"
                  key={to}
                  label={t(`nav.${key}`)}
                  leftSection={<IconArrowRight size={18} />}
                  onClick={() => void navigate({ to })}
                />
              ))}
            </Spotlight.ActionsGroup>
          ) : null}
        </div>
        {rows === 0 ? <Spotlight.Empty role="status">{t("find.nothing")}</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
