// Addresses and their pages; each page's code is loaded when it is first opened. Filters live in the address.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet } from "@tanstack/react-router";
import { Failure, Waiting } from "../parts/page.tsx";
import { FILTERS, TALKS, type CustomersSearch, type TalksSearch } from "./search.ts";
import { Frame } from "./frame.tsx";

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string } => (typeof search.to === "string" ? { to: search.to } : {}),
  component: lazyRouteComponent(() => import("../pages/sign-in.tsx"), "SignIn"),
});
const enter = createRoute({
  getParentRoute: () => root,
  path: "/enter",
  component: lazyRouteComponent(() => import("../pages/enter.tsx"), "Enter"),
});
const frame = createRoute({ getParentRoute: () => root, id: "frame", component: Frame });

const today = createRoute({
  getParentRoute: () => frame,
  path: "/",
  component: lazyRouteComponent(() => import("../pages/today.tsx"), "Today"),
});

const days = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;

const customers = createRoute({
  getParentRoute: () => frame,
  path: "/customers",
  validateSearch: (search: Record<string, unknown>): CustomersSearch => {
    const filter = FILTERS.find((each) => each === search.filter);
    const text = typeof search.search === "string" || typeof search.search === "number" ? String(search.search) : "";
    const [from, to] = [days(search.daysFrom), days(search.daysTo)];
    return {
      ...(filter === undefined ? {} : { filter }),
      ...(text === "" ? {} : { search: text }),
      ...(from === undefined ? {} : { daysFrom: from }),
      ...(to === undefined ? {} : { daysTo: to }),
    };
  },
  component: lazyRouteComponent(() => import("../pages/customers.tsx"), "Customers"),
});
const matter = createRoute({
  getParentRoute: () => frame,
  path: "/customers/$ref",
  component: lazyRouteComponent(() => import("../pages/case.tsx"), "CasePage"),
});
const claims = createRoute({
  getParentRoute: () => frame,
  path: "/claims",
  validateSearch: (search: Record<string, unknown>): { id?: number } => (typeof search.id === "number" ? { id: search.id } : {}),
  component: lazyRouteComponent(() => import("../pages/claims.tsx"), "Claims"),
});
const money = createRoute({
  getParentRoute: () => frame,
  path: "/money",
  component: lazyRouteComponent(() => import("../pages/money.tsx"), "Money"),
});
const promises = createRoute({
  getParentRoute: () => frame,
  path: "/promises",
  component: lazyRouteComponent(() => import("../pages/promises.tsx"), "Promises"),
});
const conversations = createRoute({
  getParentRoute: () => frame,
  path: "/conversations",
  validateSearch: (search: Record<string, unknown>): TalksSearch => {
    const show = TALKS.find((each) => each === search.show);
    const id = typeof search.id === "string" && /^[cm]-\d{1,15}$/u.test(search.id) ? search.id : undefined;
    return { ...(id === undefined ? {} : { id }), ...(show === undefined || show === "all" ? {} : { show }) };
  },
  component: lazyRouteComponent(() => import("../pages/conversations.tsx"), "Conversations"),
});
const ladder = createRoute({
  getParentRoute: () => frame,
  path: "/ladder",
  component: lazyRouteComponent(() => import("../pages/ladder.tsx"), "Ladder"),
});
const reports = createRoute({
  getParentRoute: () => frame,
  path: "/reports",
  component: lazyRouteComponent(() => import("../pages/reports.tsx"), "ReportsPage"),
});
const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  component: lazyRouteComponent(() => import("../pages/settings.tsx"), "Settings"),
});

const tree = root.addChildren([
  signIn,
  enter,
  frame.addChildren([today, customers, matter, claims, money, promises, conversations, ladder, reports, settings]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: "/console",
    context: { queries },
    defaultPreload: "intent",
    defaultPendingMs: 150,
    defaultPendingComponent: Waiting,
    defaultErrorComponent: ({ error }) => <Failure error={error} />,
    defaultNotFoundComponent: () => <Failure error={new Error("404")} />,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
