import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { show } from "../../testing/show";
import { KeyList } from "./KeyList";
import { Palette, type PaletteChoice } from "./Palette";
import { SCREENS } from "./screens";

const choice = (label: string, run = vi.fn()): PaletteChoice => ({ id: label, label, icon: "live", kind: "Screen", run });

test("letters narrow the list, arrows move in it, Enter goes", async () => {
  const [live, data, dashboard] = ["Live", "Data", "Dashboard"].map((label) => choice(label)) as [PaletteChoice, PaletteChoice, PaletteChoice];
  const close = vi.fn();
  await show(<Palette choices={[live, data, dashboard]} withText={(text) => [choice(`Events of ${text}`)]} onClose={close} />);
  const field = await screen.findByRole("combobox", { name: "Go to or search" });
  await userEvent.type(field, "da");
  expect(screen.getAllByRole("option").map((option) => option.textContent)).toEqual(["DataScreen", "DashboardScreen", "Events of daScreen"]);
  await userEvent.keyboard("{ArrowDown}");
  expect(screen.getByRole("option", { selected: true })).toHaveTextContent("Dashboard");
  expect(field).toHaveAttribute("aria-activedescendant", screen.getByRole("option", { selected: true }).id);
  await userEvent.keyboard("{ArrowUp}{ArrowUp}{ArrowDown}{Enter}");
  expect(data.run).toHaveBeenCalledOnce();
  expect(close).toHaveBeenCalledOnce();
});

test("every screen has a key of its own, and the list names it", async () => {
  expect(new Set(SCREENS.map(([, , key]) => key)).size).toBe(SCREENS.length);
  await show(<KeyList onClose={() => undefined} />);
  expect((await screen.findByText("Go to Funnel")).parentElement).toHaveTextContent("Go to Funnelgf");
});
