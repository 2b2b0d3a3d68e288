import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Project, TrendsAnswer } from "../api/words";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { SeriesChart } from "../insights/frame/SeriesChart";
import { PALETTE, QUIET } from "../theme/palette";
import { useScheme } from "../theme/scheme";
import { Change } from "../parts/Change";
import classes from "./Home.module.css";
import { curvesOf, type Day, type PageEvent, pulseOf, pulseSeries } from "./pulse";

const CHART_PX = 230;

interface PulsePanelProps {
  answer: TrendsAnswer;
  project: Pick<Project, "id" | "time_zone">;
  day: Day;
  /** What the third number counts; all events where no page is told. */
  pageEvent: PageEvent | undefined;
}

/** Three numbers of a day beside those of the same weekday, and its persons by the hour. Each leads to its trend. */
export function PulsePanel({ answer, project, day, pageEvent }: PulsePanelProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  const scheme = useScheme();
  const before = answer.previous_buckets?.[0];
  const other = before ? dates.bucketLong(before, "day") : "";
  const names = [t("home.persons"), t("home.sessions"), pageEvent ? t("home.views") : t("home.events")];
  const lines = useMemo(() => {
    const curves = curvesOf(answer);
    return [
      { name: t(`home.day.${day}`), colour: PALETTE[scheme][0] ?? "", data: curves.now },
      { name: other, colour: QUIET[scheme], data: curves.before },
    ];
  }, [answer, day, other, scheme, t]);
  const labels = useMemo(() => answer.buckets.map((bucket) => dates.bucketShort(bucket, "hour")), [answer, dates]);
  return (
    <div className={classes.pulse}>
      <dl className={classes.numbers}>
        {pulseOf(answer).map((number, at) => (
          <div key={names[at]}>
            <dt>{names[at]}</dt>
            <dd>
              <Link
                to="/p/$projectId/trends"
                params={{ projectId: project.id }}
                search={{ series: pulseSeries(pageEvent).slice(at, at + 1), date_from: "-30d" }}
                className={classes.big}
              >
                {numbers.full(number.now)}
              </Link>
              <span className={classes.before}>
                <Change beside={number} /> {t("home.thanOn", { number: numbers.full(number.before), day: other })}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <div className={classes.curve}>
        <SeriesChart
          lines={lines}
          shortLabels={labels}
          longLabels={labels}
          tileHeight={CHART_PX}
          summary={t("home.summary", { day: other, points: labels.length })}
        />
      </div>
    </div>
  );
}
