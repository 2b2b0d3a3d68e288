import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Cohort, Project } from "../api/words";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { DeleteIcon } from "../parts/DeleteIcon";
import { Empty } from "../parts/States";
import classes from "./Cohorts.module.css";
import { ruleGist } from "./rules";

interface CohortsViewProps {
  project: Pick<Project, "id" | "time_zone">;
  cohorts: readonly Cohort[];
  /** What makes a new one. */
  actions: ReactNode;
  sizeOf: (cohort: Cohort) => ReactNode;
  /** Absent for members who may only read. */
  onDelete?: (cohort: Cohort) => void;
}

/** The cohorts with whom each takes and how many they are now. */
export function CohortsView({ project, cohorts, actions, sizeOf, onDelete }: CohortsViewProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  if (cohorts.length === 0) {
    return (
      <Empty icon="cohorts" title={t("cohorts.empty")} actions={actions}>
        {t("cohorts.emptyText")}
      </Empty>
    );
  }
  const nameOf = (id: number) => cohorts.find((one) => one.id === id)?.name ?? t("cohorts.gone", { id: String(id) });
  const gist = ({ rule, listed }: Cohort) =>
    rule ? ruleGist(t, rule, nameOf) : t("cohorts.listed", { count: listed, number: numbers.full(listed) });
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("nav.cohorts")}>
        <thead>
          <tr>
            <th scope="col">{t("saved.name")}</th>
            <th scope="col" className="tm-number">
              {t("cohorts.size")}
            </th>
            <th scope="col">{t("cohorts.who")}</th>
            <th scope="col">{t("saved.changed")}</th>
            <th scope="col">
              <span className="tm-visually-hidden">{t("action.delete")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {cohorts.map((cohort) => (
            <tr key={cohort.id} data-open-able>
              <td>
                <Link
                  to="/p/$projectId/cohort"
                  params={{ projectId: project.id }}
                  search={{ id: cohort.id }}
                  className={classes.name}
                >
                  {cohort.name}
                </Link>
                {cohort.description && <div className={classes.note}>{cohort.description}</div>}
              </td>
              <td className="tm-number">{sizeOf(cohort)}</td>
              <td className="tm-quiet">
                <div className={classes.gist}>{gist(cohort)}</div>
              </td>
              <td className="tm-quiet">{dates.day(cohort.updated_at)}</td>
              <td className="tm-number">
                {onDelete && <DeleteIcon name={cohort.name} onDelete={() => onDelete(cohort)} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
