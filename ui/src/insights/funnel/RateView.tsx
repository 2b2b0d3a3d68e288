import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { FunnelAnswer, FunnelQuestion } from "../../api/words";
import { NO_NUMBER, useNumbers } from "../../format/numbers";
import { PALETTE } from "../../theme/palette";
import { useScheme } from "../../theme/scheme";
import type { ViewProps } from "../frame/kind";
import { NumberTable } from "../frame/NumberTable";
import { SeriesChart } from "../frame/SeriesChart";
import { useBuckets } from "../frame/useBuckets";

type Trend = NonNullable<FunnelAnswer["trend"]>;

/** How many of those who entered in each bucket converted. */
export function RateView(props: ViewProps<FunnelQuestion, FunnelAnswer> & { trend: Trend }) {
  const { question, trend, timeZone, tileHeight, asTable, onOpen } = props;
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scheme = useScheme();
  const { short, long, completeUntil } = useBuckets(trend, question.interval ?? "day", timeZone);
  const lines = useMemo(
    () => [
      {
        name: t("funnel.rate"),
        colour: PALETTE[scheme][0] ?? "",
        // Where nobody entered there is no rate, which is not the same as a rate of zero.
        data: trend.map((bucket) => (bucket.entered === 0 ? null : bucket.rate)),
      },
    ],
    [trend, scheme, t],
  );
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? NO_NUMBER : numbers.percent(value / 100);
  const opener = (count: number, bucket: number, converted?: true) =>
    onOpen && count > 0 ? () => onOpen({ bucket, ...(converted ? { converted } : {}) }) : undefined;
  return (
    <>
      {!asTable && (
        <SeriesChart
          lines={lines}
          shortLabels={short}
          longLabels={long}
          completeUntil={completeUntil}
          summary={t("funnel.rateSummary", { from: long[0], to: long.at(-1), points: long.length })}
          formatValue={percent}
          formatAxis={percent}
          {...(tileHeight === undefined ? {} : { tileHeight })}
          {...(onOpen ? { onPick: (_: number, bucket: number) => opener(trend[bucket]?.converted ?? 0, bucket, true)?.() } : {})}
        />
      )}
      {(tileHeight === undefined || asTable) && (
        <NumberTable
          label={t("insight.table")}
          rowHead={t("funnel.measure")}
          columns={trend.map((bucket, at) => ({
            name: long[at] ?? "",
            ...(bucket.incomplete ? { growing: t("insight.growing") } : {}),
          }))}
          rows={[
            {
              name: t("funnel.rate"),
              cells: trend.map((bucket) => ({ text: percent(bucket.entered === 0 ? null : bucket.rate), strong: true })),
            },
            {
              name: t("funnel.converted"),
              cells: trend.map((bucket, at) => ({
                text: numbers.full(bucket.converted),
                onOpen: opener(bucket.converted, at, true),
              })),
            },
            {
              name: t("funnel.entered"),
              cells: trend.map((bucket, at) => ({ text: numbers.full(bucket.entered), onOpen: opener(bucket.entered, at) })),
            },
          ]}
        />
      )}
    </>
  );
}
