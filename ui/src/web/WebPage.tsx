import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { OpenedNumber } from "../api/queries";
import { useLocale } from "../format/locale";
import { useReport } from "../insights/frame/useAnswer";
import { PeopleDrawer } from "../insights/people/PeopleDrawer";
import { catalogueValues } from "../parts/filters/useCatalogueValues";
import { useProperties } from "../parts/useProperties";
import { useProject } from "../shell/useProject";
import { readWebLink, type WebLink, webQuestionOf } from "../url/web";
import { rowName } from "./names";
import { WebView } from "./WebView";

/** Who visits, where from, and what they see. */
export function WebPage() {
  const { t } = useTranslation();
  const locale = useLocale();
  const project = useProject();
  const navigate = useNavigate({ from: "/p/$projectId/web" });
  const link = useSearch({ from: "/p/$projectId/web" });
  const properties = useProperties(project.id);
  const useValues = useMemo(() => catalogueValues(project.id), [project.id]);
  const question = useMemo(() => webQuestionOf(link), [link]);
  const answer = useReport(project.id, "web", question);
  const change = (next: WebLink) => void navigate({ search: readWebLink({ ...next }) });
  const { open } = link;
  const { table, value } = open ?? {};
  const opened: OpenedNumber | undefined =
    open && answer.data && !answer.stale
      ? {
          question: { kind: "web", ...question },
          cell: table && value !== undefined ? { table, breakdown_value: value } : {},
          askedAt: answer.data.explain.asked_at ?? "",
        }
      : undefined;
  const title =
    table && value !== undefined ? t("web.peopleOf", { value: rowName(t, locale, table, value) }) : t("web.peopleAll");
  return (
    <>
      <WebView {...{ project, link, answer, properties, useValues }} onChange={change} />
      <PeopleDrawer
        project={project}
        shown={open !== undefined}
        {...{ opened, title }}
        onClose={() => change({ ...link, open: undefined })}
      />
    </>
  );
}
