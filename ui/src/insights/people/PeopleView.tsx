import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { PeopleAnswer, Project } from "../../api/words";
import { useNumbers } from "../../format/numbers";
import { Icon } from "../../parts/icons";
import { Empty, ErrorPanel, LoadingRows } from "../../parts/States";
import classes from "./People.module.css";

interface PeopleViewProps {
  project: Pick<Project, "id">;
  /** Undefined before the first answer. */
  pages: readonly PeopleAnswer[] | undefined;
  error: unknown;
  busy: boolean;
  /** Absent when all are shown. */
  onMore: (() => void) | undefined;
  onRetry: () => void;
  csvBusy: boolean;
  onCsv: () => void;
  /** Absent for members who may only read. */
  onSave?: (() => void) | undefined;
}

/** The people of a number, with how often each counts in it, and the way to their events. */
export function PeopleView({ project, pages, error, busy, onMore, onRetry, csvBusy, onCsv, onSave }: PeopleViewProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const first = pages?.[0];
  if (error && !first) return <ErrorPanel error={error} onRetry={onRetry} />;
  if (!pages || !first) return <LoadingRows rows={8} />;
  const people = pages.flatMap((page) => page.people);
  if (people.length === 0) return <Empty icon="members" title={t("people.none")} />;
  // Where each person counts once, a column of ones would say nothing.
  const counted = first.count !== first.persons;
  const { from_utc, to_utc } = first.explain;
  return (
    <>
      <div className={classes.head}>
        <p className={classes.sum}>
          <strong>{t("people.persons", { count: first.persons, number: numbers.full(first.persons) })}</strong>
          {counted && ` · ${t("people.times", { count: first.count, number: numbers.full(first.count) })}`}
        </p>
        <span className={classes.ways}>
          {onSave && (
            <Button variant="default" size="compact-sm" leftSection={<Icon name="cohorts" size={14} />} onClick={onSave}>
              {t("people.saveCohort")}
            </Button>
          )}
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="download" size={14} />}
            loading={csvBusy}
            onClick={onCsv}
          >
            {t("people.csv")}
          </Button>
        </span>
      </div>
      <p className={classes.definition}>{first.explain.definition}</p>
      <table className="tm-table" aria-label={t("people.title")}>
        <thead>
          <tr>
            <th scope="col">{t("people.person")}</th>
            {counted && (
              <th scope="col" className="tm-number">
                {t("people.count")}
              </th>
            )}
            <th scope="col">
              <span className="tm-visually-hidden">{t("events.allOfPerson")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map(({ person, count }) => (
            <tr key={person} data-open-able>
              <td className={classes.person}>
                <Link to="/p/$projectId/person" params={{ projectId: project.id }} search={{ id: person }}>
                  {person}
                </Link>
              </td>
              {counted && <td className="tm-number">{numbers.full(count)}</td>}
              <td className="tm-number">
                <Link
                  to="/p/$projectId/events"
                  params={{ projectId: project.id }}
                  search={{ person, date_from: from_utc, date_to: to_utc }}
                  aria-label={t("people.eventsOf", { person })}
                >
                  {t("people.events")}
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.foot}>
        <span className="tm-quiet">
          {t("people.shown", { shown: numbers.full(people.length), of: numbers.full(first.persons) })}
        </span>
        {onMore && (
          <Button variant="light" size="compact-sm" loading={busy} onClick={onMore}>
            {t("events.more")}
          </Button>
        )}
      </div>
    </>
  );
}
