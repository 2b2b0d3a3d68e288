/**
 * Colours of series. Okabe and Ito's palette, which people with any colour vision can tell apart, darkened or lightened
 * until each colour has a contrast of 3:1 against the surface that it is drawn on.
 */
export type Scheme = "light" | "dark";

export const PALETTE: Record<Scheme, readonly string[]> = {
  light: ["#0072b2", "#c85200", "#00875f", "#a8518a", "#9a6a00", "#2d88bd", "#5b4fa2", "#7a6a53"],
  dark: ["#5aa9e6", "#f08a4b", "#3cc39a", "#dd9bc4", "#e6b450", "#8fd0f5", "#a99cf0", "#c3b299"],
};

/** The surface that charts are drawn on. */
export const SURFACE: Record<Scheme, string> = { light: "#ffffff", dark: "#151d22" };

/** `(other)` and `(none)` are no values, so they carry no colour. */
const GREY: Record<Scheme, readonly [string, string]> = {
  light: ["#6b7782", "#8a949d"],
  dark: ["#8896a0", "#6d7b85"],
};

/** For who is not there any more. */
export const QUIET: Record<Scheme, string> = { light: GREY.light[1], dark: GREY.dark[1] };

function hash(text: string): number {
  let value = 2166136261;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  }
  return value >>> 0;
}

/**
 * Gives each series a colour by its name, so that it keeps the colour on another page, in another order or range.
 * Where two names ask for one colour, the later one takes the next that is free; past eight series colours repeat.
 */
export function coloursOf(names: readonly string[], scheme: Scheme): string[] {
  const palette = PALETTE[scheme];
  const taken = new Map<number, number>();
  return names.map((name) => {
    if (name === "(other)") return GREY[scheme][0];
    if (name === "(none)") return GREY[scheme][1];
    const least = Math.min(...palette.map((_, slot) => taken.get(slot) ?? 0));
    let slot = hash(name) % palette.length;
    while ((taken.get(slot) ?? 0) > least) slot = (slot + 1) % palette.length;
    taken.set(slot, (taken.get(slot) ?? 0) + 1);
    return palette[slot] ?? GREY[scheme][0];
  });
}
