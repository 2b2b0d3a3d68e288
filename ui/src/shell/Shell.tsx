import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { meQuery } from "../api/queries";
import { atLeast } from "../api/words";
import { DemoBanner } from "../demo/DemoBanner";
import { Icon } from "../parts/icons";
import { rememberProject } from "./lastProject";
import { PageLoading, PageMissing } from "./PageStates";
import { Nav } from "./Nav";
import { useKeys } from "./palette/useKeys";
import classes from "./Shell.module.css";

const ProjectPalette = lazy(() =>
  import("./palette/ProjectPalette").then((module) => ({ default: module.ProjectPalette })),
);

/** The frame around every screen of a project: navigation at the side, the screen beside it. */
export function Shell() {
  const { t } = useTranslation();
  const { projectId } = useParams({ from: "/p/$projectId" });
  const me = useQuery(meQuery).data;
  const path = useRouterState({ select: (state) => state.location.pathname });
  const [opened, setOpened] = useState(false);
  const [overlay, setOverlay] = useKeys(projectId);
  useEffect(() => setOpened(false), [path]);
  useEffect(() => rememberProject(projectId), [projectId]);
  if (!me) return <PageLoading />;
  if (!me.projects.some((project) => project.id === projectId)) return <PageMissing />;
  return (
    <div className={classes.shell} data-opened={opened || undefined}>
      <a className={classes.skip} href="#content">
        {t("nav.skip")}
      </a>
      <header className={classes.bar}>
        <button
          type="button"
          className={classes.burger}
          aria-label={t("nav.menu")}
          aria-expanded={opened}
          onClick={() => setOpened((now) => !now)}
        >
          <Icon name={opened ? "close" : "events"} />
        </button>
        <span className={classes.brand}>Telemetry</span>
      </header>
      <Nav me={me} projectId={projectId} onSearch={() => setOverlay("palette")} />
      {overlay && (
        <Suspense>
          <ProjectPalette me={me} projectId={projectId} opened={overlay} onOpen={setOverlay} />
        </Suspense>
      )}
      {opened && <div className={classes.shade} onClick={() => setOpened(false)} aria-hidden="true" />}
      <main id="content" className={classes.content} tabIndex={-1}>
        <DemoBanner key={`demo ${projectId}`} projectId={projectId} mayGoOn={atLeast(me.member.role, "admin")} />
        {/* Another app is another page: nothing of the one before stays on the screen. */}
        <Outlet key={projectId} />
      </main>
    </div>
  );
}
