import { expect, test } from "vitest";
import { coloursOf, PALETTE, SURFACE } from "./palette";

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

test.each(["light", "dark"] as const)("every colour stands out from the %s surface", (scheme) => {
  for (const colour of PALETTE[scheme]) expect(contrast(colour, SURFACE[scheme]), colour).toBeGreaterThanOrEqual(3);
});

test("a name keeps its colour when others come, go and change places", () => {
  const before = coloursOf(["home"], "light")[0];
  expect(coloursOf(["home", "marks"], "light")[0]).toBe(before);
  const names = ["home", "marks", "attendance"];
  expect(coloursOf(names, "light")).toEqual(coloursOf(names, "light"));
});

test("up to eight lines have eight colours", () => {
  const names = Array.from({ length: 8 }, (_, index) => `page ${index}`);
  expect(new Set(coloursOf(names, "dark")).size).toBe(8);
});

test("other and missing values are grey", () => {
  const colours = coloursOf(["(other)", "(none)"], "light");
  for (const colour of colours) expect(PALETTE.light).not.toContain(colour);
});
