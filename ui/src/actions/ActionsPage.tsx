import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { actionsQuery } from "../api/queries";
import { type Action, atLeast } from "../api/words";
import { Page, Panel } from "../parts/Page";
import { Loaded } from "../parts/States";
import { useMe, useProject } from "../shell/useProject";
import { ActionsView, BuiltInView } from "./ActionsView";
import { DeleteAction } from "./DeleteAction";

/** All actions of the project, and those that every project has. */
export function ActionsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const mayWrite = atLeast(useMe().member.role, "member");
  const actions = useQuery(actionsQuery(project.id));
  const [deleting, setDeleting] = useState<Action>();
  const make = mayWrite && (
    <Link to="/p/$projectId/action" params={{ projectId: project.id }}>
      <Button component="span">{t("actions.new")}</Button>
    </Link>
  );
  return (
    <Page title={t("nav.actions")} lead={t("actions.lead")} actions={make}>
      <section className="tm-panel">
        <Loaded query={actions}>
          {(data) => (
            <ActionsView
              project={project}
              actions={data.actions}
              buttons={make}
              {...(mayWrite ? { onDelete: setDeleting } : {})}
            />
          )}
        </Loaded>
      </section>
      {actions.data && (
        <Panel title={t("actions.builtInTitle")} flush>
          <BuiltInView project={project} actions={actions.data.built_in} />
        </Panel>
      )}
      {deleting && <DeleteAction projectId={project.id} action={deleting} onClose={() => setDeleting(undefined)} />}
    </Page>
  );
}
