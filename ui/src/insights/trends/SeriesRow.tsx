import { ActionIcon, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  type CatalogueEvent,
  type CatalogueProperty,
  MATHS,
  needsProperty,
  type Series,
} from "../../api/words";
import { EventPicker } from "../../parts/EventPicker";
import { Filters } from "../../parts/filters/Filters";
import type { ValuesHook } from "../../parts/filters/FilterValue";
import { Icon } from "../../parts/icons";
import { PropertyPicker } from "../../parts/PropertyPicker";
import classes from "./Trends.module.css";

interface SeriesRowProps {
  index: number;
  series: Series;
  events: readonly CatalogueEvent[];
  properties: readonly CatalogueProperty[];
  useValues: ValuesHook;
  onChange: (series: Series) => void;
  /** Absent for the last series, which cannot go. */
  onRemove?: () => void;
}

/** A, B, C… */
export const seriesLetter = (index: number): string => String.fromCharCode(65 + index);

/** One series: which event, how it is counted, on what conditions. */
export function SeriesRow({ index, series, events, properties, useValues, onChange, onRemove }: SeriesRowProps) {
  const { t } = useTranslation();
  const letter = seriesLetter(index);
  const scope = t("trends.seriesNth", { letter });
  const math = series.math ?? "total";
  return (
    <div className={classes.series} role="group" aria-label={scope}>
      <div className={classes.seriesHead}>
        <span className={classes.letter} aria-hidden="true">
          {letter}
        </span>
        <EventPicker
          label={t("trends.eventOf", { letter })}
          value={series.event ?? null}
          events={events}
          onChange={(event) => {
            const { label: _old, ...rest } = series;
            onChange({ ...rest, event });
          }}
        />
        <Select
          aria-label={t("trends.mathOf", { letter })}
          className={classes.math}
          data={MATHS.map((one) => ({ value: one, label: t(`math.${one}`) }))}
          value={math}
          allowDeselect={false}
          maxDropdownHeight={380}
          onChange={(next) => {
            const chosen = MATHS.find((one) => one === next);
            if (chosen) onChange({ ...series, math: chosen });
          }}
        />
        {needsProperty(math) && (
          <PropertyPicker
            label={t("trends.propertyOf", { letter })}
            value={series.property}
            properties={properties}
            numeric
            onChange={(property) => onChange({ ...series, ...(property ? { property } : {}) })}
          />
        )}
        {onRemove && (
          <ActionIcon aria-label={t("trends.removeSeries", { letter })} onClick={onRemove}>
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </div>
      <Filters
        scope={scope}
        filters={series.filters ?? []}
        properties={properties}
        useValues={useValues}
        onChange={(filters) => onChange({ ...series, filters })}
      />
    </div>
  );
}
