import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from "@tanstack/react-router";
import { render, type RenderResult, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { makeCache } from "../api/cache";
import { Toasts } from "../parts/Toasts";
import { theme } from "../theme/theme";

/** Shows a view as the page would, with links that lead nowhere and no network. */
export async function show(view: ReactNode, address = "/"): Promise<RenderResult & { path: () => string }> {
  const root = createRootRoute();
  const all = createRoute({ getParentRoute: () => root, path: "$", component: () => <div data-testid="shown">{view}</div> });
  const router = createRouter({
    routeTree: root.addChildren([all]),
    history: createMemoryHistory({ initialEntries: [address] }),
  });
  const result = render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={makeCache()}>
        {/* The page's own router type is registered; this one only has to render links. */}
        <RouterProvider router={router as never} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByTestId("shown");
  return { ...result, path: () => router.state.location.href };
}
