import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "../../api/keys";
import { catalogueQuery, insightQuery } from "../../api/queries";
import type { Cell, Insight, InsightKind, InsightQuestions } from "../../api/words";
import { catalogueValues } from "../../parts/filters/useCatalogueValues";
import { Page } from "../../parts/Page";
import { ErrorPanel, LoadingRows } from "../../parts/States";
import { useActions } from "../../parts/useActions";
import { useProperties } from "../../parts/useProperties";
import { useProject } from "../../shell/useProject";
import { canonical, type InsightLink, type InsightUrl, linkOf, questionOf, readLink } from "../../url/insight";
import { URLS } from "../../url/kinds";
import { PeoplePanel } from "../people/PeoplePanel";
import { SaveActions } from "../saved/SaveActions";
import { InsightScreen } from "./InsightScreen";
import type { Kind } from "./kind";
import { savedOf } from "./savedOf";
import { useAnswer } from "./useAnswer";

/** The insight in the address: a question of its own, a saved one, or a saved one with changes. */
export function InsightPage<Name extends InsightKind>({ kind }: { kind: Kind<Name> }) {
  type Question = InsightQuestions[Name];
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const url: InsightUrl<Question> = URLS[kind.name];
  const search: Record<string, unknown> = useSearch({ strict: false });
  const link = useMemo(() => readLink(url, search), [url, search]);
  const saved = useQuery({ ...insightQuery(project.id, link.insight ?? 0), enabled: link.insight !== undefined });
  const catalogue = useQuery(catalogueQuery(project.id));
  const properties = useProperties(project.id);
  const actions = useActions(project.id);
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const events = catalogue.data?.events;
  // A new question begins with what the app sends most, so it waits for the catalogue; without one it begins empty.
  const first = events || catalogue.error ? url.begin({ subjects: [], events: events ?? [] }) : undefined;
  const savedQuestion = savedOf(kind.name, saved.data);
  // A change stands at once; the address follows, and a second change before it has must not lose the first.
  const [draft, setDraft] = useState<{ over: unknown; question: Question }>();
  const question = draft?.over === search ? draft.question : (questionOf(url, link, first) ?? savedQuestion);
  const asked = question && kind.askable(question);
  const answer = useAnswer(project.id, kind.name, asked);

  if (!question) {
    return (
      <Page title={t(`kind.${kind.name}`)}>
        {saved.error ? (
          <ErrorPanel error={saved.error} onRetry={() => void saved.refetch()} />
        ) : (
          <LoadingRows rows={6} height={28} />
        )}
      </Page>
    );
  }
  const changed = savedQuestion !== undefined && canonical(url, savedQuestion) !== canonical(url, question);
  /** Each screen's address carries its own kind of link, which `to: "."` cannot know. */
  const go = (next: InsightLink<Question>, replace = false) => void navigate({ to: ".", search: next as never, replace });
  const change = (next: Question) => {
    setDraft({ over: search, question: next });
    go(linkOf(url, next, link.insight));
  };
  const stands = (insight: Insight) => {
    cache.setQueryData(keys.insight(project.id, insight.id), insight);
    go({ insight: insight.id } as InsightLink<Question>, true);
  };
  const open = (cell: Cell | undefined) => {
    const { cell: _old, ...rest } = link;
    go({ ...rest, ...(cell ? { cell } : {}) } as InsightLink<Question>, cell === undefined);
  };
  return (
    <>
      <InsightScreen
        kind={kind}
        project={project}
        question={question}
        {...(saved.data ? { name: saved.data.name } : {})}
        changed={changed}
        events={events ?? []}
        properties={properties}
        catalogueEmpty={events?.length === 0}
        useValues={useValues}
        answer={answer}
        onChange={change}
        onOpen={open}
        actions={actions}
        buttons={
          <SaveActions
            projectId={project.id}
            question={{ kind: kind.name, ...question }}
            {...(saved.data ? { saved: saved.data } : {})}
            changed={changed}
            onSaved={stands}
            onRevert={() => go((link.insight === undefined ? {} : { insight: link.insight }) as InsightLink<Question>)}
          />
        }
      />
      <PeoplePanel
        kind={kind}
        project={project}
        question={asked}
        cell={link.cell}
        answer={answer.stale ? undefined : answer.data}
        onClose={() => open(undefined)}
      />
    </>
  );
}
