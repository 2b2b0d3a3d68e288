import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { actionsQuery, catalogueQuery, cohortsQuery, insightsQuery } from "../../api/queries";
import type { Me } from "../../api/words";
import { setLanguage } from "../../i18n/language";
import { screenOf } from "../../insights/saved/screenOf";
import { useScheme } from "../../theme/scheme";
import { KeyList } from "./KeyList";
import { Palette, type PaletteChoice } from "./Palette";
import { SCREENS } from "./screens";
import type { Opened } from "./useKeys";
import { useScreenName } from "./useScreenName";

interface ProjectPaletteProps {
  me: Me;
  projectId: number;
  opened: Exclude<Opened, undefined>;
  onOpen: (opened: Opened) => void;
}

/** Everything of the project that the palette can lead to. */
export function ProjectPalette({ me, projectId, opened, onOpen }: ProjectPaletteProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const screenName = useScreenName();
  const { setColorScheme } = useMantineColorScheme();
  const other = useScheme() === "dark" ? "light" : "dark";
  const insights = useQuery(insightsQuery(projectId)).data?.insights ?? [];
  const events = useQuery(catalogueQuery(projectId)).data?.events ?? [];
  const cohorts = useQuery(cohortsQuery(projectId)).data?.cohorts ?? [];
  const actions = useQuery(actionsQuery(projectId)).data?.actions ?? [];
  if (opened === "keys") return <KeyList onClose={() => onOpen(undefined)} />;
  const params = { projectId };
  const choices: PaletteChoice[] = [
    ...SCREENS.map(([screen, icon]) => ({
      id: `screen ${screen}`,
      label: screenName(screen),
      also: screen,
      icon,
      kind: t("palette.screen"),
      run: () => void navigate({ to: `/p/$projectId/${screen}`, params }),
    })),
    ...insights.map((insight) => ({
      id: `insight ${insight.id}`,
      label: insight.name,
      icon: insight.question.kind === "events" ? ("events" as const) : insight.question.kind,
      kind: t("palette.insight"),
      run: () => void navigate({ to: screenOf(insight), params, search: { insight: insight.id } }),
    })),
    ...cohorts.map(({ id, name }) => ({
      id: `cohort ${id}`,
      label: name,
      icon: "cohorts" as const,
      kind: t("palette.cohort"),
      run: () => void navigate({ to: "/p/$projectId/cohort", params, search: { id } }),
    })),
    ...actions.map(({ id, name }) => ({
      id: `action ${id}`,
      label: name,
      icon: "actions" as const,
      kind: t("palette.set"),
      run: () => void navigate({ to: "/p/$projectId/action", params, search: { id } }),
    })),
    ...events.map(({ name }) => ({
      id: `event ${name}`,
      label: name,
      icon: "trends" as const,
      kind: t("palette.trend"),
      run: () => void navigate({ to: "/p/$projectId/trends", params, search: { series: [{ event: name, math: "total" }] } }),
    })),
    ...me.projects
      .filter((project) => project.id !== projectId)
      .map((project) => ({
        id: `app ${project.id}`,
        label: project.name,
        icon: "split" as const,
        kind: t("palette.app"),
        run: () => void navigate({ to: "/p/$projectId", params: { projectId: project.id } }),
      })),
    {
      id: "scheme",
      label: t(`nav.scheme.${other}`),
      icon: other === "dark" ? "moon" : "sun",
      kind: t("palette.action"),
      run: () => setColorScheme(other),
    },
    {
      id: "language",
      label: i18n.language === "hi" ? "English" : "हिन्दी",
      icon: "account",
      kind: t("palette.action"),
      run: () => void setLanguage(i18n.language === "hi" ? "en" : "hi"),
    },
    { id: "keys", label: t("palette.keys"), also: "keys", icon: "search", kind: t("palette.action"), run: () => onOpen("keys") },
  ];
  const withText = (person: string): PaletteChoice[] => [
    {
      id: "profile",
      label: t("palette.profile", { person }),
      icon: "people",
      kind: t("palette.personKind"),
      run: () => void navigate({ to: "/p/$projectId/people", params, search: { search: person } }),
    },
    {
      id: "person",
      label: t("palette.person", { person }),
      icon: "members",
      kind: t("palette.personKind"),
      run: () => void navigate({ to: "/p/$projectId/events", params, search: { person, date_from: "-30d" } }),
    },
  ];
  return <Palette choices={choices} withText={withText} onClose={() => onOpen(undefined)} />;
}
