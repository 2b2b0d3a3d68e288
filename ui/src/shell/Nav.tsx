import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { KINDS, type Me } from "../api/words";
import { Icon, type IconName } from "../parts/icons";
import { ProjectSwitch } from "./ProjectSwitch";
import classes from "./Shell.module.css";
import { WhoMenu } from "./WhoMenu";

const LOOK = [
  ["home", "home"],
  ["web", "web"],
  ["sessions", "sessions"],
  ["items", "items"],
  ["live", "live"],
  ["events", "events"],
  ["trends", "trends"],
  ["insights", "insights"],
  ["dashboard", "dashboard"],
  ["people", "people"],
  ["cohorts", "cohorts"],
  ["sql", "sql"],
] as const;

const KEEP = [
  ["actions", "actions"],
  ["data", "data"],
  ["settings", "settings"],
  ["members", "members"],
] as const;

/** The screen of the navigation to which one without a link of its own belongs: all kinds of insight are one to the reader. */
function screenAround(here: string): string | undefined {
  if (KINDS.some((kind) => kind === here)) return "trends";
  return { person: "people", cohort: "cohorts", action: "actions" }[here];
}

interface NavProps {
  me: Me;
  projectId: number;
  onSearch: () => void;
}

export function Nav({ me, projectId, onSearch }: NavProps) {
  const { t } = useTranslation();
  const here = useRouterState({ select: ({ location }) => location.pathname.split("/").at(-1) ?? "" });
  const within = screenAround(here);
  const link = (screen: (typeof LOOK | typeof KEEP)[number][0], icon: IconName) => (
    <Link
      key={screen}
      to={`/p/$projectId/${screen}`}
      params={{ projectId }}
      className={classes.link}
      {...(screen === within ? { "data-status": "active", "aria-current": "page" } : {})}
    >
      <Icon name={icon} />
      {t(`nav.${screen}`)}
    </Link>
  );
  return (
    <nav className={classes.nav} aria-label={t("nav.label")}>
      <ProjectSwitch me={me} projectId={projectId} />
      <button type="button" className={classes.search} onClick={onSearch}>
        <Icon name="search" size={16} />
        <span>{t("palette.search")}</span>
        <kbd>Ctrl K</kbd>
      </button>
      {LOOK.map(([screen, icon]) => link(screen, icon))}
      <span className={classes.heading}>{t("nav.manage")}</span>
      {KEEP.map(([screen, icon]) => link(screen, icon))}
      <div className={classes.foot}>
        <WhoMenu me={me} projectId={projectId} />
      </div>
    </nav>
  );
}
