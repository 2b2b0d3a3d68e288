import { Button, Menu } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch, post } from "../../api/client";
import { keys } from "../../api/keys";
import { projectPath } from "../../api/queries";
import { atLeast, type Insight, type InsightKind, type InsightQuestions } from "../../api/words";
import { addTile } from "../../dashboard/addTile";
import { CopyButton } from "../../parts/Copy";
import { Icon } from "../../parts/icons";
import { NameDialog } from "../../parts/NameDialog";
import { showToast } from "../../parts/toasts";
import { useAction } from "../../parts/useAction";
import { useMe } from "../../shell/useProject";

interface SaveActionsProps<Kind extends InsightKind> {
  projectId: number;
  question: { kind: Kind } & InsightQuestions[Kind];
  /** The insight that the question started from. */
  saved?: Insight;
  changed: boolean;
  onSaved: (insight: Insight) => void;
  onRevert: () => void;
}

/** Save, save as, back to what was saved, onto the dashboard. */
export function SaveActions<Kind extends InsightKind>(props: SaveActionsProps<Kind>) {
  const { projectId, question, saved, changed, onSaved, onRevert } = props;
  const { t } = useTranslation();
  const mayWrite = atLeast(useMe().member.role, "member");
  const [naming, setNaming] = useState(false);
  const path = `${projectPath(projectId)}/insights`;
  const done = (insight: Insight) => {
    setNaming(false);
    showToast({ text: t("saved.done", { name: insight.name }) });
    onSaved(insight);
  };
  const touches = [keys.insights(projectId)];
  const create = useAction({
    quiet: true,
    touches,
    run: (name: string) => post<Insight>(path, { name, description: "", question }),
    onDone: done,
  });
  const update = useAction({
    touches,
    run: (insight: Insight) => patch<Insight>(`${path}/${insight.id}`, { question }),
    onDone: done,
  });
  const place = useAction({
    touches: [keys.dashboards(projectId)],
    run: (insight: Insight) => addTile(projectId, insight.id),
    onDone: () => showToast({ text: t("dashboard.added") }),
  });
  return (
    <>
      <CopyButton text={() => window.location.href} label={t("action.copyLink")} variant="default" />
      {saved && !changed && mayWrite && (
        <Button variant="default" loading={place.isPending} onClick={() => place.mutate(saved)}>
          {t("dashboard.addThis")}
        </Button>
      )}
      {saved && changed && (
        <Button variant="subtle" onClick={onRevert}>
          {t("saved.revert")}
        </Button>
      )}
      {mayWrite &&
        (saved ? (
          <Menu position="bottom-end" shadow="md">
            <Button.Group>
              <Button disabled={!changed} loading={update.isPending} onClick={() => update.mutate(saved)}>
                {t("action.save")}
              </Button>
              <Menu.Target>
                <Button px={8} aria-label={t("saved.more")}>
                  <Icon name="down" size={14} />
                </Button>
              </Menu.Target>
            </Button.Group>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setNaming(true)}>{t("saved.saveAs")}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : (
          <Button onClick={() => setNaming(true)}>{t("action.save")}</Button>
        ))}
      <NameDialog
        opened={naming}
        title={t("saved.saveTitle")}
        label={t("saved.name")}
        initial={saved ? t("saved.copyOf", { name: saved.name }) : ""}
        busy={create.isPending}
        error={create.error}
        onClose={() => setNaming(false)}
        onSubmit={(name) => create.mutate(name)}
      />
    </>
  );
}
