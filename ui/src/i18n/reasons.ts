import type { TFunction } from "i18next";
import { en } from "./en";

/** The plain words for a reason code; a code that this page does not know yet is shown as it is. */
export function reasonText(t: TFunction, code: string): string {
  const known = Object.keys(en.reason).find((one) => one === code);
  return known === undefined ? code : t(`reason.${known as keyof typeof en.reason}`);
}
