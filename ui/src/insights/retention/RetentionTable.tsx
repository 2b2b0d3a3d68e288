import { type CSSProperties, Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { Cell, RetentionAnswer, RetentionQuestion } from "../../api/words";
import { useDates } from "../../format/dates";
import { NO_NUMBER, useNumbers } from "../../format/numbers";
import { valueName, type ViewProps } from "../frame/kind";
import frame from "../frame/Frame.module.css";
import classes from "./Retention.module.css";

type RetentionTableProps = ViewProps<RetentionQuestion, RetentionAnswer> & { shown: "percent" | "count" };

/** A row per start, a column per interval after it; the darker a cell, the more came back. */
export function RetentionTable({ question, answer, timeZone, shown, onOpen }: RetentionTableProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(timeZone);
  const period = question.period ?? "day";
  const column = (number: number) => t(`retention.column.${period}`, { number });
  const name = (row: number) => {
    const interval = answer.intervals[row];
    return interval ? dates.bucketLong(interval, period) : "";
  };
  const percent = (value: number | null | undefined) => (value == null ? NO_NUMBER : numbers.percent(value / 100));
  return (
    <div className={`${frame.table} tm-scroll`} tabIndex={0} role="region" aria-label={t("retention.table")}>
      <table className={`tm-table ${classes.table}`}>
        <caption className="tm-visually-hidden">{t("retention.table")}</caption>
        <thead>
          <tr>
            <th scope="col" className={frame.sticky}>
              {t("retention.started")}
            </th>
            <th scope="col" className="tm-number">
              {t("retention.size")}
            </th>
            {answer.intervals.map((interval, at) => (
              <th key={interval.start_utc} scope="col" className={classes.head}>
                {column(at)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.means.map((mean) => {
            const value = mean.breakdown_value ?? undefined;
            return (
              <Fragment key={value ?? ""}>
                <tr className={classes.mean}>
                  <th scope="row" className={frame.sticky}>
                    {value === undefined ? t("retention.mean") : t("retention.meanOf", { value: valueName(t, value, question.breakdown) })}
                  </th>
                  <td />
                  {mean.weighted.map((share, at) => (
                    <td key={at} className={classes.number}>
                      {share == null ? "" : percent(share)}
                    </td>
                  ))}
                </tr>
                {answer.rows
                  .filter((row) => (row.breakdown_value ?? undefined) === value)
                  .map(({ row, cells, percents }) => {
                    const cell = (at: number): Cell => ({ row, column: at, ...(value === undefined ? {} : { breakdown_value: value }) });
                    const size = cells[0] ?? 0;
                    return (
                      <tr key={row}>
                        <th scope="row" className={frame.sticky}>
                          {name(row)}
                        </th>
                        <td className="tm-number">{numbers.full(size)}</td>
                        {cells.map((count, at) => (
                          <RetentionCell
                            key={at}
                            count={count}
                            share={percents[at] ?? null}
                            text={count == null ? "" : shown === "count" ? numbers.full(count) : percent(size === 0 ? null : percents[at])}
                            growing={answer.intervals[row + at]?.incomplete ? t("insight.growing") : undefined}
                            label={t("retention.said", {
                              start: name(row),
                              column: column(at),
                              count: numbers.full(count ?? 0),
                              size: numbers.full(size),
                            })}
                            {...(onOpen && count ? { onOpen: () => onOpen(cell(at)) } : {})}
                          />
                        ))}
                      </tr>
                    );
                  })}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface RetentionCellProps {
  /** Null: in the future. */
  count: number | null | undefined;
  share: number | null;
  text: string;
  growing: string | undefined;
  /** The whole of what the cell says. */
  label: string;
  onOpen?: () => void;
}

function RetentionCell({ count, share, text, growing, label, onOpen }: RetentionCellProps) {
  if (count == null) return <td />;
  // The root, so that the low shares, among which most retentions lie, can be told apart.
  const shade = { "--share": Math.sqrt(Math.min(100, share ?? 0) / 100) } as CSSProperties;
  const title = growing ? `${label} (${growing})` : label;
  return (
    <td className={classes.cell} style={shade} data-growing={growing ? true : undefined} title={title}>
      {onOpen ? (
        <button type="button" className={classes.open} aria-label={`${text} ${title}`} onClick={onOpen}>
          {text}
        </button>
      ) : (
        text
      )}
    </td>
  );
}
