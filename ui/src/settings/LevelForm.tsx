import { Alert, Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { LEVELS } from "../api/words";
import { LevelCards } from "../parts/LevelCards";
import { Panel } from "../parts/Page";
import type { ProjectFormProps } from "./GeneralForm";

/** The collection level; says what a change does before it is made. */
export function LevelForm({ project, busy, disabled, onSave }: ProjectFormProps) {
  const { t } = useTranslation();
  const [level, setLevel] = useState(project.level);
  const lower = LEVELS.indexOf(level) < LEVELS.indexOf(project.level);
  const changed = level !== project.level;
  return (
    <Panel title={t("settings.level")}>
      <Stack gap="md">
        <LevelCards value={level} onChange={setLevel} disabled={disabled} />
        {changed && (
          <Alert color={lower ? "yellow" : "blue"} role="status">
            {lower ? t("settings.lowerNote") : t("settings.higherNote")}
          </Alert>
        )}
        {!disabled && (
          <Group>
            <Button disabled={!changed} loading={busy} onClick={() => onSave({ level })}>
              {t("settings.changeLevel")}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
