import "./theme/sheets";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { makeCache } from "./api/cache";
import { startLanguage, storedLanguage } from "./i18n/language";
import { Toasts } from "./parts/Toasts";
import { makeRouter } from "./router";
import { ConnectionBanner } from "./shell/ConnectionBanner";
import { LoginAgain } from "./shell/LoginAgain";
import { theme } from "./theme/theme";
import { schemeManager } from "./theme/scheme";

const cache = makeCache();
const router = makeRouter(cache);
const root = document.getElementById("root");

if (root) {
  await startLanguage(storedLanguage());
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={schemeManager}>
        <QueryClientProvider client={cache}>
          <ConnectionBanner />
          <RouterProvider router={router} />
          <LoginAgain />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
