import { type MantineColorSchemeManager, useComputedColorScheme } from "@mantine/core";
import { localStorageColorSchemeManager } from "@mantine/core";
import type { Scheme } from "./palette";

/** The same key that theme-init.js reads before the first paint. */
export const schemeManager: MantineColorSchemeManager = localStorageColorSchemeManager({ key: "telemetry.scheme" });

/** Light or dark, as it is now on the screen. */
export function useScheme(): Scheme {
  return useComputedColorScheme("light");
}
