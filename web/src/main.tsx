// The console starts: language, theme, data, and the page that the address names.
import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "@mantine/notifications/styles.css";
import "./app/app.css";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { keepFocus } from "./app/keep-focus.ts";
import { makeRouter } from "./app/router.tsx";
import { theme } from "./app/theme.ts";
import { Problem } from "./lib/api.ts";
import { startLanguage } from "./lib/i18n.ts";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

// What locks the page's scrolling beneath a panel makes a style element too, and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays one; only a lost connection is worth asking again.
      retry: (times, error) => times < 2 && error instanceof Problem && error.status === 0,
    },
  },
});
const router = makeRouter(queries);
const root = document.getElementById("root");
if (!root) throw new Error("a document without its root");

await startLanguage();
keepFocus();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <Notifications className="messages" position="bottom-right" autoClose={6000} />
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
