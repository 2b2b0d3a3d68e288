import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { cohortsQuery } from "../api/queries";
import { atLeast, type Cohort } from "../api/words";
import { Page } from "../parts/Page";
import { Loaded } from "../parts/States";
import { useMe, useProject } from "../shell/useProject";
import { CohortSize } from "./CohortSize";
import { CohortsView } from "./CohortsView";
import { DeleteCohort } from "./DeleteCohort";

/** All cohorts of the project. */
export function CohortsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const mayWrite = atLeast(useMe().member.role, "member");
  const cohorts = useQuery(cohortsQuery(project.id));
  const [deleting, setDeleting] = useState<Cohort>();
  const make = mayWrite && (
    <>
      <Link to="/p/$projectId/cohort" params={{ projectId: project.id }} search={{ kind: "list" }}>
        <Button component="span" variant="default">
          {t("cohorts.newList")}
        </Button>
      </Link>
      <Link to="/p/$projectId/cohort" params={{ projectId: project.id }}>
        <Button component="span">{t("cohorts.new")}</Button>
      </Link>
    </>
  );
  return (
    <Page title={t("nav.cohorts")} lead={t("cohorts.lead")} actions={make}>
      <section className="tm-panel">
        <Loaded query={cohorts}>
          {(data) => (
            <CohortsView
              project={project}
              cohorts={data.cohorts}
              actions={make}
              sizeOf={(cohort) => <CohortSize projectId={project.id} cohort={cohort.id} />}
              {...(mayWrite ? { onDelete: setDeleting } : {})}
            />
          )}
        </Loaded>
      </section>
      {deleting && <DeleteCohort projectId={project.id} cohort={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}
