/** What rows of the tables are called on the screen. */
import type { TFunction } from "i18next";
import type { WebTable } from "../api/words";
import { valueName } from "../insights/frame/kind";
import { readOneOf } from "../url/read";

const CHANNELS = [
  "Cross Network",
  "Paid Search",
  "Paid Shopping",
  "Paid Social",
  "Paid Video",
  "Paid Unknown",
  "Organic Search",
  "Organic Shopping",
  "Organic Social",
  "Organic Video",
  "Email",
  "Affiliate",
  "Audio",
  "SMS",
  "AI",
  "Push",
  "Direct",
  "Referral",
  "Unknown",
] as const;

/** The name of a country or language in the reader's language; what is no code stays as it is. */
function codeName(locale: string, type: "region" | "language", code: string): string {
  try {
    return new Intl.DisplayNames(locale, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function rowName(t: TFunction, locale: string, table: WebTable, value: string): string {
  if (value === "(none)") return valueName(t, value);
  if (table === "countries") return codeName(locale, "region", value);
  if (table === "languages") return codeName(locale, "language", value);
  const channel = table === "channels" ? readOneOf(value, CHANNELS) : undefined;
  return channel ? t(`web.channel.${channel}`) : value;
}
