import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ApiError } from "../api/errors";
import { show } from "../testing/show";
import { DemoBannerView } from "./DemoBannerView";
import { DemoOffer } from "./DemoOffer";
import { DemoOfferView } from "./DemoOfferView";

afterEach(() => vi.restoreAllMocks());

const offer = { waiting: false, fill: undefined, error: null, start: vi.fn() };

test("the demo is one click away, and says what it makes", async () => {
  const start = vi.fn();
  await show(<DemoOfferView demo={{ ...offer, start }} />);
  expect(screen.getByText(/Your own apps stay as they are/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Look around with demo data" }));
  expect(start).toHaveBeenCalledOnce();
});

test("while it is counted the bar moves, then it tells how much is there", async () => {
  const { unmount } = await show(<DemoOfferView demo={{ ...offer, waiting: true }} />);
  expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuetext", "Preparing the demo data");
  expect(screen.queryByRole("button")).not.toBeInTheDocument();
  unmount();
  await show(<DemoBannerView fill={{ state: "running", sent: 1_200_000, total: 3_000_000 }} busy={false} />);
  expect(screen.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "1200000");
  expect(screen.getByText("12,00,000 of 30,00,000 events")).toBeVisible();
});

test("a refusal is told beside the button", async () => {
  await show(<DemoOfferView demo={{ ...offer, error: new ApiError(403, "forbidden", "an admin may do this") }} />);
  expect(screen.getByText("an admin may do this")).toBeVisible();
});

test("a demo that stopped says why; who may lets it go on", async () => {
  const fill = { state: "failed" as const, sent: 5, total: 9, error: "the disk is full" };
  const goOn = vi.fn();
  const { unmount } = await show(<DemoBannerView fill={fill} busy={false} onGoOn={goOn} />);
  expect(screen.getByRole("alert")).toHaveTextContent("the disk is full");
  await userEvent.click(screen.getByRole("button", { name: "Go on" }));
  expect(goOn).toHaveBeenCalledOnce();
  unmount();
  await show(<DemoBannerView fill={fill} busy={false} />);
  expect(screen.getByText("An admin can let it go on.")).toBeVisible();
});

test("an app that is no demo shows nothing", async () => {
  const { container } = await show(<DemoBannerView fill={{ state: "none", sent: 0, total: 0 }} busy={false} />);
  expect(container.querySelector("section")).toBeNull();
});

test("a click makes the demo, waits until there is something to see, and opens its trend", async () => {
  const fills = [
    { state: "running", sent: 0, total: 0 },
    { state: "running", sent: 700, total: 9_000 },
  ];
  const asked: string[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation((path, init) => {
    asked.push(`${init?.method} ${String(path)}`);
    const body = path === "/api/demo" ? { id: 7, name: "e-Samwad (demo)" } : (fills.length > 1 ? fills.shift() : fills[0]);
    return Promise.resolve(new Response(JSON.stringify(body), { status: 200 }));
  });
  const { path } = await show(<DemoOffer />);
  await userEvent.click(screen.getByRole("button", { name: "Look around with demo data" }));
  await vi.waitFor(() => expect(path()).toMatch(/^\/p\/7\/trends\?.*edata\.pageid/), { timeout: 5_000 });
  expect(asked[0]).toBe("POST /api/demo");
  expect(asked.filter((one) => one === "GET /api/projects/7/demo").length).toBeGreaterThanOrEqual(2);
});
