import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, remove } from "../../api/client";
import { keys } from "../../api/keys";
import { insightsQuery, projectPath } from "../../api/queries";
import { atLeast, type Insight } from "../../api/words";
import { NameDialog } from "../../parts/NameDialog";
import { Loaded } from "../../parts/States";
import { showToast } from "../../parts/toasts";
import { useAction } from "../../parts/useAction";
import { useMe, useProject } from "../../shell/useProject";
import { InsightsView } from "./InsightsView";
import { Page } from "../../parts/Page";

/** All saved insights of the project. */
export function InsightsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const mayWrite = atLeast(useMe().member.role, "member");
  const insights = useQuery(insightsQuery(project.id));
  const [renaming, setRenaming] = useState<Insight | null>(null);
  const path = (insight: Insight) => `${projectPath(project.id)}/insights/${insight.id}`;
  const touches = [keys.insights(project.id), keys.dashboards(project.id)];
  const rename = useAction({
    quiet: true,
    touches,
    run: ({ insight, name }: { insight: Insight; name: string }) => patch<Insight>(path(insight), { name }),
    onDone: () => setRenaming(null),
  });
  const restore = useAction({
    touches,
    run: (insight: Insight) => patch<Insight>(path(insight), { deleted: false }),
  });
  const erase = useAction({
    touches,
    run: (insight: Insight) => remove(path(insight)),
    onDone: (_, insight) =>
      showToast({
        text: t("saved.deleted", { name: insight.name }),
        action: { label: t("action.undo"), run: () => restore.mutate(insight) },
      }),
  });
  return (
    <Page title={t("nav.insights")}>
      <section className="tm-panel">
        <Loaded query={insights}>
          {(data) => (
            <InsightsView
              project={project}
              insights={data.insights}
              {...(mayWrite ? { onRename: setRenaming, onDelete: (insight: Insight) => erase.mutate(insight) } : {})}
            />
          )}
        </Loaded>
      </section>
      <NameDialog
        opened={renaming !== null}
        title={t("saved.rename")}
        label={t("saved.name")}
        initial={renaming?.name ?? ""}
        busy={rename.isPending}
        error={rename.error}
        onClose={() => setRenaming(null)}
        onSubmit={(name) => renaming && rename.mutate({ insight: renaming, name })}
      />
    </Page>
  );
}
