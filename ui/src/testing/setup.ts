/** What every test needs: the texts, and the few browser parts that jsdom lacks. */
import "@testing-library/jest-dom/vitest";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeAll, vi } from "vitest";
import { setLanguage, startLanguage } from "../i18n/language";

// uPlot draws on a canvas, which jsdom does not have; the chart's frame, name and table twin are tested without pixels.
vi.mock("uplot", () => ({
  default: class {
    setSize = vi.fn();
    destroy = vi.fn();
    redraw = vi.fn();
  },
}));

class NoResize {
  observe = vi.fn();
  unobserve = vi.fn();
  disconnect = vi.fn();
}

beforeAll(async () => {
  vi.stubGlobal("ResizeObserver", NoResize);
  vi.stubGlobal("matchMedia", (query: string) => ({
    matches: false,
    media: query,
    addEventListener: vi.fn(),
    removeEventListener: vi.fn(),
  }));
  Element.prototype.scrollIntoView = vi.fn();
  Object.defineProperty(document, "fonts", {
    value: { load: () => Promise.resolve([]), addEventListener: vi.fn(), removeEventListener: vi.fn() },
  });
  await startLanguage("en");
});

afterEach(async () => {
  cleanup();
  await setLanguage("en");
});
