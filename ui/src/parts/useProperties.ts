import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { catalogueQuery, cohortsQuery } from "../api/queries";
import { NO_PROPERTIES, type Properties } from "./properties";

/** What can be asked about in a project. */
export function useProperties(project: number): Properties {
  const catalogue = useQuery(catalogueQuery(project)).data;
  const cohorts = useQuery(cohortsQuery(project)).data;
  return useMemo(
    () =>
      catalogue
        ? { event: catalogue.properties, person: catalogue.person_properties, cohorts: cohorts?.cohorts ?? [] }
        : NO_PROPERTIES,
    [catalogue, cohorts],
  );
}
