import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useNumbers } from "../format/numbers";
import { reasonText } from "../i18n/reasons";
import classes from "./Live.module.css";
import type { NotKeptNotice } from "./liveBuffer";

/** How many kinds are named before the rest is only counted. */
const NAMED_MAX = 3;

/** What arrived but is not among the rows, and why: so that nobody wonders where an event went. */
export function NotKeptNotices({ project, notices }: { project: number; notices: readonly NotKeptNotice[] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (notices.length === 0) return null;
  const count = notices.reduce((sum, notice) => sum + notice.count, 0);
  const failed = notices.some((notice) => notice.outcome === "failed");
  return (
    <section className={classes.notices} aria-label={t("live.notKept")}>
      <div className={classes.noticeHead}>
        <span>{t("live.notKeptCount", { count, number: numbers.full(count) })}</span>
        <Link to="/p/$projectId/data" params={{ projectId: project }} search={{ tab: failed ? "failed" : "not-kept" }}>
          {t("live.notKeptOpen")}
        </Link>
      </div>
      <ul>
        {notices.slice(0, NAMED_MAX).map((notice) => (
          <li key={`${notice.event} ${notice.reason}`}>
            <span className="tm-mono">{notice.event || t("data.noName")}</span> × {numbers.full(notice.count)} –{" "}
            {reasonText(t, notice.reason)}
          </li>
        ))}
      </ul>
    </section>
  );
}
