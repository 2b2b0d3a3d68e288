import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { keys } from "../api/keys";
import { type Member, type Role, ROLES } from "../api/words";
import { FormError } from "../parts/FormError";
import { useAction } from "../parts/useAction";
import { PASSWORD_CHARS_MIN } from "../setup/OwnerStep";

/** A new member with a first password, which they change later. */
export function InviteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("members.add")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <InviteForm onDone={onClose} />
    </Modal>
  );
}

function InviteForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>("member");
  const create = useAction({
    quiet: true,
    touches: [keys.members],
    run: () => post<Member>("/api/members", { name: name.trim(), email: email.trim(), role, password }),
    onDone,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate(undefined);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t("keys.name")}
          required
          withAsterisk={false}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("field.email")}
          type="email"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Select
          label={t("members.role")}
          description={t(`role.note.${role}`)}
          data={ROLES.map((one) => ({ value: one, label: t(`role.${one}`) }))}
          value={role}
          allowDeselect={false}
          onChange={(next) => {
            const chosen = ROLES.find((one) => one === next);
            if (chosen) setRole(chosen);
          }}
        />
        <PasswordInput
          label={t("members.firstPassword")}
          description={t("members.firstPasswordNote", { count: PASSWORD_CHARS_MIN })}
          required
          withAsterisk={false}
          minLength={PASSWORD_CHARS_MIN}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("field.showPassword") }}
        />
        <FormError error={create.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            {t("members.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
