import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { cohortPeopleQuery } from "../api/queries";
import type { Cohort } from "../api/words";
import { useNumbers } from "../format/numbers";
import { Panel } from "../parts/Page";
import { Empty, Loaded } from "../parts/States";
import classes from "./Cohorts.module.css";

/** How many people one page fetches. */
const PAGE = 50;

/** Who is in a cohort now. */
export function CohortPeople({ projectId, cohort }: { projectId: number; cohort: Cohort }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const people = useInfiniteQuery(cohortPeopleQuery(projectId, cohort.id, PAGE));
  return (
    <Panel
      title={t("cohorts.people")}
      flush
      actions={
        <Link
          to="/p/$projectId/trends"
          params={{ projectId }}
          search={{
            series: [{ event: null, math: "dau" }],
            date_from: "-30d",
            filters: [{ type: "cohort", operator: "in_cohort", value: [cohort.id] }],
          }}
        >
          {t("cohorts.asTrend")}
        </Link>
      }
    >
      <Loaded query={people}>
        {({ pages }) => {
          const names = pages.flatMap((page) => page.people);
          const persons = pages[0]?.persons ?? 0;
          if (persons === 0) return <Empty icon="cohorts" title={t("cohorts.nobody")} />;
          return (
            <>
              <table className="tm-table" aria-label={t("cohorts.people")}>
                <tbody>
                  {names.map((person) => (
                    <tr key={person} data-open-able>
                      <td className={classes.person}>
                        <Link to="/p/$projectId/person" params={{ projectId }} search={{ id: person }}>
                          {person}
                        </Link>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <div className={classes.foot}>
                <span className="tm-quiet">
                  {t("people.shown", { shown: numbers.full(names.length), of: numbers.full(persons) })}
                </span>
                {people.hasNextPage && (
                  <Button variant="light" size="compact-sm" loading={people.isFetching} onClick={() => void people.fetchNextPage()}>
                    {t("events.more")}
                  </Button>
                )}
              </div>
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}
