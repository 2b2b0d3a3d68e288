/** What the lines of an answer are called on the screen, and which colour goes with each. */
import type { TFunction } from "i18next";
import type { SeriesAnswer, TrendsQuestion } from "../../api/words";
import { coloursOf, type Scheme } from "../../theme/palette";
import { matchName, valueName } from "../frame/kind";
import { seriesLetter } from "./SeriesRow";

function seriesName(t: TFunction, question: TrendsQuestion, line: SeriesAnswer): string {
  const series = question.series[line.series];
  if (question.formula) return question.formula;
  if (!series) return line.label;
  if (series.label) return series.label;
  const event = matchName(t, series);
  const math = series.math ?? "total";
  if (math === "total") return event;
  return `${event}, ${t(`math.${math}`)}${series.property ? ` (${series.property})` : ""}`;
}

/**
 * One name per line; a letter goes before it where two series would be called the same. `before` is what the period is
 * called that the lines are compared to.
 */
export function lineNames(t: TFunction, question: TrendsQuestion, lines: readonly SeriesAnswer[], before = ""): string[] {
  const many = question.series.length > 1 && !question.formula;
  const names = lines.map((line) => {
    const name = seriesName(t, question, line);
    const earlier = line.compare_label === "previous" ? `, ${before}` : "";
    if (line.breakdown_value === undefined || line.breakdown_value === null) return name + earlier;
    const value = valueName(t, line.breakdown_value, question.breakdown);
    return (many ? `${name} · ${value}` : value) + earlier;
  });
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${seriesLetter(lines[index]?.series ?? 0)} ${name}`,
  );
}

/** A line of the period before is its line of now, half as strong. */
const FAINT = "80";

/** Colours by what a line is, not by its place or language, so that they stay over ranges, pages and tiles. */
export function lineColours(question: TrendsQuestion, lines: readonly SeriesAnswer[], scheme: Scheme): string[] {
  const many = question.series.length > 1 && !question.formula;
  const nameOf = (line: SeriesAnswer): string => {
    const series = question.series[line.series];
    const name = [series?.event ?? "", series?.math ?? "total", series?.property ?? ""].join(" ");
    const value = line.breakdown_value ?? undefined;
    if (value === undefined) return name;
    return many ? `${name} ${value}` : value;
  };
  /** The same for a line and the one that it is compared to. */
  const keyOf = (line: SeriesAnswer): string => JSON.stringify([line.series, line.breakdown_value]);
  const names = new Map(lines.map((line) => [keyOf(line), nameOf(line)]));
  const colours = coloursOf([...names.values()], scheme);
  const byKey = new Map([...names.keys()].map((key, at) => [key, colours[at] ?? ""]));
  return lines.map((line) => (byKey.get(keyOf(line)) ?? "") + (line.compare_label === "previous" ? FAINT : ""));
}
