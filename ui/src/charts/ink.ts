import type { Scheme } from "../theme/palette";

const INK = {
  light: { text: "#5d6b77", grid: "#e6eaee", surface: "#ffffff" },
  dark: { text: "#94a3ac", grid: "#232e35", surface: "#151d22" },
};

/** What is drawn beside the series. A canvas cannot read the style sheet's tokens, so they stand here once more. */
export const chartInk = (scheme: Scheme) => INK[scheme];
