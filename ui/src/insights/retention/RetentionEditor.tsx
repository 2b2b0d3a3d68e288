import { Checkbox, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type RetentionQuestion, STARTS } from "../../api/words";
import { BreakdownPart } from "../frame/BreakdownPart";
import { CountInput } from "../frame/CountInput";
import { EditorFrame, EditorPart, FiltersPart } from "../frame/EditorFrame";
import classes from "../frame/Frame.module.css";
import type { ControlsProps, EditorProps } from "../frame/kind";
import { MatchRow } from "../frame/MatchRow";

/** The question of a retention: what begins it, and what counts as coming back. */
export function RetentionEditor({ question, onChange, ...choices }: EditorProps<RetentionQuestion>) {
  const { t } = useTranslation();
  const start = question.start ?? "recurring";
  return (
    <EditorFrame
      title={t("retention.events")}
      side={
        <>
          <Rules question={question} onChange={onChange} />
          <FiltersPart filters={question.filters} {...choices} onChange={(filters) => onChange({ ...question, filters })} />
          <BreakdownPart
            breakdown={question.breakdown}
            properties={choices.properties}
            onChange={(breakdown) => {
              const { breakdown: _old, ...rest } = question;
              onChange(breakdown ? { ...rest, breakdown } : rest);
            }}
          />
        </>
      }
    >
      <MatchRow
        scope={t("retention.start")}
        eventLabel={t("retention.startEvent")}
        mark={1}
        match={question.start_event}
        {...choices}
        onChange={(start_event) => onChange({ ...question, start_event })}
      >
        <Select
          aria-label={t("retention.who")}
          className={classes.medium}
          data={STARTS.map((one) => ({ value: one, label: t(`retention.starts.${one}`) }))}
          value={start}
          allowDeselect={false}
          onChange={(next) => {
            const chosen = STARTS.find((one) => one === next);
            if (chosen) onChange({ ...question, start: chosen });
          }}
        />
      </MatchRow>
      <MatchRow
        scope={t("retention.return")}
        eventLabel={t("retention.returnEvent")}
        mark={2}
        match={question.return_event ?? question.start_event}
        {...choices}
        onChange={(return_event) => onChange({ ...question, return_event })}
      />
    </EditorFrame>
  );
}

/** What a cell counts. */
function Rules({ question, onChange }: ControlsProps<RetentionQuestion>) {
  const { t } = useTranslation();
  return (
    <EditorPart title={t("retention.rules")}>
      <Checkbox
        label={t("retention.cumulative")}
        checked={question.cumulative === true}
        onChange={(event) => {
          const { cumulative: _old, ...rest } = question;
          onChange(event.currentTarget.checked ? { ...rest, cumulative: true } : rest);
        }}
      />
      <Checkbox
        label={t("retention.rolling")}
        checked={question.rolling === true}
        onChange={(event) => {
          const { rolling: _old, ...rest } = question;
          onChange(event.currentTarget.checked ? { ...rest, rolling: true } : rest);
        }}
      />
      <span className={classes.pair}>
        <span className={classes.word}>{t("retention.least")}</span>
        <CountInput
          label={t("retention.leastLabel")}
          value={question.minimum_occurrences ?? 1}
          least={1}
          most={1_000}
          onChange={(count) => {
            const { minimum_occurrences: _old, ...rest } = question;
            onChange(count > 1 ? { ...rest, minimum_occurrences: count } : rest);
          }}
        />
      </span>
    </EditorPart>
  );
}
