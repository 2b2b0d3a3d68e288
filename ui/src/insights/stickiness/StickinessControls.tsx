import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { StickinessQuestion } from "../../api/words";
import classes from "../frame/Frame.module.css";
import type { ControlsProps } from "../frame/kind";
import { RangeControls } from "../frame/RangeControls";

/** Over which time, in which steps, and whether columns add up. */
export function StickinessControls({ question, onChange }: ControlsProps<StickinessQuestion>) {
  const { t } = useTranslation();
  return (
    <RangeControls question={question} onChange={onChange} buckets>
      <SegmentedControl
        className={classes.end ?? ""}
        aria-label={t("insight.display")}
        data={["exact", "cumulative"].map((one) => ({ value: one, label: t(`stickiness.view.${one as "exact" | "cumulative"}`) }))}
        value={question.cumulative ? "cumulative" : "exact"}
        onChange={(next) => {
          const { cumulative: _old, ...rest } = question;
          onChange(next === "cumulative" ? { ...rest, cumulative: true } : rest);
        }}
      />
    </RangeControls>
  );
}
