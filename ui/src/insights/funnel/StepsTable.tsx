import { useTranslation } from "react-i18next";
import type { Cell, FunnelQuestion, FunnelRow } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { valueName } from "../frame/kind";
import { NumberTable } from "../frame/NumberTable";
import { stepCell } from "./stepNames";

interface StepsTableProps extends Pick<FunnelQuestion, "breakdown"> {
  names: readonly string[];
  rows: readonly FunnelRow[];
  colours: readonly string[];
  /** Whether the rows are values of a breakdown. */
  split: boolean;
  onOpen?: (cell: Cell) => void;
}

/** Every number of the steps: a row per step, and with a breakdown per value and step. */
export function StepsTable({ names, rows, colours, split, breakdown, onOpen }: StepsTableProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const opener = (row: FunnelRow, step: number, count: number) =>
    onOpen && count > 0 ? () => onOpen(stepCell(row, step)) : undefined;
  return (
    <NumberTable
      label={t("insight.table")}
      rowHead={split ? t("funnel.valueAndStep") : t("funnel.step")}
      columns={[
        { name: t("funnel.persons") },
        { name: t("funnel.ofFirst"), note: t("funnel.ofFirstNote") },
        { name: t("funnel.ofPrevious"), note: t("funnel.ofPreviousNote") },
        { name: t("funnel.droppedBefore"), note: t("funnel.droppedNote") },
        { name: t("funnel.average") },
        { name: t("funnel.median") },
      ]}
      rows={rows.flatMap((row, index) =>
        row.steps.map((step, at) => ({
          name: `${split ? `${valueName(t, row.breakdown_value ?? "", breakdown)} · ` : ""}${at + 1} ${names[at] ?? ""}`,
          ...(split ? { colour: colours[index] ?? "" } : {}),
          cells: [
            { text: numbers.full(step.count), strong: true, onOpen: opener(row, at + 1, step.count) },
            { text: numbers.percent(step.conversion) },
            { text: at === 0 ? "" : numbers.percent(step.conversion_of_previous) },
            { text: at === 0 ? "" : numbers.full(step.dropped), onOpen: at === 0 ? undefined : opener(row, -(at + 1), step.dropped) },
            { text: at === 0 ? "" : numbers.duration(step.average_s) },
            { text: at === 0 ? "" : numbers.duration(step.median_s) },
          ],
        })),
      )}
    />
  );
}
