import { Button, Group, PasswordInput, SegmentedControl, Stack, TextInput, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { patch } from "../api/client";
import { keys } from "../api/keys";
import type { Me } from "../api/words";
import { isLanguage, setLanguage } from "../i18n/language";
import { FormError } from "../parts/FormError";
import { LANGUAGE_NAMES } from "../parts/LanguageSwitch";
import { Page, Panel } from "../parts/Page";
import { showToast } from "../parts/toasts";
import { useAction } from "../parts/useAction";
import { PASSWORD_CHARS_MIN } from "../setup/OwnerStep";
import { useMe } from "../shell/useProject";

interface MeChange {
  name?: string;
  language?: string;
  password?: { current: string; new: string };
}

/** The member's own things: name, language, appearance, password. */
export function AccountPage() {
  const { t } = useTranslation();
  return (
    <Page title={t("nav.account")} narrow>
      <ProfilePanel />
      <PasswordPanel />
    </Page>
  );
}

function useChangeMe(onDone?: () => void, quiet = false) {
  const { i18n } = useTranslation();
  const cache = useQueryClient();
  return useAction({
    quiet,
    run: (change: MeChange) => patch<Me>("/api/me", change),
    onDone: async (me) => {
      cache.setQueryData(keys.me, me);
      // First the language, so that the message is said in the new one.
      if (isLanguage(me.member.language)) await setLanguage(me.member.language);
      showToast({ text: i18n.t("settings.saved") });
      onDone?.();
    },
  });
}

function ProfilePanel() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const [name, setName] = useState(me.member.name);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const change = useChangeMe();
  return (
    <Panel title={t("account.profile")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ name: name.trim() });
        }}
      >
        <Stack gap="md" maw={420}>
          <TextInput label={t("field.email")} value={me.member.email} readOnly variant="filled" />
          <TextInput
            label={t("field.name")}
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" loading={change.isPending} disabled={name.trim() === me.member.name}>
              {t("action.save")}
            </Button>
          </Group>
          <Choice label={t("account.language")}>
            <SegmentedControl
              aria-label={t("account.language")}
              data={LANGUAGE_NAMES}
              value={i18n.language}
              onChange={(language) => change.mutate({ language })}
            />
          </Choice>
          <Choice label={t("account.appearance")}>
            <SegmentedControl
              aria-label={t("account.appearance")}
              data={(["auto", "light", "dark"] as const).map((one) => ({ value: one, label: t(`account.scheme.${one}`) }))}
              value={colorScheme}
              onChange={(next) => (next === "light" || next === "dark" || next === "auto") && setColorScheme(next)}
            />
          </Choice>
        </Stack>
      </form>
    </Panel>
  );
}

function Choice({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <div style={{ fontSize: 14, fontWeight: 500, marginBlockEnd: 4 }}>{label}</div>
      {children}
    </div>
  );
}

function PasswordPanel() {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useChangeMe(() => (setCurrent(""), setNext("")), true);
  return (
    <Panel title={t("account.password")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate({ password: { current, new: next } });
        }}
      >
        <Stack gap="sm" maw={420}>
          <PasswordInput
            label={t("account.currentPassword")}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": t("field.showPassword") }}
          />
          <PasswordInput
            label={t("account.newPassword")}
            description={t("field.passwordRule", { count: PASSWORD_CHARS_MIN })}
            autoComplete="new-password"
            required
            withAsterisk={false}
            minLength={PASSWORD_CHARS_MIN}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": t("field.showPassword") }}
          />
          <FormError error={change.error} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {t("account.changePassword")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
