import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { EventRow } from "../api/words";
import { type DateFormat, useDates } from "../format/dates";
import classes from "./Events.module.css";
import { gist } from "./gist";

interface EventTableProps {
  label: string;
  rows: readonly EventRow[];
  timeZone: string;
  onOpen: (uuid: string) => void;
  /** Time of the day with milliseconds, for the stream; else date and time. */
  withMillis?: boolean;
}

/** Events as rows; each opens its properties. Event data is only ever text. */
export function EventTable({ label, rows, timeZone, onOpen, withMillis }: EventTableProps) {
  const { t } = useTranslation();
  const dates = useDates(timeZone);
  return (
    <div className="tm-scroll">
      <table className={`tm-table ${classes.table}`} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t("events.time")}</th>
            <th scope="col">{t("events.event")}</th>
            <th scope="col">{t("events.person")}</th>
            <th scope="col" className={classes.gist}>
              {t("events.properties")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.uuid} row={row} dates={dates} onOpen={onOpen} withMillis={withMillis ?? false} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  row: EventRow;
  dates: DateFormat;
  onOpen: (uuid: string) => void;
  withMillis: boolean;
}

const Row = memo(function Row({ row, dates, onOpen, withMillis }: RowProps) {
  const { t } = useTranslation();
  return (
    <tr data-open-able onClick={() => onOpen(row.uuid)} className={classes.row}>
      <td className={classes.time}>
        <time dateTime={row.event_at} title={row.event_at}>
          {withMillis ? dates.time(row.event_at) : dates.instant(row.event_at)}
        </time>
      </td>
      <td>
        <button
          type="button"
          className={classes.name}
          aria-label={t("events.open", { event: row.event })}
          onClick={(click) => {
            click.stopPropagation();
            onOpen(row.uuid);
          }}
        >
          {row.event}
        </button>
      </td>
      <td className={`${classes.person} tm-mono tm-clip`}>{row.distinct_id}</td>
      <td className={`${classes.gist} tm-clip`}>
        {gist(row).map(([key, value]) => (
          <span key={key} className={classes.pair}>
            <span className="tm-quiet">{key}</span> {value}
          </span>
        ))}
      </td>
    </tr>
  );
});
