import { useTranslation } from "react-i18next";
import type { Explain } from "../../api/words";
import { useDates } from "../../format/dates";
import { useNumbers } from "../../format/numbers";
import { Icon } from "../../parts/icons";
import classes from "./Frame.module.css";

interface ExplainLineProps {
  explain: Explain;
  timeZone: string;
  /** Milliseconds since 1970. */
  answeredAt: number;
  onRefresh?: () => void;
}

/** What the numbers mean and how they were made, so that nobody has to guess. */
export function ExplainLine({ explain, timeZone, answeredAt, onRefresh }: ExplainLineProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(timeZone);
  return (
    <footer className={classes.explain} aria-label={t("explain.label")}>
      <p>{explain.definition}</p>
      {explain.warnings?.map((warning) => (
        <p key={warning} className={classes.warning}>
          <Icon name="warning" size={14} /> {warning}
        </p>
      ))}
      <p className="tm-quiet">
        {[
          t("explain.range", { from: dates.instant(explain.from_utc), to: dates.instant(explain.to_utc) }),
          timeZone,
          t("explain.cost", {
            rows: numbers.full(explain.rows_read),
            ms: numbers.milliseconds(explain.milliseconds),
          }),
          t("explain.answered", { at: dates.instant(new Date(answeredAt).toISOString()) }),
        ].join(" · ")}
        {onRefresh && (
          <button type="button" className={classes.refresh} onClick={onRefresh}>
            {t("action.refresh")}
          </button>
        )}
      </p>
    </footer>
  );
}
