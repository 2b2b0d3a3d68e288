import { Tabs } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Page } from "../parts/Page";
import { useProject } from "../shell/useProject";
import { EventsTab, PropertiesTab } from "./CatalogueTabs";
import { FailedTab } from "./FailedTab";
import { NotKeptTab } from "./NotKeptTab";

const TABS = ["events", "properties", "failed", "not-kept"] as const;

/** What the project holds, and what became of everything that arrived. */
export function DataPage() {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/data" });
  const { tab = "events", reason } = useSearch({ from: "/p/$projectId/data" });
  return (
    <Page title={t("nav.data")} lead={t("data.lead")}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) => {
          const chosen = TABS.find((one) => one === next);
          void navigate({ search: chosen && chosen !== "events" ? { tab: chosen } : {} });
        }}
      >
        <Tabs.List mb="md">
          {TABS.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t(`data.tab.${one}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="events">
          <EventsTab project={project} />
        </Tabs.Panel>
        <Tabs.Panel value="properties">
          <PropertiesTab project={project} />
        </Tabs.Panel>
        <Tabs.Panel value="failed">
          <FailedTab
            project={project}
            reason={reason ?? null}
            onReason={(next) => void navigate({ search: { tab: "failed", ...(next ? { reason: next } : {}) } })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="not-kept">
          <NotKeptTab project={project} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
