import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { RetentionAnswer, RetentionQuestion } from "../../api/words";
import { NO_NUMBER, useNumbers } from "../../format/numbers";
import { coloursOf, PALETTE } from "../../theme/palette";
import { useScheme } from "../../theme/scheme";
import { valueName, type ViewProps } from "../frame/kind";
import { SeriesChart } from "../frame/SeriesChart";

/**
 * The mean share of persons who came back so many intervals later; one line per value of a breakdown. Interval 0 is left
 * out: it holds everybody, and a line that falls from there hides all that follows.
 */
export function RetentionCurve({ question, answer, tileHeight }: ViewProps<RetentionQuestion, RetentionAnswer>) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scheme = useScheme();
  const period = question.period ?? "day";
  const columns = answer.intervals.length;
  const first = columns > 1 ? 1 : 0;
  const lines = useMemo(() => {
    const values = answer.means.map((mean) => mean.breakdown_value ?? "");
    const colours = values.length === 1 && values[0] === "" ? [PALETTE[scheme][0] ?? ""] : coloursOf(values, scheme);
    return answer.means.map((mean, at) => ({
      name: mean.breakdown_value == null ? t("retention.mean") : valueName(t, mean.breakdown_value, question.breakdown),
      colour: colours[at] ?? "",
      data: mean.weighted.slice(first),
    }));
  }, [answer, first, scheme, t]);
  const labels = useMemo(
    () => Array.from({ length: columns - first }, (_, at) => t(`retention.column.${period}`, { number: at + first })),
    [columns, first, period, t],
  );
  const percent = useMemo(
    () => (value: number | null | undefined) =>
      value === null || value === undefined ? NO_NUMBER : numbers.percent(value / 100),
    [numbers],
  );
  return (
    <SeriesChart
      lines={lines}
      shortLabels={labels}
      longLabels={labels}
      summary={t("retention.summary", { names: lines.map((line) => line.name).join(", "), last: labels.at(-1) })}
      formatValue={percent}
      formatAxis={percent}
      {...(tileHeight === undefined ? {} : { tileHeight })}
    />
  );
}
