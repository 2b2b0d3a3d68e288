import { ActionIcon } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Icon } from "./icons";

/** Deletes the thing of this name, in its row of a list. */
export function DeleteIcon({ name, onDelete }: { name: string; onDelete: () => void }) {
  const { t } = useTranslation();
  return (
    <ActionIcon aria-label={t("saved.delete", { name })} onClick={onDelete}>
      <Icon name="close" size={14} />
    </ActionIcon>
  );
}
