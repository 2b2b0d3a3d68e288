/** What the lines of an answer are called on the screen, and which colour goes with each. */
import type { TFunction } from "i18next";
import type { SeriesAnswer, TrendsQuestion } from "../../api/words";
import { coloursOf, type Scheme } from "../../theme/palette";
import { matchName, valueName } from "../frame/kind";
import { seriesLetter } from "./SeriesRow";

function seriesName(t: TFunction, question: TrendsQuestion, line: SeriesAnswer): string {
  const series = question.series[line.series];
  if (!series) return line.label;
  if (series.label) return series.label;
  const event = matchName(t, series);
  const math = series.math ?? "total";
  if (math === "total") return event;
  return `${event}, ${t(`math.${math}`)}${series.property ? ` (${series.property})` : ""}`;
}

/** One name per line; a letter goes before it where two series would be called the same. */
export function lineNames(t: TFunction, question: TrendsQuestion, lines: readonly SeriesAnswer[]): string[] {
  const many = question.series.length > 1;
  const names = lines.map((line) => {
    const name = seriesName(t, question, line);
    if (line.breakdown_value === undefined || line.breakdown_value === null) return name;
    const value = valueName(t, line.breakdown_value);
    return many ? `${name} · ${value}` : value;
  });
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${seriesLetter(lines[index]?.series ?? 0)} ${name}`,
  );
}

/** Colours by what a line is, not by its place or language, so that they stay over ranges, pages and tiles. */
export function lineColours(question: TrendsQuestion, lines: readonly SeriesAnswer[], scheme: Scheme): string[] {
  const many = question.series.length > 1;
  return coloursOf(
    lines.map((line) => {
      const series = question.series[line.series];
      const name = [series?.event ?? "", series?.math ?? "total", series?.property ?? ""].join(" ");
      const value = line.breakdown_value ?? undefined;
      if (value === undefined) return name;
      return many ? `${name} ${value}` : value;
    }),
    scheme,
  );
}
