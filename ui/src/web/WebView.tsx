import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Project, WebAnswer, WebQuestion } from "../api/words";
import { Comparison } from "../insights/frame/Comparison";
import { ExplainLine } from "../insights/frame/ExplainLine";
import type { AnswerState } from "../insights/frame/useAnswer";
import { Filters } from "../parts/filters/Filters";
import type { ValuesHook } from "../parts/filters/FilterValue";
import { Page } from "../parts/Page";
import type { Properties } from "../parts/properties";
import { RangePicker } from "../parts/RangePicker";
import { Dimmed, Empty, ErrorPanel, LoadingRows, ProgressLine } from "../parts/States";
import { PANEL_NAMES, toggleRow, type WebLink } from "../url/web";
import { RowChips } from "./RowChips";
import classes from "./Web.module.css";
import { WebCards } from "./WebCards";
import { WebPanel } from "./WebPanel";

interface WebViewProps {
  project: Pick<Project, "id" | "time_zone">;
  link: WebLink;
  answer: AnswerState<WebQuestion, WebAnswer>;
  properties: Properties;
  useValues: ValuesHook;
  onChange: (link: WebLink) => void;
}

/** The numbers of all visits, and tables whose rows narrow the page to the visits in them. */
export function WebView({ properties, useValues, ...report }: WebViewProps) {
  const { link, onChange } = report;
  const { t } = useTranslation();
  const { date_to: _to, ...endless } = link;
  return (
    <Page
      title={t("nav.web")}
      lead={t("web.lead")}
      actions={
        <>
          <RangePicker
            range={{ from: link.date_from ?? "-7d", ...(link.date_to ? { to: link.date_to } : {}) }}
            onChange={({ from, to }) => onChange({ ...endless, date_from: from, ...(to ? { date_to: to } : {}) })}
          />
          <Comparison
            value={link.compare === "none" ? undefined : link.compare ? { to: link.compare } : {}}
            onChange={(compare) => {
              const { compare: _old, ...rest } = link;
              const to = compare ? (compare.to ?? undefined) : "none";
              onChange(to ? { ...rest, compare: to } : rest);
            }}
          />
        </>
      }
    >
      <div className={classes.narrow}>
        <RowChips link={link} onChange={onChange} />
        <Filters filters={link.filters ?? []} {...{ properties, useValues }} onChange={(filters) => onChange({ ...link, filters })} />
      </div>
      <Report {...report} />
    </Page>
  );
}

function Report({ project, link, answer, onChange }: Omit<WebViewProps, "properties" | "useValues">) {
  const { t } = useTranslation();
  const { data, error, busy, stale, retry } = answer;
  if (!data) {
    return (
      <section className="tm-panel" aria-label={t("web.numbers")}>
        <ProgressLine on={busy} />
        {error ? <ErrorPanel error={error} onRetry={retry} /> : <LoadingRows rows={10} height={28} />}
      </section>
    );
  }
  const explain = (
    <ExplainLine explain={data.explain} timeZone={project.time_zone} answeredAt={answer.answeredAt} onRefresh={retry} />
  );
  const none = data.current.sessions === 0 && (data.previous?.sessions ?? 0) === 0;
  if (none && !stale) {
    return (
      <section className="tm-panel" aria-label={t("web.numbers")}>
        <ProgressLine on={busy} />
        <Empty
          icon="web"
          title={t("web.empty")}
          actions={!link.infer && <Button onClick={() => onChange({ ...link, infer: true })}>{t("web.infer")}</Button>}
        >
          {t("web.emptyText")}
        </Empty>
        {explain}
      </section>
    );
  }
  return (
    <Dimmed on={stale}>
      <section className="tm-panel" aria-label={t("web.numbers")}>
        <ProgressLine on={busy} />
        <WebCards answer={data} onOpen={() => onChange({ ...link, open: {} })} />
        {explain}
      </section>
      <div className={classes.panels}>
        {PANEL_NAMES.map((panel) => (
          <WebPanel
            key={panel}
            {...{ panel, link, onChange }}
            answer={data}
            onPick={(row) => onChange(toggleRow(link, row))}
            onOpen={(row) => onChange({ ...link, open: row })}
          />
        ))}
      </div>
    </Dimmed>
  );
}
