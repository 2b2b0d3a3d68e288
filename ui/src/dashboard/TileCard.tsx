import { ActionIcon, Menu } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { trendsQuery } from "../api/queries";
import type { Insight, TrendsAnswer, TrendsQuestion } from "../api/words";
import { useNumbers } from "../format/numbers";
import { lineColours, lineNames } from "../insights/trends/lineNames";
import { TrendsTable } from "../insights/trends/TrendsTable";
import { TrendsView } from "../insights/trends/TrendsView";
import { useDates } from "../format/dates";
import { Icon } from "../parts/icons";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { useScheme } from "../theme/scheme";
import { fittingInterval, type Range } from "../url/range";
import classes from "./Dashboard.module.css";
import { STEPS, type Step } from "./grid";

interface TileCardProps {
  projectId: number;
  /** Undefined: it was deleted. */
  insight: Insight | undefined;
  range?: Range;
  heightPx: number;
  onStep?: (step: Step) => void;
  onRemove?: () => void;
}

/** What stands above and below the picture. */
const HEAD_PX = 46;
const LEGEND_PX = 44;

/** One saved insight on the dashboard. */
export function TileCard({ projectId, insight, range, heightPx, onStep, onRemove }: TileCardProps) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const name = insight?.name ?? t("dashboard.gone");
  return (
    <article className={`tm-panel ${classes.tile}`} style={{ height: heightPx }} aria-label={name}>
      <header className={classes.head} data-drag={onStep ? true : undefined}>
        {insight ? (
          <Link
            to="/p/$projectId/trends"
            params={{ projectId }}
            search={{ insight: insight.id }}
            className={`${classes.name} tm-clip`}
          >
            {name}
          </Link>
        ) : (
          <span className={`${classes.name} tm-quiet`}>{name}</span>
        )}
        <Menu position="bottom-end" shadow="md" width={190}>
          <Menu.Target>
            <ActionIcon aria-label={t("dashboard.tileMenu", { name })}>
              <Icon name="dots" size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setAsTable((now) => !now)}>
              {asTable ? t("dashboard.asChart") : t("dashboard.asTable")}
            </Menu.Item>
            {onStep && <Menu.Divider />}
            {onStep &&
              STEPS.map((step) => (
                <Menu.Item key={step} closeMenuOnClick={false} onClick={() => onStep(step)}>
                  {t(`dashboard.step.${step}`)}
                </Menu.Item>
              ))}
            {onRemove && <Menu.Divider />}
            {onRemove && (
              <Menu.Item style={{ color: "var(--tm-bad)" }} onClick={onRemove}>
                {t("dashboard.remove")}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      </header>
      {insight && insight.question.kind === "trends" ? (
        <TileBody {...{ projectId, asTable, heightPx }} question={questionOver(insight.question, range)} />
      ) : (
        <Empty icon="insights" title={t("dashboard.goneText")} />
      )}
    </article>
  );
}

/** The insight's question, over the dashboard's range where there is one. */
function questionOver(question: Insight["question"] & { kind: "trends" }, range?: Range): TrendsQuestion {
  const { kind: _kind, date_from, date_to, interval, ...rest } = question;
  if (range) {
    return { ...rest, date_from: range.from, ...(range.to ? { date_to: range.to } : {}), interval: fittingInterval(range) };
  }
  return {
    ...rest,
    ...(date_from ? { date_from } : {}),
    ...(date_to ? { date_to } : {}),
    ...(interval ? { interval } : {}),
  };
}

interface TileBodyProps {
  projectId: number;
  question: TrendsQuestion;
  asTable: boolean;
  heightPx: number;
}

function TileBody({ projectId, question, asTable, heightPx }: TileBodyProps) {
  const answer = useQuery(trendsQuery(projectId, question));
  if (answer.error && !answer.data) return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return <LoadingRows rows={4} />;
  const legend = answer.data.series.length > 1;
  return (
    <div className={classes.body}>
      <ProgressLine on={answer.isFetching} />
      <Dimmed on={answer.isPlaceholderData}>
        {asTable ? (
          <TileTable answer={answer.data} question={question} />
        ) : (
          <>
            <TileTotal answer={answer.data} />
            <TrendsView
              answer={answer.data}
              question={question}
              tileHeight={heightPx - HEAD_PX - (legend ? LEGEND_PX : 30) - 12}
            />
          </>
        )}
      </Dimmed>
    </div>
  );
}

/** The number of a tile with one line. */
function TileTotal({ answer }: { answer: TrendsAnswer }) {
  const numbers = useNumbers();
  const [line, ...more] = answer.series;
  if (!line || more.length > 0) return null;
  return <div className={classes.total}>{numbers.full(line.total ?? line.sum)}</div>;
}

function TileTable({ answer, question }: { answer: TrendsAnswer; question: TrendsQuestion }) {
  const { t } = useTranslation();
  const scheme = useScheme();
  const dates = useDates(answer.time_zone);
  return (
    <TrendsTable
      answer={answer}
      names={lineNames(t, question, answer.series)}
      colours={lineColours(question, answer.series, scheme)}
      labels={answer.buckets.map((bucket) => dates.bucketLong(bucket, answer.interval))}
    />
  );
}
