import { Button, Group, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Project } from "../api/words";
import { Panel } from "../parts/Page";
import type { ProjectChange } from "./SettingsPage";

export interface ProjectFormProps {
  project: Project;
  busy: boolean;
  disabled: boolean;
  onSave: (change: ProjectChange) => void;
}

/** All zones that this browser knows, and the project's own. */
function zones(own: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes(own) ? known : [own, ...known];
}

/** Name, calendar, Sunbird. */
export function GeneralForm({ project, busy, disabled, onSave }: ProjectFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(project.name);
  const [zone, setZone] = useState(project.time_zone);
  const [week, setWeek] = useState(project.week_start);
  const [channels, setChannels] = useState(project.channels);
  const [validation, setValidation] = useState(project.sunbird_validation);
  return (
    <Panel title={t("settings.general")}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave({ name: name.trim(), time_zone: zone, week_start: week, channels, sunbird_validation: validation });
        }}
      >
        <Stack gap="md" maw={520}>
          <TextInput
            label={t("setup.app")}
            value={name}
            required
            withAsterisk={false}
            disabled={disabled}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group grow align="flex-start">
            <Select
              label={t("settings.timeZone")}
              description={t("settings.timeZoneNote")}
              data={zones(project.time_zone)}
              value={zone}
              searchable
              allowDeselect={false}
              disabled={disabled}
              onChange={(next) => next && setZone(next)}
            />
            <Select
              label={t("settings.weekStart")}
              description={t("settings.weekStartNote")}
              data={(["monday", "sunday"] as const).map((day) => ({ value: day, label: t(`settings.${day}`) }))}
              value={week}
              allowDeselect={false}
              disabled={disabled}
              onChange={(next) => (next === "monday" || next === "sunday") && setWeek(next)}
            />
          </Group>
          <TagsInput
            label={t("settings.channels")}
            description={t("settings.channelsNote")}
            value={channels}
            disabled={disabled}
            onChange={setChannels}
          />
          <Select
            label={t("settings.validation")}
            description={t(`settings.validationNote.${validation}`)}
            data={(["lenient", "strict"] as const).map((one) => ({ value: one, label: t(`settings.${one}`) }))}
            value={validation}
            allowDeselect={false}
            disabled={disabled}
            onChange={(next) => (next === "lenient" || next === "strict") && setValidation(next)}
          />
          {!disabled && (
            <Group>
              <Button type="submit" loading={busy} disabled={name.trim() === ""}>
                {t("action.save")}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
}
