import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { patch } from "../api/client";
import { keys } from "../api/keys";
import { projectPath } from "../api/queries";
import { atLeast, type Me, type Project } from "../api/words";
import { Page } from "../parts/Page";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { useMe, useProject } from "../shell/useProject";
import { GeneralForm } from "./GeneralForm";
import { KeysPanel } from "./KeysPanel";
import { LevelForm } from "./LevelForm";

export type ProjectChange = Partial<
  Pick<Project, "name" | "level" | "time_zone" | "week_start" | "channels" | "sunbird_validation">
>;

/** The project's settings; members below admin may read them. */
export function SettingsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const mayChange = atLeast(useMe().member.role, "admin");
  const cache = useQueryClient();
  const change = useAction({
    run: (part: ProjectChange) => patch<Project>(projectPath(project.id), part),
    onDone: (changed) => {
      cache.setQueryData<Me>(
        keys.me,
        (me) => me && { ...me, projects: me.projects.map((one) => (one.id === changed.id ? changed : one)) },
      );
      void cache.invalidateQueries({ queryKey: keys.project(project.id) });
      showToast({ text: t("settings.saved") });
    },
  });
  const form = {
    project,
    busy: change.isPending,
    disabled: !mayChange,
    onSave: (part: ProjectChange) => change.mutate(part),
  };
  return (
    <Page title={t("nav.settings")} {...(mayChange ? {} : { lead: t("settings.readOnly") })} narrow>
      <GeneralForm key={`general ${project.id}`} {...form} />
      <LevelForm key={`level ${project.id} ${project.level}`} {...form} />
      <KeysPanel project={project} mayChange={mayChange} />
    </Page>
  );
}
