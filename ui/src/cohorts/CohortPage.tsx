import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "../api/client";
import { keys } from "../api/keys";
import { catalogueQuery, cohortQuery, projectPath } from "../api/queries";
import { atLeast, type Cohort } from "../api/words";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { Page, Panel } from "../parts/Page";
import { ErrorPanel, LoadingRows } from "../parts/States";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { useActions } from "../parts/useActions";
import { useProperties } from "../parts/useProperties";
import { useMe, useProject } from "../shell/useProject";
import { CohortEditor } from "./CohortEditor";
import { CohortPeople } from "./CohortPeople";
import { DeleteCohort } from "./DeleteCohort";
import { type Draft, draftOf, newDraft, changeOf } from "./draft";
import { RuleSize } from "./RuleSize";

/** One cohort, or a new one. */
export function CohortPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { id, kind } = useSearch({ from: "/p/$projectId/cohort" });
  const cohort = useQuery({ ...cohortQuery(project.id, id ?? 0), enabled: id !== undefined });
  const catalogue = useQuery(catalogueQuery(project.id));
  const known = catalogue.data !== undefined || catalogue.error !== null;
  if (cohort.error) {
    return (
      <Page title={t("nav.cohorts")}>
        <ErrorPanel error={cohort.error} onRetry={() => void cohort.refetch()} />
      </Page>
    );
  }
  if (!known || (id !== undefined && !cohort.data)) {
    return (
      <Page title={t("nav.cohorts")}>
        <LoadingRows rows={6} height={28} />
      </Page>
    );
  }
  const first = cohort.data ? draftOf(cohort.data) : newDraft(kind ?? "rule", catalogue.data?.events[0]?.name ?? null);
  // Another cohort is another form.
  return <Form key={`${id ?? kind ?? ""} ${cohort.data?.updated_at ?? ""}`} saved={cohort.data} first={first} />;
}

function Form({ saved, first }: { saved: Cohort | undefined; first: Draft }) {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const mayWrite = atLeast(useMe().member.role, "member");
  const [draft, setDraft] = useState(first);
  const [deleting, setDeleting] = useState(false);
  const properties = useProperties(project.id);
  const actions = useActions(project.id);
  const events = useQuery(catalogueQuery(project.id)).data?.events ?? [];
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const path = `${projectPath(project.id)}/cohorts`;
  const save = useAction({
    quiet: true,
    touches: [keys.cohorts(project.id)],
    run: () => (saved ? patch<Cohort>(`${path}/${saved.id}`, changeOf(draft)) : post<Cohort>(path, changeOf(draft))),
    onDone: (cohort) => {
      showToast({ text: t("saved.done", { name: cohort.name }) });
      void navigate({ to: "/p/$projectId/cohort", params: { projectId: project.id }, search: { id: cohort.id }, replace: true });
    },
  });
  return (
    <Page title={saved?.name ?? t(draft.rule ? "cohorts.new" : "cohorts.newList")}>
      <Panel>
        <CohortEditor
          draft={draft}
          saved={saved}
          onChange={setDraft}
          mayWrite={mayWrite}
          busy={save.isPending}
          error={save.error}
          onSave={() => save.mutate(undefined)}
          onDelete={() => setDeleting(true)}
          {...{ events, actions, useValues }}
          properties={{ ...properties, cohorts: properties.cohorts.filter((one) => one.id !== saved?.id) }}
          size={draft.rule && <RuleSize projectId={project.id} cohort={saved?.id ?? 0} rule={draft.rule} />}
        />
      </Panel>
      {saved && <CohortPeople projectId={project.id} cohort={saved} />}
      {saved && deleting && (
        <DeleteCohort
          projectId={project.id}
          cohort={saved}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate({ to: "/p/$projectId/cohorts", params: { projectId: project.id } })}
        />
      )}
    </Page>
  );
}
