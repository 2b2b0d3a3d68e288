import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { OpenedNumber } from "../api/queries";
import { ExplainLine } from "../insights/frame/ExplainLine";
import { useReport } from "../insights/frame/useAnswer";
import { PeopleDrawer } from "../insights/people/PeopleDrawer";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { Page } from "../parts/Page";
import { RangeAndFilters } from "../parts/RangeAndFilters";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { useProperties } from "../parts/useProperties";
import { useProject } from "../shell/useProject";
import { type ItemsLink, itemsQuestionOf, readItemsLink } from "../url/reports";
import { ItemsTable } from "./ItemsTable";

/** How the questions of assessments did. */
export function ItemsPage() {
  const { t } = useTranslation();
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/items" });
  const link = useSearch({ from: "/p/$projectId/items" });
  const properties = useProperties(project.id);
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const question = itemsQuestionOf(link);
  const { data, error, busy, stale, answeredAt, retry } = useReport(project.id, "items", question);
  const change = (next: ItemsLink) => void navigate({ search: readItemsLink({ ...next }) });
  const { open } = link;
  const opened: OpenedNumber | undefined =
    open && data && !stale
      ? {
          question: { kind: "items", ...question },
          cell: { breakdown_value: open.item, ...(open.correct ? { converted: true } : {}) },
          askedAt: data.explain.asked_at ?? "",
        }
      : undefined;
  return (
    <Page title={t("nav.items")} lead={t("items.lead")}>
      <RangeAndFilters link={link} usual="-30d" {...{ properties, useValues }} onChange={change} />
      <section className="tm-panel" aria-label={t("nav.items")}>
        <ProgressLine on={busy} />
        {!data ? (
          error ? (
            <ErrorPanel error={error} onRetry={retry} />
          ) : (
            <LoadingRows rows={8} height={24} />
          )
        ) : (
          <Dimmed on={stale}>
            {data.items.length === 0 ? (
              <Empty icon="items" title={t("items.empty")}>
                {t("items.emptyText")}
              </Empty>
            ) : (
              <ItemsTable
                answer={data}
                shown={link.item}
                onShow={(item) => change({ ...link, item: item === link.item ? undefined : item })}
                onOpen={(next) => change({ ...link, open: next })}
              />
            )}
            <ExplainLine explain={data.explain} timeZone={project.time_zone} answeredAt={answeredAt} onRefresh={retry} />
          </Dimmed>
        )}
      </section>
      <PeopleDrawer
        project={project}
        shown={open !== undefined}
        opened={opened}
        title={open ? `${open.item} · ${t(open.correct ? "items.correct" : "items.attempts")}` : t("people.title")}
        onClose={() => change({ ...link, open: undefined })}
      />
    </Page>
  );
}
