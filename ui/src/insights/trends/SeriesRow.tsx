import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { MATHS, needsProperty, type Series } from "../../api/words";
import { PropertyPicker } from "../../parts/PropertyPicker";
import type { Choices } from "../frame/kind";
import { MatchRow } from "../frame/MatchRow";
import classes from "../frame/Frame.module.css";

interface SeriesRowProps extends Choices {
  index: number;
  series: Series;
  onChange: (series: Series) => void;
  /** Absent for the last series, which cannot go. */
  onRemove?: () => void;
}

/** A, B, C… */
export const seriesLetter = (index: number): string => String.fromCharCode(65 + index);

/** One series: which event, how it is counted, on what conditions. */
export function SeriesRow({ index, series, onChange, onRemove, ...choices }: SeriesRowProps) {
  const { t } = useTranslation();
  const letter = seriesLetter(index);
  const math = series.math ?? "total";
  return (
    <MatchRow
      mark={letter}
      scope={t("trends.seriesNth", { letter })}
      eventLabel={t("trends.eventOf", { letter })}
      match={series}
      {...choices}
      onChange={onChange}
      removeLabel={t("trends.removeSeries", { letter })}
      {...(onRemove ? { onRemove } : {})}
    >
      <Select
        aria-label={t("trends.mathOf", { letter })}
        className={classes.medium}
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
          value={series.property === undefined ? undefined : { property: series.property }}
          properties={choices.properties}
          numeric
          onChange={(picked) => onChange({ ...series, ...(picked ? { property: picked.property } : {}) })}
        />
      )}
    </MatchRow>
  );
}
