import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { EventMatch, StickinessQuestion } from "../../api/words";
import { COUNTS_ARE, CRITERION_MAX } from "../../url/stickiness";
import { SERIES_MAX } from "../../url/trends";
import { AddButton } from "../frame/AddButton";
import { CountInput } from "../frame/CountInput";
import { EditorFrame, EditorPart, FiltersPart } from "../frame/EditorFrame";
import classes from "../frame/Frame.module.css";
import type { ControlsProps, EditorProps } from "../frame/kind";
import { MatchRow } from "../frame/MatchRow";
import { seriesLetter } from "../trends/SeriesRow";

/** The question of a stickiness: which events, and how many of them make a day active. */
export function StickinessEditor({ question, onChange, ...choices }: EditorProps<StickinessQuestion>) {
  const { t } = useTranslation();
  const { series } = question;
  const set = (next: EventMatch[]) => onChange({ ...question, series: next });
  return (
    <EditorFrame
      title={t("trends.series")}
      side={
        <>
          <Criterion question={question} onChange={onChange} />
          <FiltersPart filters={question.filters} {...choices} onChange={(filters) => onChange({ ...question, filters })} />
        </>
      }
    >
      {series.map((match, index) => {
        const letter = seriesLetter(index);
        return (
          <MatchRow
            key={index}
            mark={letter}
            scope={t("trends.seriesNth", { letter })}
            eventLabel={t("trends.eventOf", { letter })}
            match={match}
            {...choices}
            onChange={(next) => set(series.map((old, at) => (at === index ? next : old)))}
            removeLabel={t("trends.removeSeries", { letter })}
            {...(series.length > 1 ? { onRemove: () => set(series.filter((_, at) => at !== index)) } : {})}
          />
        );
      })}
      <AddButton
        disabled={series.length >= SERIES_MAX}
        onClick={() => set([...series, { event: choices.events[0]?.name ?? null }])}
      >
        {t("trends.addSeries")}
      </AddButton>
    </EditorFrame>
  );
}

/** How many events make a day (an hour, a week…) active. */
function Criterion({ question, onChange }: ControlsProps<StickinessQuestion>) {
  const { t } = useTranslation();
  const { operator, value } = question.criterion ?? { operator: "gte" as const, value: 1 };
  const set = (criterion: StickinessQuestion["criterion"]) => {
    const { criterion: _old, ...rest } = question;
    // At least one event is what no criterion means.
    onChange(criterion && (criterion.operator !== "gte" || criterion.value > 1) ? { ...rest, criterion } : rest);
  };
  return (
    <EditorPart title={t("stickiness.criterion")}>
      <Select
        aria-label={t("stickiness.operator")}
        className={classes.short}
        data={COUNTS_ARE.map((one) => ({ value: one, label: t(`stickiness.countIs.${one}`) }))}
        value={operator}
        allowDeselect={false}
        onChange={(next) => {
          const chosen = COUNTS_ARE.find((one) => one === next);
          if (chosen) set({ operator: chosen, value });
        }}
      />
      <CountInput
        label={t("stickiness.count")}
        value={value}
        least={1}
        most={CRITERION_MAX}
        onChange={(count) => set({ operator, value: count })}
      />
      <span className={classes.word}>{t("stickiness.events")}</span>
    </EditorPart>
  );
}
