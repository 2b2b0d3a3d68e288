import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PeopleAnswer, Project } from "../api/words";
import { useNumbers } from "../format/numbers";
import type { ValuesHook } from "../parts/filters/FilterValue";
import { Icon } from "../parts/icons";
import { Page } from "../parts/Page";
import type { Properties } from "../parts/properties";
import { RangeAndFilters } from "../parts/RangeAndFilters";
import { Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import type { PeopleLink } from "../url/people";
import classes from "./Persons.module.css";

interface PeopleListProps {
  project: Pick<Project, "id">;
  link: PeopleLink;
  properties: Properties;
  useValues: ValuesHook;
  /** Undefined before the first answer. */
  pages: readonly PeopleAnswer[] | undefined;
  error: unknown;
  busy: boolean;
  /** Absent when all are shown. */
  onMore: (() => void) | undefined;
  onRetry: () => void;
  onChange: (link: PeopleLink) => void;
  /** Absent for members who may only read. */
  onSave: (() => void) | undefined;
}

/** Persons with the number of their events, and the conditions that find them. */
export function PeopleList(props: PeopleListProps) {
  const { link, properties, useValues, pages, error, busy, onRetry, onChange, onSave } = props;
  const { t } = useTranslation();
  return (
    <Page
      title={t("nav.people")}
      lead={t("persons.lead")}
      actions={
        onSave &&
        (pages?.[0]?.persons ?? 0) > 0 && (
          <Button variant="default" leftSection={<Icon name="cohorts" size={16} />} onClick={onSave}>
            {t("people.saveCohort")}
          </Button>
        )
      }
    >
      <RangeAndFilters link={link} usual="-30d" {...{ properties, useValues, onChange }}>
        <Search value={link.search ?? ""} onChange={(search) => onChange({ ...link, search })} />
      </RangeAndFilters>
      <section className="tm-panel" aria-label={t("persons.list")}>
        <ProgressLine on={busy} />
        {pages ? <Rows {...props} pages={pages} /> : error ? <ErrorPanel error={error} onRetry={onRetry} /> : <LoadingRows rows={10} />}
      </section>
    </Page>
  );
}

/** Told on Enter and when the field is left, so that half an id is never asked. */
function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(value);
  useEffect(() => setDraft(value), [value]);
  const commit = () => draft.trim() !== value && onChange(draft.trim());
  return (
    <TextInput
      className={classes.search ?? ""}
      aria-label={t("persons.search")}
      placeholder={t("persons.search")}
      leftSection={<Icon name="search" size={15} />}
      value={draft}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === "Enter" && commit()}
    />
  );
}

function Rows({ project, link, pages, busy, onMore, onChange }: PeopleListProps & { pages: readonly PeopleAnswer[] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const people = pages.flatMap((page) => page.people);
  const persons = pages[0]?.persons ?? 0;
  if (people.length === 0) {
    return (
      <Empty
        icon="people"
        title={t("persons.empty")}
        actions={
          (link.search !== undefined || (link.filters?.length ?? 0) > 0) && (
            <Button variant="light" onClick={() => onChange({ ...link, search: "", filters: [] })}>
              {t("action.clearFilters")}
            </Button>
          )
        }
      >
        {t("persons.emptyText")}
      </Empty>
    );
  }
  return (
    <>
      <table className="tm-table" aria-label={t("persons.list")}>
        <thead>
          <tr>
            <th scope="col">{t("people.person")}</th>
            <th scope="col" className="tm-number">
              {t("persons.events")}
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
              <td className="tm-number">{numbers.full(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className={classes.foot}>
        <span className="tm-quiet">
          {t("persons.count", { count: persons, number: numbers.full(persons) })} ·{" "}
          {t("people.shown", { shown: numbers.full(people.length), of: numbers.full(persons) })}
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
