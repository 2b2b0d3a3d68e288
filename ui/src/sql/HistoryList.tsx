import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { Icon } from "../parts/icons";
import { Empty } from "../parts/States";
import { showToast } from "../parts/toasts";
import classes from "./Sql.module.css";
import type { History } from "./useHistory";

interface HistoryListProps {
  history: History;
  timeZone: string;
  /** Milliseconds since 1970. */
  now: number;
  onOpen: (sql: string) => void;
}

/** The queries of before, newest first: open again, delete, clear. */
export function HistoryList({ history, timeZone, now, onOpen }: HistoryListProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(timeZone);
  if (history.past.length === 0) {
    return (
      <Empty icon="history" title={t("sql.noHistory")}>
        {t("sql.noHistoryText")}
      </Empty>
    );
  }
  const clear = () => {
    const before = history.past;
    history.clear();
    showToast({ text: t("sql.cleared"), action: { label: t("action.undo"), run: () => history.restore(before) } });
  };
  return (
    <>
      <ul className={classes.past} aria-label={t("sql.history")}>
        {history.past.map((one) => (
          <li key={one.sql} className={classes.pastItem}>
            <button type="button" className={classes.pastOpen} onClick={() => onOpen(one.sql)}>
              <code className={classes.pastSql}>{one.sql.trim()}</code>{" "}
              <span className={classes.pastMeta}>
                {dates.ago(new Date(one.at).toISOString(), now)} ·{" "}
                {one.rows === undefined
                  ? t("sql.pastFailed")
                  : t("sql.rowCount", { count: one.rows, number: numbers.full(one.rows) })}
              </span>
            </button>
            <Tooltip label={t("action.delete")}>
              <ActionIcon aria-label={t("sql.deletePast")} onClick={() => history.remove(one.sql)}>
                <Icon name="close" size={14} />
              </ActionIcon>
            </Tooltip>
          </li>
        ))}
      </ul>
      <div className={classes.pastFoot}>
        <Button variant="subtle" size="compact-sm" onClick={clear}>
          {t("sql.clearHistory")}
        </Button>
        <span className={classes.pastNote}>{t("sql.historyNote")}</span>
      </div>
    </>
  );
}
