import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNumbers } from "../format/numbers";
import { valueName } from "../insights/frame/kind";
import { Empty } from "../parts/States";
import { Change } from "../parts/Change";
import classes from "./Home.module.css";
import type { PageEvent, PageRow } from "./pulse";

interface PagesTableProps {
  projectId: number;
  pageEvent: PageEvent;
  rows: readonly PageRow[];
}

/** The most seen pages of the day, each the way to its trend. */
export function PagesTable({ projectId, pageEvent, rows }: PagesTableProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (rows.length === 0) return <Empty icon="trends" title={t("home.noPages")} />;
  const most = Math.max(...rows.map((row) => row.now));
  return (
    <table className="tm-table" aria-label={t("home.pages")}>
      <thead>
        <tr>
          <th scope="col">{t("home.page")}</th>
          <th scope="col" className="tm-number">
            {t("home.views")}
          </th>
          <th scope="col" className="tm-number">
            {t("home.change")}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.page} data-open-able>
            <td className={classes.page}>
              <span className={classes.share} style={{ width: `${(row.now / most) * 100}%` }} />
              <Link
                to="/p/$projectId/trends"
                params={{ projectId }}
                search={{
                  series: [
                    { event: pageEvent.event, math: "total", filters: [{ property: pageEvent.property, operator: "exact", value: row.page }] },
                  ],
                  date_from: "-30d",
                }}
                className={classes.pageName}
              >
                {valueName(t, row.page)}
              </Link>
            </td>
            <td className="tm-number">{numbers.full(row.now)}</td>
            <td className="tm-number">
              <Change beside={row} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
