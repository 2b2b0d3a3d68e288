import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDates } from "../format/dates";
import classes from "./Live.module.css";
import type { Live } from "./useLive";

/** Whether the stream is open, and how old the newest event is. */
export function Freshness({ live, paused }: { live: Live; paused: boolean }) {
  const { t } = useTranslation();
  const dates = useDates("UTC");
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const newest = live.rows[0]?.received_at;
  const state = paused ? t("live.state.paused") : t(`live.state.${live.state}`);
  return (
    <span className={classes.fresh}>
      <span className={classes.dot} data-state={paused ? "paused" : live.state} />
      <span>
        {state}
        {newest && ` · ${t("live.newest", { ago: dates.ago(newest, Math.max(now, Date.parse(newest))) })}`}
      </span>
    </span>
  );
}
