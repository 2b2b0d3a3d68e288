import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Cell, InsightAnswers, InsightKind, InsightQuestions, Project } from "../../api/words";
import { Page, Panel } from "../../parts/Page";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../../parts/States";
import { ExplainLine } from "./ExplainLine";
import type { Choices, Kind } from "./kind";
import { KindSwitch } from "./KindSwitch";
import type { AnswerState } from "./useAnswer";

export interface InsightScreenProps<Name extends InsightKind> extends Choices {
  kind: Kind<Name>;
  project: Pick<Project, "id" | "time_zone">;
  question: InsightQuestions[Name];
  /** The name of the saved insight that this is. */
  name?: string;
  /** Whether the question differs from the saved one. */
  changed: boolean;
  /** Whether the project has no event yet. */
  catalogueEmpty: boolean;
  answer: AnswerState<InsightQuestions[Name], InsightAnswers[Name]>;
  onChange: (question: InsightQuestions[Name]) => void;
  onOpen: (cell: Cell) => void;
  /** What can be done with the question as a whole. */
  buttons: ReactNode;
}

/** Editor above, picture below; a change in the one redraws the other. */
export function InsightScreen<Name extends InsightKind>(props: InsightScreenProps<Name>) {
  const { kind, project, question, name, changed, answer, events, actions, properties, useValues, onChange, buttons } = props;
  const { t } = useTranslation();
  return (
    <Page
      title={name ?? t(`kind.${kind.name}`)}
      marks={changed && <Badge color="yellow" variant="light" tt="none">{t("saved.unsaved")}</Badge>}
      actions={buttons}
    >
      <KindSwitch projectId={project.id} kind={kind.name} question={question} events={events} />
      <Panel>
        <kind.Editor {...{ question, events, actions, properties, useValues, onChange }} />
      </Panel>
      <section className="tm-panel" aria-label={t("insight.result")}>
        <kind.Controls question={question} onChange={onChange} />
        <ProgressLine on={answer.busy} />
        <Result {...props} />
      </section>
    </Page>
  );
}

function Result<Name extends InsightKind>(props: InsightScreenProps<Name>) {
  const { kind, answer, question, project, catalogueEmpty, onOpen, onChange } = props;
  const { t } = useTranslation();
  if (answer.error && !answer.data) return <ErrorPanel error={answer.error} onRetry={answer.retry} />;
  if (!answer.data) {
    return answer.busy ? <LoadingRows rows={7} height={28} /> : <Empty icon={kind.name} title={t(`insight.incomplete.${kind.name}`)} />;
  }
  const explain = (
    <ExplainLine explain={answer.data.explain} timeZone={project.time_zone} answeredAt={answer.answeredAt} onRefresh={answer.retry} />
  );
  if (kind.nothing(answer.data) && !answer.stale) {
    return (
      <>
        <Empty icon={kind.name} title={catalogueEmpty ? t("insight.noEvents") : t(`insight.empty.${kind.name}`)}>
          {catalogueEmpty ? t("insight.noEventsText") : t(`insight.emptyText.${kind.name}`)}
        </Empty>
        {explain}
      </>
    );
  }
  return (
    <Dimmed on={answer.stale}>
      <kind.View
        answer={answer.data}
        question={answer.asked ?? question}
        timeZone={project.time_zone}
        {...{ onOpen, onChange }}
      />
      {explain}
    </Dimmed>
  );
}
