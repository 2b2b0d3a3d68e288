import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Outcomes, Project } from "../api/words";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { reasonText } from "../i18n/reasons";
import { Panel } from "../parts/Page";
import { Empty } from "../parts/States";
import classes from "./Data.module.css";

const PARTS = ["received", "stored", "duplicate", "failed", "not_kept"] as const;

interface NotKeptViewProps {
  outcomes: Outcomes;
  project: Pick<Project, "id" | "time_zone" | "level">;
}

/** What became of everything that arrived, to the unit. */
export function NotKeptView({ outcomes, project }: NotKeptViewProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { received, stored, duplicate, failed, not_kept } = outcomes;
  const whole = received === stored + duplicate + failed + not_kept;
  return (
    <div className={classes.gap}>
      <Panel title={t("outcome.title")}>
        <dl className={classes.sums}>
          {PARTS.map((part) => (
            <div key={part} className={classes.sum}>
              <dt>{t(`outcome.${part}`)}</dt>
              <dd>{numbers.full(outcomes[part])}</dd>
            </div>
          ))}
        </dl>
        <p className={classes.invariant} data-broken={whole ? undefined : true} data-testid="invariant">
          {t("outcome.invariant", {
            received: numbers.full(received),
            stored: numbers.full(stored),
            duplicate: numbers.full(duplicate),
            failed: numbers.full(failed),
            notKept: numbers.full(not_kept),
          })}{" "}
          {whole ? t("outcome.holds") : t("outcome.broken")}
        </p>
      </Panel>
      <Reasons outcomes={outcomes} project={project} />
      {outcomes.days.length > 0 && <Days outcomes={outcomes} />}
      {outcomes.removed_fields.length > 0 && (
        <Panel flush title={t("outcome.removed")}>
          <table className="tm-table" aria-label={t("outcome.removed")}>
            <tbody>
              {outcomes.removed_fields.map((field) => (
                <tr key={field.reason}>
                  <td className="tm-mono">{field.reason}</td>
                  <td className="tm-number">{numbers.full(field.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Panel>
      )}
    </div>
  );
}

function Reasons({ outcomes, project }: NotKeptViewProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  if (outcomes.reasons.length === 0) {
    return (
      <Panel title={t("outcome.reasons")}>
        <Empty icon="check" title={t("outcome.allKept")}>
          {t("outcome.allKeptText", { level: t(`level.${project.level}.name`) })}
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel flush title={t("outcome.reasons")}>
      <div className="tm-scroll">
        <table className="tm-table" aria-label={t("outcome.reasons")}>
          <thead>
            <tr>
              <th scope="col">{t("data.reason")}</th>
              <th scope="col">{t("events.event")}</th>
              <th scope="col">{t("outcome.kind")}</th>
              <th scope="col" className="tm-number">
                {t("data.volume")}
              </th>
              <th scope="col">{t("data.lastSeen")}</th>
            </tr>
          </thead>
          <tbody>
            {outcomes.reasons.map((one) => (
              <tr key={`${one.outcome} ${one.reason} ${one.event}`}>
                <td>{reasonText(t, one.reason)}</td>
                <td className="tm-mono">{one.event || t("data.noName")}</td>
                <td>
                  {one.outcome === "failed" ? (
                    <Link
                      to="/p/$projectId/data"
                      params={{ projectId: project.id }}
                      search={{ tab: "failed", reason: one.reason }}
                    >
                      {t("outcome.failed")}
                    </Link>
                  ) : (
                    t("outcome.not_kept")
                  )}
                </td>
                <td className="tm-number">{numbers.full(one.count)}</td>
                <td className="tm-quiet">{dates.instant(one.last_at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Days({ outcomes }: { outcomes: Outcomes }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates("UTC");
  return (
    <Panel flush title={t("outcome.days")}>
      <div className="tm-scroll">
        <table className="tm-table" aria-label={t("outcome.days")}>
          <thead>
            <tr>
              <th scope="col">{t("outcome.day")}</th>
              {PARTS.map((part) => (
                <th key={part} scope="col" className="tm-number">
                  {t(`outcome.${part}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {outcomes.days.map((day) => (
              <tr key={day.day}>
                <th scope="row">{dates.day(`${day.day}T00:00:00Z`)}</th>
                {PARTS.map((part) => (
                  <td key={part} className="tm-number">
                    {numbers.full(day[part])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
