import { useTranslation } from "react-i18next";
import type { PathsQuestion } from "../../api/words";
import { PATH_STEPS } from "../../url/paths";
import { CountInput } from "../frame/CountInput";
import classes from "../frame/Frame.module.css";
import type { ControlsProps } from "../frame/kind";
import { RangeControls } from "../frame/RangeControls";

/** Over which time, and how far paths are followed. */
export function PathsControls({ question, onChange }: ControlsProps<PathsQuestion>) {
  const { t } = useTranslation();
  return (
    <RangeControls question={question} onChange={onChange}>
      <CountInput
        label={t("paths.steps")}
        value={question.steps ?? PATH_STEPS.usual}
        least={PATH_STEPS.least}
        most={PATH_STEPS.most}
        onChange={(steps) => onChange({ ...question, steps })}
      />
      <span className={classes.word} style={{ alignSelf: "center" }}>
        {t("paths.stepsWord")}
      </span>
    </RangeControls>
  );
}
