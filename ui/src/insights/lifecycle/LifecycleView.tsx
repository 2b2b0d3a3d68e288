import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type LifecycleAnswer, type LifecycleQuestion, type LifecycleStatus, STATUSES } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { PALETTE, QUIET, type Scheme } from "../../theme/palette";
import { useScheme } from "../../theme/scheme";
import type { ViewProps } from "../frame/kind";
import { NumberTable } from "../frame/NumberTable";
import { SeriesChart } from "../frame/SeriesChart";
import { useBuckets } from "../frame/useBuckets";

/** A status keeps its colour in every lifecycle. */
const SLOT: Record<Exclude<LifecycleStatus, "dormant">, number> = { new: 2, returning: 0, resurrecting: 6 };
const colourOf = (status: LifecycleStatus, scheme: Scheme): string =>
  status === "dormant" ? QUIET[scheme] : (PALETTE[scheme][SLOT[status]] ?? "");

/** Who is active stands above zero, who went quiet hangs below. */
export function LifecycleView(props: ViewProps<LifecycleQuestion, LifecycleAnswer>) {
  const { answer, timeZone, tileHeight, asTable, onOpen } = props;
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scheme = useScheme();
  const { short, long, completeUntil } = useBuckets(answer.buckets, answer.interval, timeZone);
  const lines = useMemo(
    () => STATUSES.map((status) => ({ name: t(`lifecycle.${status}`), colour: colourOf(status, scheme), data: answer[status] })),
    [answer, scheme, t],
  );
  const opener = (status: LifecycleStatus | undefined, bucket: number) =>
    onOpen && status && answer[status][bucket] ? () => onOpen({ status, bucket }) : undefined;
  return (
    <>
      {!asTable && (
        <SeriesChart
          lines={lines}
          shortLabels={short}
          longLabels={long}
          completeUntil={completeUntil}
          form="stack"
          summary={t("lifecycle.summary", { from: long[0], to: long.at(-1), points: long.length })}
          {...(tileHeight === undefined ? {} : { tileHeight })}
          {...(onOpen ? { onPick: (line: number, bucket: number) => opener(STATUSES[line], bucket)?.() } : {})}
        />
      )}
      {(tileHeight === undefined || asTable) && (
        <NumberTable
          label={t("insight.table")}
          rowHead={t("lifecycle.status")}
          columns={answer.buckets.map((bucket, at) => ({
            name: long[at] ?? "",
            ...(bucket.incomplete ? { growing: t("insight.growing") } : {}),
          }))}
          rows={STATUSES.map((status, line) => ({
            name: lines[line]?.name ?? "",
            colour: lines[line]?.colour ?? "",
            cells: answer[status].map((count, bucket) => ({ text: numbers.full(count), onOpen: opener(status, bucket) })),
          }))}
        />
      )}
    </>
  );
}
