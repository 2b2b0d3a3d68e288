import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CatalogueEvent, CatalogueProperty, Project, TrendsQuestion } from "../../api/words";
import type { ValuesHook } from "../../parts/filters/FilterValue";
import { Page, Panel } from "../../parts/Page";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../../parts/States";
import { ExplainLine } from "./ExplainLine";
import { TrendsControls } from "./TrendsControls";
import { TrendsEditor } from "./TrendsEditor";
import { TrendsView } from "./TrendsView";
import type { TrendsState } from "./useTrends";

export interface TrendsScreenProps {
  project: Pick<Project, "id" | "time_zone">;
  question: TrendsQuestion;
  /** The name of the saved insight that this is. */
  name?: string;
  /** Whether the question differs from the saved one. */
  changed: boolean;
  events: readonly CatalogueEvent[];
  properties: readonly CatalogueProperty[];
  /** Whether the project has no event yet. */
  catalogueEmpty: boolean;
  useValues: ValuesHook;
  answer: TrendsState;
  onChange: (question: TrendsQuestion) => void;
  actions: ReactNode;
}

/** Editor above, picture below; a change in the one redraws the other. */
export function TrendsScreen(props: TrendsScreenProps) {
  const { question, name, changed, answer, onChange, actions } = props;
  const { t } = useTranslation();
  return (
    <Page
      title={name ?? t("nav.trends")}
      marks={changed && <Badge color="yellow" variant="light" tt="none">{t("saved.unsaved")}</Badge>}
      actions={actions}
    >
      <Panel>
        <TrendsEditor {...props} />
      </Panel>
      <section className="tm-panel" aria-label={t("trends.result")}>
        <TrendsControls question={question} onChange={onChange} />
        <ProgressLine on={answer.busy} />
        <Result {...props} />
      </section>
    </Page>
  );
}

function Result({ answer, question, project, catalogueEmpty }: TrendsScreenProps) {
  const { t } = useTranslation();
  if (answer.error && !answer.data) return <ErrorPanel error={answer.error} onRetry={answer.retry} />;
  if (!answer.data) {
    return answer.busy ? <LoadingRows rows={7} height={28} /> : <Empty icon="trends" title={t("trends.incomplete")} />;
  }
  const nothing = answer.data.series.every((line) => line.sum === 0 && !line.total);
  if (nothing && !answer.stale) {
    return (
      <>
        <Empty icon="trends" title={catalogueEmpty ? t("trends.noEvents") : t("trends.empty")}>
          {catalogueEmpty ? t("trends.noEventsText") : t("trends.emptyText")}
        </Empty>
        <ExplainLine explain={answer.data.explain} timeZone={project.time_zone} answeredAt={answer.answeredAt} />
      </>
    );
  }
  return (
    <Dimmed on={answer.stale}>
      <TrendsView answer={answer.data} question={question} />
      <ExplainLine explain={answer.data.explain} timeZone={answer.data.time_zone} answeredAt={answer.answeredAt} />
    </Dimmed>
  );
}
