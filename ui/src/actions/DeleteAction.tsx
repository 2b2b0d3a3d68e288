import { useTranslation } from "react-i18next";
import { remove } from "../api/client";
import { keys } from "../api/keys";
import { projectPath } from "../api/queries";
import type { Action } from "../api/words";
import { showToast } from "../parts/toasts";
import { TypedConfirmDialog } from "../parts/TypedConfirmDialog";
import { useAction } from "../parts/useAction";

interface DeleteActionProps {
  projectId: number;
  action: Action;
  onClose: () => void;
  onDone?: () => void;
}

/** Asks before an action goes: it does not come back, and insights may name it. */
export function DeleteAction({ projectId, action, onClose, onDone }: DeleteActionProps) {
  const { t } = useTranslation();
  const erase = useAction({
    touches: [keys.actions(projectId)],
    run: () => remove(`${projectPath(projectId)}/actions/${action.id}`),
    onDone: () => {
      showToast({ text: t("saved.deleted", { name: action.name }) });
      onClose();
      onDone?.();
    },
  });
  return (
    <TypedConfirmDialog
      title={t("cohorts.deleteTitle", { name: action.name })}
      text={t("actions.deleteText")}
      name={action.name}
      confirm={t("action.delete")}
      busy={erase.isPending}
      onClose={onClose}
      onConfirm={() => erase.mutate(undefined)}
    />
  );
}
