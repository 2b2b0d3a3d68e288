/** Which of many things a few typed letters mean. */
export interface Choice {
  id: string;
  /** What is shown and searched. */
  label: string;
  /** Also searched: another name for the same. */
  also?: string;
}

const WORD_START = /[\s/._\-:·→]/;

/** How well letters fit a text; undefined: not at all. Whole runs and beginnings of words fit best. */
export function fit(text: string, typed: string): number | undefined {
  const hay = text.toLowerCase();
  const needle = typed.trim().toLowerCase();
  if (needle === "") return 0;
  const whole = hay.indexOf(needle);
  if (whole === 0) return 1_000 - hay.length;
  if (whole > 0) return (WORD_START.test(hay[whole - 1] ?? "") ? 800 : 600) - whole - hay.length / 100;
  let at = -1;
  let score = 300;
  for (const letter of needle) {
    if (letter === " ") continue;
    const next = hay.indexOf(letter, at + 1);
    if (next === -1) return undefined;
    const starts = next === 0 || WORD_START.test(hay[next - 1] ?? "");
    score -= next === at + 1 ? 0 : starts ? 5 : 20;
    at = next;
  }
  return score;
}

/** What fits, the best first; equally good ones in their own order. */
export function matching<T extends Choice>(choices: readonly T[], typed: string, most: number): T[] {
  return choices
    .map((choice, place) => {
      const scores = [fit(choice.label, typed), choice.also === undefined ? undefined : fit(choice.also, typed)];
      const score = Math.max(...scores.map((one) => one ?? Number.NEGATIVE_INFINITY));
      return { choice, place, score };
    })
    .filter(({ score }) => score > Number.NEGATIVE_INFINITY)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, most)
    .map(({ choice }) => choice);
}
