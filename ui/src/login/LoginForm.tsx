import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../api/client";
import { ApiError } from "../api/errors";
import { keys } from "../api/keys";
import { armLoginGate } from "../api/login-gate";
import type { Me } from "../api/words";
import { FormError } from "../parts/FormError";
import { useAction } from "../parts/useAction";

/** E-mail and password. `email` is given when the page knows who must log in again. */
export function LoginForm({ email: known, onLogin }: { email?: string; onLogin: (me: Me) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [email, setEmail] = useState(known ?? "");
  const [password, setPassword] = useState("");
  const login = useAction({
    quiet: true,
    run: () => call<Me>("POST", "/api/login", { body: { email: email.trim(), password }, gate: false }),
    onDone: (me) => {
      cache.setQueryData(keys.me, me);
      armLoginGate();
      onLogin(me);
    },
  });
  const error =
    login.error instanceof ApiError && login.error.status === 401
      ? new ApiError(401, "unauthenticated", t("login.wrong"))
      : login.error;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        login.mutate(undefined);
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t("field.email")}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={known ? undefined : true}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("field.password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={known ? true : undefined}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t("field.showPassword") }}
        />
        <FormError error={error} />
        <Button type="submit" loading={login.isPending}>
          {t("login.submit")}
        </Button>
      </Stack>
    </form>
  );
}
