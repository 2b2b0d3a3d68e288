import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Person } from "../api/words";
import { valueText } from "../events/gist";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import classes from "./Persons.module.css";

/** Whether anybody said who this is. */
export function IdentityMark({ person }: { person: Person }) {
  const { t } = useTranslation();
  return (
    <Badge variant="light" color={person.identified ? "peacock" : "gray"} tt="none">
      {t(person.identified ? "persons.identified" : "persons.anonymous")}
    </Badge>
  );
}

/** What is known of a person now. Data of events is only ever text. */
export function Profile({ person, timeZone }: { person: Person; timeZone: string }) {
  const { t } = useTranslation();
  const dates = useDates(timeZone);
  const numbers = useNumbers();
  const { distinct_ids: ids, properties } = person;
  const pairs = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <div className={classes.profile}>
      <div className={classes.facts}>
        <p>{t("persons.firstSeen", { at: dates.instant(person.created_at) })}</p>
        <details open={ids.length <= 5}>
          <summary>{t("persons.ids", { count: ids.length, number: numbers.full(ids.length) })}</summary>
          <ul className={classes.ids}>
            {ids.map((id) => (
              <li key={id} className="tm-mono">
                {id}
              </li>
            ))}
          </ul>
        </details>
      </div>
      {pairs.length === 0 ? (
        <p className="tm-quiet">{t("persons.noProperties")}</p>
      ) : (
        <dl className={classes.properties}>
          {pairs.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{valueText(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
