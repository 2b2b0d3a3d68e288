import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Series } from "../../api/words";
import { Filters } from "../../parts/filters/Filters";
import { Icon } from "../../parts/icons";
import { PropertyPicker } from "../../parts/PropertyPicker";
import { SERIES_MAX } from "../../url/trends";
import { SeriesRow } from "./SeriesRow";
import classes from "./Trends.module.css";
import type { TrendsScreenProps } from "./TrendsScreen";

type EditorProps = Pick<TrendsScreenProps, "question" | "events" | "properties" | "useValues" | "onChange">;

/** The question of a trend: its series, what narrows all of them, what splits them. */
export function TrendsEditor({ question, events, properties, useValues, onChange }: EditorProps) {
  const { t } = useTranslation();
  const setSeries = (series: Series[]) => onChange({ ...question, series });
  return (
    <div className={classes.editor}>
      <section className={classes.column} aria-label={t("trends.series")}>
        <h2 className={classes.heading}>{t("trends.series")}</h2>
        {question.series.map((series, index) => (
          <SeriesRow
            key={index}
            index={index}
            series={series}
            {...{ events, properties, useValues }}
            onChange={(next) => setSeries(question.series.map((old, at) => (at === index ? next : old)))}
            {...(question.series.length > 1
              ? { onRemove: () => setSeries(question.series.filter((_, at) => at !== index)) }
              : {})}
          />
        ))}
        <div>
          <Button
            variant="light"
            size="compact-sm"
            leftSection={<Icon name="plus" size={14} />}
            disabled={question.series.length >= SERIES_MAX}
            onClick={() => setSeries([...question.series, { event: events[0]?.name ?? null, math: "total" }])}
          >
            {t("trends.addSeries")}
          </Button>
        </div>
      </section>
      <div className={classes.column}>
        <section aria-label={t("trends.filters")}>
          <h2 className={classes.heading}>{t("trends.filters")}</h2>
          <Filters
            filters={question.filters ?? []}
            properties={properties}
            useValues={useValues}
            onChange={(filters) => onChange({ ...question, filters })}
          />
        </section>
        <section aria-label={t("trends.breakdown")}>
          <h2 className={classes.heading}>{t("trends.breakdown")}</h2>
          <PropertyPicker
            label={t("trends.breakdown")}
            value={question.breakdown?.property}
            properties={properties}
            clearable
            placeholder={t("trends.noBreakdown")}
            onChange={(property) => {
              const { breakdown: _old, ...rest } = question;
              onChange(property ? { ...rest, breakdown: { property } } : rest);
            }}
          />
        </section>
      </div>
    </div>
  );
}
