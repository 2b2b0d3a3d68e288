import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DISPLAYS, type TrendsQuestion } from "../../api/words";
import classes from "../frame/Frame.module.css";
import type { ControlsProps } from "../frame/kind";

/** How the trend is drawn. */
export function DisplaySelect({ question, onChange }: ControlsProps<TrendsQuestion>) {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t("insight.display")}
      className={`${classes.medium} ${classes.end}`}
      allowDeselect={false}
      data={DISPLAYS.map((one) => ({ value: one, label: t(`trends.display.${one}`) }))}
      value={question.display ?? "line"}
      onChange={(next) => {
        const { display: _old, ...rest } = question;
        const chosen = DISPLAYS.find((one) => one === next);
        onChange(chosen && chosen !== "line" ? { ...rest, display: chosen } : rest);
      }}
    />
  );
}
