import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface TypedConfirmDialogProps {
  title: string;
  /** What will happen. */
  text: string;
  /** What must be typed: the name of what goes. */
  name: string;
  /** The verb on the button. */
  confirm: string;
  busy: boolean;
  onClose: () => void;
  onConfirm: () => void;
}

/** For what cannot be undone and others may rely on: the name must be typed. Shown while it is there. */
export function TypedConfirmDialog({ title, text, name, confirm, busy, onClose, onConfirm }: TypedConfirmDialogProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const right = typed.trim() === name.trim();
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (right) onConfirm();
        }}
      >
        <Stack gap="sm">
          <p style={{ margin: 0 }}>{text}</p>
          <TextInput
            label={t("confirm.type", { name })}
            data-autofocus
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="subtle" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" color="red" loading={busy} disabled={!right}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
