import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TrendsAnswer } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import classes from "./Trends.module.css";

interface TrendsTableProps {
  answer: TrendsAnswer;
  names: readonly string[];
  colours: readonly string[];
  /** One per bucket. */
  labels: readonly string[];
}

/** Every number of the picture: a row per line, a column per bucket. */
export function TrendsTable({ answer, names, colours, labels }: TrendsTableProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <div className={`${classes.table} tm-scroll`} tabIndex={0} role="region" aria-label={t("trends.table")}>
      <table className="tm-table">
        <caption className="tm-visually-hidden">{t("trends.table")}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.sticky}>
              {t("trends.series")}
            </th>
            <th scope="col" className="tm-number">
              <Tooltip label={t("trends.totalNote")}>
                <span>{t("trends.total")}</span>
              </Tooltip>
            </th>
            <th scope="col" className="tm-number">
              <Tooltip label={t("trends.sumNote")}>
                <span>{t("trends.sum")}</span>
              </Tooltip>
            </th>
            {answer.buckets.map((bucket, index) => (
              <th key={bucket.start_utc} scope="col" className="tm-number" title={bucket.label}>
                {labels[index]}
                {bucket.incomplete && <span title={t("trends.growing")}> *</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.series.map((line, index) => (
            <tr key={`${line.series} ${line.breakdown_value ?? ""}`}>
              <th scope="row" className={classes.sticky}>
                <span className={classes.rowName}>
                  <span className={classes.swatch} style={{ background: colours[index] }} />
                  <span className="tm-clip">{names[index]}</span>
                </span>
              </th>
              <td className="tm-number">
                <strong>{numbers.full(line.total)}</strong>
              </td>
              <td className="tm-number">{numbers.full(line.sum)}</td>
              {line.data.map((value, at) => (
                <td key={answer.buckets[at]?.start_utc ?? at} className="tm-number">
                  {numbers.full(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
