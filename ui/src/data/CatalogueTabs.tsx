import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { catalogueQuery } from "../api/queries";
import type { Catalogue, Project } from "../api/words";
import { useDates } from "../format/dates";
import { useNumbers } from "../format/numbers";
import { Panel } from "../parts/Page";
import { Empty, Loaded } from "../parts/States";
import classes from "./Data.module.css";

type ProjectPart = Pick<Project, "id" | "time_zone">;

export function EventsTab({ project }: { project: ProjectPart }) {
  return (
    <Loaded query={useQuery(catalogueQuery(project.id))}>
      {(catalogue) => <EventsCatalogue project={project} catalogue={catalogue} />}
    </Loaded>
  );
}

export function PropertiesTab({ project }: { project: ProjectPart }) {
  return (
    <Loaded query={useQuery(catalogueQuery(project.id))}>
      {(catalogue) => <PropertiesCatalogue project={project} catalogue={catalogue} />}
    </Loaded>
  );
}

function Search({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      aria-label={t("data.search")}
      placeholder={t("data.search")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function Nothing({ project, searched }: { project: ProjectPart; searched: boolean }) {
  const { t } = useTranslation();
  if (searched) return <Empty icon="search" title={t("data.noneFound")} />;
  return (
    <Empty
      icon="data"
      title={t("data.empty")}
      actions={
        <Link to="/p/$projectId/start" params={{ projectId: project.id }}>
          <Button component="span" variant="light">
            {t("live.howToSend")}
          </Button>
        </Link>
      }
    >
      {t("data.emptyText")}
    </Empty>
  );
}

interface CatalogueProps {
  project: ProjectPart;
  catalogue: Catalogue;
}

export function EventsCatalogue({ project, catalogue }: CatalogueProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const dates = useDates(project.time_zone);
  const [search, setSearch] = useState("");
  const rows = catalogue.events.filter((event) => event.name.toLowerCase().includes(search.toLowerCase()));
  const most = Math.max(1, ...catalogue.events.map((event) => event.count));
  return (
    <Panel flush title={t("data.tab.events")} actions={<Search value={search} onChange={setSearch} />}>
      {rows.length === 0 ? (
        <Nothing project={project} searched={search !== ""} />
      ) : (
        <div className="tm-scroll">
          <table className="tm-table" aria-label={t("data.tab.events")}>
            <thead>
              <tr>
                <th scope="col">{t("events.event")}</th>
                <th scope="col" className="tm-number">
                  {t("data.volume")}
                </th>
                <th scope="col">{t("data.firstSeen")}</th>
                <th scope="col">{t("data.lastSeen")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((event) => (
                <tr key={event.name} data-open-able>
                  <td>
                    <Link
                      to="/p/$projectId/trends"
                      params={{ projectId: project.id }}
                      search={{ series: [{ event: event.name, math: "total" }] }}
                      className={classes.name}
                    >
                      {event.name}
                    </Link>
                  </td>
                  <td className="tm-number">
                    <span className={classes.bar} style={{ inlineSize: `${(event.count / most) * 72}px` }} />
                    {numbers.full(event.count)}
                  </td>
                  <td className="tm-quiet">{dates.instant(event.first_seen)}</td>
                  <td className="tm-quiet">{dates.instant(event.last_seen)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

/** How many sample values stand in a row. */
const SAMPLES_MAX = 4;

export function PropertiesCatalogue({ project, catalogue }: CatalogueProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [search, setSearch] = useState("");
  const rows = catalogue.properties.filter((property) => property.name.toLowerCase().includes(search.toLowerCase()));
  return (
    <Panel flush title={t("data.tab.properties")} actions={<Search value={search} onChange={setSearch} />}>
      {rows.length === 0 ? (
        <Nothing project={project} searched={search !== ""} />
      ) : (
        <div className="tm-scroll">
          <table className="tm-table" aria-label={t("data.tab.properties")}>
            <thead>
              <tr>
                <th scope="col">{t("data.property")}</th>
                <th scope="col">{t("data.type")}</th>
                <th scope="col" className="tm-number">
                  {t("data.volume")}
                </th>
                <th scope="col">{t("data.samples")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((property) => (
                <tr key={property.name}>
                  <td className="tm-mono">{property.name}</td>
                  <td className="tm-quiet">{property.types.join(", ")}</td>
                  <td className="tm-number">{numbers.full(property.count)}</td>
                  <td className={classes.samples}>
                    {property.samples.slice(0, SAMPLES_MAX).map((sample) => (
                      <span key={sample} className={`${classes.sample} tm-clip`}>
                        {String(sample)}
                      </span>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
