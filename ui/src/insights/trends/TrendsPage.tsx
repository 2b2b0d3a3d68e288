import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "../../api/keys";
import { catalogueQuery, insightQuery } from "../../api/queries";
import type { Insight, TrendsQuestion } from "../../api/words";
import { catalogueValues } from "../../parts/filters/useCatalogueValues";
import { Page } from "../../parts/Page";
import { ErrorPanel, LoadingRows } from "../../parts/States";
import { useProject } from "../../shell/useProject";
import { canonical, linkOf, questionOf } from "../../url/trends";
import { SaveActions } from "../saved/SaveActions";
import { TrendsScreen } from "./TrendsScreen";
import { useTrends } from "./useTrends";

/** The trend in the address: a question of its own, a saved one, or a saved one with changes. */
export function TrendsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/trends" });
  const cache = useQueryClient();
  const link = useSearch({ from: "/p/$projectId/trends" });
  const saved = useQuery({ ...insightQuery(project.id, link.insight ?? 0), enabled: link.insight !== undefined });
  const catalogue = useQuery(catalogueQuery(project.id));
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const savedQuestion = saved.data?.question.kind === "trends" ? withoutKind(saved.data.question) : undefined;
  const question = questionOf(link) ?? savedQuestion;
  const answer = useTrends(project.id, question);

  if (!question) {
    return (
      <Page title={t("nav.trends")}>
        {saved.error ? (
          <ErrorPanel error={saved.error} onRetry={() => void saved.refetch()} />
        ) : (
          <LoadingRows rows={6} height={28} />
        )}
      </Page>
    );
  }
  const changed = savedQuestion !== undefined && canonical(savedQuestion) !== canonical(question);
  const ask = (next: TrendsQuestion) => void navigate({ search: linkOf(next, link.insight) });
  const stands = (insight: Insight) => {
    cache.setQueryData(keys.insight(project.id, insight.id), insight);
    void navigate({ search: { insight: insight.id }, replace: true });
  };
  return (
    <TrendsScreen
      project={project}
      question={question}
      {...(saved.data ? { name: saved.data.name } : {})}
      changed={changed}
      events={catalogue.data?.events ?? []}
      properties={catalogue.data?.properties ?? []}
      catalogueEmpty={catalogue.data?.events.length === 0}
      useValues={useValues}
      answer={answer}
      onChange={ask}
      actions={
        <SaveActions
          projectId={project.id}
          question={question}
          {...(saved.data ? { saved: saved.data } : {})}
          changed={changed}
          onSaved={stands}
          onRevert={() => void navigate({ search: link.insight === undefined ? {} : { insight: link.insight } })}
        />
      }
    />
  );
}

function withoutKind(question: { kind: "trends" } & TrendsQuestion): TrendsQuestion {
  const { kind: _kind, ...rest } = question;
  return rest;
}
