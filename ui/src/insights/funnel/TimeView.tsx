import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { FunnelAnswer, FunnelQuestion } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { PALETTE } from "../../theme/palette";
import { useScheme } from "../../theme/scheme";
import type { ViewProps } from "../frame/kind";
import { NumberTable } from "../frame/NumberTable";
import { SeriesChart } from "../frame/SeriesChart";
import classes from "./Funnel.module.css";

type Times = NonNullable<FunnelAnswer["time_to_convert"]>;

/** How long conversions took: one bar per span of time. */
export function TimeView({ times, tileHeight, asTable, onOpen }: ViewProps<FunnelQuestion, FunnelAnswer> & { times: Times }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scheme = useScheme();
  const tile = tileHeight !== undefined;
  const { bins } = times;
  const short = useMemo(() => bins.map((bin) => numbers.duration(bin.from_s)), [bins, numbers]);
  const long = useMemo(
    () =>
      bins.map((bin, at) => {
        const next = bins[at + 1];
        const from = numbers.duration(bin.from_s);
        return next ? t("funnel.span", { from, to: numbers.duration(next.from_s) }) : t("funnel.tookFrom", { from });
      }),
    [bins, numbers, t],
  );
  const lines = useMemo(
    () => [{ name: t("funnel.conversions"), colour: PALETTE[scheme][0] ?? "", data: bins.map((bin) => bin.count) }],
    [bins, scheme, t],
  );
  return (
    <>
      <p className={tile ? classes.tileFact : classes.fact}>
        {t("funnel.averageTime")} <strong>{numbers.duration(times.average_s)}</strong>
      </p>
      {!asTable && (
        <SeriesChart
          lines={lines}
          shortLabels={short}
          longLabels={long}
          form="bars"
          summary={t("funnel.timeSummary", { bins: bins.length, average: numbers.duration(times.average_s) })}
          {...(tile ? { tileHeight: tileHeight - 26 } : {})}
          {...(onOpen ? { onPick: (_: number, bucket: number) => onOpen({ bucket }) } : {})}
        />
      )}
      {(!tile || asTable) && (
        <NumberTable
          label={t("insight.table")}
          rowHead={t("funnel.timeTaken")}
          columns={[{ name: t("funnel.persons") }]}
          rows={bins.map((bin, bucket) => ({
            name: long[bucket] ?? "",
            cells: [
              { text: numbers.full(bin.count), onOpen: onOpen && bin.count > 0 ? () => onOpen({ bucket }) : undefined },
            ],
          }))}
        />
      )}
    </>
  );
}
