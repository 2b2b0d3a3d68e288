import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { answerQuery } from "../api/queries";
import type { Cell, Insight, InsightKind, InsightQuestions } from "../api/words";
import type { Kind } from "../insights/frame/kind";
import { savedOf } from "../insights/frame/savedOf";
import { INSIGHTS } from "../insights/kinds";
import { PeoplePanel } from "../insights/people/PeoplePanel";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { useProject } from "../shell/useProject";
import type { Range } from "../url/range";
import classes from "./Dashboard.module.css";

interface TileBodyProps {
  projectId: number;
  insight: Insight;
  /** Over the insight's own range. */
  range?: Range;
  asTable: boolean;
  heightPx: number;
}

/** The answer of a saved insight of any kind, in the room of a tile. */
export function TileBody(props: TileBodyProps) {
  const name = props.insight.question.kind;
  // A kind that a newer server knows is no reason to show nothing at all.
  if (!(name in INSIGHTS)) return null;
  return <KindBody {...props} kind={INSIGHTS[name as InsightKind] as Kind<InsightKind>} />;
}

function KindBody<Name extends InsightKind>({ kind, projectId, insight, range, asTable, heightPx }: TileBodyProps & { kind: Kind<Name> }) {
  const { t } = useTranslation();
  const project = useProject();
  const timeZone = project.time_zone;
  const [cell, setCell] = useState<Cell>();
  const saved = savedOf(kind.name, insight);
  const question = saved && (range ? kind.over(saved, range) : saved);
  const answer = useQuery(answerQuery<Name>(projectId, { kind: kind.name, ...(question as InsightQuestions[Name]) }));
  if (answer.error && !answer.data) return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data || !question) return <LoadingRows rows={4} />;
  return (
    <div className={classes.body}>
      <ProgressLine on={answer.isFetching} />
      <Dimmed on={answer.isPlaceholderData}>
        {kind.nothing(answer.data) ? (
          <Empty icon={kind.name} title={t(`insight.empty.${kind.name}`)} />
        ) : (
          <kind.View {...{ question, timeZone }} answer={answer.data} tileHeight={heightPx} asTable={asTable} onOpen={setCell} />
        )}
      </Dimmed>
      <PeoplePanel
        {...{ kind, project, question, cell }}
        answer={answer.isPlaceholderData ? undefined : answer.data}
        onClose={() => setCell(undefined)}
      />
    </div>
  );
}
