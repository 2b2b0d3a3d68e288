import { Drawer, Group, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { EventRow } from "../api/words";
import { useDates } from "../format/dates";
import { CopyButton } from "../parts/Copy";
import { Empty } from "../parts/States";
import classes from "./Events.module.css";
import { valueText } from "./gist";

interface EventDetailProps {
  /** Null: nothing is open. */
  row: EventRow | null;
  timeZone: string;
  projectId: number;
  onClose: () => void;
}

/** One event in full, in a drawer at the side. */
export function EventDetail({ row, timeZone, projectId, onClose }: EventDetailProps) {
  const { t } = useTranslation();
  return (
    <Drawer
      opened={row !== null}
      onClose={onClose}
      position="right"
      size="lg"
      title={<span className={classes.title}>{row?.event}</span>}
      styles={{ title: { minWidth: 0 } }}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {row && <Detail row={row} timeZone={timeZone} projectId={projectId} key={row.uuid} />}
    </Drawer>
  );
}

function Detail({ row, timeZone, projectId }: { row: EventRow; timeZone: string; projectId: number }) {
  const { t } = useTranslation();
  const dates = useDates(timeZone);
  const [search, setSearch] = useState("");
  const wanted = search.toLowerCase();
  const pairs = Object.entries(row.properties)
    .filter(([key, value]) => `${key} ${valueText(value)}`.toLowerCase().includes(wanted))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const facts: [string, string | null | undefined][] = [
    [t("events.happened"), `${dates.instant(row.event_at)} (${timeZone})`],
    [t("events.received"), dates.instant(row.received_at)],
    [t("events.distinctId"), row.distinct_id],
    [t("events.person"), row.person],
    [t("events.session"), row.session_id],
    [t("level.label"), t(`level.${row.level}.name`)],
    [t("events.dialect"), t(`dialect.${row.dialect}`)],
    [t("events.uuid"), row.uuid],
  ];
  return (
    <>
      <dl className={classes.facts}>
        {facts.map(([name, value]) =>
          value === undefined || value === null ? null : (
            <div key={name} style={{ display: "contents" }}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      <Group mb="md" gap="xs">
        <CopyButton text={() => JSON.stringify(row, null, 2)} label={t("events.copyJson")} variant="default" />
        <Link
          to="/p/$projectId/events"
          params={{ projectId }}
          search={{ person: row.distinct_id, date_from: "-30d" }}
          style={{ color: "var(--tm-accent)", fontSize: 14 }}
        >
          {t("events.allOfPerson")}
        </Link>
      </Group>
      <TextInput
        aria-label={t("events.searchProperties")}
        placeholder={t("events.searchProperties")}
        value={search}
        mb="xs"
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      {pairs.length === 0 ? (
        <Empty icon="search" title={t("events.noProperties")} />
      ) : (
        <table className="tm-table" aria-label={t("events.properties")}>
          <tbody>
            {pairs.map(([key, value]) => (
              <tr key={key}>
                <th scope="row" className={`${classes.key} tm-mono`} style={{ whiteSpace: "normal" }}>
                  {key}
                </th>
                <td className={classes.value}>{valueText(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
