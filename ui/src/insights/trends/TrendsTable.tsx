import { useTranslation } from "react-i18next";
import type { Cell, SeriesAnswer, TrendsAnswer, TrendsQuestion } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { NumberTable } from "../frame/NumberTable";
import { cellOf } from "./cellOf";

interface TrendsTableProps {
  answer: TrendsAnswer;
  question: TrendsQuestion;
  names: readonly string[];
  colours: readonly string[];
  /** One per bucket. */
  labels: readonly string[];
  onOpen?: (cell: Cell) => void;
}

/** Every number of the picture: a row per line, a column per bucket. */
export function TrendsTable({ answer, question, names, colours, labels, onOpen }: TrendsTableProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  /** A handler where there are people to show. */
  const opener = (line: SeriesAnswer, value: number | null | undefined, bucket?: number) => {
    const cell = value ? cellOf(question, line, bucket) : undefined;
    return onOpen && cell ? () => onOpen(cell) : undefined;
  };
  return (
    <NumberTable
      label={t("insight.table")}
      rowHead={t("trends.series")}
      columns={[
        { name: t("trends.total"), note: t("trends.totalNote") },
        { name: t("trends.sum"), note: t("trends.sumNote") },
        ...answer.buckets.map((bucket, at) => ({
          name: labels[at] ?? bucket.label,
          ...(bucket.incomplete ? { growing: t("insight.growing") } : {}),
        })),
      ]}
      rows={answer.series.map((line, index) => ({
        name: names[index] ?? "",
        colour: colours[index] ?? "",
        cells: [
          { text: numbers.full(line.total), strong: true, onOpen: opener(line, line.total) },
          { text: numbers.full(line.sum) },
          ...line.data.map((value, at) => ({ text: numbers.full(value), onOpen: opener(line, value, at) })),
        ],
      }))}
    />
  );
}
