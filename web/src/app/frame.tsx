// The frame that all pages stand in: places on the left, search on top, the page beside; on a phone the places are at the thumb.
import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { IconLanguage, IconLayoutList, IconLogout, IconMoon, IconSearch, IconSun, IconUser, IconSettings } from "@tabler/icons-react";
import { Link, Navigate, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, Problem } from "../lib/api.ts";
import { useFormat } from "../lib/format.ts";
import { useLetterKeys } from "../lib/keys.tsx";
import { currentLang, speak } from "../lib/i18n.ts";
import { MeContext, useMe } from "../lib/me.ts";
import { useClaims, useTalksWaiting, useToday, useWho } from "../lib/use.ts";
import { PLACES } from "./places.ts";
import { Failure, Waiting } from "../parts/page.tsx";

const Palette = lazy(() => import("./palette.tsx"));

export function Frame() {
  const who = useWho();
  const { pathname, searchStr } = useLocation();
  if (who.isPending) return <Waiting />;
  if (who.error instanceof Problem && who.error.status === 401)
    return <Navigate to="/sign-in" search={pathname === "/" ? {} : { to: pathname + searchStr }} replace />;
  if (who.error) return <Failure error={who.error} again={() => void who.refetch()} />;
  return (
    <MeContext value={who.data}>
      <Inside />
    </MeContext>
  );
}

function Inside() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  // Another page begins at its beginning, whatever led to it; the first one at the document's own, with the way past the places.
  useEffect(() => {
    if (shown.current !== pathname) main.current?.focus({ preventScroll: true });
    shown.current = pathname;
  }, [pathname]);
  useLetterKeys([["/", () => spotlight.open()]]);
  useHotkeys(PLACES.map(({ to }, i) => [`alt+${i + 1}`, () => void navigate({ to })]));
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t("page.skip")}
      </a>
      <Rail />
      <div className="main">
        <Top />
        <main id="main" ref={main} tabIndex={-1}>
          <Suspense fallback={<Waiting />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Bottom />
      <Suspense fallback={null}>
        <Palette />
      </Suspense>
    </div>
  );
}

function Rail() {
  const { t } = useTranslation();
  const { provider } = useMe();
  const today = useToday();
  const claims = useClaims();
  const talks = useTalksWaiting();
  const waiting: Partial<Record<string, number>> = {
    claims:
      (claims.data?.claims.filter((claim) => claim.recommendation === "person" || claim.recommendation === null).length ?? 0) +
      (today.data?.counts.waitingMoney ?? 0),
    promises: today.data?.counts.promisesDue,
    conversations: talks.data?.conversations.length,
  };
  return (
    <nav className="rail" aria-label={t("nav.places")}>
      <Link to="/" className="brand">
        <img src={new URL("../icon.svg", import.meta.url).href} width={30} height={30} alt="" />
        <span>
          Régua<small>{provider.name}</small>
        </span>
      </Link>
      {PLACES.map(({ to, key, icon: Icon }) => (
        <Link key={to} to={to} className="place" activeOptions={{ exact: to === "/" }}>
          <Icon size={18} stroke={1.6} aria-hidden />
          {t(`nav.${key}`)}
          {waiting[key] ? (
            <span className="count" title={t("nav.waiting")}>
              {waiting[key]}
            </span>
          ) : null}
        </Link>
      ))}
      <div className="foot">
        <Account />
      </div>
    </nav>
  );
}

function Top() {
  const { t } = useTranslation();
  const { provider, now } = useMe();
  const format = useFormat();
  return (
    <div className="top">
      <button type="button" className="finder" onClick={() => spotlight.open()}>
        <IconSearch size={16} aria-hidden />
        <span className="clip">{t("find.box")}</span>
        <kbd>⌘K</kbd>
      </button>
      {provider.mode === "sandbox" ? (
        <span className="sandbox clip" title={t("nav.sandboxWhy")}>
          <span className="tag">{t("nav.sandbox")}</span> {format.dayShort(format.dayOf(now))}
        </span>
      ) : null}
    </div>
  );
}

function Account() {
  const { t } = useTranslation();
  const { name, role } = useMe();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const other = currentLang() === "en" ? "pt-BR" : "en";
  const leave = async (): Promise<void> => {
    await api.POST("/admin/sign-out");
    queries.clear();
    await navigate({ to: "/sign-in" });
  };
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <button type="button" className="finder" style={{ width: "100%", border: 0, background: "none" }}>
          <IconUser size={18} stroke={1.6} aria-hidden />
          <span style={{ minWidth: 0 }}>
            <span className="clip" style={{ display: "block", color: "var(--ink)" }}>
              {name}
            </span>
            <span className="small">{t(`role.${role}`)}</span>
          </span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconLanguage size={16} />}
          onClick={() => void speak(other).then(() => void api.POST("/admin/me/language", { body: { lang: other } }))}
        >
          {other === "en" ? "English" : "Português"}
        </Menu.Item>
        <Menu.Item
          leftSection={colorScheme === "dark" ? <IconSun size={16} /> : <IconMoon size={16} />}
          onClick={() => setColorScheme(colorScheme === "dark" ? "light" : "dark")}
        >
          {colorScheme === "dark" ? t("nav.light") : t("nav.dark")}
        </Menu.Item>
        <Menu.Item leftSection={<IconSettings size={16} />} component={Link} to="/settings">
          {t("nav.mine")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          {t("nav.leave")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Bottom() {
  const { t } = useTranslation();
  const first = PLACES.filter(({ key }) => ["today", "customers", "claims", "promises"].includes(key));
  const rest = PLACES.filter((place) => !first.includes(place));
  return (
    <nav className="bottom" aria-label={t("nav.places")}>
      {first.map(({ to, key, icon: Icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === "/" }}>
          <Icon size={20} stroke={1.6} aria-hidden />
          {t(`nav.${key}`)}
        </Link>
      ))}
      <Menu position="top-end">
        <Menu.Target>
          <button type="button">
            <IconLayoutList size={20} stroke={1.6} aria-hidden />
            {t("nav.more")}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map(({ to, key, icon: Icon }) => (
            <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={16} />}>
              {t(`nav.${key}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <ThemeItem />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

function ThemeItem() {
  const { t } = useTranslation();
  const { setColorScheme, colorScheme } = useMantineColorScheme();
  const dark = colorScheme === "dark";
  return (
    <Menu.Item
      leftSection={
        <ActionIcon component="span" size={16} variant="transparent">
          {dark ? <IconSun size={16} /> : <IconMoon size={16} />}
        </ActionIcon>
      }
      onClick={() => setColorScheme(dark ? "light" : "dark")}
    >
      {dark ? t("nav.light") : t("nav.dark")}
    </Menu.Item>
  );
}
