import { useTranslation } from "react-i18next";
import type { Series, TrendsQuestion } from "../../api/words";
import { AddButton } from "../frame/AddButton";
import { BreakdownPart } from "../frame/BreakdownPart";
import { DraftField } from "../frame/DraftField";
import { EditorFrame, FiltersPart } from "../frame/EditorFrame";
import type { EditorProps } from "../frame/kind";
import { SERIES_MAX } from "../../url/trends";
import { SeriesRow } from "./SeriesRow";

/** The question of a trend: its series, what narrows all of them, what splits them. */
export function TrendsEditor({ question, onChange, ...choices }: EditorProps<TrendsQuestion>) {
  const { t } = useTranslation();
  const setSeries = (series: Series[]) => onChange({ ...question, series });
  return (
    <EditorFrame
      title={t("trends.series")}
      side={
        <>
          <FiltersPart filters={question.filters} {...choices} onChange={(filters) => onChange({ ...question, filters })} />
          <BreakdownPart
            breakdown={question.breakdown}
            properties={choices.properties}
            bins
            onChange={(breakdown) => {
              const { breakdown: _old, ...rest } = question;
              onChange(breakdown ? { ...rest, breakdown } : rest);
            }}
          />
        </>
      }
    >
      {question.series.map((series, index) => (
        <SeriesRow
          key={index}
          index={index}
          series={series}
          {...choices}
          onChange={(next) => setSeries(question.series.map((old, at) => (at === index ? next : old)))}
          {...(question.series.length > 1
            ? { onRemove: () => setSeries(question.series.filter((_, at) => at !== index)) }
            : {})}
        />
      ))}
      <AddButton
        disabled={question.series.length >= SERIES_MAX}
        onClick={() => setSeries([...question.series, { event: choices.events[0]?.name ?? null, math: "total" }])}
      >
        {t("trends.addSeries")}
      </AddButton>
      {(question.series.length > 1 || question.formula) && (
        <DraftField
          label={t("trends.formula")}
          placeholder={t("trends.formulaNote")}
          value={question.formula ?? ""}
          onChange={(formula) => {
            const { formula: _old, ...rest } = question;
            onChange(formula === "" ? rest : { ...rest, formula });
          }}
        />
      )}
    </EditorFrame>
  );
}
