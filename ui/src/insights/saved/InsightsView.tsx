import { ActionIcon, Button, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Insight, Project } from "../../api/words";
import { useDates } from "../../format/dates";
import { Icon } from "../../parts/icons";
import { Empty } from "../../parts/States";
import { gistOf } from "./gist";
import { screenOf } from "./screenOf";

interface InsightsViewProps {
  project: Pick<Project, "id" | "time_zone">;
  insights: readonly Insight[];
  /** Absent for members who may only read. */
  onRename?: (insight: Insight) => void;
  onDelete?: (insight: Insight) => void;
}

export function InsightsView({ project, insights, onRename, onDelete }: InsightsViewProps) {
  const { t } = useTranslation();
  const dates = useDates(project.time_zone);
  if (insights.length === 0) {
    return (
      <Empty
        icon="insights"
        title={t("saved.empty")}
        actions={
          <Link to="/p/$projectId/trends" params={{ projectId: project.id }}>
            <Button component="span">{t("saved.make")}</Button>
          </Link>
        }
      >
        {t("saved.emptyText")}
      </Empty>
    );
  }
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("nav.insights")}>
        <thead>
          <tr>
            <th scope="col">{t("saved.name")}</th>
            <th scope="col">{t("saved.kind")}</th>
            <th scope="col">{t("saved.question")}</th>
            <th scope="col">{t("saved.changed")}</th>
            <th scope="col">
              <span className="tm-visually-hidden">{t("action.more")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {insights.map((insight) => (
            <tr key={insight.id} data-open-able>
              <td>
                <Link
                  to={screenOf(insight)}
                  params={{ projectId: project.id }}
                  search={{ insight: insight.id }}
                  style={{ color: "var(--tm-ink)", fontWeight: 600 }}
                >
                  {insight.name}
                </Link>
              </td>
              <td className="tm-quiet">{insight.question.kind !== "events" && t(`kind.${insight.question.kind}`)}</td>
              <td className="tm-quiet">{gistOf(t, insight)}</td>
              <td className="tm-quiet">{dates.instant(insight.updated_at)}</td>
              <td className="tm-number">
                {onRename && onDelete && (
                  <Menu position="bottom-end" shadow="md">
                    <Menu.Target>
                      <ActionIcon aria-label={t("saved.menu", { name: insight.name })}>
                        <Icon name="dots" size={16} />
                      </ActionIcon>
                    </Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => onRename(insight)}>{t("saved.rename")}</Menu.Item>
                      <Menu.Item style={{ color: "var(--tm-bad)" }} onClick={() => onDelete(insight)}>
                        {t("action.delete")}
                      </Menu.Item>
                    </Menu.Dropdown>
                  </Menu>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
