import { Checkbox, SegmentedControl } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { Page } from "../parts/Page";
import { RangeAndFilters } from "../parts/RangeAndFilters";
import { useProperties } from "../parts/useProperties";
import { useProject } from "../shell/useProject";
import { readSessionsLink, SESSION_TABS, type SessionsLink } from "../url/reports";
import { SessionList } from "./SessionList";
import { WorkflowList } from "./WorkflowList";

/** Visits one by one, or what Sunbird's summaries say of them. */
export function SessionsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/sessions" });
  const link = useSearch({ from: "/p/$projectId/sessions" });
  const properties = useProperties(project.id);
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const change = (next: SessionsLink) => void navigate({ search: readSessionsLink({ ...next }) });
  const tab = link.tab ?? "sessions";
  return (
    <Page title={t("nav.sessions")} lead={t(`sessions.lead.${tab}`)}>
      <RangeAndFilters link={link} usual="-7d" {...{ properties, useValues }} onChange={change}>
        <SegmentedControl
          aria-label={t("sessions.which")}
          data={SESSION_TABS.map((one) => ({ value: one, label: t(`sessions.tab.${one}`) }))}
          value={tab}
          onChange={(next) => change({ ...link, tab: next === "workflow" ? "workflow" : undefined })}
        />
        {tab === "sessions" && (
          <Checkbox
            label={t("web.infer")}
            checked={link.infer === true}
            onChange={(event) => change({ ...link, infer: event.currentTarget.checked ? true : undefined })}
          />
        )}
      </RangeAndFilters>
      <section className="tm-panel" aria-label={t(`sessions.tab.${tab}`)}>
        {tab === "sessions" ? <SessionList {...{ project, link }} onChange={change} /> : <WorkflowList {...{ project, link }} />}
      </section>
    </Page>
  );
}
