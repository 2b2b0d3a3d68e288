import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ruleSizeQuery } from "../api/queries";
import type { CohortRule } from "../api/words";
import { useNumbers } from "../format/numbers";
import { Dimmed, ProgressLine } from "../parts/States";
import classes from "./Cohorts.module.css";
import { isWhole } from "./rules";

/** Clicks that follow each other this fast are one change. */
const PAUSE_MS = 400;

interface RuleSizeProps {
  projectId: number;
  /** 0 for a new one. */
  cohort: number;
  rule: CohortRule;
}

/** How many persons a rule takes, while it is being written. */
export function RuleSize({ projectId, cohort, rule }: RuleSizeProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [text] = useDebouncedValue(JSON.stringify(rule), PAUSE_MS);
  const settled = JSON.parse(text) as CohortRule;
  const whole = isWhole(settled);
  const options = ruleSizeQuery(projectId, cohort, settled);
  const size = useQuery({ ...options, queryFn: whole ? (options.queryFn ?? skipToken) : skipToken });
  const stale = size.isPlaceholderData || text !== JSON.stringify(rule);
  return (
    <div className={classes.size} role="status" aria-label={t("cohorts.size")}>
      <ProgressLine on={size.isFetching} />
      {size.error && !size.isPlaceholderData ? (
        <span className={classes.bad}>{size.error.message}</span>
      ) : !whole ? (
        <span className="tm-quiet">{t("cohorts.unfinished")}</span>
      ) : size.data ? (
        <Dimmed on={stale}>
          <strong className={classes.big}>{numbers.full(size.data.persons)}</strong>{" "}
          {t("cohorts.nowIn", { count: size.data.persons })}
        </Dimmed>
      ) : (
        <span className="tm-quiet">{t("cohorts.counting")}</span>
      )}
    </div>
  );
}
