import { useTranslation } from "react-i18next";
import { type InsightKind, KINDS } from "../../api/words";
import type { Screen } from "./screens";

const isKind = (screen: Screen): screen is Screen & InsightKind => KINDS.some((kind) => kind === screen);

/** What a screen is called: a kind of insight by its own name, the others as in the navigation. */
export function useScreenName(): (screen: Screen) => string {
  const { t } = useTranslation();
  return (screen) => (isKind(screen) ? t(`kind.${screen}`) : t(`nav.${screen}`));
}
