import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isLanguage, setLanguage } from "../i18n/language";

/** The names of the languages are written in the languages themselves. */
export const LANGUAGE_NAMES = [
  { value: "en", label: "English" },
  { value: "hi", label: "हिन्दी" },
];

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      aria-label={t("account.language")}
      data={LANGUAGE_NAMES}
      value={i18n.language}
      onChange={(next) => isLanguage(next) && void setLanguage(next)}
    />
  );
}
