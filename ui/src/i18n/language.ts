/** The language of the page: chosen by the member, kept in the browser until the member is known. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";

export const LANGUAGES = ["en", "hi"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED_AS = "telemetry.language";

export const isLanguage = (value: unknown): value is Language => LANGUAGES.some((language) => language === value);

/** The language kept in this browser; Hindi when the browser asks for Hindi and nothing is kept. */
export function storedLanguage(): Language {
  try {
    const stored = localStorage.getItem(STORED_AS);
    if (isLanguage(stored)) return stored;
  } catch {
    // Storage may be forbidden; the browser's own wish stands.
  }
  return navigator.language.startsWith("hi") ? "hi" : "en";
}

async function load(language: Language): Promise<void> {
  if (language === "en" || i18next.hasResourceBundle(language, "translation")) return;
  const { hi } = await import("./hi");
  i18next.addResourceBundle("hi", "translation", hi);
}

/** Prepares the texts; call once before the first render. */
export async function startLanguage(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  await setLanguage(language);
}

export async function setLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  try {
    localStorage.setItem(STORED_AS, language);
  } catch {
    // The member's own setting is kept by the server anyway.
  }
}
