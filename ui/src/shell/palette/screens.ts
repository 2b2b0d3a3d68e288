/** The screens that the palette and the keyboard lead to. */
import type { IconName } from "../../parts/icons";

/** Screen, its pictogram, and the key that goes there after `g`. */
export const SCREENS = [
  ["home", "home", "h"],
  ["web", "web", "w"],
  ["live", "live", "l"],
  ["events", "events", "e"],
  ["trends", "trends", "t"],
  ["funnel", "funnel", "f"],
  ["retention", "retention", "r"],
  ["lifecycle", "lifecycle", "c"],
  ["stickiness", "stickiness", "k"],
  ["paths", "paths", "p"],
  ["insights", "insights", "i"],
  ["dashboard", "dashboard", "d"],
  ["sessions", "sessions", "v"],
  ["items", "items", "q"],
  ["people", "people", "n"],
  ["cohorts", "cohorts", "j"],
  ["sql", "sql", "s"],
  ["actions", "actions", "x"],
  ["data", "data", "a"],
  ["settings", "settings", "o"],
  ["members", "members", "m"],
] as const satisfies readonly (readonly [string, IconName, string])[];

export type Screen = (typeof SCREENS)[number][0];
