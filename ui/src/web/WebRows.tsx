import { useTranslation } from "react-i18next";
import type { WebRow, WebRowFilter, WebTableAnswer } from "../api/words";
import { useLocale } from "../format/locale";
import { useNumbers } from "../format/numbers";
import { NumberButton } from "../insights/frame/NumberButton";
import { besideOf, Change } from "../parts/Change";
import type { WebLink } from "../url/web";
import { rowName } from "./names";
import classes from "./Web.module.css";
import { cardText } from "./WebCards";

interface WebRowsProps {
  table: WebTableAnswer;
  /** Whether there is another period beside. */
  compared: boolean;
  link: WebLink;
  onPick: (row: WebRowFilter) => void;
  onOpen: (row: WebRowFilter) => void;
}

/** The rows of a table, most visitors first. A value narrows the page; a number opens its people. */
export function WebRows({ table: { table, rows, count }, compared, link, onPick, onOpen }: WebRowsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const numbers = useNumbers();
  const most = Math.max(1, ...rows.map((row) => row.current.visitors));
  const picked = (value: string) => link.rows?.some((row) => row.table === table && row.value === value) ?? false;
  const cells = (row: WebRow, name: string) =>
    (["visitors", "views"] as const).map((number) => (
      <td key={number} className="tm-number">
        <NumberButton
          text={numbers.full(row.current[number])}
          of={`${name}, ${t(`web.${number}`)}`}
          onOpen={row.current[number] > 0 ? () => onOpen({ table, value: row.value }) : undefined}
        />
      </td>
    ));
  return (
    <div className="tm-scroll">
      <table className={`tm-table ${classes.rows}`} aria-label={t(`web.table.${table}`)}>
        <thead>
          <tr>
            <th scope="col">{t(`web.table.${table}`)}</th>
            <th scope="col" className="tm-number">
              {t("web.visitors")}
            </th>
            <th scope="col" className="tm-number">
              {t("web.views")}
            </th>
            <th scope="col" className={`tm-number ${classes.wide}`}>
              {t("web.bounce_rate")}
            </th>
            {compared && (
              <th scope="col" className="tm-number">
                {t("home.change")}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const name = rowName(t, locale, table, row.value);
            return (
              <tr key={row.value} data-open-able>
                <th scope="row" className={classes.cell}>
                  <span className={classes.share} style={{ width: `${(row.current.visitors / most) * 100}%` }} />
                  <button
                    type="button"
                    className={classes.value}
                    aria-pressed={picked(row.value)}
                    title={name === row.value ? name : `${name} (${row.value})`}
                    aria-label={t("web.onlyThis", { value: name })}
                    onClick={() => onPick({ table, value: row.value })}
                  >
                    {name}
                  </button>
                </th>
                {cells(row, name)}
                <td className={`tm-number tm-quiet ${classes.wide}`}>{cardText(numbers, "bounce_rate", row.current)}</td>
                {compared && (
                  <td className="tm-number">
                    <Change beside={besideOf(row.current.visitors, row.previous?.visitors ?? 0)} />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      {count > rows.length && (
        <p className={classes.more}>{t("web.more", { shown: numbers.full(rows.length), of: numbers.full(count) })}</p>
      )}
    </div>
  );
}
