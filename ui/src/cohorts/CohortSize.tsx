import { Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { cohortPeopleQuery } from "../api/queries";
import { NO_NUMBER, useNumbers } from "../format/numbers";

/** How many persons are in a cohort now. */
export function CohortSize({ projectId, cohort }: { projectId: number; cohort: number }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const people = useInfiniteQuery(cohortPeopleQuery(projectId, cohort, 1));
  const persons = people.data?.pages[0]?.persons;
  if (persons !== undefined) return <>{numbers.full(persons)}</>;
  if (people.error) return <span title={people.error.message}>{NO_NUMBER}</span>;
  return <Skeleton height={12} width={40} display="inline-block" aria-label={t("state.loading")} role="status" />;
}
