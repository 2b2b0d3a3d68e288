import { Link, useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { KINDS, type Me } from "../api/words";
import { Icon, type IconName } from "../parts/icons";
import { ProjectSwitch } from "./ProjectSwitch";
import classes from "./Shell.module.css";
import { WhoMenu } from "./WhoMenu";

const LOOK = [
  ["home", "home"],
  ["live", "live"],
  ["events", "events"],
  ["trends", "trends"],
  ["insights", "insights"],
  ["dashboard", "dashboard"],
  ["sql", "sql"],
] as const;

const KEEP = [
  ["data", "data"],
  ["settings", "settings"],
  ["members", "members"],
] as const;

interface NavProps {
  me: Me;
  projectId: number;
  onSearch: () => void;
}

export function Nav({ me, projectId, onSearch }: NavProps) {
  const { t } = useTranslation();
  // All kinds of insight are one screen to the reader.
  const exploring = useRouterState({
    select: ({ location }) => KINDS.some((kind) => location.pathname.endsWith(`/${kind}`)),
  });
  const link = (screen: (typeof LOOK | typeof KEEP)[number][0], icon: IconName) => (
    <Link
      key={screen}
      to={`/p/$projectId/${screen}`}
      params={{ projectId }}
      className={classes.link}
      {...(screen === "trends" && exploring ? { "data-status": "active", "aria-current": "page" } : {})}
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
