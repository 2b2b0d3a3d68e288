import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { StickinessAnswer, StickinessQuestion } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { coloursOf } from "../../theme/palette";
import { useScheme } from "../../theme/scheme";
import { matchName, type ViewProps } from "../frame/kind";
import { NumberTable } from "../frame/NumberTable";
import { SeriesChart } from "../frame/SeriesChart";
import { seriesLetter } from "../trends/SeriesRow";

/** A letter goes before the name where two series would be called the same. */
export function lineNames(t: TFunction, question: StickinessQuestion, answer: StickinessAnswer): string[] {
  const names = answer.lines.map((line, at) => {
    const series = question.series[at];
    return series ? matchName(t, series) : line.label;
  });
  return names.map((name, at) => (names.indexOf(name) === names.lastIndexOf(name) ? name : `${seriesLetter(at)} ${name}`));
}

/** One bar per number of active days: how many persons. */
export function StickinessView(props: ViewProps<StickinessQuestion, StickinessAnswer>) {
  const { question, answer, tileHeight, asTable, onOpen } = props;
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scheme = useScheme();
  const columns = answer.lines[0]?.counts.length ?? 0;
  const names = useMemo(() => lineNames(t, question, answer), [t, question, answer]);
  const lines = useMemo(() => {
    const colours = coloursOf(names, scheme);
    return answer.lines.map((line, at) => ({ name: names[at] ?? "", colour: colours[at] ?? "", data: line.counts }));
  }, [answer, names, scheme]);
  const short = useMemo(() => Array.from({ length: columns }, (_, at) => numbers.full(at + 1)), [columns, numbers]);
  const long = useMemo(
    () => short.map((_, at) => t(`stickiness.active.${answer.interval}`, { count: at + 1 })),
    [short, t, answer.interval],
  );
  const opener = (series: number, column: number) =>
    onOpen && answer.lines[series]?.counts[column - 1] ? () => onOpen({ series, column }) : undefined;
  return (
    <>
      {!asTable && (
        <SeriesChart
          lines={lines}
          shortLabels={short}
          longLabels={long}
          form="bars"
          summary={t("stickiness.summary", { names: names.join(", "), from: long[0], to: long.at(-1) })}
          {...(tileHeight === undefined ? {} : { tileHeight })}
          {...(onOpen ? { onPick: (line: number, at: number) => opener(line, at + 1)?.() } : {})}
        />
      )}
      {(tileHeight === undefined || asTable) && (
        <NumberTable
          label={t("insight.table")}
          rowHead={t("trends.series")}
          columns={[{ name: t("stickiness.persons"), note: t("stickiness.personsNote") }, ...long.map((name) => ({ name }))]}
          rows={answer.lines.map((line, series) => ({
            name: names[series] ?? "",
            colour: lines[series]?.colour ?? "",
            cells: [
              { text: numbers.full(line.persons), strong: true },
              ...line.counts.map((count, at) => ({
                text: count === 0 ? "0" : `${numbers.full(count)} (${numbers.percent(line.shares[at] ?? 0)})`,
                onOpen: opener(series, at + 1),
              })),
            ],
          }))}
        />
      )}
    </>
  );
}
