import { useTranslation } from "react-i18next";

/** Both languages group numbers as India does: 1,00,000. */
export const LOCALES: Record<string, string> = { en: "en-IN", hi: "hi-IN" };

/** The locale of `Intl` for the page's language. */
export function useLocale(): string {
  const { i18n } = useTranslation();
  return LOCALES[i18n.language] ?? "en-IN";
}
