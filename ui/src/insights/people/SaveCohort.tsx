import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { post } from "../../api/client";
import { keys } from "../../api/keys";
import { type OpenedNumber, projectPath } from "../../api/queries";
import type { Cohort } from "../../api/words";
import { NameDialog } from "../../parts/NameDialog";
import { showToast } from "../../parts/toasts";
import { useAction } from "../../parts/useAction";

interface SaveCohortProps {
  projectId: number;
  opened: OpenedNumber;
  /** What the number is called. */
  name: string;
  onClose: () => void;
}

/** Asks what the people behind a number are to be called as a cohort, and makes it. */
export function SaveCohort({ projectId, opened: { question, cell, askedAt }, name, onClose }: SaveCohortProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const save = useAction({
    quiet: true,
    touches: [keys.cohorts(projectId)],
    run: (chosen: string) =>
      post<Cohort>(`${projectPath(projectId)}/cohorts`, {
        name: chosen,
        people: { question, cell, ...(askedAt === "" ? {} : { asked_at: askedAt }) },
      }),
    onDone: (cohort) => {
      onClose();
      showToast({
        text: t("saved.done", { name: cohort.name }),
        action: {
          label: t("people.open"),
          run: () => void navigate({ to: "/p/$projectId/cohort", params: { projectId }, search: { id: cohort.id } }),
        },
      });
    },
  });
  return (
    <NameDialog
      opened
      title={t("people.saveCohort")}
      label={t("saved.name")}
      initial={name}
      busy={save.isPending}
      error={save.error}
      onClose={onClose}
      onSubmit={(chosen) => save.mutate(chosen)}
    />
  );
}
