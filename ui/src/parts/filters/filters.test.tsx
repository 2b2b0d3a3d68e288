import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import type { Filter } from "../../api/words";
import { NO_PROPERTIES } from "../properties";
import { catalogue } from "../../testing/samples";
import { show } from "../../testing/show";
import { Filters } from "./Filters";
import { isComplete, operatorsFor, shapeOf, typedValue, withOperator } from "./operators";

const [page, duration] = catalogue.properties;

function Editor({ onChange, start = [] }: { onChange: (filters: Filter[]) => void; start?: Filter[] }) {
  const [filters, setFilters] = useState(start);
  return (
    <Filters
      filters={filters}
      properties={{ ...NO_PROPERTIES, event: catalogue.properties }}
      useValues={(property) => (property === "edata.pageid" ? ["home", "marks"] : [])}
      onChange={(next) => {
        setFilters(next);
        onChange(next);
      }}
    />
  );
}

test("a filter is built from suggestions: property, operator, value", async () => {
  const changed = vi.fn();
  const user = userEvent.setup();
  await show(<Editor onChange={changed} />);
  await user.click(screen.getByRole("button", { name: "Add filter" }));
  await user.click(screen.getByRole("combobox", { name: "Filter 1 property" }));
  await user.click(await screen.findByRole("option", { name: /edata.pageid/ }));
  await user.click(screen.getByRole("combobox", { name: "Filter 1 operator" }));
  await user.click(await screen.findByRole("option", { name: "is not" }));
  await user.click(screen.getByRole("combobox", { name: "Filter 1 value" }));
  await user.click(await screen.findByRole("option", { name: "marks" }));
  expect(changed).toHaveBeenLastCalledWith([{ property: "edata.pageid", operator: "is_not", value: "marks" }]);
  await user.click(screen.getByRole("button", { name: "Remove filter 1" }));
  expect(changed).toHaveBeenLastCalledWith([]);
});

test("text is asked when the field is finished, not at every letter", async () => {
  const changed = vi.fn();
  const user = userEvent.setup();
  await show(<Editor onChange={changed} start={[{ property: "edata.pageid", operator: "icontains" }]} />);
  await user.type(screen.getByRole("textbox", { name: "Filter 1 value" }), "exam{Enter}");
  expect(changed).toHaveBeenCalledTimes(1);
  expect(changed).toHaveBeenCalledWith([{ property: "edata.pageid", operator: "icontains", value: "exam" }]);
});

test("a group made elsewhere is shown and can be removed", async () => {
  const changed = vi.fn();
  const group: Filter = { type: "OR", values: [{ property: "a", value: 1 }, { property: "b", operator: "is_set" }] };
  await show(<Editor onChange={changed} start={[group]} />);
  expect(screen.getByText(/a exact 1 OR b is_set/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Remove filter 1" }));
  expect(changed).toHaveBeenCalledWith([]);
});

test("operators and values follow the type of the property", () => {
  expect(operatorsFor(duration)).toContain("between");
  expect(operatorsFor(duration)).not.toContain("icontains");
  expect(operatorsFor(page)[0]).toBe("exact");
  expect(shapeOf("exact", { name: "ok", types: ["bool"], count: 1, samples: [] })).toBe("truth");
  expect(typedValue("12.5", duration)).toBe(12.5);
  expect(typedValue("12.5", page)).toBe("12.5");
});

test("a value stays only where the new operator can use it", () => {
  const filter: Filter = { property: "edata.pageid", operator: "exact", value: ["home"] };
  expect(withOperator(filter, "is_not", page)).toEqual({ ...filter, operator: "is_not" });
  expect(withOperator(filter, "is_set", page)).toEqual({ property: "edata.pageid", operator: "is_set" });
});

test("what is still being typed is not asked", () => {
  expect(isComplete({ property: "", operator: "exact", value: "x" })).toBe(false);
  expect(isComplete({ property: "a", operator: "exact" })).toBe(false);
  expect(isComplete({ property: "a", operator: "is_set" })).toBe(true);
  expect(isComplete({ property: "a", operator: "between", value: [1, ""] })).toBe(false);
  expect(isComplete({ property: "a", operator: "between", value: [1, 2] })).toBe(true);
});
