import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { type OpenedNumber, peopleQuery } from "../api/queries";
import { atLeast } from "../api/words";
import { SaveCohort } from "../insights/people/SaveCohort";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { useProperties } from "../parts/useProperties";
import { useMe, useProject } from "../shell/useProject";
import { activeQuestionOf, type PeopleLink, readPeopleLink } from "../url/people";
import { PeopleList } from "./PeopleList";

const LIST_STALE_MS = 30_000;

/** Whoever was active, found by id, property or cohort. */
export function PeoplePage() {
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/people" });
  const link = useSearch({ from: "/p/$projectId/people" });
  const properties = useProperties(project.id);
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const mayWrite = atLeast(useMe().member.role, "member");
  const [saving, setSaving] = useState(false);
  const question = activeQuestionOf(link);
  const opened: OpenedNumber = { question: { kind: "trends", ...question }, cell: { series: 0 }, askedAt: "" };
  // The list of a panel stands still; that of a page may be looked at again later.
  const people = useInfiniteQuery({ ...peopleQuery(project.id, opened), staleTime: LIST_STALE_MS });
  const change = (next: PeopleLink) => void navigate({ search: readPeopleLink({ ...next }) });
  return (
    <>
      <PeopleList
        {...{ project, link, properties, useValues }}
        pages={people.data?.pages}
        error={people.error}
        busy={people.isFetching}
        onMore={people.hasNextPage ? () => void people.fetchNextPage() : undefined}
        onRetry={() => void people.refetch()}
        onChange={change}
        onSave={mayWrite ? () => setSaving(true) : undefined}
      />
      {saving && <SaveCohort projectId={project.id} opened={opened} name="" onClose={() => setSaving(false)} />}
    </>
  );
}
