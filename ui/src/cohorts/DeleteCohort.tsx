import { useTranslation } from "react-i18next";
import { remove } from "../api/client";
import { keys } from "../api/keys";
import { projectPath } from "../api/queries";
import type { Cohort } from "../api/words";
import { showToast } from "../parts/toasts";
import { TypedConfirmDialog } from "../parts/TypedConfirmDialog";
import { useAction } from "../parts/useAction";

interface DeleteCohortProps {
  projectId: number;
  cohort: Cohort;
  onClose: () => void;
  onDone?: () => void;
}

/** Asks before a cohort goes: it does not come back, and insights may name it. */
export function DeleteCohort({ projectId, cohort, onClose, onDone }: DeleteCohortProps) {
  const { t } = useTranslation();
  const erase = useAction({
    touches: [keys.cohorts(projectId)],
    ends: keys.cohort(projectId, cohort.id),
    run: () => remove(`${projectPath(projectId)}/cohorts/${cohort.id}`),
    onDone: () => {
      showToast({ text: t("saved.deleted", { name: cohort.name }) });
      onClose();
      onDone?.();
    },
  });
  return (
    <TypedConfirmDialog
      title={t("cohorts.deleteTitle", { name: cohort.name })}
      text={t("cohorts.deleteText")}
      name={cohort.name}
      confirm={t("action.delete")}
      busy={erase.isPending}
      onClose={onClose}
      onConfirm={() => erase.mutate(undefined)}
    />
  );
}
