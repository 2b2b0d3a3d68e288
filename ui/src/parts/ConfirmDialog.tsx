import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** What will happen. */
  text: string;
  /** The verb on the button. */
  confirm: string;
  busy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

/** For what cannot be undone. */
export function ConfirmDialog({ opened, title, text, confirm, busy, onClose, onConfirm }: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("action.close") }}>
      <p style={{ marginTop: 0 }}>{text}</p>
      <Group justify="flex-end">
        <Button variant="subtle" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button color="red" loading={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
