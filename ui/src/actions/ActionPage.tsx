import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "../api/client";
import { keys } from "../api/keys";
import { actionsQuery, catalogueQuery, projectPath } from "../api/queries";
import { type Action, atLeast } from "../api/words";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { Page, Panel } from "../parts/Page";
import { Empty, Loaded } from "../parts/States";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { useProperties } from "../parts/useProperties";
import { useMe, useProject } from "../shell/useProject";
import { ActionEditor, type ActionDraft } from "./ActionEditor";
import { AsTrend } from "./ActionsView";
import { DeleteAction } from "./DeleteAction";
import { whole } from "./steps";

/** One action, or a new one. */
export function ActionPage() {
  const { t } = useTranslation();
  const project = useProject();
  const { id } = useSearch({ from: "/p/$projectId/action" });
  const actions = useQuery(actionsQuery(project.id));
  if (!actions.data) {
    return (
      <Page title={t("nav.actions")}>
        <Loaded query={actions}>{() => null}</Loaded>
      </Page>
    );
  }
  const saved = actions.data.actions.find((one) => one.id === id);
  if (id !== undefined && !saved) {
    return (
      <Page title={t("nav.actions")}>
        <section className="tm-panel">
          <Empty icon="actions" title={t("actions.gone")} />
        </section>
      </Page>
    );
  }
  // Another action is another form.
  return <Form key={`${id ?? ""} ${saved?.updated_at ?? ""}`} saved={saved} />;
}

const NEW: ActionDraft = { name: "", description: "", steps: [{}] };

function Form({ saved }: { saved: Action | undefined }) {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate();
  const mayWrite = atLeast(useMe().member.role, "member");
  const [draft, setDraft] = useState<ActionDraft>(saved ?? NEW);
  const [deleting, setDeleting] = useState(false);
  const properties = useProperties(project.id);
  const events = useQuery(catalogueQuery(project.id)).data?.events ?? [];
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const path = `${projectPath(project.id)}/actions`;
  const save = useAction({
    quiet: true,
    touches: [keys.actions(project.id)],
    run: () => {
      const body = { name: draft.name.trim(), description: draft.description.trim(), steps: draft.steps.map(whole) };
      return saved ? patch<Action>(`${path}/${saved.id}`, body) : post<Action>(path, body);
    },
    onDone: (action) => {
      showToast({ text: t("saved.done", { name: action.name }) });
      void navigate({ to: "/p/$projectId/actions", params: { projectId: project.id } });
    },
  });
  return (
    <Page
      title={saved?.name ?? t("actions.new")}
      actions={saved && <AsTrend projectId={project.id} action={saved.id} name={saved.name} />}
    >
      <Panel>
        <ActionEditor
          draft={draft}
          isNew={!saved}
          {...{ mayWrite, events, properties, useValues }}
          busy={save.isPending}
          error={save.error}
          onChange={setDraft}
          onSave={() => save.mutate(undefined)}
          onDelete={() => setDeleting(true)}
        />
      </Panel>
      {saved && deleting && (
        <DeleteAction
          projectId={project.id}
          action={saved}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate({ to: "/p/$projectId/actions", params: { projectId: project.id } })}
        />
      )}
    </Page>
  );
}
