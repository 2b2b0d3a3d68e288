import { Alert } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCallback, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../api/client";
import { keys } from "../api/keys";
import { outcomesQuery, projectPath } from "../api/queries";
import { atLeast, type Me, type Project } from "../api/words";
import { DemoOffer } from "../demo/DemoOffer";
import { reasonText } from "../i18n/reasons";
import { useLive } from "../live/useLive";
import { Page, Panel } from "../parts/Page";
import { Empty } from "../parts/States";
import { useMe, useProject } from "../shell/useProject";
import { Snippets } from "./Snippets";
import classes from "./Start.module.css";

/** Besides the stream: what came before the stream was open, kept or refused, is found by asking. */
const ASK_AGAIN_MS = 3_000;

/** How to send, and waiting for the first event. When it comes, the live view opens by itself. */
export function StartPage() {
  const { t } = useTranslation();
  const project = useProject();
  const me = useMe();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const live = useLive(project.id, {}, false);
  const latest = useQuery({
    queryKey: [...keys.project(project.id), "first-event"],
    queryFn: ({ signal }) => get<Project>(projectPath(project.id), signal),
    refetchInterval: ASK_AGAIN_MS,
    enabled: !project.has_events,
  });
  const outcomes = useQuery({
    ...outcomesQuery(project.id, 1),
    refetchInterval: ASK_AGAIN_MS,
    enabled: !project.has_events,
  });
  const arrived = live.rows.length > 0 || latest.data?.has_events === true;
  const first = !project.has_events;

  const goLive = useCallback(async () => {
    cache.setQueryData<Me>(
      keys.me,
      (me) =>
        me && {
          ...me,
          projects: me.projects.map((one) => (one.id === project.id ? { ...one, has_events: true } : one)),
        },
    );
    await cache.invalidateQueries({ queryKey: keys.catalogue(project.id) });
    await navigate({
      to: "/p/$projectId/live",
      params: { projectId: project.id },
      search: { first: true },
      replace: true,
    });
  }, [cache, navigate, project.id]);

  useEffect(() => {
    if (arrived && first) void goLive();
  }, [arrived, first, goLive]);

  const refused = live.notKept[0] ?? outcomes.data?.reasons[0];
  return (
    <Page title={t("start.title", { app: project.name })} lead={t("start.lead")} narrow>
      <Panel>
        {project.write_key ? (
          <Snippets host={window.location.origin} writeKey={project.write_key} />
        ) : (
          <Empty
            icon="settings"
            title={t("start.noKey")}
            actions={
              <Link to="/p/$projectId/settings" params={{ projectId: project.id }}>
                {t("nav.settings")}
              </Link>
            }
          >
            {t("start.noKeyText")}
          </Empty>
        )}
      </Panel>
      {first && (
        <section className="tm-panel" aria-label={t("start.waiting")}>
          <div className={classes.waiting} role="status">
            <span className={classes.pulse} />
            <div>
              <p className={classes.strong}>{t("start.waiting")}</p>
              <p className="tm-quiet">{t("start.waitingNote")}</p>
            </div>
          </div>
        </section>
      )}
      {first && atLeast(me.member.role, "admin") && <DemoOffer />}
      {project.level === "security" && (
        <Alert color="yellow" title={t("start.securityTitle")}>
          {t("start.securityText")}
        </Alert>
      )}
      {refused && (
        <Alert color="yellow" title={t("start.refusedTitle", { event: refused.event || t("data.noName") })}>
          {reasonText(t, refused.reason)}
        </Alert>
      )}
    </Page>
  );
}
