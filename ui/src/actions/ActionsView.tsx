import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Action, ActionRef, BuiltInAction, Project } from "../api/words";
import { useDates } from "../format/dates";
import { DeleteIcon } from "../parts/DeleteIcon";
import { Empty } from "../parts/States";
import { useBuiltInName } from "../parts/useActions";
import classes from "./Actions.module.css";
import { stepGist } from "./steps";

interface ActionsViewProps {
  project: Pick<Project, "id" | "time_zone">;
  actions: readonly Action[];
  /** What makes a new one. */
  buttons: ReactNode;
  /** Absent for members who may only read. */
  onDelete?: (action: Action) => void;
}

/** The actions with what each takes. */
export function ActionsView({ project, actions, buttons, onDelete }: ActionsViewProps) {
  const { t } = useTranslation();
  const dates = useDates(project.time_zone);
  if (actions.length === 0) {
    return (
      <Empty icon="actions" title={t("actions.empty")} actions={buttons}>
        {t("actions.emptyText")}
      </Empty>
    );
  }
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("nav.actions")}>
        <thead>
          <tr>
            <th scope="col">{t("saved.name")}</th>
            <th scope="col">{t("actions.matches")}</th>
            <th scope="col">{t("saved.changed")}</th>
            <th scope="col">
              <span className="tm-visually-hidden">{t("action.more")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <tr key={action.id} data-open-able>
              <td>
                <Link to="/p/$projectId/action" params={{ projectId: project.id }} search={{ id: action.id }} className={classes.name}>
                  {action.name}
                </Link>
                {action.description && <div className={classes.note}>{action.description}</div>}
              </td>
              <td className="tm-quiet">
                <div className={classes.gist}>{action.steps.map((step) => stepGist(t, step)).join(` ${t("cohorts.or")} `)}</div>
              </td>
              <td className="tm-quiet">{dates.day(action.updated_at)}</td>
              <td className={`tm-number ${classes.ways}`}>
                <AsTrend projectId={project.id} action={action.id} name={action.name} />
                {onDelete && <DeleteIcon name={action.name} onDelete={() => onDelete(action)} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The actions that make the words of several protocols one. */
export function BuiltInView({ project, actions }: { project: Pick<Project, "id">; actions: readonly BuiltInAction[] }) {
  const { t } = useTranslation();
  const nameOf = useBuiltInName();
  return (
    <div className="tm-scroll">
      <table className="tm-table" aria-label={t("actions.builtInTitle")}>
        <tbody>
          {actions.map((action) => (
            <tr key={action.name} data-open-able>
              <th scope="row" className={classes.own}>
                {nameOf(action)}
              </th>
              <td className="tm-quiet">{action.events.join(", ")}</td>
              <td className="tm-number">
                <AsTrend projectId={project.id} action={action.name} name={nameOf(action)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The way to the trend of an action. */
export function AsTrend({ projectId, action, name }: { projectId: number; action: ActionRef; name: string }) {
  const { t } = useTranslation();
  return (
    <Link
      to="/p/$projectId/trends"
      params={{ projectId }}
      search={{ series: [{ action, label: name, math: "total" }], date_from: "-30d" }}
      aria-label={t("actions.trendOf", { name })}
    >
      {t("actions.trend")}
    </Link>
  );
}
