import { Button, Group, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "../api/client";
import { keys } from "../api/keys";
import { armLoginGate } from "../api/login-gate";
import type { Level, Me, Project } from "../api/words";
import { FormError } from "../parts/FormError";
import { LevelCards } from "../parts/LevelCards";
import { useAction } from "../parts/useAction";

/** The zone of this browser, or India's where the browser does not tell. */
const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Kolkata";

/** How much may be kept. Nothing is chosen beforehand: the organisation decides. */
export function LevelStep({ app, onBack }: { app: string; onBack: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [level, setLevel] = useState<Level | null>(null);
  const create = useAction({
    quiet: true,
    run: () => post<Project>("/api/projects", { name: app, level, time_zone: browserZone() }),
    onDone: async (project) => {
      armLoginGate();
      cache.setQueryData<Me>(keys.me, (me) => me && { ...me, projects: [...me.projects, project] });
      await navigate({ to: "/p/$projectId/start", params: { projectId: project.id }, replace: true });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (level) create.mutate(undefined);
      }}
    >
      <Stack gap="md">
        <LevelCards value={level} onChange={setLevel} />
        <FormError error={create.error} />
        <Group justify="space-between">
          <Button variant="subtle" onClick={onBack}>
            {t("action.back")}
          </Button>
          <Button type="submit" disabled={level === null} loading={create.isPending}>
            {t("action.continue")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
