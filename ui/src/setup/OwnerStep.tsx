import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call, patch } from "../api/client";
import { keys } from "../api/keys";
import type { Me } from "../api/words";
import { FormError } from "../parts/FormError";
import { useAction } from "../parts/useAction";

/** The server's own rule; said here before it is broken. */
export const PASSWORD_CHARS_MIN = 10;

/** The first member, who may do everything. */
export function OwnerStep() {
  const { t, i18n } = useTranslation();
  const cache = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const short = password.length < PASSWORD_CHARS_MIN;
  const create = useAction({
    quiet: true,
    run: async () => {
      const body = { name: name.trim(), email: email.trim(), password };
      const me = await call<Me>("POST", "/api/setup", { body, gate: false });
      // The language chosen on this page becomes the member's own.
      return me.member.language === i18n.language ? me : patch<Me>("/api/me", { language: i18n.language });
    },
    onDone: (me) => {
      cache.setQueryData(keys.me, me);
      cache.setQueryData(keys.setup, { needed: false, version: "" });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!short) create.mutate(undefined);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t("field.name")}
          autoComplete="name"
          required
          withAsterisk={false}
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("field.email")}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("field.password")}
          description={t("field.passwordRule", { count: PASSWORD_CHARS_MIN })}
          autoComplete="new-password"
          required
          withAsterisk={false}
          value={password}
          error={tried && short && t("field.passwordShort", { count: PASSWORD_CHARS_MIN })}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("field.showPassword") }}
        />
        <FormError error={create.error} />
        <Button type="submit" loading={create.isPending} mt="xs">
          {t("action.continue")}
        </Button>
      </Stack>
    </form>
  );
}
