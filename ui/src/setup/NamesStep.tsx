import { Button, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { keys } from "../api/keys";
import type { Me, Organization } from "../api/words";
import { FormError } from "../parts/FormError";
import { useAction } from "../parts/useAction";

interface NamesStepProps {
  /** Set when the organisation has its name already. */
  organization: Organization | null;
  /** Called with the name of the app. */
  onDone: (app: string) => void;
}

/** Who the apps belong to, and what the first one is called. */
export function NamesStep({ organization, onDone }: NamesStepProps) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [name, setName] = useState(organization?.name ?? "");
  const [app, setApp] = useState("");
  const create = useAction({
    quiet: true,
    run: async () => organization ?? (await post<Organization>("/api/organization", { name: name.trim() })),
    onDone: (made) => {
      cache.setQueryData<Me>(keys.me, (me) => me && { ...me, organization: made });
      onDone(app.trim());
    },
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
          label={t("setup.organization")}
          placeholder={t("setup.organizationExample")}
          autoComplete="organization"
          required
          withAsterisk={false}
          autoFocus={!organization}
          disabled={organization !== null}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("setup.app")}
          description={t("setup.appNote")}
          placeholder={t("setup.appExample")}
          required
          withAsterisk={false}
          autoFocus={organization !== null}
          value={app}
          onChange={(event) => setApp(event.currentTarget.value)}
        />
        <FormError error={create.error} />
        <Button type="submit" loading={create.isPending} disabled={app.trim() === "" || name.trim() === ""} mt="xs">
          {t("action.continue")}
        </Button>
      </Stack>
    </form>
  );
}
